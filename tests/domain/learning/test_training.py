"""Values of a training run survive being stored, also those that earlier versions stored."""

import json
from typing import Any

import pytest

from extraction.domain.evaluation.scoring import Evaluation, FieldScore
from extraction.domain.learning.label_audit import (
    ContradictingAnswer,
    ErrorKind,
    IssueReason,
    LabelAudit,
    LabelCounts,
    LabelIssue,
)
from extraction.domain.learning.training import (
    CurvePoint,
    EncoderInfo,
    Epochs,
    Licence,
    Part,
    SnapshotItem,
    Stop,
    StopReason,
    TrainingResult,
)
from extraction.domain.pages import Span

AUDIT = LabelAudit(
    documents=40,
    without_words=1,
    fields={"total": LabelCounts(30, 8, 2), "company": LabelCounts(40)},
    checked=44,
    issues=2,
    reasons={IssueReason.CONTRADICTED: 1, IssueReason.UNFOUND: 2},
    listed=(
        LabelIssue(
            "a" * 64,
            "total",
            (IssueReason.CONTRADICTED, IssueReason.UNFOUND),
            ContradictingAnswer(0.97, (Span(0, 4, 5, 0, None),), option="cash"),
        ),
        LabelIssue("b" * 64, "total", (IssueReason.UNFOUND,)),
    ),
    errors={"total": {ErrorKind.OTHER: 4, ErrorKind.CUT: 1}},
    sources={"teacher": 80},
)
EVALUATION = Evaluation(7, 0.8, (0.7, 0.9), 0.5, {"total": FieldScore(7, 0.8, (0.7, 0.9), 0.6, 0.7)})
STOP = Stop(StopReason.TIME_UP, 20, Epochs(12, 10.5))
VALUES = [
    AUDIT,
    LabelAudit(documents=0),
    CurvePoint(10, 2.5, 0.7, None),
    SnapshotItem(3, Part.VALIDATION, {"total": 8}),
    STOP,
    Stop(StopReason.FAILED, detail="The disk is full."),
    EncoderInfo("a/b", "LayoutLMv3", Licence("CC BY-NC-SA 4.0", commercial=False)),
    EncoderInfo("c/d", "Something", Licence("look it up", commercial=None)),
    TrainingResult(12.5, STOP, EVALUATION, AUDIT),
    TrainingResult(12.5, STOP, None, AUDIT),
]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_a_value_is_restored_from_its_json(value: Any) -> None:
    assert type(value).from_json(json.loads(json.dumps(value.to_json()))) == value


def test_what_an_earlier_version_wrote_is_read() -> None:
    account = {
        "documents": 40,
        "without_words": 1,
        "fields": {"total": {"found": 30, "unfound": 8, "absent": 2}},
        "checked": 44,
        "doubts": 1,
        "reasons": {"contradicted": 1},
        "listed": [
            {
                "document": "a" * 64,
                "field": "total",
                "reasons": ["contradicted"],
                "confidence": 0.97,
                "spans": [[0, 4, 5, 0, None]],
                "empty": False,
                "option": None,
            }
        ],
        "mistakes": {"total": {"other": 4}},
        "epochs": {"planned": 12, "done": 12.0},
    }
    sentence = "It had gone through the documents 12 times, as planned."
    old = {"seconds": 3.5, "stopped_because": sentence, "validation": EVALUATION.to_json(), "account": account}
    result = TrainingResult.from_json(old)
    assert result.stop == Stop(StopReason.COMPLETED, None, Epochs(12, 12.0))
    assert result.stop.sentence == sentence
    assert result.validation == EVALUATION
    audit = result.label_audit
    assert (audit.issues, audit.errors) == (1, {"total": {ErrorKind.OTHER: 4}})
    assert audit.listed[0].answer == ContradictingAnswer(0.97, (Span(0, 4, 5, 0, None),))
    assert TrainingResult.from_json({**old, "validation": {}}).validation is None


@pytest.mark.parametrize(
    "sentence",
    [
        "The 20 minutes were used up after 10.5 of 12 planned rounds.",
        "It had gone through the documents 12 times, as planned.",
        "It had not become better for a while.",
    ],
)
def test_a_sentence_of_an_earlier_version_keeps_its_words(sentence: str) -> None:
    assert Stop.from_sentence(sentence).sentence == sentence


def test_licences_say_whether_commercial_use_is_allowed() -> None:
    old = {"base": "a/b", "title": "LayoutLMv3", "licence": "CC BY-NC-SA 4.0: not for commercial use"}
    encoder = EncoderInfo.from_json(old)
    assert encoder.licence == Licence("CC BY-NC-SA 4.0", commercial=False)
    assert str(encoder.licence) == old["licence"]
