"""What the page of a run says of its labels, and what it advises."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from extraction.domain.learning.training import StopReason
from extraction.models import Document, Job, Project, Role, Source, TrainingRun, User
from extraction.services.jobs import execution
from extraction.services.labels import store
from extraction.services.training import advice, messages, training_runs
from tests.support import builders

pytestmark = pytest.mark.django_db

COUNTS = {"found": 90, "unfound": 0, "absent": 2}
SCORE = {"n": 20, "anls": 0.97, "anls_ci95": [0.9, 1.0], "exact": 0.9, "normalized_exact": 0.95}


@pytest.fixture
def owner() -> User:
    return builders.user("olga")


@pytest.fixture
def project(owner: User) -> Project:
    held = builders.project("receipts", owner=owner)
    for _ in range(3):
        store.write(builders.document(held), "total", "9.90", source=Source.TEACHER, teacher="rules", unsure=True)
    return held


@pytest.fixture
def run(project: Project) -> TrainingRun:
    return ended(project)


def audit(**values: Any) -> dict[str, Any]:
    return {
        "documents": 92,
        "without_words": 0,
        "fields": {"company": COUNTS, "total": COUNTS},
        "checked": 92,
        "issues": 0,
        "reasons": {},
        "listed": [],
        "errors": {},
        "sources": {"teacher": 180},
        **values,
    }


def validation(**fields: dict[str, Any]) -> dict[str, Any]:
    scores = {"company": SCORE, "total": SCORE, **fields}
    return {"documents": 20, "mean_anls": 0.9, "mean_anls_ci95": [0.8, 1], "all_fields": 0.8, "fields": scores}


def ended(project: Project, name: str = "first", **values: Any) -> TrainingRun:
    run = training_runs.start(project, name=name, config={"base": "tiny"})
    Job.objects.filter(pk=run.job_id).update(state=Job.State.FAILED)
    TrainingRun.objects.filter(pk=run.pk).update(
        **{
            "label_audit": audit(),
            "validation": validation(),
            "stop_reason": StopReason.OTHER,
            "stop_detail": "It was done.",
            **values,
        }
    )
    run.refresh_from_db()
    return run


def show(client: Client, user: User, run: TrainingRun) -> str:
    client.force_login(user)
    return client.get(reverse("training_run", args=["receipts", run.pk])).content.decode()


def advised(run: TrainingRun) -> str:
    return "\n".join(messages.of_advice(piece) for piece in advice.of_run(run))


def test_what_was_found_of_the_labels_is_counted(client: Client, owner: User, run: TrainingRun) -> None:
    text = show(client, owner, run)
    assert "Found on the page" in text
    assert "Teacher 180" in text
    assert "None: every label was found" in text
    assert "the student contradicts none" in text


@pytest.mark.parametrize(
    "name", ["items", "keys", "values", "get", "pop", "copy", "update", "count", "index", "pk", "id", "forloop"]
)
def test_a_field_may_bear_the_name_of_an_attribute(client: Client, owner: User, project: Project, name: str) -> None:
    """A template that asks a dictionary for an attribute gets the value of the key of that name."""
    run = ended(project, label_audit=audit(fields={name: COUNTS}), validation=validation(**{name: SCORE}))
    assert show(client, owner, run).count(f'<th scope="row">{name}</th>') == 2


def test_distrusted_labels_are_linked_with_the_reason(client: Client, owner: User, project: Project) -> None:
    document = project.documents.get(pk=min(project.documents.values_list("pk", flat=True)))
    words = document.domain_pages()[0].words
    at = next(number for number, word in enumerate(words) if word.text == "3.30")
    doubts = [
        {
            "document": document.sha256,
            "field": "total",
            "reasons": ["contradicted", "unsure"],
            "confidence": 0.974,
            "spans": [[0, at, at, 0, None]],
            "empty": False,
            "option": None,
        },
        {"document": "0" * 64, "field": "total", "reasons": ["unfound"]},
    ]
    reasons = {"contradicted": 1, "unfound": 70, "unsure": 1}
    run = ended(project, label_audit=audit(issues=71, reasons=reasons, listed=doubts))
    text = show(client, owner, run)
    assert reverse("review_document", args=["receipts", document.pk]) in text
    assert "9.90" in text
    assert "The student reads “3.30” and is 97 % sure." in text
    assert "counted half" in text
    assert "Not found on the page: 70" in text
    # The other document was deleted.
    assert "71" in text
    assert "the 1 most doubtful listed" in text
    viewer = show(client, builders.member(project, Role.VIEWER), run)
    assert reverse("document", args=["receipts", document.pk]) in viewer
    assert reverse("review_document", args=["receipts", document.pk]) not in viewer


def test_values_of_a_wrong_type_are_counted_by_field(client: Client, owner: User, project: Project) -> None:
    documents = [builders.document(project) for _ in range(5)]
    listed = [{"document": row.sha256, "field": "date", "reasons": ["malformed"]} for row in documents]
    listed.append({"document": documents[0].sha256, "field": "total", "reasons": ["malformed"]})
    mixed = (["malformed", "unfound"], ["malformed", "unsure"], ["contradicted", "malformed"])
    listed += [
        {"document": documents[0].sha256, "field": "company", "reasons": reasons, "confidence": 0.9, "empty": True}
        for reasons in mixed
    ]
    run = ended(project, label_audit=audit(issues=60, reasons={"malformed": 60}, listed=listed))
    text = " ".join(show(client, owner, run).split())
    assert "5 labels of <strong>date</strong>: not of the field&#x27;s type" in text
    assert "1 label of <strong>total</strong>" in text
    assert "1 label of <strong>company</strong>: not of the field&#x27;s type, not found on the page" in text
    assert text.count("It is not a value of the field&#x27;s type.") == 1  # beside the contradiction
    assert "the 9 most doubtful listed" in text
    for row in documents:
        assert reverse("review_document", args=["receipts", row.pk]) in text


def contradicted(project: Project, **answer: Any) -> TrainingRun:
    """A run that contradicts the total of the first document by an answer that it is 95 % sure of."""
    document = project.documents.first()
    assert document is not None
    doubt = {"document": document.sha256, "field": "total", "reasons": ["contradicted"], "confidence": 0.95}
    listed = [{**doubt, "option": None, **answer}]
    return ended(project, label_audit=audit(issues=1, reasons={"contradicted": 1}, listed=listed))


def test_a_document_that_lost_words_quotes_none(client: Client, owner: User, project: Project) -> None:
    text = show(client, owner, contradicted(project, spans=[[0, 900, 901, 0, None]], empty=False))
    assert "The student read something else and was 95 % sure; the document has been read again since." in text
    assert "is not there and is" not in text


def test_a_student_that_finds_nothing_says_that_it_is_not_there(client: Client, owner: User, project: Project) -> None:
    text = show(client, owner, contradicted(project, spans=[], empty=True))
    assert "The student says that it is not there and is 95 % sure." in text
    assert "read again since" not in text


def test_a_run_without_a_label_audit_shows_none(client: Client, owner: User, project: Project) -> None:
    text = show(client, owner, ended(project, label_audit=None))
    assert "Labels it distrusts" not in text
    assert "What would help" not in text


def test_labels_that_are_not_on_the_pages_come_first(project: Project) -> None:
    fields = {"company": {"found": 0, "unfound": 40, "absent": 0}, "total": {"found": 60, "unfound": 30, "absent": 0}}
    text = advised(ended(project, label_audit=audit(fields=fields, without_words=4)))
    assert text.splitlines()[0].startswith("On 4 documents of 92 no words were read")
    assert "No label of company was found on any page" in text
    assert "30 of 90 labels of total were not found" in text


def test_the_weakest_field_is_named_with_its_commonest_mistake(project: Project) -> None:
    weak = {**SCORE, "anls": 0.71}
    kept = audit(errors={"total": {"other": 4, "cut": 1}, "company": {"misread": 1}})
    text = advised(ended(project, label_audit=kept, validation=validation(total=weak)))
    assert "total is the weakest field (71 % ANLS): 5 of 20 answers" in text
    assert "in 4 of them because it took another value of the page" in text
    assert "weakest" not in advised(ended(project, "second", label_audit=kept))


def test_validation_documents_are_linked_where_there_are_any(client: Client, owner: User, project: Project) -> None:
    kept = audit(errors={"total": {"other": 4}})
    run = ended(project, label_audit=kept, validation=validation(total={**SCORE, "anls": 0.71}))
    link = f'href="{reverse("documents", args=["receipts"])}?split=validation"'
    text = show(client, owner, run)
    assert "total is the weakest field" in text
    assert link not in text
    builders.document(project, split="validation")
    assert link in show(client, owner, run)


def test_more_documents_are_advised_by_what_they_brought(project: Project) -> None:
    first = ended(project, label_audit=audit(documents=50), validation={**validation(), "mean_anls": 0.80})
    assert "with 50 a student still gains" in advised(first)
    second = ended(project, "second", label_audit=audit(documents=200), validation={**validation(), "mean_anls": 0.90})
    assert "each doubling of the documents has brought about 5.0 points" in advised(second)
    assert "Add and label 200 more documents" in advised(second)
    for _ in range(3):
        builders.document(project)
    assert "Label 3 more documents" in advised(second)
    TrainingRun.objects.filter(pk=second.pk).update(validation={**validation(), "mean_anls": 0.80})
    second.refresh_from_db()
    assert "doubling" not in advised(second)


@pytest.mark.parametrize("points", [[], [(10, 0.5)], [(10, 0.5), (11, 0.9)]])
def test_runs_on_nearly_as_many_documents_tell_nothing(points: list[tuple[int, float]]) -> None:
    assert advice.gain_per_doubling(points) is None


def curve(*looks: float) -> list[dict[str, Any]]:
    return [{"step": number, "seconds": number, "loss": 1, "anls": anls} for number, anls in enumerate(looks, 1)]


def test_a_run_that_was_cut_off_while_it_got_better_wants_time(project: Project) -> None:
    cut = {"epochs_planned": 12, "epochs_done": 10.5}
    assert "more than 20 minutes" in advised(ended(project, **cut, curve=curve(0.5, 0.7, 0.8)))
    assert "minutes" not in advised(ended(project, "second", **cut, curve=curve(0.5, 0.7, 0.6)))


def test_a_run_that_ended_as_planned_wants_no_time(project: Project) -> None:
    planned = {"epochs_planned": 12, "epochs_done": 12.0}
    assert "minutes" not in advised(ended(project, **planned, curve=curve(0.5, 0.7, 0.8), seconds=1195))


def test_what_only_a_student_read_is_for_review(client: Client, owner: User, project: Project) -> None:
    run = ended(project)
    waiting = builders.document(project)
    store.write(waiting, "total", "3.30", source=Source.STUDENT, teacher="old", confidence=0.4)
    assert Document.objects.get(pk=waiting.pk).source == Source.STUDENT
    assert "1 document that only a student has read waits for review" in advised(run)
    link = f'href="{reverse("review", args=["receipts"])}">Review</a>'
    assert link in show(client, owner, run)
    assert link not in show(client, builders.member(project, Role.VIEWER), run)


def test_a_run_with_nothing_to_learn_shows_which_labels_were_not_found(
    client: Client, owner: User, project: Project
) -> None:
    for document in project.documents.all():
        store.write(document, "total", "77.70", source=Source.REVIEWER)
    run = training_runs.start(project, name="first", config={"base": "tiny"}, actor=owner)
    execution.run(run.job_id)  # type: ignore[arg-type]
    run.refresh_from_db()
    text = show(client, owner, run)
    assert text.count("None of the labels was found on the pages, so there is nothing to learn from.") == 1
    assert "labels of <strong>total</strong>: not found on the page" in " ".join(text.split())
    assert "Reviewer 3" in text
    # One of the three was held out; its label is not on its page either.
    links = [reverse("review_document", args=["receipts", document.pk]) for document in project.documents.all()]
    assert sum(link in text for link in links) == 3
