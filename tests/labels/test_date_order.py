"""The order of day and month: a setting of the project that never overrides what a person chose."""

import pytest
from django.test import Client
from django.urls import reverse

from extraction.models import DateOrder, Document, Label, Project, Role, Source, User
from extraction.services.errors import Invalid
from extraction.services.labels import conventions, date_order, ranking, store
from extraction.services.review import actions
from extraction.services.review.conflicts import Overwriting
from extraction.services.review.sheet import field_sheet
from tests.support import builders

pytestmark = pytest.mark.django_db
PRINTED, DAY_FIRST, MONTH_FIRST = "06/02/2026", "2026-02-06", "2026-06-02"


@pytest.fixture
def project() -> Project:
    return builders.project()


@pytest.fixture
def reviewer(project: Project) -> User:
    return builders.member(project, Role.REVIEWER)


@pytest.fixture
def document(project: Project) -> Document:
    row = builders.document(project, f"Date {PRINTED}")
    store.write(row, "date", PRINTED, source=Source.TEACHER, teacher="rules")
    return row


def meaning(document: Document) -> str | None:
    return ranking.best(Document.objects.select_related("project").get(pk=document.pk))["date"].normalized


def chosen(document: Document, reading: str, reviewer: User, known: int = 0) -> Label:
    return actions.save(document, "date", PRINTED, known=known, actor=reviewer, reading=reading)


def test_the_setting_decides_over_what_the_dates_show(project: Project, document: Document) -> None:
    store.write(document, "date", "25/12/2018", source=Source.CLAIM)
    assert date_order.day_order(project) == "dmy"
    conventions.set_date_order(project, DateOrder.MONTH_FIRST)
    assert date_order.day_order(project) == "mdy"
    conventions.set_date_order(project, DateOrder.FOUND)
    assert date_order.day_order(project) == "dmy"


def test_a_change_reads_again_what_was_read_by_the_order_and_only_once(project: Project, document: Document) -> None:
    store.write(document, "date", "5 MAR 2018", source=Source.CLAIM)
    assert meaning(document) is None
    for order, expected in ((DateOrder.DAY_FIRST, DAY_FIRST), (DateOrder.MONTH_FIRST, MONTH_FIRST)):
        assert conventions.set_date_order(project, order) == 1
        assert meaning(document) == expected
        assert conventions.set_date_order(project, order) == 0
    assert set(Label.objects.filter(source=Source.CLAIM).values_list("normalized", flat=True)) == {"2018-03-05"}
    with pytest.raises(Invalid):
        conventions.set_date_order(project, "ydm")


def test_what_a_person_chose_stays(project: Project, document: Document, reviewer: User) -> None:
    label = chosen(document, MONTH_FIRST, reviewer)
    assert (label.value, label.normalized, label.source) == (PRINTED, MONTH_FIRST, Source.REVIEWER)
    conventions.set_date_order(project, DateOrder.DAY_FIRST)
    conventions.read_unread(project)
    assert meaning(document) == MONTH_FIRST
    # The same request again, and the same value without a word about its meaning, write nothing.
    assert chosen(document, MONTH_FIRST, reviewer) == label
    assert actions.save(document, "date", PRINTED, known=label.pk, actor=reviewer) == label


def test_a_choice_is_one_of_the_meanings_and_can_be_changed_and_undone(document: Document, reviewer: User) -> None:
    with pytest.raises(Invalid, match="cannot mean"):
        chosen(document, "2026-02-07", reviewer)
    first = chosen(document, DAY_FIRST, reviewer)
    second = chosen(document, MONTH_FIRST, reviewer, known=first.pk)
    assert meaning(document) == MONTH_FIRST
    actions.undo(document, [actions.Change("date", second.pk, second.pk)], actor=reviewer)
    assert meaning(document) == DAY_FIRST
    assert ranking.best(document)["date"].reading_chosen


def test_nobody_overwrites_the_choice_of_another(project: Project, document: Document, reviewer: User) -> None:
    chosen(document, DAY_FIRST, reviewer)
    with pytest.raises(Overwriting):
        chosen(document, MONTH_FIRST, builders.member(project, Role.REVIEWER))


def test_an_ambiguous_date_is_a_question_and_no_invalid_value(document: Document, reviewer: User) -> None:
    sheet = field_sheet(document, "date")
    assert "6 February or 2 June?" in sheet.reason_texts
    assert "Not a valid date" not in sheet.reason_texts
    assert [choice.normalized for choice in sheet.choices] == [DAY_FIRST, MONTH_FIRST]
    chosen(document, DAY_FIRST, reviewer)
    sheet = field_sheet(document, "date")
    assert (sheet.normalized, sheet.note_texts) == (DAY_FIRST, [])


def test_dates_of_documents_that_tell_their_order_are_read(project: Project) -> None:
    ours, theirs = (builders.document(project, PRINTED, line) for line in ("VAT 20%", "Fresno, CA 93706"))
    for row in (ours, theirs):
        store.write(row, "date", PRINTED, source=Source.TEACHER, teacher="rules")
    assert (meaning(ours), meaning(theirs)) == (DAY_FIRST, MONTH_FIRST)


def test_review_and_the_document_page_show_the_meaning_and_the_question(
    client: Client, project: Project, document: Document, reviewer: User
) -> None:
    client.force_login(reviewer)
    store.write(document, "total", "34,73", source=Source.TEACHER, teacher="rules")
    page = client.get(reverse("review_document", args=[project.slug, document.pk])).content.decode()
    assert "= 34.73" in page
    assert f'data-reading="{MONTH_FIRST}"' in page
    assert "Day or month first?" in client.get(reverse("document", args=[project.slug, document.pk])).content.decode()
    body = {"field": "date", "value": PRINTED, "spans": None, "known": 0, "reading": DAY_FIRST}
    url = reverse("review_save", args=[project.slug, document.pk])
    answer = client.post(url, body, content_type="application/json").json()
    assert f"= {DAY_FIRST}" in answer["meta"]
    assert answer["field"]["value"] == PRINTED
    refused = client.post(url, {**body, "reading": 7}, content_type="application/json")
    assert refused.status_code == 400


def test_the_page_tells_what_was_found_and_an_owner_changes_it(client: Client, project: Project) -> None:
    row = builders.document(project)
    for day in (14, 25):
        store.write(row, "date", f"{day}/12/2018", source=Source.TEACHER, teacher="rules")
    url = reverse("date_order", args=[project.slug])
    client.force_login(builders.member(project, Role.OWNER))
    assert "Day first, as 2 of the project&#x27;s dates show." in client.get(url).content.decode()
    answer = client.post(url, {"order": "mdy"}, follow=True)
    assert "Saved." in answer.content.decode()
    project.refresh_from_db()
    assert project.date_order == DateOrder.MONTH_FIRST
    assert client.post(url, {"order": "sideways"}).status_code == 400
