"""Reservations, assignments and filters: who gets which document of the queue."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from extraction.models import Document, Project, Reservation, Role, Source, User
from extraction.services.labels import store
from extraction.services.review import actions, assignments, queue, reservations
from tests.support import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return builders.project("receipts")


@pytest.fixture
def anna(project: Project) -> User:
    return builders.member(project, Role.REVIEWER)


@pytest.fixture
def ben(project: Project) -> User:
    return builders.member(project, Role.REVIEWER)


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def waiting(project: Project, confidence: float = 0.9, company: str = "Bean There") -> Document:
    document = builders.document(project)
    for field, value in (("company", company), ("total", "3.30")):
        store.write(document, field, value, source=Source.TEACHER, teacher="rules", confidence=confidence)
    return document


class Reviewer:
    """Reviews as the page does: opens the queue's head, loads the next ones in advance, accepts and goes on."""

    def __init__(self, user: User, project: Project) -> None:
        self.client, self.project, self.accepted = logged_in(user), project, list[int]()
        self.loaded: list[dict[str, Any]] = []

    def step(self) -> bool:
        """Accept one document; false where there is none left."""
        self._load()
        if not self.loaded:
            return False
        sheet = self.loaded.pop(0)
        shown = {name: field["label"] for name, field in sheet["fields"].items()}
        url = reverse("review_accept", args=[self.project.slug, sheet["document"]])
        response = self.client.post(url, json.dumps({"shown": shown}), content_type="application/json")
        assert response.status_code == 200, response.content
        self.accepted.append(sheet["document"])
        return True

    def _load(self) -> None:
        while len(self.loaded) < 3:
            without = ",".join(str(sheet["document"]) for sheet in self.loaded)
            response = self.client.get(reverse("review_upcoming", args=[self.project.slug]), {"without": without})
            if response.status_code == 204:
                return
            self.loaded.append(data_of(response.content))


def data_of(content: bytes) -> dict[str, Any]:
    page = content.decode()
    value: dict[str, Any] = json.loads(page.split('<script type="application/json">')[1].split("</script>")[0])
    return {"document": int(page.split('data-document="')[1].split('"')[0]), **value}


def test_two_reviewers_in_step_never_get_the_same_document(project: Project, anna: User, ben: User) -> None:
    documents = {waiting(project, number / 60).pk for number in range(60)}
    both = [Reviewer(anna, project), Reviewer(ben, project)]
    while sum(reviewer.step() for reviewer in both):
        pass
    first, second = (reviewer.accepted for reviewer in both)
    assert len(first) + len(second) == 60
    assert {*first, *second} == documents
    assert min(len(first), len(second)) >= 25


def test_an_open_document_is_left_to_its_reviewer(project: Project, anna: User, ben: User) -> None:
    document = waiting(project)
    start = reverse("review", args=[project.slug])
    opened = logged_in(anna).get(start)
    assert opened.headers["Location"].endswith(f"/{document.pk}/")
    logged_in(anna).get(opened.headers["Location"])
    nothing = logged_in(ben).get(start)
    assert nothing.status_code == 200
    assert "1 document waits for review at other reviewers" in " ".join(nothing.content.decode().split())
    assert "are reviewed" not in nothing.content.decode()
    seen = logged_in(ben).get(opened.headers["Location"]).content.decode()
    assert f"{anna.username} " in seen


def upcoming(user: User, project: Project, **query: str) -> int | None:
    """The document that a page gets next, if any."""
    response = logged_in(user).get(reverse("review_upcoming", args=[project.slug]), query)
    return data_of(response.content)["document"] if response.status_code == 200 else None


def opened(user: User, project: Project) -> int | None:
    """The document that review opens with, if any."""
    response = logged_in(user).get(reverse("review", args=[project.slug]))
    return int(response.headers["Location"].split("/")[-2]) if response.status_code == 302 else None


def taken(user: User, project: Project, *held: int) -> set[int]:
    """What somebody else has by now of the documents that a page holds, the first of them open."""
    form = {"documents": ",".join(map(str, held)), "open": str(held[0])}
    answer = logged_in(user).post(reverse("review_heartbeat", args=[project.slug]), form).json()
    return set(map(int, answer["taken"]))


@pytest.mark.parametrize("filtered", [False, True])
def test_what_is_only_loaded_ahead_goes_to_whoever_has_nothing_else(
    project: Project, anna: User, ben: User, filtered: bool
) -> None:
    """The last of the queue first; the page that had loaded it learns that, and both never open the same."""
    first, second, third = (waiting(project, number / 10).pk for number in range(3))
    query = {"reason": "low_confidence", "after": str(first)} if filtered else {}
    assert opened(anna, project) == first
    for held in (f"{first}", f"{first},{second}"):
        assert upcoming(anna, project, without=held, **query) is not None
    assert upcoming(ben, project, **query) is None  # loading ahead takes nothing away
    assert upcoming(ben, project, now="1", **query) == third
    assert taken(anna, project, first, second, third) == {third}
    assert taken(anna, project, second, first) == set()  # it is open now
    assert upcoming(ben, project, without=str(third), now="1", **query) is None


def test_review_opens_with_what_another_has_loaded_ahead(project: Project, anna: User, ben: User) -> None:
    first, second = (waiting(project, number / 10).pk for number in range(2))
    assert opened(anna, project) == first
    assert upcoming(anna, project, without=str(first)) == second
    assert opened(ben, project) == second
    assert taken(anna, project, first, second) == {second}
    assert taken(ben, project, second) == set()


def test_who_opens_first_what_both_could_open_has_it(project: Project, anna: User, ben: User) -> None:
    document = waiting(project)
    assert reservations.reserve(document, anna, ahead=True)
    assert not reservations.reserve(document, ben, ahead=True)
    assert reservations.opened_by_another(document, ben) is None
    assert reservations.reserve(document, anna)
    assert not reservations.reserve(document, ben)
    other = reservations.opened_by_another(document, ben)
    assert other is not None
    assert timezone.now() - other.since < timedelta(minutes=1)
    assert reservations.reserve(document, anna, ahead=True)  # a later sign does not close it
    assert not reservations.reserve(document, ben)


def test_without_a_sign_for_two_minutes_it_is_free(project: Project, anna: User, ben: User) -> None:
    document = waiting(project)
    assert reservations.reserve(document, anna)
    assert not reservations.reserve(document, ben)
    Reservation.objects.update(heartbeat=timezone.now() - timedelta(minutes=2, seconds=1))
    assert reservations.of_another(document, ben) is None
    assert reservations.reserve(document, ben)
    assert not reservations.reserve(document, anna)


def test_the_heartbeat_keeps_it_and_tells_who_took_it_over(project: Project, anna: User, ben: User) -> None:
    document = waiting(project)
    reservations.reserve(document, anna)
    Reservation.objects.update(heartbeat=timezone.now() - timedelta(seconds=100))
    beat = reverse("review_heartbeat", args=[project.slug])
    assert logged_in(anna).post(beat, {"documents": document.pk}).json() == {"taken": {}, "decided": []}
    assert Reservation.objects.get().heartbeat > timezone.now() - timedelta(seconds=20)
    taken_over = logged_in(ben).post(reverse("review_take_over", args=[project.slug, document.pk]))
    assert taken_over.status_code == 200
    told = logged_in(anna).post(beat, {"documents": document.pk}).json()["taken"]
    assert ben.username in told[str(document.pk)]


def test_the_heartbeat_tells_what_was_decided_meanwhile(project: Project, anna: User, ben: User) -> None:
    rows = [waiting(project, number / 10) for number in range(3)]
    actions.reject(rows[1], actor=ben)
    beat = reverse("review_heartbeat", args=[project.slug])
    form = {"documents": ",".join(str(row.pk) for row in rows), "open": rows[0].pk}
    assert logged_in(anna).post(beat, form).json() == {"taken": {}, "decided": [rows[1].pk]}


def test_a_document_that_was_deleted_meanwhile_is_nobodys(project: Project, anna: User) -> None:
    row = waiting(project)
    Document.objects.filter(pk=row.pk).delete()
    assert not reservations.reserve(row, anna)
    assert not reservations.reserve(row, anna, ahead=True)
    assert not Reservation.objects.exists()
    reservations.take_over(row, anna)
    assert not Reservation.objects.exists()


def test_leaving_and_deciding_give_it_back(project: Project, anna: User) -> None:
    document = waiting(project)
    reservations.reserve(document, anna)
    logged_in(anna).post(reverse("review_leave", args=[project.slug]), {"documents": document.pk})
    assert not Reservation.objects.exists()
    reservations.reserve(document, anna)
    url = reverse("review_reject", args=[project.slug, document.pk])
    logged_in(anna).post(url, json.dumps({"reason": ""}), content_type="application/json")
    assert not Reservation.objects.exists()


def sent(user: User, project: Project, name: str, page: str, number: int, *documents: int) -> None:
    """A heartbeat or goodbye of a page, as `name` says, with the first document open."""
    form = {"documents": ",".join(map(str, documents)), "open": documents[0], "page": page, "number": number}
    logged_in(user).post(reverse(f"review_{name}", args=[project.slug]), form)


def test_a_heartbeat_that_comes_after_the_pages_goodbye_reserves_nothing(project: Project, anna: User) -> None:
    first, second = (waiting(project, number / 10).pk for number in range(2))
    sent(anna, project, "heartbeat", "one", 1, first, second)
    sent(anna, project, "leave", "one", 2, first, second)
    sent(anna, project, "heartbeat", "one", 2, first, second)
    assert not Reservation.objects.exists()
    # Of another page, and of the same one as it is shown again.
    sent(anna, project, "heartbeat", "two", 1, first)
    sent(anna, project, "heartbeat", "one", 3, second)
    sent(anna, project, "heartbeat", "one", 1, first, second)
    assert set(Reservation.objects.values_list("document", flat=True)) == {first, second}


def test_a_goodbye_that_comes_during_a_heartbeat_wins(
    project: Project, anna: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    document, reserve = waiting(project), reservations.reserve

    def left_meanwhile(*args: Any, **options: Any) -> bool:
        sent(anna, project, "leave", "one", 1, document.pk)
        return reserve(*args, **options)

    monkeypatch.setattr(reservations, "reserve", left_meanwhile)
    sent(anna, project, "heartbeat", "one", 1, document.pk)
    assert not Reservation.objects.exists()


def test_heartbeats_and_goodbyes_do_without_the_cache(
    project: Project, anna: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise ConnectionError

    for name in ("get_many", "set_many"):
        monkeypatch.setattr(type(cache._connections["default"]), name, away)  # type: ignore[attr-defined]
    document = waiting(project).pk
    sent(anna, project, "heartbeat", "one", 1, document)
    assert Reservation.objects.get().document_id == document
    sent(anna, project, "leave", "one", 1, document)
    assert not Reservation.objects.exists()


def test_nobody_gives_back_what_another_holds(project: Project, anna: User, ben: User) -> None:
    document = waiting(project)
    reservations.reserve(document, anna)
    logged_in(ben).post(reverse("review_leave", args=[project.slug]), {"documents": document.pk})
    assert Reservation.objects.get().user == anna


def test_the_same_person_in_two_tabs_is_nobody_else(project: Project, anna: User) -> None:
    document = waiting(project)
    for _ in range(2):
        page = logged_in(anna).get(reverse("review_document", args=[project.slug, document.pk]))
        assert "is reviewing" not in page.content.decode()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"field": "date", "reason": "no_label"}, {"unsure", "sure", "accepted"}),
        ({"field": "company", "reason": "low_confidence"}, {"unsure"}),
        ({"reason": "low_confidence"}, {"unsure"}),
        ({"vendor": "tea"}, {"unsure"}),
        ({"mine": "1"}, {"sure"}),
    ],
)
def test_the_queue_is_filtered(project: Project, anna: User, query: dict[str, str], expected: set[str]) -> None:
    """A filter for a missing label finds accepted documents, too: there is no other way to them."""
    rows = {"unsure": waiting(project, 0.2, "The Tea House"), "sure": waiting(project), "accepted": waiting(project)}
    Document.objects.filter(pk=rows["accepted"].pk).update(review=Document.Review.ACCEPTED)
    assignments.assign([rows["sure"]], anna)
    client, found = logged_in(anna), set[int]()
    url, parameters = reverse("review_upcoming", args=[project.slug]), dict(query)
    while (response := client.get(url, parameters)).status_code == 200:
        key = data_of(response.content)["document"]
        assert key not in found
        found.add(key)
        parameters["after"] = str(key)
    assert found == {rows[name].pk for name in expected}


def test_documents_are_assigned_to_members_who_may_review(project: Project, anna: User) -> None:
    document = waiting(project)
    url = reverse("review_assign", args=[project.slug, document.pk])
    assert logged_in(anna).post(url, {"user": anna.pk}).status_code == 302
    assert document.assignment.user == anna
    viewer = builders.member(project, Role.VIEWER)
    assert logged_in(anna).post(url, {"user": viewer.pk}).status_code == 400
    logged_in(anna).post(url, {"user": ""})
    assert not Document.objects.filter(assignment__isnull=False).exists()


def test_what_changed_between_reading_and_reserving_is_passed_over(
    project: Project, anna: User, ben: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first two of the queue were free when it was read; then one was reserved and the other decided."""
    taken, decided, free = (waiting(project, number / 10) for number in range(3))

    def read_too_early(user: User, documents: object) -> list[Document]:
        reservations.reserve(taken, anna)
        Document.objects.filter(pk=decided.pk).update(review=Document.Review.ACCEPTED)
        return [taken, decided, free]

    monkeypatch.setattr(reservations, "free_for", read_too_early)
    assert queue.take(project, ben) == free
    assert {row.document_id: row.user for row in Reservation.objects.select_related("user")} == {
        taken.pk: anna,
        free.pk: ben,
    }


def test_progress_counts_what_people_decided(project: Project, anna: User, ben: User) -> None:
    for reviewer in (anna, anna, ben):
        actions.reject(waiting(project), actor=reviewer)
    waiting(project)
    store.write(builders.document(project), "total", "3.30", source=Source.TRUTH)
    tally = queue.tally(project, anna)
    assert (tally.done, tally.total, tally.today) == (3, 4, 2)


def test_assigning_in_review_keeps_the_filter(project: Project, anna: User) -> None:
    document = waiting(project, 0.2)
    query = "?field=total&reason=low_confidence"
    page = reverse("review_document", args=[project.slug, document.pk]) + query
    client = logged_in(anna)
    action = client.get(page).content.decode().split('class="review-assign"')[1].split('action="')[1].split('"')[0]

    response = client.post(action.replace("&amp;", "&"), {"user": anna.pk, "from": "review"})

    assert response.headers["Location"] == page
