"""The review page and its requests: what they show, store, refuse and to whom."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from django.core.management.color import no_style
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import DjangoAssertNumQueries

from extraction.domain.fields import Field
from extraction.domain.text import LONGEST_VALUE
from extraction.models import Document, Label, Project, Role, User
from extraction.services.labels import ranking, store
from extraction.services.projects import projects
from extraction.services.review import actions
from tests.support import builders

pytestmark = pytest.mark.django_db

SAID = {"company": "BEAN THERE SDN BHD", "date": "25/12/2018", "address": "12 Harbour Road", "total": "3.30"}


@pytest.fixture
def project() -> Project:
    return builders.project("receipts")


@pytest.fixture
def anna(project: Project) -> User:
    return builders.member(project, Role.REVIEWER)


@pytest.fixture
def client(anna: User) -> Client:
    client = Client()
    client.force_login(anna)
    return client


def waiting(project: Project, confidence: float = 0.9, **values: str | None) -> Document:
    document = builders.document(project)
    said = [
        store.LabelInput(document, field, value, "teacher", teacher="rules", confidence=confidence)
        for field, value in (SAID | values).items()
    ]
    store.write_many(project, said)
    document.refresh_from_db()
    return document


@pytest.fixture
def document(project: Project) -> Document:
    return waiting(project)


def url(name: str, document: Document) -> str:
    return reverse(name, args=[document.project.slug, document.pk])


def post(client: Client, name: str, document: Document, body: object) -> Any:
    text = body if isinstance(body, str) else json.dumps(body)
    return client.post(
        url(name, document), text, content_type="application/json", headers={"Accept": "application/json"}
    )


def sheet_data(content: bytes) -> dict[str, Any]:
    text = content.decode().split('<script type="application/json">')[1].split("</script>")[0]
    return json.loads(text)  # type: ignore[no-any-return]


def test_review_starts_with_the_least_confident_document(client: Client, project: Project, document: Document) -> None:
    unsure = waiting(project, 0.1)

    response = client.get(reverse("review", args=[project.slug]))

    assert response.headers["Location"] == url("review_document", unsure)


@pytest.mark.parametrize(("unlabelled", "next_step"), [(0, "documents"), (2, "teacher")])
def test_an_empty_queue_says_what_comes_next(client: Client, project: Project, unlabelled: int, next_step: str) -> None:
    for _ in range(unlabelled):
        builders.document(project)

    page = client.get(reverse("review", args=[project.slug])).content.decode()

    assert f'href="{reverse(next_step, args=[project.slug])}"' in page


def test_a_finished_queue_leads_to_training(client: Client, project: Project, document: Document, anna: User) -> None:
    actions.reject(document, actor=anna)

    page = client.get(reverse("review", args=[project.slug])).content.decode()

    assert "Nothing waits for review" in page
    assert f'href="{reverse("training", args=[project.slug])}"' in page


@pytest.mark.parametrize("role", [Role.OWNER, Role.REVIEWER])
@pytest.mark.parametrize("truth", [False, True])
def test_a_finished_queue_names_the_fields_that_lack_labels(
    project: Project, document: Document, anna: User, role: Role, truth: bool
) -> None:
    if truth:
        for field, value in SAID.items():
            store.write(document, field, value, source="truth")
    else:
        actions.accept(document, {label.field: label.pk for label in document.labels.all()}, actor=anna)
    schema = replace(project.schema, fields=(*project.schema.fields, Field("due_date", "date")))
    projects.change_schema(project, schema)
    client = Client()
    client.force_login(builders.member(project, role))

    page = client.get(reverse("review", args=[project.slug])).content.decode()

    done = page.split('<div class="empty">')[1]
    assert "Label due_date on 1 document" in done
    assert "All " not in done
    assert "are reviewed" not in done
    by_hand = f"{reverse('review', args=[project.slug])}?field=due_date&amp;reason=no_label"
    assert by_hand in done
    assert (f'href="{reverse("teacher", args=[project.slug])}"' in done) is (role is Role.OWNER)
    assert client.get(by_hand.replace("&amp;", "&")).headers["Location"].startswith(url("review_document", document))


def test_the_page_shows_values_sources_confidence_and_why_they_wait(client: Client, project: Project) -> None:
    document = waiting(project, 0.41, date="<b>soon</b>")

    page = client.get(url("review_document", document)).content.decode()

    assert "Low confidence 0.41" in page
    assert "Not a valid date" in page
    assert "&lt;b&gt;soon&lt;/b&gt;" in page
    assert "<b>soon" not in page
    assert "0 of 1 reviewed" in page


def test_the_script_gets_words_and_places(client: Client, document: Document) -> None:
    data = sheet_data(client.get(url("review_document", document)).content)

    assert data["pages"][0]["words"][0][0] == "BEAN"
    assert data["pages"][0]["image"] == reverse("page_image", args=["receipts", document.pk, 0])
    company = data["fields"]["company"]
    assert company.pop("boxes")[0].keys() == {"page", "x0", "y0", "x1", "y1"}
    assert company == {
        "flagged": False,
        "title": "Company",
        "value": SAID["company"],
        "absent": False,
        "label": ranking.best(document)["company"].pk,
        "known": 0,
        "confirmed": False,
        "missing": False,
        "typed": False,
        "truth": False,
        "amount": None,
        "offers": [],
        "table": None,
        "spans": [[0, 0, 3, 0, None]],
    }


def test_numbers_for_the_script_have_no_separators(client: Client, project: Project, document: Document) -> None:
    Document.objects.filter(pk=builders.document(project, pages=[]).pk).update(id=54_321)
    with connection.cursor() as cursor:
        # PostgreSQL goes on from where its own count stands.
        for statement in connection.ops.sequence_reset_sql(no_style(), [Document]):
            cursor.execute(statement)
    far = waiting(project)

    page = client.get(url("review_document", far)).content.decode()

    assert far.pk > 54_321
    assert f'data-document="{far.pk}"' in page


def test_a_fragment_is_the_sheet_alone(client: Client, document: Document) -> None:
    content = client.get(url("review_document", document) + "?part=sheet").content.decode()

    assert content.strip().startswith("<article")
    assert "<html" not in content


def test_the_page_takes_the_same_queries_whatever_the_project_holds(
    client: Client, project: Project, document: Document, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(5):
        waiting(project)
        actions.save(document, "total", str(_), known=2**31, actor=builders.user())
        builders.member(project, Role.REVIEWER)

    # session, user, membership, project, document, pages, labels, tally (2), reservation (3), reviewers, assignment,
    # strip of steps (5)
    with django_assert_num_queries(17):
        client.get(url("review_document", document) + "?part=sheet")


def test_the_next_sheet_leaves_out_what_is_at_hand(client: Client, project: Project, document: Document) -> None:
    upcoming = reverse("review_upcoming", args=[project.slug])
    other = waiting(project, 0.95)

    assert f'data-document="{other.pk}"' in client.get(f"{upcoming}?part=sheet&without={document.pk}").content.decode()
    assert client.get(f"{upcoming}?without={document.pk},{other.pk},x").status_code == 204


def test_one_can_step_through_the_queue(client: Client, project: Project, document: Document) -> None:
    other = waiting(project, 0.95)

    assert f'data-document="{other.pk}"' in client.get(url("review_next", document)).content.decode()
    assert f'data-document="{document.pk}"' in client.get(url("review_previous", other)).content.decode()
    assert client.get(url("review_next", other)).status_code == 204


def test_a_value_is_saved_at_once(client: Client, document: Document, anna: User) -> None:
    answer = post(client, "review_save", document, {"field": "total", "value": "3.00", "known": 0}).json()

    written = ranking.best(document)["total"]
    assert (written.value, written.author) == ("3.00", anna)
    assert answer["label"] == answer["field"]["known"] == written.pk
    assert "Reviewer" in answer["meta"]


def test_clicked_words_are_saved_with_the_value(client: Client, document: Document) -> None:
    body = {"field": "company", "value": "BEAN THERE", "spans": [[0, 0, 1, 0, None]], "known": 0}

    assert post(client, "review_save", document, body).json()["field"]["spans"] == [[0, 0, 1, 0, None]]


def test_a_conflict_answers_with_what_the_other_wrote(client: Client, project: Project, document: Document) -> None:
    ben = builders.member(project, Role.REVIEWER)
    theirs = actions.save(document, "total", "3.00", known=0, actor=ben)

    response = post(client, "review_save", document, {"field": "total", "value": "3.50", "known": 0})

    assert response.status_code == 409
    conflict = response.json()["conflict"]
    assert (conflict["who"], conflict["value"], conflict["known"]) == (ben.username, "3.00", theirs.pk)
    assert conflict["mine"] is False
    assert set(conflict) == {"field", "value", "withdrawn", "who", "mine", "when", "known", "rows"}
    assert response.json()["error"].startswith(f"{ben.username} wrote “3.00” for “total” at ")


@pytest.mark.parametrize(
    "body",
    [
        "no json",
        "[]",
        {},
        {"field": "colour", "value": "red"},
        {"field": "total", "value": 3},
        {"field": "total", "value": ""},
        {"field": "total", "value": "3", "known": "x"},
        {"field": "total", "value": "3", "spans": [[0, 1]]},
        {"field": "total", "value": "3", "spans": [[0, -1, 2, 0, None]]},
        {"field": "total", "value": "3", "spans": [[7, 0, 0, 0, None]]},
    ],
)
def test_a_broken_request_gets_one_sentence_and_changes_nothing(
    client: Client, document: Document, body: object
) -> None:
    before = Label.objects.count()

    response = post(client, "review_save", document, body)

    assert response.status_code == 400
    assert response.json()["error"].endswith(".")
    assert Label.objects.count() == before


def test_accepting_skipping_rejecting_and_reopening(client: Client, document: Document) -> None:
    shown = {name: field["label"] for name, field in _data(client, document)["fields"].items()}

    assert post(client, "review_skip", document, {}).status_code == 200
    assert len(post(client, "review_accept", document, {"shown": shown}).json()["written"]) == 4
    document.refresh_from_db()
    assert document.review == Document.Review.ACCEPTED
    assert post(client, "review_reject", document, {}).status_code == 409
    assert post(client, "review_reopen", document, {}).status_code == 200
    assert post(client, "review_reject", document, {"reason": "Not a receipt"}).status_code == 200
    page = client.get(url("review_document", document)).content.decode()
    assert "Reason: Not a receipt" in page


def test_undo_takes_an_acceptance_back(client: Client, document: Document) -> None:
    shown = {name: field["label"] for name, field in _data(client, document)["fields"].items()}
    written = post(client, "review_accept", document, {"shown": shown}).json()["written"]

    changes = [row | {"known": row["label"]} for row in written]
    assert post(client, "review_undo", document, {"what": "accept", "changes": changes}).status_code == 200

    document.refresh_from_db()
    assert document.review == Document.Review.WAITING
    assert {label.source for label in ranking.best(document).values()} == {"teacher"}


def test_a_text_is_found_while_it_is_typed(client: Client, document: Document) -> None:
    found = client.get(url("review_find", document), {"field": "company", "text": "BEAN THERE"}).json()

    assert found["spans"] == [[0, 0, 1, 0, None]]
    assert client.get(url("review_find", document), {"field": "colour", "text": "x"}).status_code == 400


def test_what_is_not_read_yet_cannot_be_reviewed(client: Client, project: Project) -> None:
    document = builders.document(project, state=Document.State.QUEUED, pages=[])

    assert client.get(url("review_document", document)).status_code == 409


def test_documents_of_other_projects_do_not_exist_here(client: Client, document: Document) -> None:
    other = waiting(builders.project())

    assert client.get(reverse("review_document", args=["receipts", other.pk])).status_code == 404
    wrong = reverse("review_save", args=["receipts", other.pk])
    assert client.post(wrong, "{}", content_type="application/json").status_code == 404


PAGES = ["review_document", "review_next", "review_previous", "review_find"]
CHANGES = ["review_save", "review_accept", "review_reject", "review_skip", "review_reopen", "review_undo"]


@pytest.mark.parametrize("name", PAGES + CHANGES)
@pytest.mark.parametrize(("role", "status"), [(None, 404), (Role.VIEWER, 403)])
def test_viewers_and_strangers_stay_out(document: Document, name: str, role: Role | None, status: int) -> None:
    client = Client()
    client.force_login(builders.member(document.project, role) if role else builders.user())

    assert (client.get if name in PAGES else client.post)(url(name, document)).status_code == status


def _data(client: Client, document: Document) -> dict[str, Any]:
    return sheet_data(client.get(url("review_document", document)).content)


def test_the_page_takes_values_as_long_as_any_label(client: Client, document: Document) -> None:
    longest = "x" * LONGEST_VALUE
    store.write(document, "company", longest, source="reviewer", spans=())
    page = client.get(reverse("review_document", args=["receipts", document.pk])).content.decode()
    assert f'maxlength="{LONGEST_VALUE}"' in page
    assert longest in page
