"""The order of the list: every sort, ties, documents without the value, and cursors through all of it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from extraction.domain.fields import Schema
from extraction.models import Document, Project, Role, Source
from extraction.services.documents import listing
from extraction.services.labels import store
from tests.support import builders

pytestmark = pytest.mark.django_db
# Names that mappings of Python and of templates have methods of.
AWKWARD = ("items", "keys", "count")
SCHEMA = Schema.from_json(
    {
        "name": "Receipts",
        "document": "receipt",
        "field": [
            {"name": "items", "type": "text"},
            {"name": "keys", "type": "date", "format": "dd/mm/yyyy"},
            {"name": "count", "type": "money"},
            {"name": "rate", "type": "number"},
            {"name": "day", "type": "date"},
            {"name": "kind", "type": "choice", "options": ["Food", "Travel"]},
        ],
    }
)
VALUES = {
    "items": ["b", "A", "b", None, "c", "", "B"],
    "keys": ["03/12/2018", "04/11/2019", "28/02/2017", None, "03/12/2018", "", "no date"],
    "count": ["9.00", "10,50", "9.00", None, "-3.00", "", "1,000.00"],
    "rate": ["2", "10", "2", None, "0.5", "", "300"],
    "day": ["2018-12-03", "2019-11-04", "2017-02-28", None, "2018-12-03", "", "no date"],
    "kind": ["Travel", "Food", "Travel", None, "Food", "", "Food"],
}
# Primary keys by the place in `VALUES`, lowest first; ties newest first, those without the value at the end.
RISING = {
    "items": [1, 6, 2, 0, 4, 5, 3],
    "keys": [2, 4, 0, 1, 6, 5, 3],
    "count": [4, 2, 0, 1, 6, 5, 3],
    "rate": [4, 2, 0, 1, 6, 5, 3],
    "day": [2, 4, 0, 1, 6, 5, 3],
    "kind": [6, 4, 1, 2, 0, 5, 3],
}
FALLING = {
    "items": [4, 6, 2, 0, 1, 5, 3],
    "keys": [1, 4, 0, 2, 6, 5, 3],
    "count": [6, 1, 2, 0, 4, 5, 3],
    "rate": [6, 1, 2, 0, 4, 5, 3],
    "day": [1, 4, 0, 2, 6, 5, 3],
    "kind": [2, 0, 6, 4, 1, 5, 3],
}
EXPECTED = {
    **{f"field.{name}": order for name, order in RISING.items()},
    **{f"-field.{name}": order for name, order in FALLING.items()},
    "added": [0, 1, 2, 3, 4, 5, 6],
    "-added": [6, 5, 4, 3, 2, 1, 0],
    "name": [5, 1, 3, 6, 4, 2, 0],
    "-name": [0, 2, 6, 4, 3, 5, 1],
    "confidence": [6, 3, 2, 0, 5, 4, 1],
    "-confidence": [2, 0, 3, 6, 5, 4, 1],
}
NAMES = ["z.jpg", "A.jpg", "m.jpg", "b.jpg", "C.jpg", "a.jpg", "c.jpg"]
CONFIDENCES = [0.9, None, 0.9, 0.3, None, None, 1 / 7]


@pytest.fixture
def project() -> Project:
    return builders.project("receipts", schema=SCHEMA)


@pytest.fixture
def viewer(client: Client, project: Project) -> Client:
    client.force_login(builders.member(project, Role.VIEWER))
    return client


@pytest.fixture
def documents(project: Project) -> list[int]:
    rows = [builders.document(project) for _ in NAMES]
    inputs = [
        store.LabelInput(row, name, value or None, Source.TEACHER, (), teacher="rules")
        for name, values in VALUES.items()
        for row, value in zip(rows, values, strict=True)
        if value is not None
    ]
    store.write_many(project, inputs)
    for row, name, confidence in zip(rows, NAMES, CONFIDENCES, strict=True):
        Document.objects.filter(pk=row.pk).update(name=name, confidence=confidence)
    return [row.pk for row in rows]


def url(**query: str) -> str:
    return reverse("documents", args=["receipts"], query=query)


def shown(client: Client, **query: str) -> Any:
    response = client.get(url(**query))
    assert response.status_code == 200
    return response.context["slice"]


def keys(part: Any) -> list[int]:
    return [row.document.pk for row in part.rows]


def places(part: Any, documents: list[int]) -> list[int]:
    return [documents.index(pk) for pk in keys(part)]


def test_a_list_is_sorted_with_ties_and_documents_without_the_value_last(viewer: Client, documents: list[int]) -> None:
    assert {sort: places(shown(viewer, sort=sort), documents) for sort in EXPECTED} == EXPECTED


@pytest.mark.parametrize("size", [1, 3])
def test_cursors_walk_through_every_order_once_in_both_directions(
    viewer: Client, documents: list[int], monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(listing, "PAGE", size)

    def walk(sort: str, part: Any, direction: str) -> list[Any]:
        parts = [part]
        while (cursor := getattr(parts[-1], direction)) is not None:
            parts.append(shown(viewer, sort=sort, **{direction: str(cursor)}))
        return parts

    for sort, expected in EXPECTED.items():
        forward = walk(sort, shown(viewer, sort=sort), "older")
        assert [place for part in forward for place in places(part, documents)] == expected, sort
        back = walk(sort, forward[-1], "newer")
        assert [place for part in back[::-1] for place in places(part, documents)] == expected, sort


def test_a_cursor_outlives_its_document(viewer: Client, documents: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PAGE", 3)
    for sort, expected in EXPECTED.items():
        first = shown(viewer, sort=sort)
        with transaction.atomic():
            Document.objects.filter(pk__in=keys(first)).delete()
            assert places(shown(viewer, sort=sort, older=str(first.older)), documents) == expected[3:6], sort
            transaction.set_rollback(True)


def test_an_unknown_order_is_the_usual_one(viewer: Client, documents: list[int]) -> None:
    for sort in ("nothing", "field.", "field.nothing", "-", "--name", "field.count ", "\x00", "count"):
        assert places(shown(viewer, sort=sort), documents) == EXPECTED["-added"]


def test_a_hostile_cursor_fails_nothing(viewer: Client, documents: list[int]) -> None:
    hostile = ("x", "-1", "1~\x00", "9" * 30, "~", "~1", "²", "1~" + "x" * 5000, "1~nan", "1~inf")
    for query in ({"sort": sort, "older": cursor} for sort in EXPECTED for cursor in hostile):
        assert viewer.get(url(**query)).status_code == 200
    for cursor in hostile:
        assert viewer.get(url(newer=cursor)).status_code == 200


def test_heads_turn_the_order_round_and_keep_the_filter(viewer: Client, documents: list[int]) -> None:
    page = viewer.get(url(search="jpg", sort="field.count")).content.decode()
    assert page.count('aria-sort="ascending"') == 1
    assert 'href="?search=jpg&amp;sort=-field.count"' in page
    assert 'href="?search=jpg&amp;sort=name"' in page
    turned = viewer.get(url(sort="-field.count")).content.decode()
    assert page.count("aria-sort") == turned.count("aria-sort") == 2 + listing.COLUMNS
    assert 'aria-sort="descending"' in turned
    assert '<option value="-field.count" selected>' in turned


@pytest.mark.parametrize("sort", ["confidence", "field.items", "-field.count", "field.keys"])
@pytest.mark.parametrize("search", ["", "9,00"])
def test_every_order_takes_the_same_queries_whatever_there_is(
    viewer: Client, project: Project, django_assert_num_queries: Callable[..., Any], sort: str, search: str
) -> None:
    made = 0
    for count in (10, 100):
        rows = [builders.document(project) for _ in range(count - made)]
        store.write_many(
            project, [store.LabelInput(row, "count", "9.00", Source.TEACHER, (), teacher="rules") for row in rows]
        )
        made = count
        # Session and user, membership and project, states, documents, labels, bulk runs, five of the strip; the hits.
        with django_assert_num_queries(14 + bool(search)):
            part = shown(viewer, sort=sort, search=search)
        assert len(part.rows) == min(count, listing.PAGE)
