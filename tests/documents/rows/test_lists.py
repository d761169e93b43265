"""Groups in lists and on the page of a document: short where there is no room, sorted by size, found by their cells."""

import json
from collections.abc import Sequence
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from extraction.domain.fields import Schema
from extraction.models import Document, Project, Role, Scope, Source
from extraction.services.labels import store
from extraction.services.projects import tokens
from tests.support import builders

pytestmark = pytest.mark.django_db

SCHEMA = Schema.from_json(
    {
        "name": "Bills",
        "document": "bill",
        "field": [
            {
                "name": "items",
                "type": "group",
                "fields": [{"name": "article"}, {"name": "amount", "type": "money"}],
            },
            {"name": "count", "type": "number"},
        ],
    }
)
Rows = Sequence[dict[str, str | None]]
LONG = "y" * 10_000
MANY: Rows = [{"article": f"Article {number}", "amount": "1.00"} for number in range(5000)]


@pytest.fixture
def project() -> Project:
    return builders.project("bills", schema=SCHEMA)


@pytest.fixture
def viewer(client: Client, project: Project) -> Client:
    client.force_login(builders.member(project, Role.VIEWER))
    return client


def labelled(project: Project, name: str, rows: Rows | str | None) -> Document:
    row = builders.document(project, "Shop", "Tea 1,50", "Ham 4.00", "Total 5.50")
    Document.objects.filter(pk=row.pk).update(name=name)
    text = rows if rows is None or isinstance(rows, str) else json.dumps(rows)
    store.write(row, "items", text, source=Source.TEACHER, teacher="rules")
    return row


@pytest.fixture
def documents(project: Project) -> None:
    labelled(project, "two", [{"article": "Tea", "amount": "1,50"}, {"article": 'Ham "raw"', "amount": None}])
    labelled(project, "none", [])
    labelled(project, "absent", None)
    labelled(project, "text", "no rows at all")
    labelled(project, "many", [*MANY, {"article": LONG, "amount": "7.25"}, {"article": "The last"}])
    builders.document(project)


def names(client: Client, **query: str) -> list[str]:
    response = client.get(reverse("documents", args=["bills"], query=query))
    assert response.status_code == 200
    return [row.document.name for row in response.context["slice"].rows]


def test_a_list_says_how_many_rows_there_are(viewer: Client, documents: None) -> None:
    page = viewer.get(reverse("documents", args=["bills"])).content.decode()
    for expected in (">2 rows<", ">0 rows<", ">5,002 rows<", ">no rows at all<", "not on it"):
        assert expected in page
    assert "Ham" not in page
    assert len(page) < 60_000


def test_it_says_so_in_the_reader_s_language(viewer: Client, documents: None) -> None:
    page = viewer.get(reverse("documents", args=["bills"]), headers={"Accept-Language": "de"}).content.decode()
    assert ">2 Zeilen<" in page
    assert ">5.002 Zeilen<" in page


def test_groups_are_sorted_by_the_number_of_their_rows(viewer: Client, documents: None) -> None:
    assert names(viewer, sort="field.items")[:3] == ["none", "two", "many"]
    assert names(viewer, sort="-field.items")[:3] == ["many", "two", "none"]


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("tea", {"two"}),
        ("1.50", {"two"}),
        ("1,50", {"two"}),
        ('ham "raw"', {"two"}),
        ("the last", {"many"}),
        ("article 4", {"many"}),
        ("article", {"many"}),
        ("amount", set()),
        ("5002", set()),
        ("{", set()),
    ],
)
def test_rows_are_found_by_their_cells(viewer: Client, documents: None, search: str, expected: set[str]) -> None:
    assert set(names(viewer, search=search)) == expected


def test_a_number_is_not_taken_for_a_count_of_rows(viewer: Client, project: Project, documents: None) -> None:
    counted = builders.document(project)
    store.write(counted, "count", "2", source=Source.TEACHER, teacher="rules", spans=())
    assert names(viewer, search="2.0") == [counted.name]


def page_of(client: Client, document: Document) -> str:
    response = client.get(reverse("document", args=["bills", document.pk]))
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("rows", [[], [{}], [{"article": None}], "no rows", "[1]", None])
def test_a_group_without_rows_breaks_no_page(viewer: Client, project: Project, rows: Rows | str | None) -> None:
    assert "items" in page_of(viewer, labelled(project, "odd", rows)).lower()


def labels_of(client: Client, document: Document) -> Any:
    person = builders.member(document.project, Role.VIEWER)
    _, token = tokens.create(document.project, person, name="test", scopes=[Scope.READ])
    url = f"/api/v1/projects/bills/documents/{document.pk}/labels"
    return client.get(url, headers={"Authorization": f"Bearer {token}"}).json()


def test_the_api_answers_a_large_table_without_looking_for_its_places(client: Client, project: Project) -> None:
    document = labelled(project, "many", [{"article": "Tea", "amount": "1,50"}] * 10_000)
    rows = labels_of(client, document)["fields"]["items"]["rows"]
    assert len(rows) == 10_000
    assert {cell["normalized"] for cell in rows[-1]["cells"].values()} == {"Tea", "1.50"}
    assert not any(cell["boxes"] for row in rows for cell in row["cells"].values())


def test_the_api_has_the_rows_of_a_best_label(client: Client, project: Project) -> None:
    document = labelled(
        project, "two", [{"article": "Tea", "amount": "1,50"}, {"article": "Gorgonzola", "amount": None}]
    )
    answer = labels_of(client, document)
    first, second = answer["fields"]["items"]["rows"]
    assert {name: cell["normalized"] for name, cell in first["cells"].items()} == {"article": "Tea", "amount": "1.50"}
    assert all(cell["boxes"] for cell in first["cells"].values())
    assert [cell["boxes"] for cell in second["cells"].values()] == [[]]
    assert answer["fields"]["count"] is None
    assert "rows" not in answer["history"][0]
