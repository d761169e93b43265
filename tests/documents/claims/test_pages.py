"""The pages of claims: from an upload over the choice of columns to the result, and back."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from extraction.models import ClaimImport, Document, Label, Project, Role, Source
from extraction.services.jobs import execution
from extraction.services.labels import store
from tests.support import builders

pytestmark = pytest.mark.django_db
State = ClaimImport.State
TABLE = "Datei;Betrag;Sonst\na.jpg;1,50;x\nb.jpg;2,50;y\nz.jpg;=cmd;z\nb.jpg;2,50;y;zu viel\n"


@pytest.fixture
def project() -> Project:
    return builders.project("receipts")


@pytest.fixture
def documents(project: Project) -> list[Document]:
    rows = [builders.document(project) for _ in range(2)]
    for name, row in zip("ab", rows, strict=True):
        Document.objects.filter(pk=row.pk).update(name=f"{name}.jpg")
    return rows


@pytest.fixture
def owner(client: Client, project: Project) -> Client:
    client.force_login(builders.member(project, Role.OWNER))
    return client


def uploaded(client: Client, content: str | bytes = TABLE) -> HttpResponse:
    data = content.encode() if isinstance(content, str) else content
    return client.post(reverse("claims", args=["receipts"]), {"file": SimpleUploadedFile("table.csv", data)})


def url(name: str, row: ClaimImport) -> str:
    return reverse(name, args=["receipts", row.pk])


def work(row: ClaimImport) -> ClaimImport:
    row.refresh_from_db()
    assert row.job is not None
    execution.run(row.job.pk)
    row.refresh_from_db()
    return row


def imported(client: Client) -> ClaimImport:
    uploaded(client)
    row = ClaimImport.objects.latest("pk")
    client.post(url("claims_import", row), {"column.0": "=document", "column.1": "total"})
    return work(row)


def test_a_table_goes_in_and_comes_out_again(owner: Client, project: Project, documents: list[Document]) -> None:
    store.write(documents[0], "total", "1.50", source=Source.TEACHER, teacher="rules")
    store.write(documents[1], "total", "9.90", source=Source.TEACHER, teacher="rules")
    answer = uploaded(owner)
    row = ClaimImport.objects.get()
    assert answer.headers["Location"] == url("claims_import", row)
    page = owner.get(url("claims_import", row)).content.decode()
    assert 'value="=document" selected' in " ".join(page.split())
    assert 'value="total" selected' in " ".join(page.split())
    assert not Label.objects.filter(source=Source.CLAIM).exists()
    owner.post(url("claims_import", row), {"column.0": "=document", "column.1": "total"})
    assert "hx-get" in owner.get(url("claims_import", row)).content.decode()
    row = work(row)
    assert (row.state, row.new, row.refused) == (State.IMPORTED, 2, 2)
    page = owner.get(url("claims_import", row)).content.decode()
    assert reverse("review_document", args=["receipts", documents[1].pk]) in page
    assert reverse("review_document", args=["receipts", documents[0].pk]) not in page
    owner.post(url("claims_undo", row))
    assert work(row).state == State.UNDONE
    owner.post(url("claims_remove", row))
    assert not ClaimImport.objects.exists()


def test_lines_to_look_at_are_a_file(owner: Client, project: Project, documents: list[Document]) -> None:
    row = imported(owner)
    answer = owner.get(url("claims_remarks", row))
    text = b"".join(answer).decode()  # type: ignore[arg-type]
    assert [line.split(",")[0] for line in text.splitlines()[1:]] == ["4", "5"]
    assert "unknown_document" in text
    assert "too_many_cells" in text


@pytest.mark.parametrize(
    "content", ["", "Datei;Betrag\n", b"\x89PNG\r\n\x00\x00", b"PK\x03\x04broken", "a.jpg;1,50\nb.jpg;1,50\n"]
)
def test_files_that_are_no_tables_get_a_sentence(
    owner: Client, project: Project, documents: list[Document], content: str | bytes
) -> None:
    answer = uploaded(owner, content)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()
    assert not ClaimImport.objects.exists()


def test_a_refused_choice_keeps_what_was_chosen(owner: Client, project: Project, documents: list[Document]) -> None:
    uploaded(owner)
    row = ClaimImport.objects.get()
    answer = owner.post(url("claims_import", row), {"column.1": "company"})
    page = " ".join(answer.content.decode().split())
    assert answer.status_code == 400
    assert 'value="company" selected' in page
    twice = owner.post(url("claims_import", row), {"column.0": "=document", "column.1": "=document"})
    assert twice.status_code == 400
    row.refresh_from_db()
    assert row.state == State.MAPPING


def test_what_has_gone_on_meanwhile_is_a_conflict(owner: Client, project: Project, documents: list[Document]) -> None:
    row = imported(owner)
    again = {"column.0": "=document", "column.1": "company"}
    assert owner.post(url("claims_import", row), again).status_code == 409
    assert owner.post(url("claims_remove", row)).status_code == 409
    assert owner.post(url("claims_go_on", row)).status_code == 409
    assert ClaimImport.objects.get().state == State.IMPORTED


def test_queries_do_not_grow_with_the_table(owner: Client, project: Project, documents: list[Document]) -> None:
    def queries(address: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            owner.get(address)
        return len(seen)

    store.write(documents[0], "total", "9.90", source=Source.TEACHER, teacher="rules")
    first = imported(owner)
    pages = [reverse("claims", args=["receipts"]), url("claims_import", first)]
    before = [queries(page) for page in pages]
    more = [builders.document(project) for _ in range(5)]
    lines = "".join(f"{row.name};7\n{row.name}x;8\n" for row in more)
    for row in more:
        store.write(row, "total", "9.90", source=Source.TEACHER, teacher="rules")
    uploaded(owner, "Datei;Betrag\n" + lines)
    second = ClaimImport.objects.latest("pk")
    owner.post(url("claims_import", second), {"column.0": "=document", "column.1": "total"})
    work(second)
    assert [queries(pages[0]), queries(url("claims_import", second))] == before


def test_the_file_lies_in_the_data_folder_as_long_as_its_row(
    owner: Client, project: Project, documents: list[Document], data_dir: Path
) -> None:
    uploaded(owner)
    row = ClaimImport.objects.get()
    place = data_dir / "files" / row.file
    assert place.read_text() == TABLE
    owner.post(url("claims_remove", row))
    assert not place.exists()
