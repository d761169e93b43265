"""Runs over the documents that teach most: picked when the run begins, kept, and asked about in that order."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from extraction.domain.label_quality.selection import PickReason
from extraction.domain.progress import Cancelled, Silent
from extraction.engines.teacher.protocol import Reading, Reply
from extraction.models import Document, DocumentLayout, Job, LabelQuality, LabelRun, Project, Source
from extraction.services.documents import layouts
from extraction.services.errors import Invalid
from extraction.services.jobs import queue
from extraction.services.labels import store
from extraction.services.teaching import label_runs
from extraction.services.teaching.estimates import Summary
from extraction.services.teaching.selecting import gathering, selection
from tests.support import builders
from tests.support.scripted_teacher import GOOD, PROVIDER, use

pytestmark = pytest.mark.django_db(transaction=True)

INFORMATIVE = LabelRun.Selection.INFORMATIVE
SHOPS = (
    ("BEAN THERE SDN BHD", "12 Harbour Road, 50450 Kuala Lumpur", "Cashier Ann"),
    ("PETROL STATION MARTINEZ", "Avenida del Sol 4, 28013 Madrid", "Surtidor"),
    ("BOOKS AND PAPER DUBLIN", "Grafton Street, Ireland", "Loyalty card"),
    ("GARTENCENTER GRUEN GMBH", "Hauptstrasse, 1010 Wien", "Filiale"),
)


@pytest.fixture
def project() -> Project:
    return builders.project()


ARTICLES = (
    "apple",
    "bread",
    "coffee",
    "dates",
    "eggs",
    "figs",
    "grapes",
    "honey",
    "jam",
    "kiwi",
    "lime",
    "milk",
    "nuts",
)


def receipts(project: Project, *shops: int) -> list[Document]:
    """A document of each shop, alike where the shops are the same, none the same as another."""
    before = project.documents.count()
    return [
        builders.document(project, *SHOPS[shop], f"{ARTICLES[number % len(ARTICLES)]} 1.00", "Total 1.00")
        for number, shop in enumerate(shops, before)
    ]


def started(project: Project, teacher: str = "rules", **options: Any) -> LabelRun:
    """A run whose work the test does itself."""
    consent = "" if teacher == "rules" else PROVIDER
    run = label_runs.start(project, teacher=teacher, consent=consent, selection=INFORMATIVE, **options)
    assert run.job is not None
    queue.cancel(run.job)
    return run


def done(run: LabelRun, progress: Silent | None = None) -> LabelRun:
    label_runs.run(run.pk, progress or Silent())
    run.refresh_from_db()
    return run


def picked(run: LabelRun) -> list[int]:
    return [pick.document for pick in run.picked]


def labelled(run: LabelRun) -> set[int]:
    return set(run.label_rows.values_list("document", flat=True))


class Stopping(Silent):
    """Somebody cancels once a document was labelled."""

    def __init__(self) -> None:
        self.labelled = 0

    def report(self, done: int, total: int, message: str = "") -> None:
        self.labelled += bool(message.startswith("receipt"))

    def cancelled(self) -> bool:
        return bool(self.labelled)


def test_under_a_limit_one_document_of_each_layout_is_labelled(project: Project) -> None:
    shops = {row.pk: shop for row, shop in zip(receipts(project, 0, 0, 0, 1, 1, 2), (0, 0, 0, 1, 1, 2), strict=True)}
    run = done(started(project, limit=3))
    assert {shops[pk] for pk in picked(run)} == {0, 1, 2}
    assert labelled(run) == set(picked(run))
    assert {pick.reason for pick in run.picked} == {PickReason.VARIED}


def test_the_next_run_takes_layouts_that_have_no_labels(project: Project) -> None:
    receipts(project, 0)
    done(started(project))
    rows = receipts(project, 0, 0, 3)
    run = done(started(project, limit=1))
    assert picked(run) == [rows[2].pk]
    assert run.picked[0].reason is PickReason.NEW_LAYOUT


def test_the_estimate_foretells_the_run(project: Project) -> None:
    receipts(project, *[0, 1, 2, 3] * 4)
    estimate = label_runs.estimate(project, "rules", 12, selection=INFORMATIVE)
    assert (estimate.documents, sum(estimate.reasons.values()), estimate.reasons[PickReason.RANDOM]) == (12, 12, 2)
    run = done(started(project, limit=12))
    assert Summary.of(run).reasons == estimate.reasons
    assert label_runs.estimate(project, "rules", 12).reasons == {}


def test_without_a_limit_all_are_asked_about(project: Project) -> None:
    receipts(project, 0, 0, 1)
    run = done(started(project))
    assert (len(picked(run)), run.documents) == (3, 3)


def test_a_run_goes_on_with_the_same_documents(project: Project) -> None:
    receipts(project, 0, 0, 1, 1, 2)
    run = started(project, limit=3)
    with pytest.raises(Cancelled):
        done(run, Stopping())
    run.refresh_from_db()
    before, begun = picked(run), labelled(run)
    assert 0 < len(begun) < 3
    receipts(project, 3)
    assert (picked(done(run)), labelled(run)) == (before, set(before))


def test_of_two_workers_the_first_decides(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = receipts(project, 0, 1)
    run = started(project, limit=1)
    other = [[rows[1].pk, "varied", 0.5]]
    gather = selection.gather

    def meanwhile(*arguments: Any) -> gathering.Gathered:
        LabelRun.objects.filter(pk=run.pk).update(picks=other)
        return gather(*arguments)

    monkeypatch.setattr(selection, "gather", meanwhile)
    assert labelled(done(run)) == {rows[1].pk}


def test_documents_that_changed_meanwhile_are_left_out(project: Project) -> None:
    rows = receipts(project, 0, 1, 2, 3)
    run = started(project)
    selection.decide(run, label_runs._unasked(run), Silent())
    rows[0].delete()
    Document.objects.filter(pk=rows[1].pk).update(review=Document.Review.REJECTED)
    for name in project.schema.names:
        store.write(rows[2], name, "1", source=Source.REVIEWER)
    assert labelled(done(run)) == {rows[3].pk}
    assert run.documents == 1


def test_a_budget_is_spent_on_the_best(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch)
    shops = {row.pk: shop for row, shop in zip(receipts(project, 0, 0, 0, 1, 2), (0, 0, 0, 1, 2), strict=True)}
    run = done(started(project, "acme:reader-1", budget=Decimal("0.03")))
    assert run.stop_reason == LabelRun.StopReason.BUDGET
    assert sorted(shops[pk] for pk in labelled(run)) == [0, 1, 2]


def test_a_killed_run_pays_for_no_document_twice(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    def once(reading: Reading) -> Reply:
        if held.asked == 2:
            raise KeyboardInterrupt
        return GOOD

    held = use(monkeypatch, once)
    receipts(project, 0, 1, 2, 3)
    run = started(project, "acme:reader-1", limit=3)
    with pytest.raises(KeyboardInterrupt):
        label_runs.run(run.pk, Silent())
    run.refresh_from_db()
    before = picked(run)
    done(run)
    assert (picked(run), labelled(run), run.responses.count(), held.asked) == (before, set(before), 3, 4)


@pytest.mark.parametrize("other", [{"chosen": [1]}, {"chosen": []}, {"doubtful": True}])
def test_documents_that_are_selected_already_are_refused(project: Project, other: dict[str, Any]) -> None:
    receipts(project, 0)
    with pytest.raises(Invalid, match="picked from all documents"):
        label_runs.start(project, teacher="rules", selection=INFORMATIVE, **other)
    with pytest.raises(Invalid, match="picked from all documents"):
        label_runs.estimate(project, "rules", selection=INFORMATIVE, **other)
    assert not LabelRun.objects.exists()
    assert not Job.objects.exists()


class TestWhatIsKnown:
    def test_the_student_is_unsure_of_some(self, project: Project) -> None:
        receipts(project, 0)
        done(started(project))
        rows = receipts(project, 0, 0, 0)
        layouts.fill(project)
        for row, confidence in zip(rows, (0.99, 0.4, 0.95), strict=True):
            for name in project.schema.names:
                store.write(row, name, "1", source=Source.STUDENT, teacher="first", confidence=confidence)
        run = done(started(project, limit=1))
        assert (picked(run), run.picked[0].reason) == ([rows[1].pk], PickReason.UNSURE)

    def test_the_student_was_wrong_on_documents_alike(self, project: Project) -> None:
        for row, right in zip(receipts(project, 0, 1), ("1", "2"), strict=True):
            for name in project.schema.names:
                store.write(row, name, "1", source=Source.STUDENT, teacher="first", confidence=0.99)
                store.write(row, name, right, source=Source.REVIEWER)
        rows = receipts(project, 0, 1)
        for row in rows:
            for name in project.schema.names:
                store.write(row, name, "1", source=Source.STUDENT, teacher="first", confidence=0.95)
        run = done(started(project, limit=1))
        assert (picked(run), run.picked[0].reason) == ([rows[1].pk], PickReason.MISTAKES)

    def test_labels_of_a_layout_are_mostly_wrong(self, project: Project) -> None:
        for row, probability in zip(receipts(project, 0, 1), (0.1, 0.99), strict=True):
            for name in project.schema.names:
                label = store.write(row, name, "1", source=Source.TEACHER, teacher="rules", confidence=0.9)
                LabelQuality.objects.create(project=project, label=label, signals={}, probability=probability)
        rows = receipts(project, 0, 1)
        assert picked(done(started(project, limit=1))) == [rows[1].pk]

    def test_a_fixed_number_of_queries(self, project: Project, django_assert_max_num_queries: Any) -> None:
        for _ in range(2):
            rows = receipts(project, 0, 1, 2, 3)
            store.write(rows[0], "total", "1", source=Source.STUDENT, teacher="first", confidence=0.9)
            store.write(rows[0], "total", "2", source=Source.REVIEWER)
            layouts.fill(project)
            with django_assert_max_num_queries(9):
                known = gathering.gather(project, [row.pk for row in rows[1:]])
        assert (len(known.candidates), len(known.labelled)) == (3, 2)


class TestLayouts:
    def test_documents_of_earlier_versions_get_theirs_when_they_are_needed(self, project: Project) -> None:
        rows = receipts(project, 0, 0, 1)
        rows[2].pages.all().delete()
        assert layouts.fill(project, most=2) == 1
        assert layouts.fill(project) == 0
        held = {row.document_id: row.cluster for row in DocumentLayout.objects.all()}
        assert held == {rows[0].pk: rows[0].pk, rows[1].pk: rows[0].pk, rows[2].pk: rows[2].pk}

    def test_an_estimate_makes_no_more_than_somebody_waits_for(
        self, project: Project, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(selection, "AT_ONCE", 2)
        receipts(project, 0, 1, 2)
        estimate = label_runs.estimate(project, "rules", 2, selection=INFORMATIVE)
        assert (estimate.documents, estimate.reasons) == (2, {})
        assert label_runs.estimate(project, "rules", 2, selection=INFORMATIVE).reasons == {PickReason.VARIED: 2}

    def test_a_layout_follows_a_document_that_is_read_again(self, project: Project) -> None:
        (row,) = receipts(project, 0)
        layouts.fill(project)
        before = bytes(DocumentLayout.objects.get().vector)
        page = row.pages.get()
        page.words = builders.page(*SHOPS[1]).to_json()["words"]
        layouts.store(row, page)
        held = DocumentLayout.objects.get()
        assert (bytes(held.vector) != before, held.cluster) == (True, row.pk)
