"""Requests about rows that the page's script would not send: a sentence, or an honest label."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from extraction.domain.text import LONGEST_VALUE
from extraction.models import Document, User
from tests.review.tables.screen import best, document

pytestmark = pytest.mark.django_db


@pytest.fixture
def save(client: Client, anna: User, shown: Document) -> Any:
    """`save(value, **body)`: the answer to a changed table."""
    client.force_login(anna)

    def save(value: object, **body: object) -> Any:
        data = {"field": "items", "value": value, "spans": None, "known": 0, "base": best(shown).pk, **body}
        url = reverse("review_save", args=["receipts", shown.pk])
        return client.post(url, data, content_type="application/json", headers={"accept": "application/json"})

    return save


@pytest.mark.parametrize("base", [[], {}, 1.5, True])
def test_a_base_is_a_label_or_its_text(save: Any, shown: Document, base: object) -> None:
    assert save("[]", base=base).status_code == 400
    assert best(shown).source == "teacher"


@pytest.mark.parametrize("base", [None, 0, -1, 10**12, "", "no rows", "[[[", '[{"description": "Coffee"}]'])
def test_any_base_is_answered(save: Any, shown: Document, base: object) -> None:
    assert save('[{"description": "Tea"}]', base=base).status_code == 200
    assert best(shown).value == '[{"description": "Tea"}]'


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        ('[{"description": " Green \\n tea\\u0000 ", "amount": ""}]', '[{"description": "Green tea", "amount": null}]'),
        ('[{"description": null, "quantity": " "}, {}]', "[]"),
        ('[{}, {"description": "Tea"}, {"amount": ""}]', '[{"description": "Tea"}]'),
        ('[{"amount": 3.50, "unknown": "x"}]', '[{"amount": "3.50", "unknown": "x"}]'),
        (f'[{{"amount": {"9" * 5000}, "quantity": NaN}}]', f'[{{"amount": "{"9" * 5000}", "quantity": "NaN"}}]'),
        ('[{"description": {"a": ["b"]}}]', r'[{"description": "{\"a\":[\"b\"]}"}]'),
        ('[{"description": ["a", "b"], "unknown": true}]', r'[{"description": "[\"a\",\"b\"]", "unknown": "true"}]'),
        ('[{"amount": "no amount"}]', '[{"amount": "no amount"}]'),
        ("[1, 2]", "[1, 2]"),
        ('{"a": 1}', '{"a": 1}'),
        ("no rows", "no rows"),
        ("[" * 5000, "[" * 5000),
    ],
)
def test_what_is_stored_is_what_was_said(save: Any, shown: Document, value: str, stored: str) -> None:
    assert save(value).status_code == 200
    assert best(shown).value == stored


@pytest.mark.parametrize("column", ["description", "quantity", "amount"])
def test_a_cell_is_no_longer_than_a_label_file_takes(save: Any, shown: Document, column: str) -> None:
    assert save(json.dumps([{column: "x" * LONGEST_VALUE}])).status_code == 200
    answer = save(json.dumps([{"description": "Coffee"}, {column: "x" * (LONGEST_VALUE + 1)}]))
    assert answer.status_code == 400
    assert f"{LONGEST_VALUE:,}" in answer.json()["error"]
    assert len(json.loads(best(shown).value or "")) == 1


def test_a_table_of_five_thousand_rows_is_saved_and_a_larger_one_than_allowed_refused(
    save: Any, shown: Document
) -> None:
    rows = [{"description": f"Item {number} " + "x" * 120, "quantity": "1", "amount": "1.00"} for number in range(5000)]
    assert save(json.dumps(rows)).status_code == 200
    assert len(json.loads(best(shown).value or "")) == 5000
    answer = save(json.dumps([{"description": "x" * LONGEST_VALUE}] * 101))
    assert answer.status_code == 400
    assert "1,000,000" in answer.json()["error"]


def test_a_conflict_names_the_rows(save: Any, client: Client, ben: User, shown: Document) -> None:
    base = best(shown).pk
    text = best(shown).value or ""
    save(text.replace("Coffee", "Latte"))
    client.force_login(ben)
    answer = save(text.replace("Coffee", "Mocha"), base=base)
    assert answer.status_code == 409
    conflict = answer.json()["conflict"]
    [clash] = conflict["rows"]["clashes"]
    assert clash["at"] == 0
    assert (clash["mine"]["description"], clash["theirs"]["description"]) == ("Mocha", "Latte")
    assert conflict["rows"]["merged"] == text.replace("Coffee", "Mocha")
    assert conflict["mine"] is False


def test_the_page_of_a_large_table_holds_it_once(client: Client, anna: User, shown: Document) -> None:
    client.force_login(anna)
    marked = document(shown.project, json.dumps([{"description": f"MARK{number}"} for number in range(5000)]))
    page = client.get(reverse("review_document", args=["receipts", marked.pk])).content.decode()
    assert page.count("MARK4999") == 1
