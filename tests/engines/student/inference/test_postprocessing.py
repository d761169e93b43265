"""From scores to answers, with scores written by hand."""

import numpy as np
import pytest

from extraction.domain.field_types import UNKNOWN, Conventions
from extraction.domain.fields import Field, Schema
from extraction.domain.pages import Page, Span
from extraction.engines.student.base import Example
from extraction.engines.student.layout.inference.featurizer import Featurizer
from extraction.engines.student.layout.inference.lexicon import Lexicon
from extraction.engines.student.layout.inference.postprocessing import SIGNALS, Answer, Document, answers, merge
from extraction.engines.student.layout.network.pretrained import load_tokenizer
from tests.support.page_builders import page

COMPANY = Field("company")
TOTAL = Field("total", "money")
DATE = Field("date", "date", format="iso")
PAYMENT = Field("payment", "choice", options=("cash", "card"))
CUTTER = Featurizer(load_tokenizer("tiny"), 512, 128)


def answer(field: Field, there: Page, *said: tuple[Span, float], option: int | None = None) -> Answer:
    """What is answered when the network gives each span these log-odds to be the value, and 0 to "nowhere"."""
    tokens = CUTTER.tokens([there])
    document = Document([there], tokens, CUTTER.windows(tokens))
    tags = np.full((len(tokens) + 2, 1, 2), -9.0, dtype=np.float32)
    tags[0, 0, 0] = 0.0
    for span, odds in said:
        first, *rest = tokens.within(span) + 1
        tags[first, 0] = odds, -9.0
        tags[rest, 0] = -9.0, 9.0
    options = np.zeros((1, 3), dtype=np.float32)
    if option is not None:
        options[0, option] = 5.0
    return answers(Schema("S", "slip", (field,)), document, [tags], [options], Conventions("dmy"))[field.name]


SLIP = page("Old Lion Ltd", "(REG 12-K)", "Tea    3.30", "Sum    3.30", "Cash    10.00", "paid CASH", "on 25 Mar 18")
TEA, SUM, CASH = Span(0, 6, 6), Span(0, 8, 8), Span(0, 10, 10)


def test_equal_amounts_outweigh_a_better_single_one() -> None:
    found = answer(TOTAL, SLIP, (TEA, 2.0), (SUM, 2.2), (CASH, 2.5))
    assert (found.value.value, found.value.normalized) == ("3.30", "3.30")
    assert found.value.spans == (SUM,)


def test_a_known_text_is_answered_as_the_labels_spell_it() -> None:
    there = page("OLDLION,LTD")
    tokens = CUTTER.tokens([there])
    document = Document([there], tokens, CUTTER.windows(tokens))
    tags = np.full((len(tokens) + 2, 1, 2), -9.0, dtype=np.float32)
    tags[0, 0, 0], tags[1, 0, 0], tags[2:-1, 0, 1] = 0.0, 6.0, 9.0
    schema = Schema("S", "slip", (COMPANY,))
    lexicon = Lexicon.build(schema, [Example("a", (there,), {"company": "Old Lion, Ltd"})] * 2)
    nothing = [np.zeros((0, 1), dtype=np.float32)]
    plain = answers(schema, document, [tags], nothing, UNKNOWN)["company"]
    known = answers(schema, document, [tags], nothing, UNKNOWN, lexicon)["company"]
    assert (plain.value.value, known.value.value) == ("OLDLION,LTD", "Old Lion, Ltd")
    assert known.value.spans == plain.value.spans
    assert known.value.normalized == "Old Lion, Ltd"
    taught = SIGNALS.index("known")
    assert known.signals[taught] > plain.signals[taught] == 0


@pytest.mark.parametrize(("odds", "said"), [(2.0, "Old Lion"), (9.0, "Old Lion Ltd Kuchai")])
def test_a_doubtful_end_gives_way_to_a_known_text(odds: float, said: str) -> None:
    there = page("Old Lion Ltd Kuchai")
    tokens = CUTTER.tokens([there])
    document = Document([there], tokens, CUTTER.windows(tokens))
    tags = np.full((len(tokens) + 2, 1, 2), -9.0, dtype=np.float32)
    tags[0, 0, 0], tags[1, 0, 0], tags[2:-1, 0, 1] = 0.0, 6.0, odds
    tags[np.flatnonzero(tokens.word > 2) + 1, 0, 1] = 1.0
    schema = Schema("S", "slip", (COMPANY,))
    lexicon = Lexicon.build(schema, [Example("a", (there,), {"company": "Old Lion"})] * 2)
    found = answers(schema, document, [tags], [np.zeros((0, 1), dtype=np.float32)], UNKNOWN, lexicon)
    assert found["company"].value.value == said
    assert found["company"].value.spans == (Span(0, 0, len(said.split()) - 1),)


def test_nowhere_wins_where_nothing_is_likelier() -> None:
    found = answer(TOTAL, SLIP, (SUM, -2.0))
    assert found.value.value is None
    assert found.value.spans == ()


def test_a_cut_off_date_is_put_right() -> None:
    found = answer(DATE, SLIP, (Span(0, 14, 14), 4.0))
    assert (found.value.value, found.value.normalized) == ("25 Mar 18", "2018-03-25")


def test_words_without_a_digit_are_no_amount() -> None:
    assert answer(TOTAL, SLIP, (Span(0, 0, 1), 6.0)).value.value is None


def test_a_text_may_have_parts() -> None:
    there = page("Old Lion", "(REG 12-K)", "Trading Ltd")
    tokens = CUTTER.tokens([there])
    document = Document([there], tokens, CUTTER.windows(tokens))
    tags = np.full((len(tokens) + 2, 1, 2), -9.0, dtype=np.float32)
    tags[0, 0, 0], tags[1, 0, 0] = 0.0, 6.0
    for word in (1, 4, 5):
        tags[np.flatnonzero(tokens.word == word) + 1, 0, 1] = 6.0
    found = answers(Schema("S", "slip", (COMPANY,)), document, [tags], [np.zeros((0, 1), dtype=np.float32)], UNKNOWN)
    assert found["company"].value.value == "Old Lion Trading Ltd"
    assert found["company"].value.spans == (Span(0, 0, 1), Span(0, 4, 5))


def test_a_choice_is_grounded_only_where_its_option_is_printed() -> None:
    cash = answer(PAYMENT, SLIP, (Span(0, 12, 12), 3.0), option=1)
    card = answer(PAYMENT, SLIP, (Span(0, 12, 12), 3.0), option=2)
    none = answer(PAYMENT, SLIP, option=0)
    assert (cash.value.value, cash.value.spans) == ("cash", (Span(0, 12, 12),))
    assert (card.value.value, card.value.spans) == ("card", ())
    assert none.value.value is None


def test_the_window_that_sees_more_around_a_token_speaks() -> None:
    cutter = Featurizer(load_tokenizer("tiny"), 16, 4)
    there = page("ox " * 24)
    tokens = cutter.tokens([there])
    document = Document([there], tokens, cutter.windows(tokens))
    (_, end), (second, _) = document.windows[:2]
    assert end - second == 4
    scores = [np.full((16, 2), float(number), dtype=np.float32) for number in range(len(document.windows))]
    for number, window in enumerate(scores):
        window[0] = 0.0
        window[:, 0] = number
    begin = merge(document, scores).begin
    alone = merge(document, [scores[0]] * len(scores)).begin
    assert begin[second] == pytest.approx(alone[second])
    assert begin[second + 3] != pytest.approx(alone[second + 3])
