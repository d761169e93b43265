"""The fields of a group in the form: errors beside what they are about, and nothing that was typed is lost."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from extraction.domain.fields import Schema
from extraction.models import Project, Role
from extraction.services.projects import schema_versions
from tests.support import builders

pytestmark = pytest.mark.django_db
URL = "/projects/receipts/fields/"


@pytest.fixture
def project() -> Project:
    return builders.project("receipts", schema=builders.WITH_ROWS)


@pytest.fixture
def owner(client: Client, project: Project) -> Client:
    client.force_login(builders.member(project, Role.OWNER))
    return client


def form(*parts: dict[str, str], groups: int = 1, **row: str) -> dict[str, str]:
    """Groups with these parts, as the form sends them."""
    values = {"name": "Receipts", "document": "receipt"}
    for index in range(groups):
        own = {"name": f"items_{index}", "type": "group", "format": "as printed", **row}
        values |= {f"field-{index}-{key}": value for key, value in own.items()}
        for number, part in enumerate(parts):
            given = {"type": "text", "instruction": "", "before": "", **part}
            values |= {f"field-{index}-part-{number}-{key}": value for key, value in given.items()}
    return values


def current(project: Project) -> Schema:
    return Project.objects.get(pk=project.pk).schema


def wide(columns: int) -> Schema:
    parts = [{"name": f"column_{number}"} for number in range(columns)]
    group = {"name": "items", "type": "group", "fields": parts}
    return Schema.from_json({"name": "Receipts", "document": "receipt", "field": [group]})


WHAT = {"name": "what"}


@pytest.mark.parametrize(
    ("part", "sentence"),
    [
        ({"name": "What"}, "used twice"),
        ({"name": "", "before": "amount"}, "needs a name"),
        ({"name": "", "instruction": "the price of all"}, "needs a name"),
        ({"name": "品名"}, "not '品名'"),
        ({"name": "Наименование", "instruction": "of the goods"}, "not 'Наименование'"),
        ({"name": "!?"}, "not '!?'"),
        ({"name": "9 lives"}, "not '9_lives'"),
        ({"name": "id"}, "No field can be called 'id'"),
        ({"name": "amount", "type": "gold"}, "unknown type"),
        ({"name": "amount", "type": "group"}, "inside another group"),
    ],
)
def test_an_error_of_a_part_stands_beside_it_and_all_is_kept(
    owner: Client, project: Project, part: dict[str, str], sentence: str
) -> None:
    sent = form(WHAT, part, {"name": "last", "instruction": "a <b>"}, examples="2 Tea => 3")
    response = owner.post(URL, sent)
    assert response.status_code == 400
    [row] = response.context["form"].rows
    assert [bool(shown.error) for shown in row.parts] == [False, True, False]
    assert sentence in row.parts[1].error
    assert row.parts[1].error.endswith(".")
    assert not row.error
    text = " ".join(response.content.decode().split())
    assert 'aria-invalid="true" aria-describedby="error-0-1"' in text
    assert "a &lt;b&gt;" in text
    assert row.examples == "2 Tea => 3"
    assert [shown.instruction for shown in row.parts] == ["", part.get("instruction", ""), "a <b>"]
    assert current(project) == builders.WITH_ROWS


def test_a_name_that_cannot_be_used_stays_as_typed(owner: Client) -> None:
    for action in ("save", "part-add-0", "refresh"):
        response = owner.post(URL, {**form(WHAT, {"name": "品名"}), "do": action})
        assert [part.name for part in response.context["form"].rows[0].parts][:2] == ["what", "品名"]


@pytest.mark.parametrize("examples", ["2 Tea => Tea", '2 Tea => [{"price": "3"}]', '2 Tea => [{"what": ["Tea"]}]'])
def test_an_example_that_has_no_rows_of_the_group_stands_beside_it(
    owner: Client, project: Project, examples: str
) -> None:
    [row] = owner.post(URL, form(WHAT, examples=examples)).context["form"].rows
    assert row.error.startswith("An example of 'items_0'")
    assert row.examples == examples
    assert current(project) == builders.WITH_ROWS


@pytest.mark.parametrize(("groups", "columns"), [(1, 50), (1, 51), (1, 120), (6, 50)])
def test_no_number_of_parts_is_cut(owner: Client, project: Project, groups: int, columns: int) -> None:
    parts = [{"name": f"column_{number}", "type": "money"} for number in range(columns)]
    response = owner.post(URL, form(*parts, groups=groups), follow=True)
    assert response.status_code == 200
    assert [len(group.fields) for group in current(project).fields] == [columns] * groups


def test_a_group_of_a_schema_file_that_is_saved_in_the_form_keeps_its_parts(owner: Client, project: Project) -> None:
    schema_versions.change(project, wide(70))
    [shown] = owner.get(reverse("fields", args=["receipts"])).context["form"].rows
    parts = [{"name": part.name, "before": part.before} for part in shown.parts]
    values: dict[str, Any] = form(*parts, name="items", before="items", instruction="what was bought")
    owner.post(URL, values, follow=True)
    [saved] = current(project).fields
    assert saved.fields == wide(70)["items"].fields
    assert saved.instruction == "what was bought"


def test_two_hundred_fields_are_saved(owner: Client, project: Project) -> None:
    values = {"name": "Receipts", "document": "receipt"}
    keys = {"type": "text", "format": "as printed", "instruction": "", "examples": "", "options": "", "before": ""}
    for index in range(200):
        row = {"name": f"field_{index}", **keys}
        values |= {f"field-{index}-{key}": value for key, value in row.items()}
    assert owner.post(URL, values, follow=True).status_code == 200
    assert len(current(project).fields) == 200
