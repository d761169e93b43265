"""Scorecards of teachers: by others' answers, without truth, by people, and what they cost."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from extraction.models import LabelRun, Project, Role, SchemaVersion, Source
from extraction.services.labels import store
from extraction.services.labels.store import LabelInput
from extraction.services.teaching.results.scorecards import Scorecard, scorecards
from tests.support import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    """Forty documents: `good` is always right, `poor` on every second one, `third` on all but each eighth."""
    project = builders.project("receipts")
    inputs: list[LabelInput] = []
    for number in range(40):
        document = builders.document(project)
        said = {"good": number, "poor": number + 100 * (number % 2), "third": number + 200 * (number % 8 == 0)}
        inputs += [
            LabelInput(document, "total", f"{value}.30", Source.TEACHER, teacher=teacher)
            for teacher, value in said.items()
        ]
        if number < 10:
            inputs.append(LabelInput(document, "total", f"RM {number}.30", Source.REVIEWER))
    store.write_many(project, inputs)
    return project


def cards(project: Project) -> dict[str, Scorecard]:
    return {card.teacher: card for card in scorecards(project)}


def test_teachers_are_told_apart_without_truth(project: Project) -> None:
    found = cards(project)
    estimated = {name: card.estimated or 0.0 for name, card in found.items()}
    assert estimated["good"] > 0.95
    assert estimated["third"] == pytest.approx(0.875, abs=0.05)
    assert estimated["poor"] == pytest.approx(0.5, abs=0.08)


def test_agreement_with_others_and_with_people_is_counted(project: Project) -> None:
    found = cards(project)
    assert found["good"].labels == found["good"].documents == 40
    people = {name: (card.people.hits, card.people.count) for name, card in found.items() if card.people}
    assert people == {"good": (10, 10), "poor": (5, 10), "third": (8, 10)}
    equal = found["good"].equal
    assert equal is not None
    assert (equal.hits, equal.count) == (20 + 35, 80)


def test_a_teacher_alone_has_no_estimate() -> None:
    project = builders.project()
    store.write(builders.document(project), "total", "3.30", source=Source.TEACHER, teacher="rules")
    [card] = scorecards(project)
    assert (card.labels, card.equal, card.estimated, card.people) == (1, None, None, None)
    assert scorecards(builders.project()) == []


def test_withdrawn_and_replaced_labels_do_not_count(project: Project) -> None:
    document = project.documents.order_by("pk").first()
    assert document is not None
    store.write(document, "total", "9.99", source=Source.TEACHER, teacher="good")
    store.write(document, "total", None, source=Source.TEACHER, teacher="poor", withdrawn=True)
    found = cards(project)
    assert (found["good"].labels, found["poor"].labels) == (40, 39)
    assert found["good"].people is not None
    assert found["good"].people.hits == 9


def test_costs_are_those_of_runs_that_made_labels(project: Project) -> None:
    version = SchemaVersion.objects.get(project=project)
    for sample in (None, [1]):
        LabelRun.objects.create(
            project=project, schema_version=version, teacher="good", usd=Decimal("1.5"), sample=sample
        )
    assert cards(project)["good"].usd == Decimal("1.5")


def test_they_are_a_part_of_the_teachers_page(project: Project, client: Client) -> None:
    client.force_login(builders.member(project, Role.VIEWER))
    address = reverse("teacher", args=["receipts"])
    assert "part=scorecards" in client.get(address).content.decode()

    def part() -> tuple[str, int]:
        with CaptureQueriesContext(connection) as seen:
            answer = client.get(address, {"part": "scorecards"}, headers={"HX-Request": "true"})
        return answer.content.decode(), len(seen)

    page, queries = part()
    assert "scorecards-title" in page
    for _ in range(3):
        store.write(builders.document(project), "total", "1.00", source=Source.TEACHER, teacher="another")
    assert part()[1] == queries
