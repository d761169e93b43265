"""A project that starts empty or from fields that files suggest: nothing is stored before it is made."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from extraction.engines.teacher.lmm.configuration import Access
from extraction.models import Document, Project, SchemaVersion
from extraction.services.projects import accounts
from tests.support import builders
from tests.support.drawing import encoded, receipt
from tests.support.providers import KEY, Provider

pytestmark = pytest.mark.django_db
URL = "/new/"
HTMX = {"hx-request": "true"}


@pytest.fixture
def page(client: Client) -> Client:
    creator = builders.user()
    accounts.let_create_projects(creator)
    client.force_login(creator)
    return client


def files(count: int = 1, content: bytes | None = None) -> list[SimpleUploadedFile]:
    content = content or encoded(receipt(), "PNG")
    return [SimpleUploadedFile(f"receipt-{number}.png", content) for number in range(count)]


def rows(*names: str, kind: str = "text") -> dict[str, str]:
    values = {"document": "receipt", "template": "suggested", "name": "Receipts"}
    for index, name in enumerate(names):
        values |= {f"field-{index}-name": name, f"field-{index}-type": kind}
    return values


def nothing_is_stored() -> bool:
    return not (Project.objects.exists() or Document.objects.exists() or SchemaVersion.objects.exists())


def words(response: HttpResponse) -> str:
    return " ".join(response.content.decode().split())


class TestEmpty:
    def test_it_begins_with_the_field_that_was_named_on_the_page_of_the_fields(self, page: Client) -> None:
        response = page.post(URL, {"name": "Orders", "template": "empty", "first": "Vendor Name"})
        assert response["Location"] == reverse("fields", args=["orders"])
        (field,) = Project.objects.get().schema.fields
        assert (field.name, field.type) == ("vendor_name", "text")

    @pytest.mark.parametrize("first", ["", "  ", "9 lives", "合计", "id"])
    def test_a_field_without_a_name_is_asked_for(self, page: Client, first: str) -> None:
        response = page.post(URL, {"name": "Orders", "template": "empty", "first": first})
        assert response.status_code == 400
        assert response.context["form"].errors["first"]
        assert nothing_is_stored()


class TestSuggested:
    @pytest.mark.parametrize("htmx", [True, False])
    def test_files_suggest_rows_and_nothing_is_stored(self, page: Client, htmx: bool) -> None:
        sent = {"name": "Receipts", "do": "suggest", "template": "suggested", "files": files(2)}
        response = page.post(URL, sent, headers=HTMX if htmx else {})
        assert response.status_code == 200
        shown = response.context["suggested"].form
        assert {"date": "date", "total": "money"}.items() <= {row.name: row.type for row in shown.rows}.items()
        assert not any(row.before for row in shown.rows)
        assert ("<html" in words(response)) != htmx
        assert ("Choose them again" in words(response)) != htmx
        assert nothing_is_stored()

    def test_the_files_become_documents_of_the_project_that_is_made(self, page: Client) -> None:
        sent = {**rows("Total", "date"), "files": [*files(1), SimpleUploadedFile("broken.pdf", b"nothing")]}
        response = page.post(URL, sent, follow=True)
        project = Project.objects.get()
        assert project.schema.names == ("total", "date")
        assert project.schema.document == "receipt"
        assert [document.name for document in project.documents.all()] == ["receipt-0.png"]
        assert "broken.pdf: " in words(response)

    def test_without_files_it_is_made_all_the_same(self, page: Client) -> None:
        page.post(URL, rows("items", "keys", "values", "get", "count"))
        assert Project.objects.get().schema.names == ("items", "keys", "values", "get", "count")

    def test_files_of_another_start_are_not_taken(self, page: Client) -> None:
        page.post(URL, {**rows("total"), "template": "receipt", "files": files()})
        assert not Document.objects.exists()
        assert "company" in Project.objects.get().schema

    @pytest.mark.parametrize("bad", ["", "total", "9 lives"])
    def test_an_error_stands_in_its_row_and_nothing_is_stored(self, page: Client, bad: str) -> None:
        response = page.post(URL, rows("total", bad))
        assert response.status_code == 400
        assert [bool(row.error) for row in response.context["suggested"].form.rows] == [False, True]
        assert nothing_is_stored()

    def test_whoever_makes_it_at_once_is_shown_the_rows_first(self, page: Client) -> None:
        response = page.post(URL, {"name": "Receipts", "template": "suggested", "files": files()})
        assert response.status_code == 400
        assert "total" in [row.name for row in response.context["suggested"].form.rows]
        assert nothing_is_stored()

    @pytest.mark.parametrize(
        ("action", "names"),
        [("add", ["a", "b", ""]), ("remove-0", ["b"]), ("down-0", ["b", "a"]), ("refresh", ["a", "b"])],
    )
    def test_rows_can_be_changed_before(self, page: Client, action: str, names: list[str]) -> None:
        response = page.post(URL, {**rows("a", "b"), "do": action}, headers=HTMX)
        assert [row.name for row in response.context["suggested"].form.rows] == names
        assert nothing_is_stored()

    @pytest.mark.parametrize(
        ("sent", "sentence"),
        [
            ([], "Choose one to three files"),
            (files(4), "1 to 3 files"),
            (files(1, b"nothing"), "receipt-0.png was not read. "),
            (files(1, encoded(receipt(("",)), "PNG")), "No values with a printed name"),
        ],
        ids=["none", "four", "broken", "empty"],
    )
    def test_what_cannot_be_used_is_one_sentence(
        self, page: Client, sent: list[SimpleUploadedFile], sentence: str
    ) -> None:
        response = page.post(URL, {"do": "suggest", "files": sent}, headers=HTMX)
        assert response.status_code == 200
        assert sentence in response.context["suggested"].problem

    def test_rows_survive_a_suggestion_that_fails(self, page: Client) -> None:
        response = page.post(URL, {**rows("total"), "do": "suggest", "files": files(1, b"nothing")}, headers=HTMX)
        assert [row.name for row in response.context["suggested"].form.rows] == ["total"]


class TestModel:
    @pytest.mark.parametrize("agreed", [True, False])
    def test_pictures_go_to_it_only_where_somebody_agreed(
        self, page: Client, monkeypatch: pytest.MonkeyPatch, settings: object, agreed: bool
    ) -> None:
        answer = {
            "document": "bill",
            "fields": [{"name": "merchant", "type": "text", "instruction": "the shop", "parts": []}],
        }
        monkeypatch.setattr(Access, "local", property(lambda self: False))
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        settings.KD_TEACHER = "openai:qwen2.5-vl"  # type: ignore[attr-defined]
        with Provider(truth=lambda request: answer) as provider:
            monkeypatch.setenv("KD_TEACHER_BASE_URL", provider.url + "/v1")
            shown = page.get(URL)
            assert shown.context["consent"].sentence in words(shown)
            consent = {"consent": shown.context["consent"].provider} if agreed else {}
            response = page.post(URL, {"do": "suggest", "files": files(2), **consent}, headers=HTMX)
            assert len(provider.requests) == agreed
        suggested = response.context["suggested"]
        assert ([row.name for row in suggested.form.rows] == ["merchant"]) == agreed
        assert suggested.note == f"Suggested by {'openai:qwen2.5-vl' if agreed else 'rules'}."

    def test_a_teacher_that_is_not_set_up_is_not_offered(self, page: Client, settings: object) -> None:
        settings.KD_TEACHER = "openai:gpt-5-mini"  # type: ignore[attr-defined]
        assert page.get(URL).context["consent"] is None
