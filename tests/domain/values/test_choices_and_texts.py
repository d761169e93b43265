"""Choices told apart by signs, and texts that look the same."""

import pytest

from extraction.domain.evaluation.scoring import nls
from extraction.domain.field_types import normalize, same
from extraction.domain.fields import Field

TEXT = Field("company")
GRADES, RATES = ("A+", "A", "A-"), ("7%", "19%")


@pytest.mark.parametrize(
    ("options", "text", "chosen"),
    [
        *((GRADES, text, "A+") for text in ("A+", "A +", "a  +", "Rating: A +", "Ａ ＋")),
        *((GRADES, text, "A-") for text in ("A-", "A -", "A –", "Rating: A -")),
        *((GRADES, text, "A") for text in ("A", "Rating A", "A - good", "A + more")),
        *((("C", "C++", "C#"), text, "C++") for text in ("C++", "C ++", "C + +", "in C ++")),
        *((("A/B", "A"), text, "A/B") for text in ("A/B", "A / B", "A /B", "Type A / B")),
        *((RATES, text, "19%") for text in ("19 %", "19,00 %", "19.0%", "MwSt 19,00%", "MwSt - 19 %")),
        *((RATES, text, "7%") for text in ("7,0 %", "USt: 7.00 %")),
        *((RATES, text, None) for text in ("-7%", "-7,00 %", "MwSt -7%", "(-19%)", "119,00%", "7,50 %", "7.05%")),
        *((("-5", "5"), text, "-5") for text in ("-5", "−5")),
        (("קבלה", "חשבונית מס קבלה"), "חשבונית מס/קבלה", "חשבונית מס קבלה"),
        (("cash", "card"), "cash - card", None),
    ],
)
def test_a_sign_is_a_part_of_an_option_however_it_is_spaced(
    options: tuple[str, ...], text: str, chosen: str | None
) -> None:
    assert normalize(Field("x", "choice", options=options), text) == chosen


@pytest.mark.parametrize("text", ["บริษัท ซีพี ออลล์ จำกัด", "น้ำเปล่า", "ຄຳ", "ໜັງສື", "ໝາ"])
def test_letters_of_thai_and_lao_stay_as_they_are_typed(text: str) -> None:
    assert normalize(TEXT, text) == text
    apart = text.translate(
        {0x0E33: "\u0e4d\u0e32", 0x0EB3: "\u0ecd\u0eb2", 0x0EDC: "\u0eab\u0e99", 0x0EDD: "\u0eab\u0ea1"}
    )
    assert same(TEXT, text, apart)
    assert nls(text, apart) == 1


@pytest.mark.parametrize(
    ("a", "b"),
    [
        *(("O’Neil", "O'Neil"), ("„Zur Post“", '"Zur Post"'), ("«x»", "“x”"), ("A — B", "A - B"), ("A‑B", "A-B")),
        *(("Hauptstraße 1", "HAUPTSTRASSE 1"), ("ΟΔΟΣ", "οδος"), ("Cafe\u0301", "CAFÉ"), ("A\u200bB", "ab")),
        *(("ﬁsh", "FISH"), ("A\u00a0B", "a b"), ("O`Neil", "O'Neil")),
    ],
)
def test_what_is_the_same_scores_full(a: str, b: str) -> None:
    assert same(TEXT, a, b)
    assert nls(a, b) == nls(b, a) == 1
    assert nls([{"name": a}], [{"name": b}]) == 1
