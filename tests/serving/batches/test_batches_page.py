"""The pages of batches: sent, followed, downloaded, cancelled and deleted by people."""

from __future__ import annotations

import json
from html import unescape
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from extraction.models import Extraction, ExtractionBatch, ModelVersion, Project, Role, User
from extraction.services.errors import Conflict
from extraction.services.serving import registry
from extraction.services.serving.batches import batches
from extraction.web.serving import extraction_batches
from tests.serving.batches.sending import archive, content, work
from tests.support import builders
from tests.support.programs import slip

pytestmark = pytest.mark.django_db
URL = "/projects/slips/api/batches/"


@pytest.fixture
def page(client: Client, owner: User, serving: ModelVersion) -> Client:
    client.force_login(owner)
    return client


def shown(response: HttpResponse) -> str:
    return unescape(response.content.decode())


def send(page: Client, *files: Any) -> ExtractionBatch:
    response = page.post(URL, {"files": list(files)})
    assert response.status_code == 302, shown(response)
    row = ExtractionBatch.objects.get()
    assert response["Location"] == reverse("extraction_batch", args=["slips", row.pk])
    return row


def test_a_person_sends_files_follows_them_and_gets_the_answers(page: Client) -> None:
    row = send(page, slip("a.pdf"), archive(b=content(), c=b"no picture"))
    address = reverse("extraction_batch", args=["slips", row.pk])
    waiting = shown(page.get(address))
    assert "every 2s" in waiting
    # The job has a button for owners.
    assert reverse("job_cancel", args=["slips", row.job_id]) in waiting
    assert reverse("extraction_batch_cancel", args=["slips", row.pk]) not in waiting
    work(row)
    done = shown(page.get(address))
    assert "every 2s" not in done
    # The refused file stands first, with its reason.
    assert done.index("month.zip/c.pdf") < done.index("month.zip/b.pdf")
    assert str(Extraction.objects.get(state="failed").error) in done
    download: Any = page.get(reverse("answers_export", args=["slips", "jsonl"]), {"batch": str(row.public_id)})
    lines = [json.loads(line) for line in b"".join(download.streaming_content).decode().splitlines()]
    assert [line["file"] for line in lines] == ["a.pdf", "month.zip/b.pdf", "month.zip/c.pdf"]
    assert row.name in shown(page.get(URL))


def test_a_fragment_follows_the_work(page: Client) -> None:
    row = send(page, slip())
    fragment = shown(page.get(reverse("extraction_batch", args=["slips", row.pk]), headers={"HX-Request": "true"}))
    assert "<html" not in fragment
    assert 'id="live"' in fragment


def test_cancelled_and_deleted(page: Client) -> None:
    row = send(page, slip())
    assert page.post(reverse("extraction_batch_cancel", args=["slips", row.pk])).status_code == 302
    row.refresh_from_db()
    assert row.state == "cancelled"
    assert page.post(reverse("extraction_batch_cancel", args=["slips", row.pk])).status_code == 409
    assert page.post(reverse("extraction_batch_delete", args=["slips", row.pk]))["Location"] == URL
    assert not ExtractionBatch.objects.exists()


def test_refusals_stand_on_the_page(page: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert 'role="alert"' in shown(page.post(URL))
    monkeypatch.setattr(batches, "WAITING", 0)
    refused = page.post(URL, {"files": [slip()]})
    assert refused.status_code == 400
    assert 'role="alert"' in shown(refused)


def test_without_a_model_nothing_can_be_sent(page: Client) -> None:
    ModelVersion.objects.update(stage="archived")
    empty = shown(page.get(URL))
    assert 'type="file"' not in empty
    assert reverse("models", args=["slips"]) in empty
    assert page.post(URL, {"files": [slip()]}).status_code == 400


def test_reviewers_cancel_without_the_job_s_button(client: Client, page: Client, project: Project) -> None:
    row = send(page, slip())
    client.force_login(builders.member(project, Role.REVIEWER))
    cancel = reverse("extraction_batch_cancel", args=["slips", row.pk])
    assert cancel in shown(client.get(reverse("extraction_batch", args=["slips", row.pk])))
    assert client.post(cancel).status_code == 302


def test_a_batch_that_stopped_goes_on(page: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(model: ModelVersion) -> None:
        raise Conflict("The model is damaged.")

    row = send(page, slip())
    with monkeypatch.context() as patched:
        patched.setattr(registry, "predictor", broken)
        work(row)
    go_on = reverse("extraction_batch_go_on", args=["slips", row.pk])
    stopped = shown(page.get(reverse("extraction_batch", args=["slips", row.pk])))
    assert "The model is damaged." in stopped
    assert go_on in stopped
    assert page.post(go_on).status_code == 302
    assert work(row).state == "done"
    assert page.post(go_on).status_code == 409


def test_viewers_look_and_do_nothing_else(client: Client, page: Client, project: Project) -> None:
    row = send(page, slip())
    client.force_login(builders.member(project, Role.VIEWER))
    assert 'type="file"' not in shown(client.get(URL))
    looked = shown(client.get(reverse("extraction_batch", args=["slips", row.pk])))
    assert reverse("extraction_batch_delete", args=["slips", row.pk]) not in looked


def test_queries_do_not_grow(
    page: Client, django_assert_max_num_queries: DjangoAssertNumQueries, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = work(send(page, archive(**{f"f{number}": b"x" for number in range(3)})))
    address = reverse("extraction_batch", args=["slips", row.pk])
    for url in (URL, address):
        page.get(url)
        with django_assert_max_num_queries(13):
            page.get(url)
    monkeypatch.setattr(extraction_batches, "FILES", 2)
    assert "1 more is in the file" in shown(page.get(address))


def test_the_calls_of_a_batch_are_not_listed_one_by_one(page: Client) -> None:
    work(send(page, slip("only-in-the-batch.pdf")))
    assert "only-in-the-batch.pdf" not in shown(page.get("/projects/slips/api/"))
