"""The work of a cross-check: what its students read, what becomes of labels, and that nothing is done twice."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from extraction.domain.progress import Cancelled, Silent
from extraction.engines.student import registry
from extraction.models import (
    CrossCheck,
    Document,
    Job,
    Label,
    LabelQuality,
    OutOfFoldReading,
    Project,
    RunState,
    Source,
)
from extraction.services import storage
from extraction.services.jobs import execution, queue
from extraction.services.labels import store
from extraction.services.projects import schema_versions
from extraction.services.quality import assessments, reasons
from extraction.services.quality.jobs import ASSESS
from extraction.services.training.cross_checks import checks, results, work
from tests.support import builders
from tests.support.tiny_student import SETTINGS
from tests.training.cross_checks.slips import DOCUMENTS, KEYWORDS, WRONG, labels, slips

pytestmark = pytest.mark.django_db


def start(project: Project, **options: Any) -> CrossCheck:
    return checks.start(project, **{"config": KEYWORDS, **options})


def check(project: Project, **options: Any) -> CrossCheck:
    """A whole one, with the assessment that follows."""
    row = start(project, **options)
    work.run(row.pk, Silent())
    assessments.run(project.pk, Silent())
    row.refresh_from_db()
    return row


@pytest.fixture
def trained(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, frozenset[str]]]:
    """The folders into which students were trained, with the hashes of the documents that they learned from."""
    seen: list[tuple[str, frozenset[str]]] = []
    train = registry.train

    def watched(name: str, data: Any, config: Any, observer: Any, folder: Any) -> Any:
        seen.append((folder.name, frozenset(example.id for example in data.train)))
        return train(name, data, config, observer, folder)

    monkeypatch.setattr(work.registry, "train", watched)
    return seen


def killed_at(monkeypatch: pytest.MonkeyPatch, name: str, fold: int) -> None:
    """The process is gone when it comes to that function for that fold."""
    whole: Callable[..., object] = getattr(work, name)

    def gone(row: CrossCheck, number: int, *arguments: object) -> object:
        if number == fold:
            raise KeyboardInterrupt
        return whole(row, number, *arguments)

    monkeypatch.setattr(work, name, gone)


def test_a_wrong_label_is_contradicted_by_a_student_that_did_not_learn_from_it(project: Project) -> None:
    assessments.run(project.pk, Silent())
    before = {label.pk: label.quality.probability for part in labels(project) for label in part}
    row = check(project)
    assert row.state is RunState.DONE
    wrong, right = labels(project)
    for label in wrong:
        assert label.quality.signals["student_differs"] == pytest.approx(0.9)
        assert label.quality.probability < before[label.pk]
    for label in right:
        assert label.quality.signals["student_agrees"] == pytest.approx(0.9)
        assert label.quality.probability > before[label.pk]
    assert {label.pk for label in wrong} == {each.label_id for each in results.contradicted(project)}
    [found] = results.of_fields(project)
    assert (found.field, found.labels, found.agrees, found.differs) == ("total", DOCUMENTS, DOCUMENTS - WRONG, WRONG)
    [doubt, *_] = reasons.reasons(wrong[0]).opposing
    assert "10.50 (90" in doubt


@pytest.mark.parametrize("folds", [2, 5])
def test_each_document_is_read_once_by_a_student_that_did_not_learn_from_it(
    project: Project, trained: list[tuple[str, frozenset[str]]], folds: int
) -> None:
    row = check(project, folds=folds)
    hashes = dict(project.documents.values_list("pk", "sha256"))
    assert len(trained) == folds
    for (_, learned), part in zip(trained, row.parts, strict=True):
        assert not learned & {hashes[pk] for pk in part}
        assert len(learned) + len(part) == DOCUMENTS
    assert sum(outcome.documents for outcome in row.read.values()) == DOCUMENTS
    assert OutOfFoldReading.objects.count() == DOCUMENTS
    assert not storage.cross_check_folder(project).exists() or not list(storage.cross_check_folder(project).iterdir())


@pytest.mark.parametrize("at", ["_work_through", "_store"])
def test_a_fold_that_is_done_is_not_done_again_after_a_crash(
    project: Project, trained: list[tuple[str, frozenset[str]]], monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    row = start(project, folds=3)
    with monkeypatch.context() as patch:
        killed_at(patch, at, fold=1)
        with pytest.raises(KeyboardInterrupt):
            work.run(row.pk, Silent())
    row.refresh_from_db()
    parts = row.parts
    assert list(row.read) == [0]
    assert row.state is RunState.QUEUED
    # What the folds hang on changes meanwhile.
    for label in Label.objects.filter(document__project=project)[:20]:
        store.write(label.document, "company", "ONE SHOP", source=Source.TEACHER, teacher="model")
    work.run(row.pk, Silent())
    row.refresh_from_db()
    assert row.parts == parts
    assert row.state is RunState.DONE
    assert [folder for folder, _ in trained].count("0") == 1
    work.run(row.pk, Silent())
    assert OutOfFoldReading.objects.count() == DOCUMENTS


def test_a_cancelled_one_keeps_what_it_read_and_goes_on(project: Project) -> None:
    class Stopping(Silent):
        def cancelled(self) -> bool:
            return OutOfFoldReading.objects.exists()

    row = start(project)
    with pytest.raises(Cancelled):
        work.run(row.pk, Stopping())
    assessments.run(project.pk, Silent())
    read = OutOfFoldReading.objects.count()
    assert 0 < read < DOCUMENTS
    assert LabelQuality.objects.filter(student__isnull=False).count() == read
    queue.cancel(Job.objects.get(cross_check=row))
    row = CrossCheck.objects.get()
    assert row.state is RunState.CANCELLED
    checks.again(row)
    execution.run(row.job_id)  # type: ignore[arg-type]
    assert CrossCheck.objects.get().state is RunState.DONE
    assert OutOfFoldReading.objects.count() == DOCUMENTS


def test_documents_that_are_deleted_or_read_again_meanwhile_are_left_out(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = start(project)
    store_fold = work._store

    def late(row: CrossCheck, *arguments: Any) -> None:
        gone, changed, *_ = row.parts[arguments[0]]
        Document.objects.filter(pk=gone).delete()
        pages = Document.objects.get(pk=changed).pages
        page = pages.get()
        page.delete()
        page.pk = None
        page.save()
        store_fold(row, *arguments)

    monkeypatch.setattr(work, "_store", late)
    work.run(row.pk, Silent())
    assert OutOfFoldReading.objects.count() == DOCUMENTS - 4


def test_a_field_that_was_not_learned_says_nothing(project: Project) -> None:
    """No keyword is before the companies, so the student answers none, and its scores are low."""
    said = [(document, f"SHOP NUMBER {number}") for number, document in enumerate(project.documents.order_by("pk"))]
    for document, company in said:
        store.write(document, "company", company, source=Source.TEACHER, teacher="model")
    row = check(project)
    assert {outcome.fields for outcome in row.read.values()} == {("total",)}
    assert set(OutOfFoldReading.objects.values_list("field", flat=True)) == {"total"}


@pytest.mark.parametrize("known", [True, False])
def test_what_is_read_while_labels_are_assessed_is_not_missed(
    project: Project, monkeypatch: pytest.MonkeyPatch, known: bool
) -> None:
    if known:
        assessments.run(project.pk, Silent())
        LabelQuality.objects.update(stale=True)
    collect = assessments.collecting.collect

    def meanwhile(*arguments: Any) -> Any:
        found = collect(*arguments)
        if not CrossCheck.objects.exists():
            work.run(start(project).pk, Silent())
        return found

    with monkeypatch.context() as patch:
        patch.setattr(assessments.collecting, "collect", meanwhile)
        assessments.run(project.pk, Silent())
    assert LabelQuality.objects.filter(stale=True).exists()
    assert Job.objects.filter(kind=ASSESS.name, state=Job.State.QUEUED).exists()
    assessments.run(project.pk, Silent())
    assert LabelQuality.objects.filter(student__isnull=False).count() == DOCUMENTS
    assert not LabelQuality.objects.filter(stale=True).exists()


def test_a_new_label_of_the_document_is_judged_by_what_was_read(project: Project) -> None:
    check(project)
    [label, *_] = labels(project)[1]
    other = store.write(label.document, "total", "0.11", source=Source.TEACHER, teacher="second")
    assessments.run(project.pk, Silent())
    assert LabelQuality.objects.get(label=other).signals["student_differs"] == pytest.approx(0.9)


def test_another_cross_check_replaces_what_the_first_read(project: Project) -> None:
    first, second = check(project), check(project, folds=3)
    assert first.pk != second.pk
    assert set(OutOfFoldReading.objects.values_list("cross_check", flat=True)) == {second.pk}
    assert OutOfFoldReading.objects.count() == DOCUMENTS


def test_renamed_fields_keep_what_was_read_and_other_types_do_not(project: Project) -> None:
    check(project)
    value = project.schema.to_json()
    value["field"][3]["name"] = "sum"
    schema_versions.change(project, type(project.schema).from_json(value), renames={"total": "sum"})
    assert set(OutOfFoldReading.objects.values_list("field", flat=True)) == {"sum"}


def test_more_documents_take_no_more_queries() -> None:
    counts = []
    for documents in (50, 70):
        project = slips(builders.project(), documents)
        assessments.run(project.pk, Silent())
        row = start(project)
        work.run(row.pk, Silent())
        rows = list(project.documents.values_list("pk", flat=True)[:20])
        with CaptureQueriesContext(connection) as queries:
            assessments.collecting.collect(Project.objects.get(pk=project.pk), rows)
            results.of_fields(project)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_progress_never_falls(project: Project) -> None:
    shown = []

    class Watching(Silent):
        def report(self, done: int, total: int, message: str = "") -> None:
            shown.append((done, total))

    work.run(start(project).pk, Watching())
    assert [done for done, _ in shown] == sorted(done for done, _ in shown)
    assert {total for _, total in shown} == {200}


@pytest.mark.slow
def test_the_layout_student_contradicts_what_it_did_not_learn(project: Project) -> None:
    row = check(project, config=SETTINGS, seed=3, minutes=10)
    assert {outcome.fields for outcome in row.read.values()} == {("total",)}
    wrong, right = labels(project)
    judged = [label for label in wrong if label.quality.student]
    assert judged
    assert all(label.quality.signals["student_differs"] > 0.5 for label in judged)
    agreed = [label for label in right if label.quality.signals.get("student_agrees", 0) > 0.5]
    assert len(agreed) > len(right) / 2
