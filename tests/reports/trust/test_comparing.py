"""Two systems of a report side by side: counted, filtered, differences first."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from extraction.domain.trust.pairs import PairCounts
from extraction.models import Project, Report, ReportedDocument
from extraction.services.reports.trust import comparing
from extraction.services.reports.trust.comparing import Pair, Shown
from tests.support import builders

pytestmark = pytest.mark.django_db


def listed(report: Report, pair: Pair, shown: Shown = Shown.ALL) -> list[tuple[bool, bool]]:
    rows = comparing.rows(report, pair, shown).select_related("document")
    return [(each.left, each.right) for each in comparing.compared(report, pair, list(rows))]


def test_documents_are_counted_by_who_has_them_right(report: Report) -> None:
    """`recorded` is right on the first document alone, `other` on the second and third."""
    pair = Pair("recorded", "other")
    assert comparing.counts(report, pair) == PairCounts(both_right=0, only_left=1, only_right=2, both_wrong=0)
    assert comparing.counts(report, Pair("other", "recorded")) == PairCounts(0, 2, 1, 0)
    assert listed(report, pair, Shown.ONLY_LEFT) == [(True, False)]
    assert listed(report, pair, Shown.ONLY_RIGHT) == [(False, True)] * 2
    assert listed(report, pair, Shown.BOTH_WRONG) == []


def test_by_a_field_differences_come_first(report: Report) -> None:
    company = Pair("recorded", "other", "company")
    assert comparing.counts(report, company) == PairCounts(2, 1, 0, 0)
    assert listed(report, company) == [(True, False), (True, True), (True, True)]
    assert comparing.counts(report, Pair("recorded", "other", "date")).documents == 0


def test_a_field_is_not_taken_for_one_whose_name_holds_it(report: Report) -> None:
    ReportedDocument.objects.update(wrong=",subtotal,", answers={"total": {"truth": "1", "answer": "1", "right": True}})
    assert comparing.counts(report, Pair("recorded", "other", "total")) == PairCounts(3, 0, 0, 0)


def test_the_page_shows_both_answers(page: Client, report: Report) -> None:
    url = reverse("report_compare", args=["receipts", report.pk])
    text = page.get(url, {"left": "recorded", "right": "other", "show": "only_right"}).content.decode()
    assert text.count("compared-") >= 2
    assert "3.00" in text
    assert "SDN BHD" not in text
    assert page.get(url, {"left": "nobody"}).status_code == 404
    assert page.get(url, {"field": "moon"}).status_code == 404
    assert page.get(url, {"left": "other", "right": "other"}).status_code == 400
    assert page.get(url, {"right": "recorded", "show": "moon", "page": "x"}).status_code == 200


def test_one_system_alone_cannot_be_compared(page: Client, write_report: Callable[..., Report]) -> None:
    alone = write_report("teacher")
    response = page.get(reverse("report_compare", args=["receipts", alone.pk]))
    assert response.status_code == 400


def test_the_number_of_queries_does_not_grow(page: Client, project: Project, report: Report) -> None:
    url = reverse("report_compare", args=["receipts", report.pk])
    page.get(url)
    with CaptureQueriesContext(connection) as few:
        page.get(url)
    answers = {"total": {"truth": "1", "answer": "2", "right": False}}
    for _ in range(6):
        row = builders.document(project, split="test")
        for system in ("recorded", "other"):
            report.answered.create(document=row, system=system, answers=answers, wrong=",total,")
    with CaptureQueriesContext(connection) as many:
        assert page.get(url).content.decode().count("Both wrong") == 6
    assert len(many) == len(few)
