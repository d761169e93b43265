"""Two prompts on the same documents: starting, following and reading the comparison."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from extraction.models import Document, Job, LabelRun, Project, Response, Role, Source, User
from extraction.services.labels import store
from extraction.services.projects import schema_versions
from extraction.services.teaching import prompts, teachers
from tests.support import builders
from tests.support.scripted_teacher import CONSENT, PROVIDER, use

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    held = builders.project("receipts", owner=builders.user("olga"))
    for _ in range(3):
        builders.document(held)
    prompts.save(held, prompts.Parts(role="You are a clerk."))
    return held


@pytest.fixture
def page(client: Client, project: Project, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr(teachers, "check", lambda name: None)
    use(monkeypatch)
    client.force_login(User.objects.get(username="olga"))
    return client


def typed(**values: str) -> dict[str, str]:
    return {"teacher": "acme:reader-1", "first": "0", "second": "1", "documents": "2", "budget": "", **values}


def start(page: Client, **values: str) -> Any:
    return page.post(reverse("trial_start", args=["receipts"]), typed(**values))


def estimate(page: Client, **values: str) -> str:
    response = page.get(reverse("trial_estimate", args=["receipts"]), typed(**values))
    assert response.status_code == 200
    return response.content.decode()


def compare(page: Client, first: LabelRun, second: LabelRun, **headers: str) -> str:
    url = reverse("trial_compare", args=["receipts"])
    response = page.get(url, {"first": first.pk, "second": second.pk}, headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def trial(project: Project, documents: list[Document], number: int, value: str, field: str = "total") -> LabelRun:
    run = LabelRun.objects.create(
        project=project,
        schema_version=project.schema_version,
        prompt_version=prompts.find(project, number),
        teacher="acme:reader-1",
        sample=[document.pk for document in documents],
    )
    answers = {field: {"value": value, "evidence": None, "unsure": False, "confidence": None}}
    for document in documents:
        Response.objects.create(
            run=run, document=document, teacher=run.teacher, prompt_sha256="0", raw="{}", answers=answers, seconds=1
        )
    return run


def test_an_estimate_counts_both_prompts(page: Client) -> None:
    assert "about $0.0400" in estimate(page)
    assert "about $0.0200" in estimate(page, second="")
    assert "about $0.0200" in estimate(page, second="0")
    assert CONSENT in estimate(page)
    assert "whole number of at least 1" in estimate(page, documents="0")


def test_two_trials_start_on_the_same_documents(page: Client, project: Project) -> None:
    assert start(page).status_code == 400
    assert not project.label_runs.exists()
    response = start(page, consent=PROVIDER)
    second, first = project.label_runs.all()
    assert first.sample == second.sample
    assert [run.prompt_version and run.prompt_version.number for run in (first, second)] == [None, 1]
    assert response["Location"] == reverse("trial_compare", args=["receipts"]) + f"?first={first.pk}&second={second.pk}"
    assert Job.objects.filter(kind="label").count() == 2
    assert "every 2s" in compare(page, first, second)


def test_one_prompt_alone_leads_to_its_trial(page: Client, project: Project) -> None:
    response = start(page, second="", consent=PROVIDER)
    assert response["Location"] == reverse("label_run", args=["receipts", project.label_runs.get().pk])


def test_the_comparison_tells_who_is_right(page: Client, project: Project) -> None:
    documents = list(project.documents.order_by("pk"))
    store.write(documents[0], "total", "3.30", source=Source.REVIEWER)
    text = " ".join(compare(page, trial(project, documents, 0, "<3.3>"), trial(project, documents, 1, "3.30")).split())
    assert "On 3 documents that both have seen" in text
    assert "&lt;3.3&gt;" in text
    assert "<3.3>" not in text
    assert "| 100.0 %" in text
    assert "Near to claims" not in text
    second, first = project.label_runs.all()
    fragment = compare(page, first, second, **{"HX-Request": "true"})
    assert "<html" not in fragment
    assert "hx-get" not in fragment


def test_the_comparison_tells_who_reads_rows(page: Client, project: Project) -> None:
    schema_versions.change(project, builders.WITH_ROWS)
    project.refresh_from_db()
    documents = list(project.documents.order_by("pk"))
    rows = [{"description": "tea", "amount": "3.50"}, {"description": "rice", "amount": "16.00"}]
    store.write(documents[0], "items", json.dumps(rows), source=Source.REVIEWER)
    first, second = (trial(project, documents, n, json.dumps(rows[: n + 1]), "items") for n in (0, 1))
    text = " ".join(compare(page, first, second).split())
    table = text[text.index("Rows of items") :]
    assert table.index("66.7 % | 66.7 %") < table.index("100.0 % | 100.0 %")
    fields = text[text.index("Field by field") :]
    assert "50.0 % | 100.0 %" in fields


def test_without_a_persons_labels_nothing_claims_to_know(page: Client, project: Project) -> None:
    documents = list(project.documents.all())
    text = compare(page, trial(project, documents, 0, "1.00"), trial(project, documents, 1, "1.00"))
    assert "No person has checked any of these documents yet" in text
    assert "They agree on everything" in text


def test_what_cannot_be_compared(page: Client, project: Project) -> None:
    url = reverse("trial_compare", args=["receipts"])
    mine = trial(project, [], 0, "1")
    other = trial(builders.project("other"), [], 0, "1")
    run = LabelRun.objects.create(project=project, schema_version=project.schema_version, teacher="rules")
    assert page.get(url).status_code == 400
    assert page.get(url, {"first": str(mine.pk), "second": "x"}).status_code == 400
    for second in (other, run):
        assert page.get(url, {"first": str(mine.pk), "second": str(second.pk)}).status_code == 404


def test_a_trial_leads_to_others_of_the_same_documents(page: Client, project: Project) -> None:
    documents = list(project.documents.order_by("pk"))
    first, second = trial(project, documents, 0, "1"), trial(project, documents[:1], 1, "2")
    trial(project, documents[1:2], 1, "3")
    text = page.get(reverse("label_run", args=["receipts", second.pk])).content.decode()
    assert f'<option value="{first.pk}">' in text
    assert text.count("<option") == 1


def test_viewers_compare_and_start_nothing(client: Client, page: Client, project: Project) -> None:
    client.force_login(builders.member(project, Role.VIEWER))
    documents = list(project.documents.all())
    compare(client, trial(project, documents, 0, "1"), trial(project, documents, 1, "2"))
    assert start(client, consent=PROVIDER).status_code == 403


def test_the_number_of_queries_does_not_grow_with_the_documents(
    page: Client, project: Project, django_assert_max_num_queries: Any
) -> None:
    documents = list(project.documents.all())
    pair = trial(project, documents, 0, "1"), trial(project, documents, 1, "2")
    with django_assert_max_num_queries(30) as first:
        compare(page, *pair)
    documents += [builders.document(project) for _ in range(9)]
    pair = trial(project, documents, 0, "1"), trial(project, documents, 1, "2")
    with django_assert_max_num_queries(len(first.captured_queries)):
        compare(page, *pair)


def test_two_methods_are_compared_with_one_prompt(page: Client, project: Project) -> None:
    assert start(page, second="", second_method="list", consent=PROVIDER).status_code == 302
    assert list(project.label_runs.order_by("pk").values_list("teacher", flat=True)) == [
        "acme:reader-1",
        "acme:reader-1#list",
    ]
    first, second = project.label_runs.order_by("pk")
    assert (first.sample, second.sample) == (first.sample, first.sample)
    assert "List every labelled value" in compare(page, first, second)


def test_the_same_prompt_and_method_is_tried_once(page: Client, project: Project) -> None:
    start(page, second="0", first_method="single", second_method="single", consent=PROVIDER)
    assert project.label_runs.get().teacher == "acme:reader-1#single"
