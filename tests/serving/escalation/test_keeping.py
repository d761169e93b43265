"""Files whose answers stay unsure: kept for review where the owner wants it, and told to programs once decided."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from extraction.models import (
    AuditEntry,
    Document,
    Escalation,
    Extraction,
    Job,
    Project,
    Source,
    Split,
    User,
    WebhookEndpoint,
)
from extraction.services import events
from extraction.services.documents import intake
from extraction.services.jobs import execution
from extraction.services.labels import ranking
from extraction.services.projects import projects
from extraction.services.review import actions
from extraction.services.serving import guarantees
from extraction.services.serving.escalation import keeping, settings
from extraction.services.serving.escalation.settings import Settings
from tests.serving.escalation.worlds import (
    Student,
    Use,
    at_once,
    extracted,
    file,
    serving,
    sha256,
    switched_on,
    token,
)
from tests.support import builders
from tests.support.programs import ROOT

Review = Document.Review


@pytest.fixture
def caller(project: Project, owner: User) -> Client:
    made = token(project, owner, "read", "manage", "extract")
    return Client(headers={"Authorization": f"Bearer {made}"}, raise_request_exception=False)


@pytest.fixture
def kept(project: Project) -> Project:
    """The teacher is not asked."""
    settings.change(project, Settings(keep_unsure=True))
    return project


class Sure(Student):
    """Of everything."""

    def predict(self, pages: Any) -> Any:
        return {"total": super().predict(pages)["total"]}


def read_and_labelled() -> None:
    work("read")
    for document in Document.objects.all():
        # Reading is stood in for, which tells nobody.
        events.document_read.send(None, document=document)
    work("predict")


def work(*kinds: str) -> None:
    for job in Job.objects.filter(kind__in=kinds, state=Job.State.QUEUED):
        execution.run(job.pk)


def told(caller: Client, row: Extraction) -> dict[str, Any]:
    return caller.get(f"{ROOT}/extractions/{row.public_id}").json()


def accepted(document: Document, actor: User, **corrections: str | None) -> None:
    for name, value in corrections.items():
        newest = ranking.best(document)[name]
        actions.save(document, name, value, known=newest.pk, actor=actor)
    actions.accept(document, {name: label.pk for name, label in ranking.best(document).items()}, actor=actor)


class TestKeeping:
    def test_without_the_setting_nothing_is_kept(self, project: Project, tmp_path: Path) -> None:
        row = extracted(project, tmp_path)
        assert row.unsure is True
        assert not Document.objects.exists()

    def test_an_unsure_file_becomes_a_document_for_training(self, kept: Project, tmp_path: Path) -> None:
        row = extracted(kept, tmp_path)
        document = Document.objects.get()
        assert (document.sha256, document.name, document.split) == (row.sha256, row.name, Split.TRAIN)
        assert (document.origin, document.state) == (Document.Origin.UNSURE, Document.State.QUEUED)

    def test_it_waits_for_review_with_the_students_labels(
        self, kept: Project, tmp_path: Path, owner: User, client: Client
    ) -> None:
        extracted(kept, tmp_path)
        read_and_labelled()
        document = Document.objects.get()
        assert (document.state, document.review) == (Document.State.READY, Review.WAITING)
        assert {label.source for label in document.labels.all()} == {Source.STUDENT}
        client.force_login(owner)
        assert client.get(reverse("review", args=[kept.slug])).url.startswith(
            reverse("review_document", args=[kept.slug, document.pk])
        )

    def test_a_sure_file_is_not_kept(self, kept: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        from extraction.services.serving import registry

        monkeypatch.setattr(registry, "predictor", lambda model: Sure())
        assert extracted(kept, tmp_path).unsure is False
        assert not Document.objects.exists()

    def test_a_target_makes_unsure_what_it_does_not_accept(
        self, kept: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from extraction.services.serving import registry

        monkeypatch.setattr(registry, "predictor", lambda model: Sure())
        # Nothing was checked yet, so nothing is accepted unseen.
        guarantees.set_targets(kept, {"total": 0.02})
        assert extracted(kept, tmp_path).unsure is True
        assert Document.objects.get().origin == Document.Origin.UNSURE

    def test_the_same_file_is_kept_once(self, kept: Project, tmp_path: Path) -> None:
        rows = [extracted(kept, tmp_path) for _ in range(2)]
        assert len({row.pk for row in rows}) == 2
        assert Document.objects.count() == 1

    @pytest.mark.parametrize("way", ["extract?mode=async", "batches"])
    def test_what_was_deleted_while_it_waited_does_not_come_back(
        self, kept: Project, caller: Client, tmp_path: Path, way: str
    ) -> None:
        extracted(kept, tmp_path)
        with file(tmp_path).open("rb") as sent:
            caller.post(f"{ROOT}/projects/receipts/{way}", {"file": sent})
        intake.delete(Document.objects.get())
        work("extract", "extract_batch")
        assert Extraction.objects.filter(unsure=True).count() == 2
        assert not Document.objects.exists()
        # Whoever sends it afterwards means it.
        extracted(kept, tmp_path)
        assert Document.objects.get().origin == Document.Origin.UNSURE

    def test_a_known_document_stays_what_it_is(self, kept: Project, tmp_path: Path) -> None:
        path = file(tmp_path)
        known, _ = intake.add_document(kept, "mine.jpg", path, split=Split.TEST)
        extracted(kept, tmp_path)
        document = Document.objects.get()
        assert (document.pk, document.name, document.split) == (known.pk, "mine.jpg", Split.TEST)
        assert document.origin == Document.Origin.UPLOAD

    def test_no_more_are_kept_than_people_get_to(
        self, kept: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, owner: User
    ) -> None:
        monkeypatch.setattr(keeping, "MOST_WAITING", 1)
        extracted(kept, tmp_path, 0)
        assert extracted(kept, tmp_path, 1).unsure is True
        assert keeping.waiting(kept) == Document.objects.count() == 1
        read_and_labelled()
        accepted(Document.objects.get(), owner, company="BEAN THERE")
        extracted(kept, tmp_path, 2)
        assert Document.objects.count() == 2

    @pytest.mark.django_db(transaction=True)
    def test_no_more_are_kept_of_many_at_once(
        self, kept: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(keeping, "MOST_WAITING", 2)
        rows = at_once(kept, tmp_path, list(range(8)), monkeypatch)
        assert all(row.unsure for row in rows)
        assert keeping.waiting(kept) == Document.objects.count() == 2

    def test_a_file_that_cannot_be_kept_is_answered_all_the_same(
        self, kept: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        def full(*_: object, **__: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(intake, "add_document", full)
        row = extracted(kept, tmp_path)
        assert (row.state, row.unsure) == (Extraction.State.DONE, True)
        assert "could not be kept for review" in caplog.text

    def test_what_the_teacher_read_is_a_document_already(self, project: Project, teacher: Use, tmp_path: Path) -> None:
        teacher()
        switched_on(project, keep_unsure=True)
        extracted(project, tmp_path)
        assert Document.objects.get().origin == Document.Origin.ESCALATION

    def test_where_the_money_is_used_up_people_decide(self, project: Project, teacher: Use, tmp_path: Path) -> None:
        teacher()
        switched_on(project, monthly_usd=Decimal(0), keep_unsure=True)
        row = extracted(project, tmp_path)
        assert (row.escalated, row.unsure) == ("no_budget", True)
        assert Document.objects.get().origin == Document.Origin.UNSURE

    @pytest.mark.parametrize("mode", ["async", "batch"])
    def test_files_that_nobody_waits_for_are_kept_too(
        self, kept: Project, caller: Client, tmp_path: Path, mode: str
    ) -> None:
        with file(tmp_path).open("rb") as sent:
            if mode == "async":
                caller.post(f"{ROOT}/projects/receipts/extract?mode=async", {"file": sent})
            else:
                caller.post(f"{ROOT}/projects/receipts/batches", {"file": sent})
        work("extract", "extract_batch")
        assert Extraction.objects.get().unsure is True
        assert Document.objects.get().origin == Document.Origin.UNSURE


class TestDecisions:
    @pytest.fixture
    def row(self, kept: Project, tmp_path: Path) -> Extraction:
        return extracted(kept, tmp_path)

    @pytest.fixture
    def document(self, row: Extraction) -> Document:
        read_and_labelled()
        return Document.objects.get()

    def test_an_answer_says_that_its_file_waits(self, caller: Client, row: Extraction) -> None:
        answer = told(caller, row)
        waiting = {"document": Document.objects.get().pk, "state": "waiting", "reviewed": None, "reason": None}
        assert (answer["unsure"], answer["review"]) == (True, {**waiting, "fields": None})

    def test_what_people_decide_comes_back(
        self, caller: Client, row: Extraction, document: Document, owner: User
    ) -> None:
        before = told(caller, row)
        accepted(document, owner, company="BEAN THERE SDN BHD", address=None)
        answer = told(caller, row)
        assert answer["review"]["state"] == "accepted"
        assert answer["review"]["reviewed"] is not None
        assert list(answer["review"]["fields"]) == ["company", "date", "address", "total"]
        assert answer["review"]["fields"]["company"] == {
            "value": "BEAN THERE SDN BHD",
            "normalized": "BEAN THERE SDN BHD",
        }
        assert answer["review"]["fields"]["address"] == {"value": None, "normalized": None}
        # What was answered then stays as it was answered.
        assert answer["fields"] == before["fields"]

    def test_a_file_sent_again_has_the_decision_at_once(
        self, kept: Project, caller: Client, document: Document, owner: User, tmp_path: Path
    ) -> None:
        accepted(document, owner, company="BEAN THERE SDN BHD")
        with file(tmp_path).open("rb") as sent:
            answer = caller.post(f"{ROOT}/projects/receipts/extract", {"file": sent}).json()
        assert answer["review"]["fields"]["company"]["value"] == "BEAN THERE SDN BHD"

    def test_a_rejection_comes_back_with_its_reason(
        self, caller: Client, row: Extraction, document: Document, owner: User
    ) -> None:
        actions.reject(document, actor=owner, reason="no receipt")
        review = told(caller, row)["review"]
        assert (review["state"], review["reason"], review["fields"]) == ("rejected", "no receipt", None)

    def test_a_reopened_document_waits_again(
        self, caller: Client, row: Extraction, document: Document, owner: User
    ) -> None:
        accepted(document, owner, company="BEAN THERE")
        actions.reopen(document)
        assert told(caller, row)["review"]["state"] == "waiting"

    def test_a_deleted_document_is_none(self, caller: Client, row: Extraction, document: Document) -> None:
        intake.delete(document)
        assert told(caller, row)["review"] is None

    def test_every_extraction_of_the_file_has_an_event(
        self, kept: Project, row: Extraction, document: Document, owner: User, tmp_path: Path
    ) -> None:
        endpoint = WebhookEndpoint.objects.create(
            project=kept, url="https://example.com/hook", kinds=["extraction.reviewed"]
        )
        again = extracted(kept, tmp_path)
        extracted(kept, tmp_path, 5)
        accepted(document, owner, company="BEAN THERE")
        sent = [row.data for row in endpoint.deliveries.order_by("pk")]
        assert [value["extraction"] for value in sent] == [str(again.public_id), str(row.public_id)]
        assert {value["state"] for value in sent} == {"accepted"}

    def test_many_decisions_at_once_are_told_with_as_many_queries_as_two(
        self, kept: Project, owner: User, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        endpoint = WebhookEndpoint.objects.create(
            project=kept, url="https://example.com/hook", kinds=["extraction.reviewed"]
        )
        documents = [builders.document(kept) for _ in range(12)]
        for document in documents:
            Extraction.objects.create(
                project=kept, model=serving(kept), name="a.jpg", sha256=document.sha256, state=Extraction.State.DONE
            )
        with django_assert_max_num_queries(50) as few:
            events.send_now(events.documents_decided, documents=documents[:2])
        with django_assert_max_num_queries(len(few.captured_queries)):
            events.send_now(events.documents_decided, documents=documents[2:])
        assert endpoint.deliveries.count() == 12

    def test_a_file_of_another_project_is_none(
        self, caller: Client, row: Extraction, owner: User, tmp_path: Path
    ) -> None:
        Document.objects.all().delete()
        other = projects.create("other", row.project.schema, owner=owner)
        document, _ = intake.add_document(other, "a.jpg", file(tmp_path))
        assert document.sha256 == row.sha256 == sha256(file(tmp_path))
        assert told(caller, row)["review"] is None

    def test_the_page_shows_what_was_corrected(
        self, client: Client, row: Extraction, document: Document, owner: User
    ) -> None:
        client.force_login(owner)
        address = reverse("extraction", args=["receipts", row.pk])
        assert "the document waits for review" in client.get(address).content.decode()
        accepted(document, owner, company="BEAN THERE SDN BHD", address=None)
        text = client.get(address).content.decode()
        assert "corrected 2 fields" in text
        assert "to be checked" not in text
        assert "BEAN THERE SDN BHD" in text


class TestDoors:
    def test_the_list_is_narrowed_to_unsure_ones(
        self, project: Project, caller: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from extraction.services.serving import registry

        unsure = extracted(project, tmp_path, 0)
        monkeypatch.setattr(registry, "predictor", lambda model: Sure())
        sure = extracted(project, tmp_path, 1)
        Extraction.objects.filter(pk=extracted(project, tmp_path, 2).pk).update(unsure=None)
        for wanted, row in (("true", unsure), ("false", sure)):
            found = caller.get(f"{ROOT}/projects/receipts/extractions", {"unsure": wanted}).json()["results"]
            assert [each["id"] for each in found] == [str(row.public_id)]

    def test_programs_set_it_and_see_how_many_wait(self, caller: Client, project: Project, tmp_path: Path) -> None:
        url = f"{ROOT}/projects/receipts/escalation"
        answer = caller.put(url, {"active": False, "keep_unsure": True}, content_type="application/json")
        assert (answer.status_code, answer.json()["settings"]["keep_unsure"]) == (200, True)
        extracted(project, tmp_path)
        answer = caller.get(url).json()
        assert (answer["kept_waiting"], answer["month"]["unsure"]) == (1, 1)
        assert answer["changes"][0]["sentence"] == "Switched off. Unsure files are kept for review."
        assert AuditEntry.objects.filter(action="escalation_changed").exists()

    def test_a_command_sets_it(self, project: Project, capsys: pytest.CaptureFixture[str]) -> None:
        call_command("escalate", "receipts", "--keep-unsure")
        assert "Files of unsure answers are kept for review; 0 wait." in capsys.readouterr().out
        assert Escalation.objects.get().keep_unsure
        call_command("escalate", "receipts", "--no-keep-unsure")
        assert not Escalation.objects.get().keep_unsure

    def test_an_owner_sets_it_on_the_page(self, client: Client, project: Project, owner: User, tmp_path: Path) -> None:
        client.force_login(owner)
        address = reverse("escalation", args=["receipts"])
        weights = {f"weight-{n}": "1" for n in range(4)}
        client.post(address, {"monthly_usd": "10", "timeout_seconds": "30", "keep_unsure": "on", **weights})
        assert Escalation.objects.get().keep_unsure
        extracted(project, tmp_path)
        page = client.get(address).content.decode()
        assert "1 kept file waits for review" in " ".join(page.split())
        listed = client.get(reverse("documents", args=["receipts"]), {"origin": "unsure", "review": "unlabelled"})
        assert "receipt-0.jpg" in listed.content.decode()
        other = client.get(reverse("documents", args=["receipts"]), {"origin": "upload"})
        assert "receipt-0.jpg" not in other.content.decode()

    def test_a_viewer_is_not_led_to_review(self, client: Client, kept: Project, tmp_path: Path) -> None:
        row = extracted(kept, tmp_path)
        client.force_login(builders.member(kept, "viewer"))
        text = client.get(reverse("extraction", args=["receipts", row.pk])).content.decode()
        assert reverse("review_document", args=["receipts", Document.objects.get().pk]) not in text
