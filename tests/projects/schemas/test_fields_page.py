"""Changing the fields of a project by form and by schema file: nothing typed is lost, every error has its place."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from extraction.domain.fields import Schema
from extraction.models import Project, Role
from tests.support import builders

pytestmark = pytest.mark.django_db
URL = "/projects/receipts/fields/"
RICH = Schema.from_json(
    {
        "name": "Invoices",
        "document": "invoice",
        "field": [
            {
                "name": "total",
                "type": "money",
                "format": "plain",
                "required": True,
                "examples": [["RM 3.30\n\\n", "3.30"]],
            },
            {"name": "payment", "type": "choice", "options": ["cash", 'card "gold"'], "instruction": "a\\b\n\x7f"},
            {
                "name": "items",
                "type": "group",
                "fields": [{"name": "amount", "type": "money", "format": "plain"}, {"name": "what", "type": "text"}],
            },
        ],
    }
)


@pytest.fixture
def project() -> Project:
    return builders.project("receipts")


@pytest.fixture
def owner(client: Client, project: Project) -> Client:
    client.force_login(builders.member(project, Role.OWNER))
    return client


def form(*rows: dict[str, str], **more: str) -> dict[str, str]:
    values = {"name": "Receipts", "document": "receipt", **more}
    for index, row in enumerate(rows):
        row = {"type": "text", "format": "as printed", **row}
        values |= {f"field-{index}-{key}": value for key, value in row.items()}
    return values


def current(project: Project) -> Schema:
    return Project.objects.get(pk=project.pk).schema


def test_a_schema_survives_the_form_and_the_text(owner: Client, project: Project) -> None:
    assert Schema.from_toml(RICH.to_toml()) == RICH
    simple = Schema.from_json(
        {**RICH.to_json(), "field": [{**part, "instruction": "a b"} for part in RICH.to_json()["field"]]}
    )
    owner.post(URL, {"toml": simple.to_toml()})
    page = owner.get(URL)
    values: dict[str, Any] = {"name": page.context["form"].name, "document": page.context["form"].document}
    for index, row in enumerate(page.context["form"].rows):
        keys = ("name", "type", "format", "instruction", "examples", "options", "before")
        values |= {f"field-{index}-{key}": getattr(row, key).replace("\n", "\r\n") for key in keys}
        for number, part in enumerate(row.parts):
            keys = ("name", "type", "instruction", "before")
            values |= {f"field-{index}-part-{number}-{key}": getattr(part, key) for key in keys}
        if row.required:
            values[f"field-{index}-required"] = "yes"
    response = owner.post(URL, values, follow=True)
    assert "Nothing was different" in response.content.decode()
    assert current(project) == simple


def test_saving_makes_a_new_version(owner: Client, project: Project) -> None:
    response = owner.post(URL, form({"name": "total", "type": "money"}, {"name": "date", "type": "date"}), follow=True)
    assert "Saved as version 2" in response.content.decode()
    assert current(project).names == ("total", "date")
    assert project.schema_versions.count() == 2


def test_an_error_stands_in_its_row_and_nothing_typed_is_lost(owner: Client, project: Project) -> None:
    before = current(project)
    rows = [{"name": "total", "instruction": "the <sum>"}, {"name": "9 lives"}, {"name": "total"}]
    response = owner.post(URL, form(*rows))
    assert response.status_code == 400
    shown = response.context["form"].rows
    assert [bool(row.error) for row in shown] == [False, True, True]
    assert [row.name for row in shown] == ["total", "9_lives", "total"]
    assert "the &lt;sum&gt;" in response.content.decode()
    assert current(project) == before


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({"name": "total", "examples": "3.30"}, "Each example"),
        ({"name": "payment", "type": "choice"}, "needs at least one option"),
        ({"name": "items", "type": "group"}, "needs at least one field"),
        ({"name": "total", "type": "gold"}, "unknown type"),
        ({"name": ""}, "needs a name"),
        ({"name": "品名"}, "not '品名'"),
    ],
)
def test_each_kind_of_error_is_one_sentence(owner: Client, row: dict[str, str], sentence: str) -> None:
    response = owner.post(URL, form(row))
    assert response.status_code == 400
    error = response.context["form"].rows[0].error
    assert sentence in error
    assert error.endswith(".")


def test_without_fields_nothing_is_saved(owner: Client, project: Project) -> None:
    assert owner.post(URL, form()).status_code == 400
    assert current(project).fields


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("add", ["a", "b", "c", ""]),
        ("remove-1", ["a", "c"]),
        ("up-2", ["a", "c", "b"]),
        ("up-0", ["a", "b", "c"]),
        ("down-0", ["b", "a", "c"]),
        ("down-2", ["a", "b", "c"]),
        ("remove-9", ["a", "b", "c"]),
        ("refresh", ["a", "b", "c"]),
    ],
)
def test_rows_are_added_removed_and_moved_with_what_is_typed(
    owner: Client, project: Project, action: str, expected: list[str]
) -> None:
    rows = form({"name": "a"}, {"name": "b"}, {"name": "c"}, do=action)
    for htmx in (False, True):
        response = owner.post(URL, rows, headers={"hx-request": "true"} if htmx else {})
        assert [row.name for row in response.context["form"].rows] == expected
        assert ("<html" in response.content.decode()) != htmx
    assert project.schema_versions.count() == 1


def test_a_format_of_another_type_goes_with_the_type(owner: Client, project: Project) -> None:
    owner.post(URL, form({"name": "day", "type": "text", "format": "iso"}))
    assert current(project)["day"].format == "as printed"


def test_a_broken_text_comes_back_with_the_line(owner: Client, project: Project) -> None:
    text = 'name = "Receipts"\ndocument = = "receipt"\n'
    response = owner.post(URL, {"toml": text})
    assert response.status_code == 400
    assert response.context["toml"] == text
    assert "line 2" in response.context["toml_error"]


def test_a_viewer_sees_the_fields_and_cannot_change_them(client: Client, project: Project) -> None:
    client.force_login(builders.member(project, Role.VIEWER))
    page = client.get(reverse("fields", args=["receipts"])).content.decode()
    assert "disabled" in page
    assert "Save as a new version" not in page


PARTS = ({"name": "what", "type": "text"}, {"name": "amount", "type": "money", "instruction": "of the line"})


def group(*parts: dict[str, str], **row: str) -> dict[str, str]:
    """The row of a group with its parts."""
    values = {"name": "items", "type": "group", **row}
    for index, part in enumerate(parts):
        values |= {f"part-{index}-{key}": value for key, value in part.items()}
    return values


def test_the_parts_of_a_group_are_saved_as_typed(owner: Client, project: Project) -> None:
    owner.post(URL, form(group(*PARTS, {"name": "Unit Price", "type": "number"}, {"name": "", "type": "text"})))
    parts = current(project)["items"].fields
    assert [(part.name, part.type, part.instruction) for part in parts] == [
        ("what", "text", ""),
        ("amount", "money", "of the line"),
        ("unit_price", "number", ""),
    ]


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("part-add-1", ["what", "amount", ""]),
        ("part-remove-1-0", ["amount"]),
        ("part-up-1-1", ["amount", "what"]),
        ("part-up-1-0", ["what", "amount"]),
        ("part-down-1-0", ["amount", "what"]),
        ("part-down-1-1", ["what", "amount"]),
        ("part-remove-1-9", ["what", "amount"]),
        ("part-remove-9-0", ["what", "amount"]),
        ("part-add-9", ["what", "amount"]),
        ("part-add", ["what", "amount"]),
        ("refresh", ["what", "amount"]),
    ],
)
def test_parts_are_added_removed_and_moved_with_what_is_typed(
    owner: Client, project: Project, action: str, expected: list[str]
) -> None:
    rows = form({"name": "a"}, group(*PARTS), do=action)
    for htmx in (False, True):
        response = owner.post(URL, rows, headers={"hx-request": "true"} if htmx else {})
        assert [part.name for part in response.context["form"].rows[1].parts] == expected
        assert [row.name for row in response.context["form"].rows] == ["a", "items"]
    assert project.schema_versions.count() == 1


def test_a_group_that_becomes_a_text_and_a_group_again_keeps_its_parts(owner: Client, project: Project) -> None:
    shown = owner.post(URL, form(group(*PARTS, type="text"), do="refresh"))
    assert [part.name for part in shown.context["form"].rows[0].parts] == ["what", "amount"]
    for part in range(2):
        assert f'type="hidden" name="field-0-part-{part}-name"' in " ".join(shown.content.decode().split())


def test_fields_and_parts_may_have_any_name(owner: Client, project: Project) -> None:
    names = ("items", "keys", "values", "get", "count", "index", "rows")
    rows = [group(*({"name": name, "type": "text"} for name in names), name=name) for name in names]
    assert owner.post(URL, form(*rows), follow=True).status_code == 200
    assert current(project).names == names
    text = owner.get(URL).content.decode()
    for field, name in enumerate(names):
        assert f'name="field-{field}-name"' in text
        for part, inner in enumerate(names):
            assert f'name="field-{field}-part-{part}-name" value="{inner}"' in " ".join(text.split()), name
    assert owner.get(reverse("fields_versions", args=["receipts"])).status_code == 200
