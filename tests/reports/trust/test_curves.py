"""Trust in a report's systems: figures of their confidences, thresholds, and pictures that can be read out."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from extraction.domain.evaluation.guarantees import GuaranteeState
from extraction.models import Report
from extraction.services.errors import Invalid, NotFound
from extraction.services.reports.trust import curves

pytestmark = pytest.mark.django_db


def show(page: Client, report: Report, status: int = 200, **query: str) -> str:
    response = page.get(reverse("report_trust", args=["receipts", report.pk]), query)
    assert response.status_code == status
    return response.content.decode()


def test_confidences_are_kept_by_field_and_for_all(report: Report) -> None:
    value = report.as_domain()
    assert value is not None
    total = curves.of(report, value, "recorded", "total")
    assert total.fields == ("company", "total")
    assert total.confidences is not None
    assert [(level.confidence, level.right) for level in total.confidences.levels] == [(0.9, 1), (0.6, 0), (0.3, 0)]
    everything = curves.of(report, value, "recorded")
    assert everything.confidences is not None
    assert everything.confidences.count == 6
    assert everything.threshold is not None
    assert everything.threshold.state is GuaranteeState.TOO_FEW
    with pytest.raises(NotFound):
        curves.of(report, value, "nobody")
    with pytest.raises(NotFound):
        curves.of(report, value, "recorded", "moon")
    with pytest.raises(Invalid):
        curves.of(report, value, "recorded", "", 0.9)


def test_each_picture_has_a_name_a_description_and_a_table(page: Client, report: Report) -> None:
    text = show(page, report, system="recorded", field="total")
    names = re.findall(r'role="img"\s+aria-labelledby="(\S+) (\S+)"', text)
    assert len(names) == 2
    for title, description in names:
        assert re.search(rf'<title id="{title}">[^<]+</title>', text)
        assert re.search(rf'<desc id="{description}">[^<]+</desc>', text)
    assert text.count("<summary>As a table</summary>") == 2
    assert reverse("guarantees", args=["receipts"]) in text


def test_what_is_asked_wrongly_is_said(page: Client, report: Report) -> None:
    assert "from 0.1 % to 50 %" in show(page, report, 400, target="many")
    assert "from 0.1 % to 50 %" in show(page, report, 400, target="0.7")
    assert "from 0.1 % to 50 %" in show(page, report, 400, target="nan")
    show(page, report, 404, system="nobody")


def test_a_report_of_an_earlier_version_says_that_it_kept_nothing(page: Client, report: Report) -> None:
    report.confidences.all().delete()
    report.answered.all().delete()
    assert "kept no confidences" in show(page, report)
    response = page.get(reverse("report_compare", args=["receipts", report.pk]))
    assert "kept no answers" in response.content.decode()
