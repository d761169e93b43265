"""Those that teach most: chosen in the form, explained in the estimate and on the page of the run."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from extraction.domain.progress import Silent
from extraction.models import Job, LabelRun, Project
from extraction.services.teaching import label_runs
from extraction.services.teaching.selecting import selection
from tests.support import builders

pytestmark = pytest.mark.django_db


def estimate(page: Client, **typed: str) -> str:
    address = reverse("teacher_estimate", args=["receipts"])
    response = page.get(address, {"teacher": "rules", "limit": "", "first": "informative", **typed})
    assert response.status_code == 200
    return response.content.decode()


def start(page: Client, **typed: str) -> Any:
    address = reverse("teacher", args=["receipts"])
    return page.post(address, {"teacher": "rules", "limit": "2", "first": "informative", **typed})


def test_the_estimate_counts_documents_by_reason(page: Client, project: Project) -> None:
    assert "2 documents unlike the others" in estimate(page, limit="2")
    assert "1 document unlike the others" in estimate(page, limit="1")
    for _ in range(9):
        builders.document(project)
    assert "2 documents drawn at random" in estimate(page)
    assert "unlike the others" not in estimate(page, first="oldest")


def test_it_says_where_the_choice_is_not_known_yet(
    page: Client, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selection, "AT_ONCE", 1)
    assert "found out when the run begins" in estimate(page)


def test_the_page_of_the_run_says_why(page: Client, project: Project) -> None:
    assert start(page).status_code == 302
    run = LabelRun.objects.get()
    assert (run.selection, run.limit, run.picks) == (LabelRun.Selection.INFORMATIVE, 2, None)
    label_runs.run(run.pk, Silent())
    Job.objects.update(state=Job.State.DONE)
    text = page.get(reverse("label_run", args=["receipts", run.pk])).content.decode()
    assert "2 documents unlike the others" in text
    assert text.count(">unlike the others<") == 2
    assert "those that teach most" in page.get(reverse("teacher", args=["receipts"])).content.decode()


def test_the_oldest_are_the_default(page: Client, project: Project) -> None:
    assert start(page, first="").status_code == 302
    run = LabelRun.objects.get()
    assert run.selection == LabelRun.Selection.OLDEST
    assert "Why these documents" not in page.get(reverse("label_run", args=["receipts", run.pk])).content.decode()


@pytest.mark.parametrize("typed", [{"first": "best"}, {"doubtful": "on"}])
def test_what_makes_no_sense_is_one_sentence(page: Client, project: Project, typed: dict[str, str]) -> None:
    response = start(page, **typed)
    assert response.status_code == 400
    assert 'class="error"' in response.content.decode()
    assert 'class="error"' in estimate(page, **typed)
    assert not LabelRun.objects.exists()
