"""What the list is narrowed to: names and values, confidence, missing labels; and how many documents that are."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from extraction.domain.fields import Schema
from extraction.models import Document, Project, Role, Source
from extraction.services.labels import store
from tests.support import builders

pytestmark = pytest.mark.django_db
SCHEMA = Schema.from_json(
    {
        "name": "Invoices",
        "document": "invoice",
        "field": [
            {"name": "keys", "type": "text"},
            {"name": "items", "type": "text", "required": True},
            {"name": "date", "type": "date"},
            {"name": "total", "type": "money"},
            {"name": "count", "type": "number"},
        ],
    }
)


@pytest.fixture
def project() -> Project:
    return builders.project("receipts", schema=SCHEMA)


@pytest.fixture
def viewer(client: Client, project: Project) -> Client:
    client.force_login(builders.member(project, Role.VIEWER))
    return client


def labelled(project: Project, name: str, **values: str | None) -> Document:
    row = builders.document(project)
    Document.objects.filter(pk=row.pk).update(name=name)
    for field, value in values.items():
        store.write(row, field, value, source=Source.TEACHER, teacher="rules", spans=(), confidence=0.55)
    return row


@pytest.fixture
def documents(project: Project) -> None:
    labelled(project, "Jänner.pdf", items="Müller & Söhne", keys="RE-2018/0047", date="25/12/2018", total="34,73 EUR")
    labelled(project, "100%.pdf", items="BEAN THERE", keys="100_1", total="1.234,50", count="7")
    labelled(project, "BEAN.pdf", items="Nothing", keys="total 34,73", date="2019-01-02", total=None)
    labelled(project, "plain.pdf")


def url(**query: str) -> str:
    return reverse("documents", args=["receipts"], query=query)


def found(client: Client, **query: str) -> set[str]:
    response = client.get(url(**query))
    assert response.status_code == 200
    names = {row.document.name for row in response.context["slice"].rows}
    assert response.context["hits"] == len(names)
    return names


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("plain", {"plain.pdf"}),
        ("PLAIN.PDF", {"plain.pdf"}),
        ("bean", {"100%.pdf", "BEAN.pdf"}),
        ("müller", {"Jänner.pdf"}),
        ("MÜLLER &", {"Jänner.pdf"}),
        ("jÄNNER", {"Jänner.pdf"}),
        ("re-2018/0047", {"Jänner.pdf"}),
        ("34.73", {"Jänner.pdf", "BEAN.pdf"}),
        ("34,73", {"Jänner.pdf", "BEAN.pdf"}),
        ("34,73 EUR", {"Jänner.pdf"}),
        ("1234.5", {"100%.pdf"}),
        ("1,234.50", {"100%.pdf"}),
        ("1.234,50", {"100%.pdf"}),
        ("2018-12-25", {"Jänner.pdf"}),
        ("25/12/2018", {"Jänner.pdf"}),
        ("25 December 2018", {"Jänner.pdf"}),
        ("100%", {"100%.pdf"}),
        ("100_1", {"100%.pdf"}),
        ("  bean   there ", {"100%.pdf"}),
        ("nowhere", set()),
        ("%", {"100%.pdf"}),
        ("'; DROP TABLE", set()),
        ("9" * 5000, set()),
    ],
)
def test_names_and_values_are_found(viewer: Client, documents: None, search: str, expected: set[str]) -> None:
    assert found(viewer, search=search) == expected


def test_only_current_values_of_fields_in_force_are_found(viewer: Client, project: Project) -> None:
    row = labelled(project, "a.pdf", items="Old name", keys="K1")
    store.write(row, "items", "New name", source=Source.REVIEWER, spans=())
    assert found(viewer, search="old name") == set()
    assert found(viewer, search="new name") == {"a.pdf"}


def test_another_project_s_values_are_not_found(viewer: Client, project: Project) -> None:
    labelled(builders.project(schema=SCHEMA), "other.pdf", items="Secret Ltd")
    assert found(viewer, search="secret") == set()


def test_the_earlier_parameter_still_searches(viewer: Client, documents: None) -> None:
    assert found(viewer, name="müller") == {"Jänner.pdf"}


@pytest.mark.parametrize("query", [{"below": "60"}, {"below": "60", "lacks": "count"}])
def test_confidence_below_a_step(viewer: Client, documents: None, query: dict[str, str]) -> None:
    assert found(viewer, **query) >= {"Jänner.pdf", "BEAN.pdf"}
    assert found(viewer, **query | {"below": "50"}) == set()


@pytest.mark.parametrize(
    ("field", "lacking"),
    [
        ("keys", {"plain.pdf"}),
        ("total", {"plain.pdf"}),
        ("date", {"plain.pdf", "100%.pdf"}),
        ("count", {"plain.pdf", "Jänner.pdf", "BEAN.pdf"}),
    ],
)
def test_documents_that_lack_a_label(viewer: Client, documents: None, field: str, lacking: set[str]) -> None:
    """A label that says "not on the document" is one."""
    assert found(viewer, lacks=field) == lacking


@pytest.mark.parametrize(
    "query", [{"below": "0"}, {"below": "101"}, {"below": "x"}, {"lacks": "nothing"}, {"lacks": "\x00"}]
)
def test_an_unknown_value_is_no_condition(viewer: Client, documents: None, query: dict[str, str]) -> None:
    assert len(found(viewer, **query)) == 4


def test_the_number_of_hits_stands_above_the_list(viewer: Client, documents: None) -> None:
    def hits(**query: str) -> str:
        page = viewer.get(url(**query)).content.decode()
        text = re.search(r'<p class="hits".*?</p>', page, re.DOTALL)
        assert text
        return " ".join(re.sub(r"<.*?>", " ", text[0]).split())

    assert hits() == "4 documents"
    assert hits(search="bean").startswith("2 of 4 documents")
    assert hits(search="nowhere").startswith("0 of 4 documents")


def test_a_narrow_screen_gets_vendor_total_and_date(viewer: Client, documents: None) -> None:
    row = next(row for row in viewer.get(url(search="müller")).context["slice"].rows)
    assert [cell.field.name for cell in (row.vendor, row.total, row.date)] == ["items", "total", "date"]
    assert [cell.label.value for cell in (row.vendor, row.total, row.date)] == [
        "Müller & Söhne",
        "34,73 EUR",
        "25/12/2018",
    ]
