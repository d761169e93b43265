"""Many at once, on the embedded database and on PostgreSQL: each job has one worker, and no writer's work is lost."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

import pytest
from django.db import connection

from extraction.domain.fields import Schema
from extraction.domain.progress import Silent
from extraction.models import AuditRun, Document, Finding, Job, LabelRun, Snapshot, Source, TrainingRun
from extraction.services.auditing import claims
from extraction.services.auditing.findings.totals import totals
from extraction.services.auditing.runs import comparing, runs
from extraction.services.documents.jobs import READ
from extraction.services.errors import Conflict
from extraction.services.jobs import execution, queue
from extraction.services.labels import store
from extraction.services.projects import projects, schema_versions
from extraction.services.review import actions
from extraction.services.teaching import label_runs
from extraction.services.training import training_runs
from tests.support import builders
from tests.support.servers.backends import Backend, on_both

pytestmark = [on_both, pytest.mark.django_db(transaction=True)]
Result = TypeVar("Result")


def at_once(*calls: Callable[[], Result]) -> list[Result | Exception]:
    """What each call returns or raises; they start together, each in a thread with a connection of its own."""
    start = threading.Barrier(len(calls))

    def run(call: Callable[[], Result]) -> Result | Exception:
        start.wait(60)
        try:
            return call()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def raised(results: Sequence[object]) -> list[object]:
    return [result for result in results if isinstance(result, Exception)]


def test_a_job_is_claimed_by_one_of_many(backend: Backend) -> None:
    project = builders.project()
    for _ in range(5):
        job = queue.enqueue(READ, project=project, subject=1)
        results = at_once(*[partial(execution.claim, job.pk)] * 8)
        assert raised(results) == []
        assert len([claim for claim in results if claim]) == 1
        job.refresh_from_db()
        assert (job.state, job.attempts) == (Job.State.RUNNING, 1)


def test_a_lost_job_is_sent_by_one_of_many_beats(backend: Backend) -> None:
    project = builders.project()
    for _ in range(10):
        job = queue.enqueue(READ, project=project, subject=1)
        Job.objects.filter(pk=job.pk).update(sent=None)
    results = at_once(*[queue.requeue_lost] * 4)
    assert raised(results) == []
    assert sum(results) == 10  # type: ignore[arg-type]


def test_a_document_knows_the_labels_of_all_its_writers(backend: Backend) -> None:
    """A worker writes a teacher's labels while a reviewer corrects: whoever is last, the columns tell of both."""
    project = builders.project()
    reviewer = builders.user()
    for number in range(5):
        document = builders.document(project)

        def teach(document: Document = document) -> None:
            store.write(document, "total", "3.30", source=Source.TEACHER, teacher="rules", confidence=0.4)

        def correct(document: Document = document, number: int = number) -> None:
            actions.save(document, "company", f"SHOP {number}", actor=reviewer, known=0)

        assert raised(at_once(teach, correct, teach)) == []
        document.refresh_from_db()
        assert (document.source, document.confidence) == (Source.REVIEWER, 0.4)
        assert document.labels.count() == 3


def test_labels_that_are_written_during_a_rename_stand_under_the_new_name(backend: Backend) -> None:
    reviewer = builders.user()
    for number in range(5):
        project = builders.project(f"receipts-{number}")
        document = builders.document(project)
        schema = project.schema
        renamed = replace(schema, fields=tuple(replace(field, name=f"the_{field.name}") for field in schema.fields))
        loaded = Document.objects.select_related("project__schema_version").get(pk=document.pk)

        def rename(slug: str = project.slug, schema: Schema = renamed) -> None:
            names = {field.name.removeprefix("the_"): field.name for field in schema.fields}
            schema_versions.change(projects.find(slug), schema, renames=names)

        def teach(document: Document = loaded) -> None:
            store.write(document, "total", "3.30", source=Source.TEACHER, teacher="rules", confidence=0.4)

        def correct(document: Document = loaded) -> None:
            store.write(document, "company", "SHOP", source=Source.REVIEWER, author=reviewer)

        assert raised(at_once(teach, rename, correct)) == []
        assert {label.field for label in document.labels.all()} == {"the_total", "the_company"}
        assert {row.field for row in document.best_labels.all()} == {"the_total", "the_company"}


def test_a_name_is_given_once(backend: Backend) -> None:
    results = at_once(*[lambda: projects.create("receipts", builders.RECEIPT)] * 4)
    assert {type(error) for error in raised(results)} == {Conflict}
    assert len(raised(results)) == 3


def test_one_label_run_goes_on(backend: Backend) -> None:
    project = builders.project()
    builders.document(project)
    results = at_once(*[lambda: label_runs.start(project, teacher="rules")] * 4)
    assert {type(error) for error in raised(results)} == {Conflict}
    assert LabelRun.objects.count() == 1


def test_a_double_click_starts_one_training_and_stores_its_labels_once(backend: Backend) -> None:
    project = builders.project()
    store.write(builders.document(project), "total", "3.30", source=Source.TRUTH)
    results = at_once(*[lambda: training_runs.start(project, name="first", config={"base": "tiny"})] * 4)
    assert {type(error) for error in raised(results)} == {Conflict}
    assert (Snapshot.objects.count(), TrainingRun.objects.count(), Job.objects.count()) == (1, 1, 1)


def test_a_run_goes_on_once(backend: Backend) -> None:
    project = builders.project()
    store.write(builders.document(project), "total", "3.30", source=Source.TRUTH)
    for _ in range(5):
        run = training_runs.start(project, name=f"run-{TrainingRun.objects.count()}", config={"base": "tiny"})
        Job.objects.update(state=Job.State.FAILED)
        seen = [TrainingRun.objects.select_related("job").get(pk=run.pk) for _ in range(4)]
        results = at_once(*[partial(training_runs.again, row) for row in seen])
        assert {type(error) for error in raised(results)} == {Conflict}
        assert Job.objects.filter(state=Job.State.QUEUED).count() == 1


def test_nothing_is_at_risk_by_a_claim_that_is_taken_back_while_findings_are_stored(
    backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = builders.project()
    claim = builders.claim(project)
    row = builders.finding(claim)
    run = AuditRun.objects.create(
        project=project, policy=row.run.policy, today=row.run.today, inputs=[[claim.pk, None, "", 1.0]]
    )
    reading, withdrawn = threading.Event(), threading.Event()
    make = runs._row

    def slowly(*args: Any) -> Finding:
        reading.set()
        withdrawn.wait(1)
        return make(*args)

    def withdraw() -> None:
        reading.wait(60)
        claims.withdraw(project, claim.pk)
        withdrawn.set()

    monkeypatch.setattr(runs, "_row", slowly)
    monkeypatch.setattr(comparing, "findings", lambda *_: [row.as_domain()])
    assert raised(at_once(partial(runs.carry_out, run.pk, Silent()), withdraw)) == []
    assert totals(project).at_risk == 0
