"""Other methods than filling the fields: names, answers, reuse, one field at a time, and doubtful documents alone."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from extraction.domain.fields import Field, Schema
from extraction.domain.progress import Cancelled, Silent
from extraction.engines.teacher.protocol import Answer, Reading, Reply, Usage
from extraction.models import Document, Label, LabelRun, Project, Response, Source
from extraction.services.errors import Invalid
from extraction.services.jobs import queue
from extraction.services.labels import ranking, store
from extraction.services.projects import projects
from extraction.services.teaching import label_runs, missing, prompt_comparison, trials
from extraction.services.teaching.results import doubts
from tests.support import builders
from tests.support.scripted_teacher import CENT, PROVIDER, Scripted, use

pytestmark = pytest.mark.django_db(transaction=True)

LISTING = {
    "values": [
        {"caption": "Date", "what": "date", "value": "25/12/2018"},
        {"caption": "Total", "what": "total amount", "value": "3.30"},
        {"caption": "Cashier", "what": "cashier", "value": "ANNA"},
    ]
}
LISTED = Reply({"total": Answer("3.30"), "date": Answer("25/12/2018")}, Usage(100, 10, CENT), raw=json.dumps(LISTING))


class Stopped(Silent):
    """A progress that stops the work after so many reports."""

    def __init__(self, after: int) -> None:
        self.left = after

    def report(self, done: int, total: int, message: str = "") -> None:
        self.left -= 1

    def cancelled(self) -> bool:
        return self.left <= 0


@pytest.fixture
def project() -> Project:
    return builders.project()


def finished(project: Project, method: str, **options: Any) -> LabelRun:
    name = f"acme:reader-1#{method}" if method else "acme:reader-1"
    run = label_runs.start(project, teacher=name, consent=PROVIDER, send=False, **options)
    label_runs.run(run.pk, Silent())
    assert run.job is not None
    type(run.job).objects.filter(pk=run.job.pk).update(state="done")
    run.refresh_from_db()
    return run


def by(document: Document, teacher: str) -> dict[str, str | None]:
    rows = ranking.from_source(Document.objects.filter(pk=document.pk), Source.TEACHER, teacher)
    return {name: label.value for name, label in rows.get(document.pk, {}).items()}


def with_cashier(project: Project) -> None:
    schema = project.schema
    projects.change_schema(project, Schema(schema.name, schema.document, (*schema.fields, Field("cashier"))))
    project.refresh_from_db()


def test_labels_of_the_methods_stand_beside_each_other(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    document = builders.document(project)
    use(monkeypatch, lambda _: Reply({"total": Answer("9.99"), "date": Answer("25/12/2018")}, Usage(1, 1, CENT)))
    finished(project, "")
    use(monkeypatch, lambda _: LISTED)
    run = finished(project, "list")
    assert by(document, "acme:reader-1") == {"total": "9.99", "date": "25/12/2018"}
    assert by(document, "acme:reader-1#list") == {"total": "3.30", "date": "25/12/2018"}
    assert ranking.best(Document.objects.get(pk=document.pk))["total"].value == "9.99"
    assert (run.teacher, run.prompt_version, run.labels) == ("acme:reader-1#list", None, 2)


def test_a_listing_that_was_paid_for_serves_a_new_field(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    document = builders.document(project)
    teacher = use(monkeypatch, lambda _: LISTED)
    finished(project, "list")
    with_cashier(project)
    assert label_runs.estimate(project, "acme:reader-1#list").usd == 0
    run = finished(project, "list")
    assert (teacher.asked, run.documents, run.usd) == (1, 1, Decimal(0))
    assert by(document, "acme:reader-1#list")["cashier"] == "ANNA"


def test_a_listing_that_tells_nothing_is_not_asked_for_again(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    builders.document(project)
    use(monkeypatch, lambda _: Reply({}, Usage(1, 1, CENT), raw='{"values": []}'))
    run = finished(project, "list")
    assert (run.documents, run.labels) == (1, 0)
    assert label_runs.estimate(project, "acme:reader-1#list").documents == 0


class TestSingle:
    """A request for each field."""

    def test_each_field_of_each_document_is_asked_for_once(
        self, project: Project, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        documents = [builders.document(project) for _ in range(2)]
        teacher = use(monkeypatch)
        estimate = label_runs.estimate(project, "acme:reader-1#single")
        assert (estimate.documents, estimate.usd) == (2, pytest.approx(0.08))
        run = finished(project, "single")
        assert (teacher.asked, run.documents, run.usd) == (8, 2, 8 * CENT)
        assert Response.objects.values("document", "prompt_sha256").distinct().count() == 8
        assert {tuple(row.fields) for row in Response.objects.all()} == {(name,) for name in project.schema.names}
        for document in documents:
            assert by(document, "acme:reader-1#single") == {"total": "3.30", "date": "25/12/2018"}
        assert label_runs.estimate(project, "acme:reader-1#single").documents == 0

    @pytest.mark.parametrize("steps", [1, 3, 5, 7])
    def test_after_a_stop_anywhere_only_the_rest_is_asked_for(
        self, project: Project, monkeypatch: pytest.MonkeyPatch, steps: int
    ) -> None:
        for _ in range(2):
            builders.document(project)
        teacher = use(monkeypatch)
        run = label_runs.start(project, teacher="acme:reader-1#single", consent=PROVIDER, send=False)
        with pytest.raises(Cancelled):
            label_runs.run(run.pk, Stopped(steps))
        asked = teacher.asked
        assert asked < 8
        # As after a kill between a response and its label.
        Label.objects.filter(field="total").delete()
        label_runs.run(run.pk, Silent())
        run.refresh_from_db()
        assert (teacher.asked, run.usd, run.documents, run.labels) == (8, 8 * CENT, 2, 4)

    def test_a_limit_counts_documents(self, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
        for _ in range(3):
            builders.document(project)
        teacher = use(monkeypatch)
        run = finished(project, "single", limit=2)
        assert (teacher.asked, run.documents) == (8, 2)
        label_runs.run(run.pk, Silent())
        assert teacher.asked == 8

    def test_a_budget_holds_over_all_fields(self, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
        for _ in range(3):
            builders.document(project)
        run = finished(project, "single", budget=Decimal("0.05"))
        assert (run.usd, run.stop_reason) == (5 * CENT, LabelRun.StopReason.BUDGET)

    @pytest.fixture(autouse=True)
    def _teacher(self, monkeypatch: pytest.MonkeyPatch) -> Scripted:
        return use(monkeypatch)


class TestDoubtful:
    """A second reading only where the first answer is doubtful."""

    @pytest.fixture
    def documents(self, project: Project) -> list[Document]:
        """Sure, unsure, of low confidence, not on the page, contradicted, decided by a person."""
        rows = [builders.document(project) for _ in range(6)]
        for row in rows:
            store.write(row, "date", "25/12/2018", source=Source.TEACHER, teacher="rules", confidence=0.9)
        for row, value, options in (
            (rows[0], "3.30", {"confidence": 0.9}),
            (rows[1], "3.30", {"unsure": True}),
            (rows[2], "3.30", {"confidence": 0.4}),
            (rows[3], "7.77", {}),
            (rows[4], "3.30", {}),
            (rows[5], "3.30", {"unsure": True}),
        ):
            store.write(row, "total", value, source=Source.TEACHER, teacher="rules", **options)  # type: ignore[arg-type]
        store.write(rows[4], "total", "3.00", source=Source.CLAIM)
        store.write(rows[5], "total", "3.30", source=Source.REVIEWER)
        return rows

    def test_which_answers_are_doubtful(self, project: Project, documents: list[Document]) -> None:
        assert doubts.pairs(project) == {(row.pk, "total") for row in documents[1:5]}
        assert doubts.documents(project) == 4
        Document.objects.filter(pk=documents[1].pk).update(review=Document.Review.REJECTED)
        assert doubts.documents(project) == 3

    def test_only_these_documents_are_asked_about(
        self, project: Project, documents: list[Document], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        teacher = use(monkeypatch, lambda _: LISTED)
        estimate = label_runs.estimate(project, "acme:reader-1#list", doubtful=True)
        assert (estimate.documents, estimate.usd) == (4, pytest.approx(0.04))
        run = finished(project, "list", doubtful=True)
        assert (teacher.asked, run.documents, run.doubtful) == (4, 4, True)
        assert run.chosen == [row.pk for row in documents[1:5]]
        assert by(documents[0], "acme:reader-1#list") == {}
        # Its answers contradict more than before, and are not asked for again.
        assert label_runs.estimate(project, "acme:reader-1#list", doubtful=True).documents == 0

    def test_one_field_at_a_time_only_these_fields(
        self, project: Project, documents: list[Document], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        teacher = use(monkeypatch)
        run = finished(project, "single", doubtful=True)
        assert (teacher.asked, run.documents, run.labels) == (4, 4, 4)
        assert {tuple(row.fields) for row in Response.objects.all()} == {("total",)}

    def test_the_same_teacher_has_nothing_to_add(self, project: Project, documents: list[Document]) -> None:
        assert label_runs.estimate(project, "rules", doubtful=True).documents == 0
        assert "No doubtful first answer is left" in label_runs.nothing_to_label(project, doubtful=True)

    def test_of_chosen_documents_the_doubtful_ones(
        self, project: Project, documents: list[Document], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        use(monkeypatch, lambda _: LISTED)
        chosen = [row.pk for row in documents[:3]]
        run = finished(project, "list", doubtful=True, chosen=chosen)
        assert run.chosen == chosen[1:]

    def test_a_run_under_way_is_gone_on_with(
        self, project: Project, documents: list[Document], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        use(monkeypatch, lambda _: LISTED)
        run = label_runs.start(project, teacher="acme:reader-1#list", consent=PROVIDER, doubtful=True, send=False)
        store.write(documents[0], "total", "3.00", source=Source.CLAIM)
        done = label_runs.label_here(project, Silent(), teacher="acme:reader-1#list", consent=PROVIDER, doubtful=True)
        assert (done.pk, done.documents) == (run.pk, 4)


def test_a_second_teacher_decides_nothing_alone_and_a_third_does(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = builders.document(project)
    store.write(document, "total", "9.99", source=Source.TEACHER, teacher="rules", confidence=0.2)
    use(monkeypatch, lambda _: LISTED)
    finished(project, "list", doubtful=True)
    assert ranking.best(document)["total"].value == "9.99"
    finished(project, "single", doubtful=True)
    assert ranking.best(document)["total"].value == "3.30"


def test_trials_compare_methods(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = [builders.document(project).pk for _ in range(2)]
    teacher = use(monkeypatch)
    tries = [trials.Try("acme:reader-1", 0), trials.Try("acme:reader-1#single", 0)]
    assert trials.estimate(project, keys, tries).usd == pytest.approx(0.10)
    runs = trials.start_all(project, documents=keys, tries=tries, consent=PROVIDER)
    for run in runs:
        assert run.job is not None
        queue.cancel(run.job)
        label_runs.run(run.pk, Silent())
    assert teacher.asked == 10
    comparison = prompt_comparison.compare(project, *LabelRun.objects.order_by("pk"))
    assert comparison.documents == 2
    assert set(comparison.agreement.values()) == {1.0}
    assert [side.usd for side in comparison.sides] == [pytest.approx(0.02), pytest.approx(0.08)]
    assert not comparison.rows


@pytest.mark.parametrize("name", ["rules#list", "rules#single", "openai:#list", "nobody:model#list"])
def test_a_method_that_a_teacher_cannot_be_asked_by_is_one_sentence(project: Project, name: str) -> None:
    with pytest.raises(Invalid):
        label_runs.estimate(project, name)


def test_rows_are_not_asked_of_a_listing(monkeypatch: pytest.MonkeyPatch) -> None:
    project = builders.project(schema=builders.WITH_ROWS)
    assert missing.unanswerable(project, "acme:reader-1#list") == ("Items",)
    assert missing.unanswerable(project, "acme:reader-1") == ()


def test_a_reading_gets_no_words_of_the_fields(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    builders.document(project)
    seen: list[Reading] = []

    def say(reading: Reading) -> Reply:
        seen.append(reading)
        return LISTED

    held = use(monkeypatch, say)
    finished(project, "list")
    with_cashier(project)
    assert "cashier" not in held.prompt(project.schema).request
    assert len(seen) == 1
