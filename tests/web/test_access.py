"""Who may open which URL: every URL of the application, asked for as everybody.

A URL that is new must be given a row in `ACCESS`, or the first test fails.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, reverse

from extraction.models import Job, LabelRun, ModelVersion, Report, Role, SchemaVersion, TrainingRun, User
from extraction.services import storage
from extraction.services.projects import tokens
from extraction.web.urls import urlpatterns
from tests import builders

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Rule:
    """The smallest role that may read (GET) and that may write (POST); None where the method does not exist."""

    read: Role | None = None
    write: Role | None = None


VIEWER, REVIEWER, OWNER = Role.VIEWER, Role.REVIEWER, Role.OWNER
look = Rule(read=VIEWER)
# URL name → its rule. The URLs of a project only; the others are in `OUTSIDE`.
ACCESS = {
    "project": look,
    "project_delete": Rule(write=OWNER),
    "documents": look,
    "documents_progress": look,
    "labels_export": look,
    "documents_upload": Rule(write=REVIEWER),
    "document": look,
    "document_delete": Rule(write=OWNER),
    "document_reread": Rule(write=REVIEWER),
    "original": look,
    "page_words": look,
    "page_image": look,
    "page_thumbnail": look,
    "fields": Rule(read=VIEWER, write=OWNER),
    "fields_toml": look,
    "prompt": Rule(read=VIEWER, write=OWNER),
    "prompt_choose": Rule(write=OWNER),
    "prompt_try": Rule(write=OWNER),
    "members": Rule(read=VIEWER, write=OWNER),
    "member_change": Rule(write=OWNER),
    "member_remove": Rule(write=OWNER),
    "job": look,
    "job_cancel": Rule(write=OWNER),
    "teacher": Rule(read=VIEWER, write=OWNER),
    "teacher_estimate": look,
    "teacher_choose": Rule(write=OWNER),
    "label_run": look,
    "trial_start": Rule(write=OWNER),
    "trial_estimate": look,
    "trial_compare": look,
    "review": Rule(read=REVIEWER),
    "review_upcoming": Rule(read=REVIEWER),
    "review_document": Rule(read=REVIEWER),
    "review_next": Rule(read=REVIEWER),
    "review_previous": Rule(read=REVIEWER),
    "review_find": Rule(read=REVIEWER),
    "review_save": Rule(write=REVIEWER),
    "review_accept": Rule(write=REVIEWER),
    "review_reject": Rule(write=REVIEWER),
    "review_skip": Rule(write=REVIEWER),
    "review_reopen": Rule(write=REVIEWER),
    "review_undo": Rule(write=REVIEWER),
    "training": Rule(read=VIEWER, write=OWNER),
    "training_run": look,
    "training_again": Rule(write=OWNER),
    "models": look,
    "model_try": Rule(write=VIEWER),
    "roll_back": Rule(write=OWNER),
    "model_promote": Rule(write=OWNER),
    "model_file": look,
    "reports": Rule(read=VIEWER, write=OWNER),
    "report": look,
    "report_export": look,
    "api": Rule(read=VIEWER, write=OWNER),
    "api_try": Rule(write=VIEWER),
    "token_revoke": Rule(write=OWNER),
}
# URLs outside projects, by whether a login is needed.
OUTSIDE = {"login": False, "logout": True, "password": True, "projects": True, "project_create": True, "status": True}

POWER = {None: -1, VIEWER: 0, REVIEWER: 1, OWNER: 2}
PEOPLE = {"stranger": None, "viewer": VIEWER, "reviewer": REVIEWER, "owner": OWNER, "superuser": OWNER}
PATTERNS = {pattern.name: pattern for pattern in urlpatterns}


def of_project(pattern: URLPattern) -> bool:
    return "slug" in pattern.pattern.converters


def test_every_url_has_a_rule() -> None:
    assert {name for name, pattern in PATTERNS.items() if of_project(pattern)} == set(ACCESS)
    assert {name for name, pattern in PATTERNS.items() if not of_project(pattern)} == set(OUTSIDE)


@dataclass(frozen=True)
class World:
    """A project with one of everything, and the values that its URLs are made of."""

    people: dict[str, User]
    values: dict[str, dict[str, Any]]

    def url(self, name: str) -> str:
        converters = PATTERNS[name].pattern.converters
        values = {**self.values["*"], **self.values.get(name, {})}
        return reverse(name, kwargs={key: values[key] for key in converters})


@pytest.fixture
def world(django_user_model: type[User]) -> World:
    project = builders.project("receipts")
    people = {name: builders.member(project, role) for name, role in PEOPLE.items() if role and name != "superuser"}
    people["stranger"] = builders.user()
    people["superuser"] = builders.user()
    django_user_model.objects.filter(pk=people["superuser"].pk).update(is_superuser=True)
    # Somebody else stays an owner, whatever a test does to the first one.
    spare = builders.member(project, OWNER)
    document = builders.document(project)
    row = document.pages.get()
    for relative in (document.original, row.image, row.thumbnail, "model/model.onnx"):
        storage.path(relative).parent.mkdir(parents=True, exist_ok=True)
        storage.path(relative).write_bytes(b"content")
    job = Job.objects.create(kind=Job.Kind.TRAIN, project=project, subject=1, state=Job.State.CANCELLED)
    run = TrainingRun.objects.create(project=project, name="first", job=job)
    ModelVersion.objects.create(
        project=project, run=run, name="first", folder="model", sha256="0" * 64, bytes=7, stage="production"
    )
    report = Report.objects.create(project=project, value=builders.report_value().to_json())
    version = SchemaVersion.objects.get(project=project)
    labelled = LabelRun.objects.create(project=project, schema_version=version, teacher="rules")
    member = project.memberships.get(user=spare)
    token, _ = tokens.create(project, spare, name="till", scopes=["read"])
    values: dict[str, dict[str, Any]] = {
        "*": {
            "slug": project.slug,
            "pk": document.pk,
            "number": 0,
            "run": run.pk,
            "name": "first",
            "file": "model.onnx",
            "report": report.pk,
            "format": "csv",
        },
        "job": {"pk": job.pk},
        "job_cancel": {"pk": job.pk},
        "label_run": {"run": labelled.pk},
        "member_change": {"pk": member.pk},
        "member_remove": {"pk": member.pk},
        "token_revoke": {"pk": token.pk},
    }
    return World(people, values)


def login_asked(response: HttpResponse) -> bool:
    return response.status_code == 302 and response.headers["Location"].startswith(reverse("login"))


def answers(client: Client, url: str) -> dict[str, HttpResponse]:
    """To both methods; whatever they change is taken back."""
    send = {"read": client.get, "write": partial(client.post, data={})}
    found = {}
    for method, call in send.items():
        with transaction.atomic():
            found[method] = call(url)
            transaction.set_rollback(True)
    return found


@pytest.mark.parametrize("name", ACCESS)
def test_each_role_opens_what_it_may(world: World, name: str) -> None:
    for person in PEOPLE:
        client = Client()
        client.force_login(world.people[person])
        for method, response in answers(client, world.url(name)).items():
            assert response.status_code in expected(name, method, person), (person, method)
            assert not login_asked(response), (person, method)


def expected(name: str, method: str, person: str) -> tuple[int, ...]:
    needed = getattr(ACCESS[name], method)
    if needed is None:
        return (403, 404, 405)
    if person == "stranger":
        return (404,)
    if POWER[PEOPLE[person]] < POWER[needed]:
        return (403,)
    return (200, 204, 302, 400, 409)


@pytest.mark.parametrize("name", ACCESS)
def test_nobody_comes_in_without_a_login(client: Client, world: World, name: str) -> None:
    for response in answers(client, world.url(name)).values():
        assert login_asked(response) or response.status_code == 405


@pytest.mark.parametrize("name", ACCESS)
def test_what_writes_wants_a_token(world: World, name: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.people["superuser"])
    if ACCESS[name].write is not None:
        assert client.post(world.url(name)).status_code == 403


@pytest.mark.parametrize(("name", "private"), OUTSIDE.items())
def test_outside_projects_only_the_login_is_open(client: Client, name: str, private: bool) -> None:
    assert login_asked(client.get(reverse(name))) == private


def test_a_project_that_is_not_there_looks_like_one_that_is_hidden(client: Client, world: World) -> None:
    client.force_login(world.people["stranger"])
    hidden = client.get(world.url("project"))
    missing = client.get(reverse("project", args=["no-such-project"]))
    assert hidden.status_code == missing.status_code == 404
    assert without_token(hidden) == without_token(missing)


def without_token(response: HttpResponse) -> str:
    return re.sub(r'(value="|X-CSRFToken": ")\w{64}', "", response.content.decode())


def test_a_document_of_another_project_is_not_found(client: Client, world: World) -> None:
    other = builders.project("other", owner=world.people["owner"])
    client.force_login(world.people["owner"])
    pk = world.values["*"]["pk"]
    for name in ("document", "original", "document_delete"):
        url = reverse(name, args=[other.slug, pk])
        assert 404 in (client.get(url).status_code, client.post(url).status_code)
    assert client.get(reverse("page_image", args=[other.slug, pk, 0])).status_code == 404
