"""What a teacher is asked for: the fields that a document lacks, each once, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from extraction.domain.fields import Field, Schema
from extraction.domain.progress import Silent
from extraction.engines.teacher.protocol import Answer, Reply, Usage
from extraction.models import Document, Label, LabelRun, Project, Response, Source
from extraction.services.jobs import queue
from extraction.services.labels import ranking, store
from extraction.services.projects import projects
from extraction.services.teaching import label_runs
from tests.support import builders
from tests.support.scripted_teacher import CENT, PROVIDER, Scripted, use

pytestmark = pytest.mark.django_db(transaction=True)

DUE = Field("due_date", "date")
PEOPLE = Field("people", "group", fields=(Field("name"), Field("age", "number")))


@pytest.fixture
def project() -> Project:
    return builders.project()


def add(project: Project, *fields: Field) -> None:
    projects.change_schema(project, replace(project.schema, fields=(*project.schema.fields, *fields)))


def labelled(project: Project, teacher: str, consent: str = "") -> LabelRun:
    run = label_runs.start(project, teacher=teacher, consent=consent)
    assert run.job is not None
    queue.cancel(run.job)
    label_runs.run(run.pk, Silent())
    run.refresh_from_db()
    return run


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> Scripted:
    """A paid teacher that answers whatever it is asked for, and keeps what that was."""
    held = use(monkeypatch)

    def label(reading: object, schema: Schema, limit: Decimal | None = None) -> Reply:
        held.asked += 1
        held.questions.append(schema.names)
        return Reply({name: Answer(None) for name in schema.names}, Usage(100, 10, CENT), raw="{}")

    held.questions = []  # type: ignore[attr-defined]
    held.label = label  # type: ignore[method-assign,assignment]
    return held


@pytest.mark.parametrize("teacher", ["rules", "acme:reader-1"])
@pytest.mark.parametrize("review", Document.Review.values)
def test_a_new_field_is_work_whatever_became_of_the_document(
    project: Project, scripted: Scripted, teacher: str, review: str
) -> None:
    consent = "" if teacher == "rules" else PROVIDER
    document = builders.document(project)
    labelled(project, teacher, consent)
    Document.objects.update(review=review)
    assert label_runs.estimate(project, teacher).documents == 0
    add(project, DUE)
    before = Label.objects.count()
    run = labelled(project, teacher, consent)
    asked = review != Document.Review.REJECTED
    assert (run.documents, Label.objects.count() - before) == (asked, asked)
    assert ("due_date" in ranking.best(document)) is asked
    assert label_runs.estimate(project, teacher).documents == 0


def test_each_document_is_asked_for_what_it_lacks_and_that_alone_is_paid_for(
    project: Project, scripted: Scripted
) -> None:
    fresh, typed, partly = (builders.document(project) for _ in range(3))
    for name in project.schema.names:
        store.write(typed, name, "1", source=Source.REVIEWER)
    for name in ("company", "date"):
        store.write(partly, name, "1", source=Source.TEACHER, teacher="acme:reader-1")
    assert label_runs.estimate(project, "acme:reader-1").documents == 2
    run = labelled(project, "acme:reader-1", PROVIDER)
    assert (run.documents, run.labels, run.usd) == (2, 6, 2 * CENT)
    assert set(scripted.questions) == {project.schema.names, ("address", "total")}  # type: ignore[attr-defined]
    rows = {row.document_id: row for row in Response.objects.all()}
    part = replace(project.schema, fields=project.schema.fields[2:])
    assert rows[fresh.pk].prompt_sha256 == scripted.prompt(project.schema).sha256
    assert rows[partly.pk].prompt_sha256 == scripted.prompt(part).sha256
    assert rows[partly.pk].fields == ["address", "total"]


def test_what_is_not_on_the_document_is_not_asked_for_again(project: Project, scripted: Scripted) -> None:
    builders.document(project)
    for _ in range(3):
        labelled(project, "acme:reader-1", PROVIDER)
    assert scripted.asked == 1
    assert label_runs.estimate(project, "acme:reader-1").documents == 0


def test_truth_measures_a_teacher_and_so_is_no_answer_for_it(project: Project) -> None:
    document = builders.document(project, split="test")
    for name in project.schema.names:
        store.write(document, name, "1", source=Source.TRUTH)
    assert label_runs.estimate(project, "rules").documents == 1
    labelled(project, "rules")
    assert label_runs.estimate(project, "rules").documents == 0


def test_a_value_that_a_reviewer_took_back_is_asked_for(project: Project) -> None:
    document = builders.document(project)
    for name in project.schema.names:
        store.write(document, name, "1", source=Source.REVIEWER)
    assert label_runs.estimate(project, "rules").documents == 0
    store.write(document, "total", None, source=Source.REVIEWER, withdrawn=True)
    assert labelled(project, "rules").labels == 1


def test_fields_that_a_teacher_never_answers_are_not_asked_for_for_ever(project: Project) -> None:
    builders.document(project)
    labelled(project, "rules")
    add(project, PEOPLE)
    assert label_runs.estimate(project, "rules").documents == 0
    assert label_runs.estimate(project, "rules").unanswerable == ("People",)
    assert labelled(project, "rules").documents == 0


def test_a_limit_holds_over_documents_that_lack_different_fields(project: Project, scripted: Scripted) -> None:
    documents = [builders.document(project) for _ in range(4)]
    for document in documents[::2]:
        store.write(document, "total", "1", source=Source.REVIEWER)
    assert label_runs.estimate(project, "acme:reader-1", 3).documents == 3
    run = label_runs.start(project, teacher="acme:reader-1", consent=PROVIDER, limit=3)
    label_runs.run(run.pk, Silent())
    assert set(run.responses.values_list("document", flat=True)) == {document.pk for document in documents[:3]}


def test_a_budget_holds_over_documents_that_lack_different_fields(project: Project, scripted: Scripted) -> None:
    documents = [builders.document(project) for _ in range(4)]
    for document in documents[::2]:
        store.write(document, "total", "1", source=Source.REVIEWER)
    run = label_runs.start(project, teacher="acme:reader-1", consent=PROVIDER, budget=3 * CENT)
    label_runs.run(run.pk, Silent())
    run.refresh_from_db()
    assert (run.usd, run.stop_reason) == (3 * CENT, LabelRun.StopReason.BUDGET)
