"""The order of day and month in a schema file: read by everything that reads such a file, printed, and kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from extraction.domain.fields import SchemaError
from extraction.domain.schemas.files import DATE_ORDERS, SchemaFile
from extraction.models import DateOrder, Document, Label, Project, Role, Source
from extraction.services.labels import store
from extraction.services.operation import demonstration
from extraction.services.projects import accounts
from tests.support import builders
from tests.support.commands import Command

pytestmark = pytest.mark.django_db
PLAIN = builders.RECEIPT.to_toml()


def text(order: str | None) -> str:
    return SchemaFile(builders.RECEIPT, order).to_toml()


def order_of(slug: str) -> str:
    return Project.objects.get(slug=slug).date_order


@pytest.fixture
def owner(client: Client) -> Client:
    person = builders.member(builders.project("receipts"), Role.OWNER)
    accounts.let_create_projects(person)
    client.force_login(person)
    return client


def test_the_orders_are_those_of_projects() -> None:
    assert set(DATE_ORDERS) == set(DateOrder.values)


@pytest.mark.parametrize("order", [None, *DATE_ORDERS])
def test_a_file_is_restored(order: str | None) -> None:
    assert SchemaFile.from_toml(text(order)) == SchemaFile(builders.RECEIPT, order)


@pytest.mark.parametrize("value", ['"ydm"', "3", "true", "[]", "2018-01-01", '""'])
def test_another_order_is_refused_with_the_known_ones(value: str) -> None:
    with pytest.raises(SchemaError, match="one of found, dmy, mdy"):
        SchemaFile.from_toml(f"dates = {value}\n{PLAIN}")


@pytest.mark.parametrize(("order", "expected"), [(None, "found"), *((order, order) for order in DATE_ORDERS)])
def test_every_way_to_make_a_project_reads_it(
    owner: Client, command: Command, tmp_path: Path, order: str | None, expected: str
) -> None:
    path = tmp_path / "folder" / "schema.toml"
    path.parent.mkdir()
    path.write_text(text(order))
    assert command("create_project", "by-command", "--schema", path)[0] == 0
    owner.post(reverse("project_create"), {"name": "By text", "toml": text(order)})
    shown = demonstration.project(path.parent, builders.user())
    assert {order_of(slug) for slug in ("by-command", "by-text", shown.slug)} == {expected}


def test_the_page_prints_what_it_saves_and_a_file_without_it_changes_nothing(owner: Client) -> None:
    url = reverse("fields", args=["receipts"])
    page = owner.post(url, {"toml": text("mdy")}, follow=True)
    assert 'dates = "mdy"' in page.context["toml"]
    owner.post(url, {"toml": PLAIN})
    assert order_of("receipts") == "mdy"
    file = owner.get(reverse("fields_toml", args=["receipts"]), {"download": ""})
    assert file["Content-Disposition"] == 'attachment; filename="receipts.toml"'
    assert SchemaFile.from_toml(file.content.decode()) == SchemaFile(builders.RECEIPT, "mdy")


def test_dates_that_were_read_otherwise_are_read_by_it(owner: Client) -> None:
    document: Document = builders.document(Project.objects.get(slug="receipts"), "Date: 01/02/2018")
    store.write(document, "date", "01/02/2018", source=Source.REVIEWER)
    owner.post(reverse("fields", args=["receipts"]), {"toml": text("mdy")})
    assert Label.objects.get(field="date").normalized == "2018-01-02"
