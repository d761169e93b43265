"""Reports that are frozen when they are written: computed again, after deletions, kills and changes of the labels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from extraction.domain.pages import Page
from extraction.domain.prediction import FieldValue
from extraction.domain.progress import Silent
from extraction.domain.results.provenance import RecountState
from extraction.models import Extraction, FrozenDocument, Job, Project, Report, Role, Source
from extraction.services import storage
from extraction.services.errors import Conflict
from extraction.services.jobs import execution
from extraction.services.labels import store
from extraction.services.reports import corpus, reports
from extraction.services.reports.tables import again, writing
from extraction.services.serving import field_extraction, registry
from tests.support import builders, programs
from tests.support.commands import Command

pytestmark = pytest.mark.django_db


class Counted:
    """A student that reads 3.30 on every document, and counts these."""

    def __init__(self) -> None:
        self.asked = 0

    def predict(self, pages: Sequence[Page]) -> dict[str, FieldValue]:
        self.asked += 1
        return {"total": FieldValue("3.30", "3.30", 0.9)}


@pytest.fixture
def student(monkeypatch: pytest.MonkeyPatch) -> Counted:
    held = Counted()
    monkeypatch.setattr(registry, "predictor", lambda model: held)
    monkeypatch.setattr(field_extraction, "read", lambda *_: iter(()))  # there are no files to time
    return held


@pytest.fixture
def project(student: Counted) -> Project:
    """Four test documents; the teacher has the last one wrong, the student is right."""
    held = builders.project("shop")
    for said in ("3.30", "3.30", "3.30", "99.99"):
        document = builders.document(held, split="test")
        store.write(document, "company", "Bean Ltd", source=Source.TRUTH)
        store.write(document, "total", "3.30", source=Source.TRUTH)
        store.write(document, "total", said, source=Source.TEACHER, teacher="recorded")
    Project.objects.filter(pk=held.pk).update(teacher="recorded")
    held.refresh_from_db()
    programs.model(held, "small", "production")
    return held


def written(project: Project, **options: bool) -> Report:
    row = reports.start(project, systems=["teacher", "small", "rules"], send=False, **options)
    assert row.job is not None
    execution.run_now(row.job, Silent(), name="The report")
    row.refresh_from_db()
    return row


def recounted(row: Report) -> Report:
    started = again.start(row, send=False)
    assert started.recount_job is not None
    execution.run_now(started.recount_job, Silent(), name="The recount")
    row.refresh_from_db()
    return row


def state(row: Report) -> RecountState | None:
    return row.last_recount.state if row.last_recount else None


class TestRecount:
    def test_the_numbers_come_out_the_same_whatever_happened_to_labels_and_models(
        self, project: Project, student: Counted
    ) -> None:
        row = written(project)
        before = row.value
        for document in project.documents.all():
            store.write(document, "total", "7.77", source=Source.TRUTH)
        project.model_versions.all().delete()
        asked = student.asked
        assert state(recounted(row)) is RecountState.SAME
        assert student.asked == asked
        assert row.value == before

    def test_a_deleted_document_takes_its_row_along_and_is_said(self, project: Project) -> None:
        row = written(project)
        project.documents.all()[0].delete()
        assert row.rows.count() == 3
        found = recounted(row).last_recount
        assert found is not None
        assert (found.state, found.deleted) == (RecountState.INCOMPLETE, 1)

    def test_changed_rows_and_numbers_are_named(self, project: Project) -> None:
        row = written(project)
        frozen = row.rows.all()[0]
        frozen.value["answers"]["small"]["total"][:2] = ["1.00", "1.00"]
        frozen.save()
        found = recounted(row).last_recount
        assert found is not None
        assert found.state is RecountState.DIFFERENT
        assert found.differences[0] == "rows"
        assert any(place.startswith("systems.small.scores") for place in found.differences)

    def test_a_second_request_waits_for_the_first(self, project: Project) -> None:
        row = written(project)
        first, second = again.start(row, send=False), again.start(row, send=False)
        assert first.recount_job == second.recount_job

    def test_what_an_earlier_version_wrote_is_refused(self, project: Project) -> None:
        value = builders.report_value(builders.reported("recorded", "teacher", 0.5))
        with pytest.raises(Conflict):
            again.start(Report.objects.create(project=project, value=value.to_json()))


class TestWriting:
    def test_a_report_that_was_killed_begins_anew(self, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
        row = reports.start(project, systems=["small"], send=False)
        with monkeypatch.context() as patched:
            patched.setattr(writing, "_reported", lambda *_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                reports.run(row.pk, Silent())
        assert not Report.objects.get(pk=row.pk).value
        reports.run(row.pk, Silent())
        assert FrozenDocument.objects.filter(report=row).count() == 4

    def test_a_document_that_is_deleted_meanwhile_stops_nothing(
        self, project: Project, student: Counted, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        predict = student.predict

        def deletes(pages: Sequence[Page]) -> dict[str, FieldValue]:
            if not student.asked:
                project.documents.order_by("pk")[0].delete()
            return predict(pages)

        monkeypatch.setattr(student, "predict", deletes)
        row = written(project)
        assert row.rows.count() == row.answered.filter(system="small").count() == 3
        connection.check_constraints()
        assert state(recounted(row)) is RecountState.INCOMPLETE

    def test_a_document_whose_file_is_gone_is_not_timed(
        self, project: Project, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        gone = project.documents.order_by("pk")[0]

        def read(_: Project, path: Path) -> Iterator[object]:
            if path == storage.path(gone.original):
                raise FileNotFoundError(path)
            return iter(())

        monkeypatch.setattr(field_extraction, "read", read)
        small = reports.compare(project, systems=["small"]).system("small")
        assert small is not None
        assert small.facts is not None
        assert small.facts.timing is not None
        assert (small.scores.documents, small.facts.timing.documents) == (4, 3)

    def test_queries_do_not_grow_with_the_documents_of_a_batch(
        self, project: Project, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        with django_assert_max_num_queries(60) as few:
            reports.compare(project, systems=["teacher", "small"])
        for _ in range(8):
            store.write(builders.document(project, split="test"), "total", "3.30", source=Source.TRUTH)
        with django_assert_max_num_queries(len(few)):
            reports.compare(project, systems=["teacher", "small"])

    @pytest.mark.parametrize("size", [1, 3, 100])
    def test_the_size_of_batches_changes_nothing(
        self, project: Project, size: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        whole = reports.compare(project, systems=["teacher", "small"])
        monkeypatch.setattr(corpus, "BATCH", size)
        found = reports.compare(project, systems=["teacher", "small"])
        assert found.differences == whole.differences
        assert found.tables == whole.tables

    def test_stored_answers_are_taken_where_there_are_any(
        self, project: Project, student: Counted, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(registry, "files", lambda model: ["model.onnx"])
        model = project.model_versions.get()
        first, second, *_ = project.documents.order_by("pk")
        answer = {"total": {"value": "5.00", "normalized": "5.00", "confidence": 0.5}}
        common = {"project": project, "model": model, "name": "a.jpg", "state": Extraction.State.DONE}
        Extraction.objects.create(sha256=first.sha256, fields=answer, **common)
        Extraction.objects.create(sha256=second.sha256, fields={}, student=answer, **common)
        written(project, stored=False)
        fresh = student.asked
        row = written(project, stored=True)
        assert student.asked - fresh == fresh - 2
        value = row.as_domain()
        assert value is not None
        small = value.system("small")
        assert small is not None
        assert small.scores.fields["total"].exact == 0.5

    def test_a_student_whose_files_are_gone_is_compared_by_stored_answers_alone(
        self, project: Project, student: Counted, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(registry, "files", lambda model: [])
        value = reports.compare(project, systems=["teacher", "small"], stored=True)
        small = value.system("small")
        assert small is not None
        assert (small.documents_per_second, small.scores.all_fields, student.asked) == (None, 0, 0)

    def test_the_teachers_refusals_and_times_are_told(self, project: Project) -> None:
        run = project.label_runs.create(schema_version=project.schema_version, teacher="recorded")
        for document, refusal, malformed in zip(project.documents.all(), ("no", "", ""), (0, 1, 0), strict=False):
            run.responses.create(
                document=document, teacher="recorded", raw="", refusal=refusal, malformed=bool(malformed), seconds=2
            )
        value = reports.compare(project, systems=["teacher", "small"])
        teacher, small = (system.facts for system in value.systems)
        assert teacher is not None
        assert small is not None
        assert (teacher.refusals, teacher.malformed, small.refusals) == (1, 1, 0)
        assert teacher.timing is not None
        assert (teacher.timing.now, teacher.timing.documents, teacher.timing.p95_ms) == (False, 1, 2000)
        assert small.timing is not None
        assert small.timing.now


class TestDoors:
    @pytest.fixture
    def page(self, client: Client, project: Project) -> Client:
        client.force_login(builders.member(project, Role.OWNER))
        return client

    def test_the_page_answers_three_questions_and_computes_again(self, page: Client, project: Project) -> None:
        row = written(project)
        url = reverse("report", args=["shop", row.pk])
        text = " ".join(page.get(url, {"document": "0.01"}).content.decode().split())
        for heading in ("Is the student good enough?", "What does it save?", "Where does it fail?"):
            assert heading in text
        assert text.index("small in short") < text.index("Quality, speed and cost")
        assert "Compute again" in text
        assert page.post(reverse("report_again", args=["shop", row.pk])).status_code == 302
        job = Job.objects.get(kind="recount")
        assert "Compute again" not in page.get(url).content.decode()
        execution.run_now(job, Silent(), name="The recount")
        assert "the numbers are the same" in page.get(url).content.decode()

    def test_a_page_takes_as_many_queries_for_a_large_report(
        self, page: Client, project: Project, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        row = written(project)
        with django_assert_max_num_queries(20):
            page.get(reverse("report", args=["shop", row.pk]))

    def test_a_viewer_may_not_compute_again(self, client: Client, project: Project) -> None:
        row = written(project)
        client.force_login(builders.member(project, Role.VIEWER))
        assert client.post(reverse("report_again", args=["shop", row.pk])).status_code == 403

    def test_all_tables_are_taken_away_as_rows(self, page: Client, project: Project) -> None:
        row = written(project)
        response = page.get(reverse("report_export", args=["shop", row.pk, "tables"]))
        lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
        tables = {line.split(",")[0] for line in lines[1:]}
        assert {"systems", "differences", "focus", "agreement", "seen"} <= tables

    def test_the_command_writes_and_computes_again(self, project: Project, command: Command) -> None:
        _, first = command("report", "shop", "--system", "teacher", "--system", "small")
        assert [system["name"] for system in first["systems"]] == ["recorded", "small"]
        _, second = command("report", "shop", "--again", first["report"])
        assert second["recount"]["state"] == "same"
        call_command("report", "shop", "--again", str(first["report"]))

    def test_the_command_refuses_what_cannot_be_computed_again(self, project: Project, command: Command) -> None:
        code, sentence = command("report", "shop", "--again", 10**6)
        assert code == 2
        assert "no report" in sentence
