"""Reports: who is compared with what, and what is said where nothing can be."""

import pytest

from extraction.models import Document, Project, Response, SchemaVersion, Source
from extraction.services.errors import Invalid, NotFound
from extraction.services.labels import store
from extraction.services.reports import reports
from extraction.services.reports.evaluate import evaluate_system
from extraction.services.serving import field_extraction
from tests.support import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    """Four test documents whose teacher has one total wrong, and one training document that must not count."""
    held = builders.project()
    for number, said in enumerate(["3.30", "3.30", "3.30", "9.99"]):
        document = builders.document(held, split="test")
        store.write(document, "total", "3.30", source=Source.TRUTH)
        store.write(document, "total", said, source=Source.TEACHER, teacher="recorded")
        if number == 0:
            store.write(document, "total", "8.00", source=Source.CLAIM)
    store.write(builders.document(held), "total", "1.00", source=Source.TRUTH)
    return held


def test_a_recorded_teacher_is_scored_and_not_timed(project: Project) -> None:
    result = evaluate_system(project, "teacher")
    assert (result.system, result.scores.documents, result.documents_per_second) == ("recorded", 4, None)
    assert result.scores.fields["total"].exact == 0.75
    assert result.scores.mean_anls == result.scores.fields["total"].anls
    assert result.scores.all_fields == 0.75


def test_a_missing_answer_counts_as_empty(project: Project) -> None:
    result = evaluate_system(project, "claim")
    assert result.scores.fields["total"].n == 4
    assert result.scores.fields["total"].exact == 0


def test_a_rejected_document_is_not_compared(project: Project) -> None:
    first = project.documents.filter(split="test").first()
    assert first is not None
    Document.objects.filter(pk=first.pk).update(review=Document.Review.REJECTED)
    assert evaluate_system(project, "teacher").scores.documents == 3


def test_against_best_takes_what_people_checked(project: Project) -> None:
    document = builders.document(project, split="test")
    store.write(document, "total", "4.00", source=Source.TEACHER, teacher="recorded")
    assert evaluate_system(project, "teacher", against="best").scores.documents == 4
    store.write(document, "total", "4.00", source=Source.REVIEWER)
    result = evaluate_system(project, "teacher", against="best")
    assert result.scores.documents == 5
    assert "reviewed" in result.note


def test_agreement_is_not_sold_as_quality() -> None:
    project = builders.project()
    document = builders.document(project, split="test")
    store.write(document, "total", "4.00", source=Source.TEACHER, teacher="recorded")
    assert "agreement, not quality" in evaluate_system(project, "teacher", against="best").note


@pytest.mark.parametrize(
    ("system", "arguments", "words"),
    [
        ("somebody", {}, "no model named 'somebody'"),
        ("teacher", {"split": "validation"}, "No document of the split validation"),
        ("teacher", {"split": "holiday"}, "not 'holiday'"),
        ("teacher", {"against": "hope"}, "not 'hope'"),
    ],
)
def test_what_cannot_be_compared_is_said(project: Project, system: str, arguments: dict[str, str], words: str) -> None:
    with pytest.raises((Invalid, NotFound), match=words):
        evaluate_system(project, system, **arguments)


def test_without_teacher_labels_that_is_said() -> None:
    project = builders.project()
    store.write(builders.document(project, split="test"), "total", "3.30", source=Source.TRUTH)
    with pytest.raises(NotFound, match="no teacher labels"):
        evaluate_system(project, "teacher")


def test_the_teachers_cost_is_what_was_paid(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Trials and refusals cost; what was answered from an earlier run did not."""
    monkeypatch.setattr(field_extraction, "read", lambda *_: iter(()))  # there are no files to time
    Project.objects.filter(pk=project.pk).update(teacher="acme:reader-1")
    project.refresh_from_db()
    version = SchemaVersion.objects.get(project=project)
    paid = {"schema_version": version, "teacher": "acme:reader-1", "input_tokens": 100, "usd": "0.50"}
    trial = project.label_runs.create(documents=1, refusals=1, sample=[1], **paid)
    again = project.label_runs.create(documents=2, **paid)
    project.label_runs.create(documents=5, **{**paid, "teacher": "other:reader"})
    for run, attempts in ((trial, 2), (again, 0)):
        document = project.documents.all()[0]
        Response.objects.create(
            run=run, document=document, teacher=run.teacher, prompt_sha256="", raw="", attempts=attempts, seconds=1
        )
    store.write(document, "total", "3.30", source=Source.TEACHER, teacher="acme:reader-1")
    assert reports.compare(project).teacher_usage.to_json() == {
        "documents": 3,
        "input_tokens": 200,
        "output_tokens": 0,
        "usd": 1.0,
    }
