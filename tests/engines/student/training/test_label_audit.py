"""A run keeps account of its labels: found or not, distrusted and why, and how the student errs."""

import json
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from extraction.domain.pages import Span
from extraction.domain.prediction import FieldValue
from extraction.engines.student.layout.config import Example, NothingToLearn, StudentConfig
from extraction.engines.student.layout.inference.featurizer import Encoder
from extraction.engines.student.layout.network.model import load_tokenizer
from extraction.engines.student.layout.training import pacing
from extraction.engines.student.layout.training.label_audit import LISTED, Ledger, Mistake, mistake
from extraction.engines.student.layout.training.targets import targets
from tests.support.page_builders import page
from tests.support.tiny_student import EXAMPLES, SCHEMA, learn


def relabelled(example: Example, **labels: str | None) -> Example:
    return replace(example, labels={**example.labels, **labels})


def ledger(*examples: Example) -> Ledger:
    """What is known before anything is learned."""
    held = Ledger(SCHEMA, "dmy")
    config = StudentConfig()
    encoder = Encoder(load_tokenizer("tiny"), config.window, config.stride)
    for example in examples:
        tokens = encoder.tokens(example.pages)
        held.learn(example, targets(SCHEMA, example, tokens, "dmy"), words=bool(len(tokens)))
    return held


def reasons(account: dict[str, Any], document: str) -> dict[str, Sequence[str]]:
    return {row["field"]: row["reasons"] for row in account["listed"] if row["document"] == document}


def test_labels_are_counted_as_found_unfound_or_absent() -> None:
    account = ledger(
        EXAMPLES[0],
        relabelled(EXAMPLES[1], company="Nowhere At All Inc", total=None, payment=None),
        Example("blank", (page(),), {"company": "Blue Lion Ltd"}),
    ).export()
    assert account["documents"] == 3
    assert account["without_words"] == 1
    assert account["fields"]["company"] == {"found": 1, "unfound": 2, "absent": 0}
    assert account["fields"]["total"] == {"found": 1, "unfound": 0, "absent": 1}
    assert account["fields"]["payment"] == {"found": 1, "unfound": 0, "absent": 1}
    assert "items" not in account["fields"]


def test_each_reason_for_distrust_is_kept() -> None:
    odd = relabelled(EXAMPLES[1], company="Nowhere At All Inc", date="last week", payment="barter")
    doubtful = replace(EXAMPLES[2], field_weights={"total": 0.5})
    account = ledger(EXAMPLES[0], odd, doubtful).export()
    assert reasons(account, odd.id) == {
        "company": ["unfound"],
        "date": ["malformed", "unfound"],
        "payment": ["malformed", "unfound"],
    }
    assert reasons(account, doubtful.id) == {"total": ["unsure"]}
    assert reasons(account, EXAMPLES[0].id) == {}
    assert account["doubts"] == 4
    assert account["reasons"] == {"malformed": 2, "unfound": 3, "unsure": 1}


def test_what_the_student_contradicts_comes_first_and_quotes_nothing() -> None:
    odd = relabelled(EXAMPLES[1], total="1.11")
    held = ledger(odd, replace(EXAMPLES[2], field_weights={"total": 0.5}))
    span = Span(0, 4, 4, 0, None)
    held.hear(odd, {"total": FieldValue("99.99", "99.99", 0.97, (span,)), "company": FieldValue("X", "X", 0.4)})
    account = held.export()
    first = account["listed"][0]
    assert first["reasons"] == ["contradicted", "unfound"]
    assert (first["confidence"], first["spans"], first["empty"]) == (0.97, [span.to_json()], False)
    assert "99.99" not in json.dumps(account)
    assert account["checked"] == 1


@pytest.mark.parametrize(
    ("field", "answer", "confidence"),
    [
        ("company", "Royal Lion, Ltd.", 0.99),  # a comma more
        ("company", "Other Shop Altogether", 0.65),  # not sure enough
        ("total", "RM 31.50", 0.99),  # means the same
        ("payment", "Cash", 0.99),
        ("total", "E.& O.E.", 0.99),  # no amount, so nothing that the label could have been
    ],
)
def test_what_is_no_contradiction(field: str, answer: str, confidence: float) -> None:
    held = Ledger(SCHEMA, "dmy")
    example = Example("a", (), {"company": "Royal Lion Ltd", "total": "31.50", "payment": "cash"})
    held.hear(example, {field: FieldValue(answer, None, confidence)})
    assert held.export()["doubts"] == 0


def test_an_option_is_named_and_an_empty_answer_is_one() -> None:
    held = Ledger(SCHEMA, "dmy")
    example = Example("a", (), {"total": "31.50", "payment": "cash"})
    held.hear(example, {"payment": FieldValue("card", "card", 0.95), "total": FieldValue(None, None, 0.99)})
    total, payment = held.export()["listed"]
    assert (total["field"], total["empty"], total["option"]) == ("total", True, None)
    assert (payment["field"], payment["option"]) == ("payment", "card")


def test_what_was_held_out_is_looked_at_but_not_counted_as_learned(tmp_path: Path) -> None:
    told: list[dict[str, Any]] = []
    odd = relabelled(EXAMPLES[40], company="Nowhere At All Inc")
    held_out = [odd, *EXAMPLES[36:40], *EXAMPLES[41:]]
    learn(tmp_path, train=EXAMPLES[:8], validation=held_out, epochs=1, on_account=told.append)
    assert told[0]["documents"] == 8
    assert told[0]["fields"]["company"] == {"found": 8, "unfound": 0, "absent": 0}
    assert reasons(told[0], odd.id) == {"company": ["unfound"]}


def test_a_long_list_is_cut_and_its_length_told() -> None:
    odd = [relabelled(replace(EXAMPLES[0], id=f"{number}"), total="1.11") for number in range(LISTED + 7)]
    account = ledger(*odd).export()
    assert account["doubts"] == LISTED + 7
    assert len(account["listed"]) == LISTED


@pytest.mark.parametrize(
    ("field", "label", "answer", "kind"),
    [
        ("company", "Royal Lion Ltd", "royal lion ltd", None),
        ("company", "Royal Lion Ltd", None, Mistake.MISSED),
        ("company", None, "Royal Lion Ltd", Mistake.INVENTED),
        ("company", "Royal Lion Ltd", "Royal Lion", Mistake.CUT),
        ("company", "Royal Lion", "Royal Lion Ltd", Mistake.LONG),
        ("company", "Royal Lion Ltd", "Roya1 Lion Ltd", Mistake.MISREAD),
        ("total", "31.50", "3.30", Mistake.OTHER),
    ],
)
def test_kinds_of_mistakes(field: str, label: str | None, answer: str | None, kind: Mistake | None) -> None:
    assert mistake(SCHEMA[field], label, answer, "dmy") is kind


def test_a_trained_student_finds_the_label_that_is_wrong(tmp_path: Path) -> None:
    """The tip as the total, on one document that was held out."""
    words = EXAMPLES[40].pages[0].words
    tip = words[next(at for at, word in enumerate(words) if word.text == "Tip") + 1].text
    held_out = [relabelled(EXAMPLES[40], total=tip), *EXAMPLES[36:40], *EXAMPLES[41:48]]
    early: list[dict[str, Any]] = []
    result, _, _ = learn(tmp_path, validation=held_out, on_account=early.append)
    assert early[0]["fields"]["total"]["found"] == 36
    assert early[0]["checked"] == 0
    assert result.account["checked"] == 48
    accused = {
        row["document"]
        for row in result.account["listed"]
        if row["field"] == "total" and "contradicted" in row["reasons"]
    }
    assert accused == {EXAMPLES[40].id}
    assert result.account["mistakes"]["total"]["other"] == 1
    assert json.loads((tmp_path / "training.json").read_text("utf-8"))["account"] == result.account


def test_an_option_on_a_page_without_words_teaches_nothing(tmp_path: Path) -> None:
    bare = [Example(f"{number}", (page(),), {"payment": "cash"}) for number in range(3)]
    read = [Example(f"read {number}", (page("nothing"),), {"total": "1.11"}) for number in range(3)]
    with pytest.raises(NothingToLearn, match=r"^No words were read on the documents whose labels"):
        learn(tmp_path, train=[*bare, *read], validation=[])


class Late:
    """A progress with a clock, which leaps by an hour when the third document is heard again."""

    def __init__(self) -> None:
        self.late = 0.0

    def report(self, done: int, total: int, message: str = "") -> None:
        if message == f"Comparing labels with the student, 3 of {total}":
            self.late = 3600.0

    def cancelled(self) -> bool:
        return False

    def monotonic(self) -> float:
        return time.monotonic() + self.late


def test_documents_are_heard_again_only_as_long_as_there_is_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    progress = Late()
    monkeypatch.setattr(pacing, "time", progress)
    result, _, _ = learn(tmp_path, progress, epochs=1)
    assert result.account["checked"] == 3
    # What was not learned from judges all the same.
    assert result.validation["documents"] == 12


def test_the_account_is_told_although_nothing_can_be_learned(tmp_path: Path) -> None:
    told: list[dict[str, Any]] = []
    bare = [Example(f"{number}", (page("nothing"),), {"total": None}) for number in range(3)]
    with pytest.raises(NothingToLearn, match="not on the document"):
        learn(tmp_path, train=bare, validation=[], on_account=told.append)
    assert told[0]["fields"]["total"] == {"found": 0, "unfound": 0, "absent": 3}
