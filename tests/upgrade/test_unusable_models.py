"""A serving model that this version cannot load is told wherever people look, with the way out."""

import io
import json

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from extraction.models import ModelVersion, Project, Role, User
from extraction.services import storage
from extraction.services.serving import registry
from tests.support import builders

pytestmark = pytest.mark.django_db
WORDS = "cannot be used: it is of another version of kdweb, or its files are gone."


@pytest.fixture
def older(served: ModelVersion) -> ModelVersion:
    description = storage.path(served.folder) / "student.json"
    description.write_text(json.dumps({**json.loads(description.read_text()), "format": 1}))
    return served


def migrate() -> str:
    out = io.StringIO()
    call_command("migrate", stdout=out, skip_checks=True)
    return out.getvalue()


def test_migrate_says_it(older: ModelVersion) -> None:
    [line] = [line for line in migrate().splitlines() if older.name in line]
    assert WORDS in line
    assert "Promote another model of the project, or train one again" in line


def test_migrate_says_nothing_of_models_that_answer(served: ModelVersion) -> None:
    assert registry.is_usable(served)
    assert WORDS not in migrate()


@pytest.mark.parametrize("page", ["project", "models"])
def test_pages_say_it_with_the_way_out(
    client: Client, owner: User, project: Project, older: ModelVersion, page: str
) -> None:
    client.force_login(owner)
    shown = client.get(reverse(page, args=[project.slug])).content.decode()
    assert WORDS in shown
    assert f'<a href="{reverse("training", args=[project.slug])}">Train again</a>' in shown
    client.force_login(builders.member(project, Role.VIEWER))
    shown = client.get(reverse(page, args=[project.slug])).content.decode()
    assert WORDS in shown
    assert "An owner of the project can train again" in shown


@pytest.mark.parametrize("page", ["project", "models"])
def test_pages_say_nothing_of_a_model_that_answers(
    client: Client, owner: User, project: Project, served: ModelVersion, page: str
) -> None:
    client.force_login(owner)
    assert WORDS not in client.get(reverse(page, args=[project.slug])).content.decode()
