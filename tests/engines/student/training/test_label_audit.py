"""A run keeps account of its labels: found or not, distrusted and why, and how the student errs."""

import json
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from extraction.domain.field_types import Conventions
from extraction.domain.learning.label_audit import ContradictingAnswer, ErrorKind, IssueReason, LabelAudit, LabelCounts
from extraction.domain.pages import Span
from extraction.domain.prediction import FieldValue
from extraction.engines.student.base import Example
from extraction.engines.student.errors import NothingToLearn
from extraction.engines.student.layout.config import StudentConfig
from extraction.engines.student.layout.inference.featurizer import Featurizer
from extraction.engines.student.layout.network.pretrained import load_tokenizer
from extraction.engines.student.layout.training import pacing
from extraction.engines.student.layout.training.label_audit import LISTED, LabelAuditor, error_kind
from extraction.engines.student.layout.training.targets import targets
from tests.support.page_builders import page
from tests.support.tiny_student import EXAMPLES, SCHEMA, learn


def relabelled(example: Example, **labels: str | None) -> Example:
    return replace(example, labels={**example.labels, **labels})


def auditor(*examples: Example) -> LabelAuditor:
    """As it is before anything is trained."""
    result = LabelAuditor(SCHEMA, Conventions("dmy"))
    config = StudentConfig()
    featurizer = Featurizer(load_tokenizer("tiny"), config.window, config.stride)
    for example in examples:
        tokens = featurizer.tokens(example.pages)
        result.add_training(example, targets(SCHEMA, example, tokens, Conventions("dmy")), words=bool(len(tokens)))
    return result


def reasons(audit: LabelAudit, document: str) -> dict[str, Sequence[str]]:
    return {issue.field: [*issue.reasons] for issue in audit.listed if issue.document == document}


def test_labels_are_counted_as_found_unfound_or_absent() -> None:
    audit = auditor(
        EXAMPLES[0],
        relabelled(EXAMPLES[1], company="Nowhere At All Inc", total=None, payment=None),
        Example("blank", (page(),), {"company": "Blue Lion Ltd"}),
    ).audit()
    assert audit.documents == 3
    assert audit.without_words == 1
    assert audit.fields["company"] == LabelCounts(1, 2, 0)
    assert audit.fields["total"] == LabelCounts(1, 0, 1)
    assert audit.fields["payment"] == LabelCounts(1, 0, 1)
    assert audit.fields["items"] == LabelCounts()


def test_each_reason_for_distrust_is_kept() -> None:
    odd = relabelled(EXAMPLES[1], company="Nowhere At All Inc", date="last week", payment="barter")
    doubtful = replace(EXAMPLES[2], field_weights={"total": 0.5})
    audit = auditor(EXAMPLES[0], odd, doubtful).audit()
    assert reasons(audit, odd.id) == {
        "company": ["unfound"],
        "date": ["malformed", "unfound"],
        "payment": ["malformed", "unfound"],
    }
    assert reasons(audit, doubtful.id) == {"total": ["unsure"]}
    assert reasons(audit, EXAMPLES[0].id) == {}
    assert audit.issues == 4
    assert audit.reasons == {"malformed": 2, "unfound": 3, "unsure": 1}


def test_what_the_student_contradicts_comes_first_and_quotes_nothing() -> None:
    odd = relabelled(EXAMPLES[1], total="1.11")
    collected = auditor(odd, replace(EXAMPLES[2], field_weights={"total": 0.5}))
    span = Span(0, 4, 4, 0, None)
    collected.compare(odd, {"total": FieldValue("99.99", "99.99", 0.97, (span,)), "company": FieldValue("X", "X", 0.4)})
    audit = collected.audit()
    assert audit.listed[0].reasons == (IssueReason.CONTRADICTED, IssueReason.UNFOUND)
    assert audit.listed[0].answer == ContradictingAnswer(0.97, (span,))
    assert "99.99" not in json.dumps(audit.to_json())
    assert audit.checked == 1


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
    collected = LabelAuditor(SCHEMA, Conventions("dmy"))
    example = Example("a", (), {"company": "Royal Lion Ltd", "total": "31.50", "payment": "cash"})
    collected.compare(example, {field: FieldValue(answer, None, confidence)})
    assert collected.audit().issues == 0


def test_an_option_is_named_and_an_empty_answer_is_one() -> None:
    collected = LabelAuditor(SCHEMA, Conventions("dmy"))
    example = Example("a", (), {"total": "31.50", "payment": "cash"})
    collected.compare(example, {"payment": FieldValue("card", "card", 0.95), "total": FieldValue(None, None, 0.99)})
    total, payment = collected.audit().listed
    assert (total.field, total.answer) == ("total", ContradictingAnswer(0.99, empty=True))
    assert (payment.field, payment.answer) == ("payment", ContradictingAnswer(0.95, option="card"))


@pytest.mark.slow
def test_what_was_held_out_is_looked_at_but_not_counted_as_learned(tmp_path: Path) -> None:
    audits: list[LabelAudit] = []
    odd = relabelled(EXAMPLES[40], company="Nowhere At All Inc")
    held_out = [odd, *EXAMPLES[36:40], *EXAMPLES[41:]]
    learn(tmp_path, train=EXAMPLES[:8], validation=held_out, epochs=1, audits=audits)
    assert audits[0].documents == 8
    assert audits[0].fields["company"] == LabelCounts(found=8)
    assert reasons(audits[0], odd.id) == {"company": ["unfound"]}


def test_a_long_list_is_cut_and_its_length_told() -> None:
    odd = [relabelled(replace(EXAMPLES[0], id=f"{number}"), total="1.11") for number in range(LISTED + 7)]
    audit = auditor(*odd).audit()
    assert audit.issues == LISTED + 7
    assert len(audit.listed) == LISTED


@pytest.mark.parametrize(
    ("field", "label", "answer", "kind"),
    [
        ("company", "Royal Lion Ltd", "royal lion ltd", None),
        ("company", "Royal Lion Ltd", None, ErrorKind.MISSED),
        ("company", None, "Royal Lion Ltd", ErrorKind.INVENTED),
        ("company", "Royal Lion Ltd", "Royal Lion", ErrorKind.CUT),
        ("company", "Royal Lion", "Royal Lion Ltd", ErrorKind.LONG),
        ("company", "Royal Lion Ltd", "Roya1 Lion Ltd", ErrorKind.MISREAD),
        ("total", "31.50", "3.30", ErrorKind.OTHER),
    ],
)
def test_kinds_of_mistakes(field: str, label: str | None, answer: str | None, kind: ErrorKind | None) -> None:
    assert error_kind(SCHEMA[field], label, answer, Conventions("dmy")) is kind


@pytest.mark.slow
def test_a_trained_student_finds_the_label_that_is_wrong(tmp_path: Path) -> None:
    """The tip as the total, on one document that was held out."""
    words = EXAMPLES[40].pages[0].words
    tip = words[next(at for at, word in enumerate(words) if word.text == "Tip") + 1].text
    held_out = [relabelled(EXAMPLES[40], total=tip), *EXAMPLES[36:40], *EXAMPLES[41:48]]
    early: list[LabelAudit] = []
    result, _, _ = learn(tmp_path, validation=held_out, audits=early)
    assert early[0].fields["total"].found == 36
    assert early[0].checked == 0
    audit = result.label_audit
    assert audit.checked == 48
    accused = {
        issue.document for issue in audit.listed if issue.field == "total" and IssueReason.CONTRADICTED in issue.reasons
    }
    assert accused == {EXAMPLES[40].id}
    assert audit.errors["total"][ErrorKind.OTHER] == 1
    assert json.loads((tmp_path / "training.json").read_text("utf-8"))["label_audit"] == audit.to_json()


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


@pytest.mark.slow
def test_documents_are_heard_again_only_as_long_as_there_is_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    progress = Late()
    monkeypatch.setattr(pacing, "time", progress)
    result, _, _ = learn(tmp_path, progress, epochs=1)
    assert result.label_audit.checked == 3
    # What was not learned from judges all the same.
    assert result.validation is not None
    assert result.validation.documents == 12


def test_the_account_is_told_although_nothing_can_be_learned(tmp_path: Path) -> None:
    audits: list[LabelAudit] = []
    bare = [Example(f"{number}", (page("nothing"),), {"total": None}) for number in range(3)]
    with pytest.raises(NothingToLearn, match="not on the document"):
        learn(tmp_path, train=bare, validation=[], audits=audits)
    assert audits[0].fields["total"] == LabelCounts(absent=3)
