"""Project templates: each makes a usable project, on the page and by the command."""

import pytest
from django.test import Client
from django.urls import reverse

from extraction.domain.default_schemas import TEMPLATES, Template
from extraction.domain.fields import Schema
from extraction.models import Project, User
from extraction.services.projects import accounts
from tests.support import builders
from tests.support.commands import Command

pytestmark = pytest.mark.django_db
each = pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.name)


@pytest.fixture
def creator() -> User:
    user = builders.user()
    accounts.let_create_projects(user)
    return user


@each
def test_a_template_is_a_valid_schema_with_an_instruction_for_every_field(template: Template) -> None:
    assert Schema.from_toml(template.schema.to_toml()) == template.schema
    assert all(field.instruction for field in template.schema.fields)


@each
def test_the_page_makes_a_project_of_it(client: Client, creator: User, template: Template) -> None:
    client.force_login(creator)
    assert f'value="{template.name}"' in client.get(reverse("project_create")).content.decode()
    client.post(reverse("project_create"), {"name": "Mine", "template": template.name})
    schema = Project.objects.get(slug="mine").schema
    assert (schema.document, schema.fields) == (template.schema.document, template.schema.fields)


def test_an_unknown_template_is_refused_with_the_known_ones(client: Client, creator: User) -> None:
    client.force_login(creator)
    page = client.post(reverse("project_create"), {"name": "Mine", "template": "poem"})
    assert page.status_code == 400
    assert "known are receipt" in page.content.decode()


@each
def test_the_command_makes_a_project_of_it(command: Command, template: Template) -> None:
    command("create_project", "mine", "--template", template.name)
    assert Project.objects.get(slug="mine").schema == template.schema
