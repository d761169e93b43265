"""Misses of a report: each with its cause, filtered, and its label mended from there."""

import re
from collections.abc import Callable

import pytest
from django.core.paginator import Paginator
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from extraction.domain.progress import Silent
from extraction.domain.trust.causes import Cause
from extraction.models import BestLabel, Document, Project, Report, ReportedMiss, Source, User
from extraction.services.labels import store
from extraction.services.reports import reports
from extraction.services.reports.trust import mending, misses
from extraction.services.reports.trust.misses import Condition, Mending
from extraction.services.review import actions
from extraction.services.review.conflicts import Overwriting
from tests.support import builders

pytestmark = pytest.mark.django_db


def show(client: Client, report: Report, **query: str) -> str:
    response = client.get(reverse("report_misses", args=["receipts", report.pk]), query)
    assert response.status_code == 200
    return response.content.decode()


def cards(text: str) -> list[int]:
    return [int(number) for number in re.findall(r'id="miss-(\d+)"', text)]


def mend(page: Client, miss: ReportedMiss, *, htmx: bool = True, **typed: str) -> tuple[int, str]:
    url = reverse("miss_mend", args=["receipts", miss.report_id, miss.pk])
    response = page.post(url, typed, headers={"HX-Request": "true"} if htmx else {})
    return response.status_code, response.content.decode()


def state(project: Project, miss: ReportedMiss) -> Mending:
    [shown] = misses.shown(project, [ReportedMiss.objects.select_related("document", "label").get(pk=miss.pk)])
    return shown.mending


def test_every_answer_that_is_not_right_is_kept_with_its_cause(report: Report) -> None:
    kept = {(row.system, row.field, row.answer): row.cause for row in report.misses.all()}
    assert kept == {
        ("recorded", "total", "3.00"): Cause.WRONG_SPAN,
        ("recorded", "total", None): Cause.WRONG_SPAN,
        ("other", "company", "SDN BHD"): Cause.WRONG_SPAN,
    }


def test_two_sources_that_say_what_was_answered_speak_against_the_label(
    project: Project, write_report: Callable[..., Report]
) -> None:
    """The project's teacher is `recorded`; it does not count for itself."""
    row = project.documents.order_by("pk")[1]
    for source, teacher in ((Source.TEACHER, "third"), (Source.CLAIM, "")):
        store.write(row, "total", "3.00", source=source, teacher=teacher)
    found = write_report("teacher", "other").misses.get(system="recorded", document=row)
    assert found.cause == Cause.WRONG_LABEL


def test_a_report_that_is_written_again_after_a_crash_keeps_nothing_twice(report: Report) -> None:
    before = (report.misses.count(), report.answered.count(), report.confidences.count())
    reports.run(report.pk, Silent())
    assert (report.misses.count(), report.answered.count(), report.confidences.count()) == before == (3, 6, 6)


def test_misses_are_filtered_by_system_field_and_cause(page: Client, report: Report) -> None:
    mine = report.misses.filter(system="recorded")
    assert sorted(cards(show(page, report, system="recorded"))) == sorted(mine.values_list("pk", flat=True))
    assert len(cards(show(page, report, system="other", field="company"))) == 1
    assert len(cards(show(page, report, system="other", field="total"))) == 0
    assert len(cards(show(page, report, system="recorded", cause=Cause.WRONG_SPAN))) == 2
    assert len(cards(show(page, report, system="recorded", cause=Cause.NOT_READ))) == 0
    # What means nothing filters nothing.
    assert len(cards(show(page, report, system="nobody", cause="moon", page="-3"))) == 2


def test_parts_beyond_a_thousand_are_linked_by_plain_numbers() -> None:
    part = Paginator(range(3000), 1).get_page(1500)
    text = render_to_string("reports/trust/_pager.html", {"part": part, "kept": "system=recorded"})
    assert 'page=1499"' in text
    assert 'page=1501"' in text
    assert "1,500" in text


def test_the_page_needs_a_fixed_number_of_queries(page: Client, project: Project, report: Report) -> None:
    with CaptureQueriesContext(connection) as few:
        show(page, report, system="recorded")
    for _ in range(5):
        row = builders.document(project, split="test")
        ReportedMiss.objects.create(
            report=report, document=row, system="recorded", field="total", truth="3.30", cause="not_read", similarity=0
        )
    with CaptureQueriesContext(connection) as many:
        show(page, report, system="recorded")
    assert len(many) == len(few)


def test_a_label_is_mended_from_its_miss_which_then_says_so(page: Client, project: Project, report: Report) -> None:
    miss = report.misses.get(answer="3.00")
    assert state(project, miss) is Mending.OPEN
    status, card = mend(page, miss, what="typed", value="5.00", known=str(miss.label_id))
    assert status == 200
    assert cards(card) == [miss.pk]
    assert "5.00" in card
    assert state(project, miss) is Mending.MENDED
    # Truth is corrected as truth, and the report stays as it was written.
    label = BestLabel.objects.get(document=miss.document, field="total").label
    assert (label.source, label.value, label.author) == (Source.TRUTH, "5.00", User.objects.latest("pk"))
    miss.refresh_from_db()
    assert (miss.truth, miss.answer) == ("3.30", "3.00")


def test_the_answer_is_taken_on_its_own_words(page: Client, project: Project, report: Report) -> None:
    miss = report.misses.get(answer="3.00")
    for _ in range(2):  # sent again after a lost connection
        assert mend(page, miss, what="answer", known=str(miss.label_id))[0] == 200
    label = BestLabel.objects.get(document=miss.document, field="total").label
    assert (label.value, label.spans) == ("3.00", miss.spans)
    assert miss.document.labels.filter(field="total", source=Source.TRUTH).count() == 2
    assert state(project, miss) is Mending.MENDED_TO_ANSWER


def test_without_script_one_comes_back_to_the_miss(page: Client, report: Report) -> None:
    miss = report.misses.get(answer="3.00")
    response = page.post(
        reverse("miss_mend", args=["receipts", report.pk, miss.pk]), {"what": "absent", "known": str(miss.label_id)}
    )
    assert response.status_code == 302
    assert response["Location"].endswith(f"?system=recorded#miss-{miss.pk}")


def test_an_accepted_document_stays_accepted(
    project: Project, owner: User, reviewer: User, write_report: Callable[..., Report]
) -> None:
    row = builders.document(project, split="validation")
    company = actions.save(row, "company", "BEAN THERE SDN BHD", known=0, actor=owner)
    store.write(row, "total", "3.00", source=Source.TEACHER, teacher="recorded")
    label = actions.save(row, "total", "3.30", known=0, actor=owner)
    actions.accept(row, {"company": company.pk, "total": label.pk}, actor=owner)
    report = write_report("teacher", split="validation")
    miss = mending.find(report, ReportedMiss.objects.get(field="total").pk)
    mended = mending.write(miss, "3.35", known=label.pk, actor=reviewer)
    row.refresh_from_db()
    assert (row.review, row.reviewer) == (Document.Review.ACCEPTED, reviewer)
    assert (mended.source, mended.value) == (Source.REVIEWER, "3.35")
    # A page that does not know of it overwrites nothing, and the document is as it was.
    with pytest.raises(Overwriting):
        mending.write(miss, "9.99", known=label.pk, actor=owner)
    row.refresh_from_db()
    assert (row.review, row.reviewer) == (Document.Review.ACCEPTED, reviewer)
    assert state(project, miss) is Mending.MENDED


def test_what_cannot_be_written_is_said_and_stays_typed(page: Client, project: Project, report: Report) -> None:
    miss = report.misses.get(answer="3.00")
    known = str(miss.label_id)
    store.write(miss.document, "total", "4.00", source=Source.TRUTH)
    for typed in ("  ", "x" * 10**4, "4.50"):
        status, card = mend(page, miss, what="typed", value=typed, known=known)
        assert status == 200
        assert 'role="alert"' in card
        assert f'value="{typed}"' in card
    assert miss.document.labels.filter(field="total", source=Source.TRUTH).count() == 2
    # Without script it is a page of its own.
    assert mend(page, miss, htmx=False, what="typed", value="", known=known)[0] == 400
    assert mend(page, miss, htmx=False, what="typed", value="4.50", known=known)[0] == 409
    url = reverse("miss_mend", args=["receipts", report.pk, miss.pk + 99])
    assert page.post(url, {"what": "absent"}).status_code == 404


def test_a_deleted_document_takes_its_misses_along(project: Project, report: Report) -> None:
    miss = report.misses.get(answer="3.00")
    miss.document.delete()
    assert not report.misses.filter(pk=miss.pk).exists()
    gallery = misses.gallery(project, report, Condition("recorded"))
    assert gallery.total == 1


def test_a_report_under_way_has_no_misses_yet(page: Client, project: Project) -> None:
    report = reports.start(project, send=False)
    assert page.get(reverse("report_misses", args=["receipts", report.pk])).status_code == 404
