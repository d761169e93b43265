"""Batches on the pages of the teacher: the choice, what is on its way, files and answers by hand."""

from __future__ import annotations

import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from extraction.models import LabelRun, User
from tests.support.providers.bench import Bench, Delivery, documents, handed_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def page(client: Client, owner: User) -> Client:
    client.force_login(owner)
    return client


def url(name: str, run: LabelRun, *more: int) -> str:
    return reverse(name, args=[run.project.slug, run.pk, *more])


def text(page: Client, run: LabelRun) -> str:
    response = page.get(url("label_run", run))
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_a_run_is_started_as_a_batch(bench: Bench, page: Client) -> None:
    documents(bench.project, 2)
    typed = {"teacher": bench.teacher, "delivery": "batch"}
    shown = page.get(reverse("teacher_estimate", args=["receipts"]), typed).content.decode()
    assert "Half of the ordinary price" in shown
    assert page.post(reverse("teacher", args=["receipts"]), typed).status_code == 302
    run = LabelRun.objects.get()
    assert run.delivery == Delivery.BATCH
    bench.desk.ready.clear()
    run = bench.work(run)
    shown = text(page, run)
    assert "With the provider" in shown
    assert "Waiting for the provider" in shown
    assert "Waiting for answers" in page.get(reverse("teacher", args=["receipts"])).content.decode()
    assert page.post(url("batch_check", run)).status_code == 302
    run = bench.ended(run)
    assert "Ended" in text(page, run)
    assert page.post(url("batch_check", run)).status_code == 409


def test_a_teacher_without_batches_is_refused_in_the_form(bench: Bench, page: Client) -> None:
    documents(bench.project, 1)
    typed = {"teacher": "rules", "delivery": "batch"}
    assert "takes no batches" in page.get(reverse("teacher_estimate", args=["receipts"]), typed).content.decode()
    response = page.post(reverse("teacher", args=["receipts"]), typed)
    assert (response.status_code, LabelRun.objects.exists()) == (400, False)
    typed["delivery"] = "pigeon"
    assert page.post(reverse("teacher", args=["receipts"]), typed).status_code == 400


def test_files_go_out_and_answers_come_in(bench: Bench, page: Client) -> None:
    documents(bench.project, 3)
    run = bench.work(bench.start(Delivery.FILE))
    assert "Hand them in at the provider" in text(page, run)
    got = page.get(url("batch_file", run, 1))
    assert got.status_code == 200
    assert f"receipts-{run.pk}-1.json" in got.headers["Content-Disposition"]
    assert len(b"".join(got.streaming_content)) == run.batches.get().bytes  # type: ignore[attr-defined]
    assert page.get(url("batch_file", run, 2)).status_code == 404
    for wrong in ({}, {"file": io.BytesIO(b"no answers")}):
        response = page.post(url("batch_answers", run), wrong)
        assert (response.status_code, 'id="bring-error"' in response.content.decode()) == (400, True)
    answers = {"file": io.BytesIO(handed_in(bench.desk, run))}
    response = page.post(url("batch_answers", run), answers, follow=True)
    assert "The file brings 3 answers." in response.content.decode()
    run = bench.work(run)
    assert run.documents == 3
    assert page.get(url("batch_file", run, 1)).status_code == 404
    assert page.post(url("batch_give_up", run)).status_code == 409


def test_a_run_by_hand_is_given_up(bench: Bench, page: Client) -> None:
    documents(bench.project, 1)
    run = bench.work(bench.start(Delivery.FILE))
    assert "Expect no more answers" in text(page, run)
    assert page.post(url("batch_give_up", run)).status_code == 302
    run.refresh_from_db()
    assert run.state == LabelRun.State.STOPPED
    assert "1 document of its batches got no answer" in text(page, run)


def test_the_page_asks_as_much_for_many_batches_as_for_one(bench: Bench, page: Client) -> None:
    counts = []
    for number in (1, 4):
        run = bench.begun(number)
        bench.ended(run)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            text(page, run)
        counts.append(len(queries))
    assert counts[0] == counts[1]
