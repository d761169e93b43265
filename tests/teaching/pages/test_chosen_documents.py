"""Documents that were chosen in their list are labelled again, and no others."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from extraction.domain.progress import Silent
from extraction.models import Document, Project, Source
from extraction.services.labels import ranking, store
from extraction.services.teaching import label_runs, teachers
from tests.support import builders
from tests.support.scripted_teacher import PROVIDER, use

pytestmark = pytest.mark.django_db


def start(page: Client, **typed: str) -> Any:
    return page.post(reverse("teacher", args=["receipts"]), {"teacher": "rules", "limit": "", **typed})


def estimate(page: Client, **typed: str) -> str:
    response = page.get(reverse("teacher_estimate", args=["receipts"]), {"teacher": "rules", "limit": "", **typed})
    assert response.status_code == 200
    return response.content.decode()


def selected(page: Client, **query: Any) -> dict[str, str]:
    """The hidden fields of the form, once documents were chosen in their list."""
    held = page.get(reverse("teacher", args=["receipts"], query=query)).context["selected"]
    return {"selection": held.query, "seal": held.seal}


def test_only_they_are_estimated_and_labelled_though_they_have_labels(page: Client, project: Project) -> None:
    first, second, third = project.documents.order_by("pk")
    for row in (first, second, third):
        store.write(row, "total", "1.00", source=Source.TEACHER, teacher="rules", spans=())
    Document.objects.filter(pk=third.pk).update(review="rejected")
    sent = selected(page, pk=[first.pk, third.pk])
    assert "<strong>1 document</strong>" in estimate(page, **sent)
    assert start(page, **sent).status_code == 302
    run = project.label_runs.get()
    assert run.chosen == [first.pk, third.pk]
    label_runs.run(run.pk, Silent())
    assert set(run.label_rows.values_list("document", flat=True)) == {first.pk}
    assert ranking.best(first)["total"].value == "3.30"
    assert ranking.best(second)["total"].value == "1.00"


def test_what_reviewers_decided_is_not_asked_for(page: Client, project: Project) -> None:
    first = project.documents.order_by("pk")[0]
    store.write(first, "total", "9.00", source=Source.REVIEWER, spans=())
    start(page, **selected(page, pk=first.pk))
    run = project.label_runs.get()
    label_runs.run(run.pk, Silent())
    assert set(run.label_rows.values_list("field", flat=True)) == {"company", "date", "address"}


@pytest.mark.parametrize("change", ["more", "other seal", "other project"])
def test_a_changed_selection_asks_again(page: Client, project: Project, change: str) -> None:
    sent = selected(page, all=1, split="train")
    if change == "more":
        builders.document(project)
    elif change == "other seal":
        sent["seal"] = "x"
    else:
        sent["selection"] = f"pk={builders.document(builders.project()).pk}"
    assert "error" in estimate(page, **sent)
    response = start(page, **sent)
    assert response.status_code == 400
    assert not project.label_runs.exists()
    if change != "other project":
        assert response.context["selected"].number == project.documents.count()


def test_consent_is_asked_for_all_the_same(page: Client, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(teachers, "check", lambda name: None)
    use(monkeypatch)
    sent = selected(page, pk=project.documents.order_by("pk")[0].pk)
    assert "about $0.0100" in estimate(page, teacher="acme:reader-1", **sent)
    assert start(page, teacher="acme:reader-1", **sent).status_code == 400
    assert not project.label_runs.exists()
    assert start(page, teacher="acme:reader-1", consent=PROVIDER, **sent).status_code == 302


@pytest.mark.parametrize("query", ["pk=x", "pk=-1", "pk=", "%00", "&&&", "pk=" + "9" * 40])
def test_a_hostile_selection_starts_nothing(page: Client, project: Project, query: str) -> None:
    assert start(page, selection=query, seal="0.").status_code == 400
    assert page.get(f"{reverse('teacher', args=['receipts'])}?{query}").status_code == 200
    assert not project.label_runs.exists()
