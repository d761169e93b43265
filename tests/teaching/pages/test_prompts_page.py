"""The prompt's page: what is sent, word for word, the owner's own words, versions, and trying one."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from extraction.models import Project, Role, User
from extraction.services.teaching import prompts, teachers
from tests.support import builders
from tests.support.scripted_teacher import CONSENT, PROVIDER, use

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return builders.project("receipts", owner=builders.user("olga"))


@pytest.fixture
def page(client: Client, project: Project) -> Client:
    client.force_login(User.objects.get(username="olga"))
    return client


def show(page: Client, **query: str) -> Any:
    response = page.get(reverse("prompt", args=["receipts"]), query)
    assert response.status_code == 200
    return response


def save(page: Client, **typed: str) -> Any:
    return page.post(reverse("prompt", args=["receipts"]), typed)


def attempt(page: Client, **typed: Any) -> Any:
    return page.post(reverse("prompt_try", args=["receipts"]), {"version": "0", **typed})


def test_it_is_shown_exactly_as_it_will_be_sent(page: Client, project: Project) -> None:
    response = show(page)
    prompt = prompts.preview(project, prompts.parts(None))
    shown = response.context["prompt"]
    assert (shown.instructions, shown.request) == (prompt.instructions, prompt.request)
    text = response.content.decode()
    for _, section in prompt.sections:
        assert section.splitlines()[0].split('"')[0].split("'")[0] in text
    assert json.loads(response.context["schema"]) == prompt.json_schema


def test_what_is_typed_becomes_a_version_in_force(page: Client, project: Project) -> None:
    response = save(page, role="You are a clerk.\r\nYou read.", rules="No currency signs.\r\n\r\nNo guesses.")
    assert response["Location"] == reverse("prompt", args=["receipts"])
    project.refresh_from_db()
    assert project.prompt_version is not None
    assert project.prompt_version.number == 1
    parts = prompts.parts(project.prompt_version)
    assert (parts.role, parts.rules) == ("You are a clerk.\nYou read.", ("No currency signs.", "No guesses."))
    assert "You are a clerk." in show(page).content.decode()
    assert "You are a clerk." not in show(page, version="0").context["prompt"].instructions


def test_the_same_words_again_make_no_new_version(page: Client, project: Project) -> None:
    for role in ("One.", "Two.", "One."):
        save(page, role=role)
    project.refresh_from_db()
    assert project.prompt_versions.count() == 2
    assert project.prompt_version is not None
    assert project.prompt_version.number == 1


def test_a_preview_saves_nothing(page: Client, project: Project) -> None:
    response = save(page, role="You are a <b>pirate</b>.", do="preview")
    assert response.status_code == 200
    text = response.content.decode()
    assert "You are a &lt;b&gt;pirate&lt;/b&gt;." in text
    assert "not saved yet" in text
    assert not project.prompt_versions.exists()


def test_words_that_no_prompt_holds_are_refused(page: Client, project: Project) -> None:
    response = save(page, role="x" * 5000, do="preview")
    assert response.status_code == 400
    assert "must not be longer than" in response.content.decode()
    assert save(page, rules="\n".join(["rule"] * 31)).status_code == 400
    assert not project.prompt_versions.exists()


def test_an_earlier_version_comes_back_into_force(page: Client, project: Project) -> None:
    save(page, role="One.")
    page.post(reverse("prompt_choose", args=["receipts"]), {"version": "0"})
    project.refresh_from_db()
    assert project.prompt_version is None
    page.post(reverse("prompt_choose", args=["receipts"]), {"version": "1"})
    project.refresh_from_db()
    assert project.prompt_version is not None
    for version in ("", "one", "-1"):
        assert page.post(reverse("prompt_choose", args=["receipts"]), {"version": version}).status_code == 400
    assert page.post(reverse("prompt_choose", args=["receipts"]), {"version": "9"}).status_code == 404
    assert page.get(reverse("prompt", args=["receipts"]), {"version": "9"}).status_code == 404


def test_it_is_tried_on_one_document(page: Client, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(teachers, "check", lambda name: None)
    use(monkeypatch)
    documents = [builders.document(project) for _ in range(2)]
    save(page, role="One.")
    wanted = {"teacher": "acme:reader-1", "document": documents[0].pk, "version": "1"}
    refused = attempt(page, **wanted)
    assert refused.status_code == 400
    assert CONSENT in refused.content.decode()
    response = attempt(page, **wanted, consent=PROVIDER)
    run = project.label_runs.get()
    assert response["Location"] == reverse("label_run", args=["receipts", run.pk])
    assert run.sample == [documents[0].pk]
    assert run.prompt_version == project.prompt_versions.get()
    assert run.job is not None
    assert run.job.kind == "label"


def test_a_document_of_another_project_cannot_be_tried(page: Client, project: Project) -> None:
    foreign = builders.document(builders.project())
    for document in (foreign.pk, "", "x"):
        assert attempt(page, teacher="rules", document=document).status_code == 400
    assert not project.label_runs.exists()


def test_viewers_look_and_change_nothing(client: Client, project: Project) -> None:
    client.force_login(builders.member(project, Role.VIEWER))
    text = show(client).content.decode()
    assert "Role" in text
    assert "Save as a new version" not in text
    assert save(client, role="x").status_code == 403


def test_the_number_of_queries_does_not_grow_with_versions_and_documents(
    page: Client, project: Project, django_assert_max_num_queries: Any
) -> None:
    builders.document(project)
    save(page, role="0")
    show(page)
    with django_assert_max_num_queries(30) as first:
        show(page)
    count = len(first.captured_queries)
    for number in range(1, 6):
        builders.document(project)
        save(page, role=str(number))
    show(page)
    with django_assert_max_num_queries(count):
        show(page)
