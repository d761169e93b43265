"""What a migration does to the rows of an installation that is already at work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from extraction.domain.learning.label_audit import ErrorKind, IssueReason, LabelAudit, LabelCounts, LabelIssue
from extraction.domain.learning.training import EncoderInfo, Epochs, Licence
from extraction.domain.pages import Page
from extraction.models import BestLabel, Document, Finding, Label, Project, RunState, Source, TrainingRun
from extraction.services.labels import ranking, store
from extraction.services.projects import projects
from extraction.services.serving import registry
from tests.support import builders
from tests.support.servers.backends import Backend, on_one
from tests.support.servers.migrations import migrate, migrate_to_the_latest

pytestmark = [on_one, pytest.mark.django_db(transaction=True)]


# The last of those that the squashed migration replaces.
LAST_STEP = "0042_forgetting_attempts"
# The last migration before runs kept why they stopped as a reason.
BEFORE_REASONS = "0008_documents"
# The last migration before best labels had rows of their own.
BEFORE_BEST_LABELS = "0009_training"
# The last migration before absences that nobody gave were withdrawn.
BEFORE_UNASKED = "0012_account_rights"


@pytest.fixture
def project(backend: Backend) -> Project:
    held = builders.project()
    store.write(builders.document(held), "date", "25/12/2018", source=Source.TEACHER, teacher="rules")
    return held


@pytest.fixture
def back(project: Project) -> Iterator[Callable[[str], Any]]:
    """Takes the installation back to a migration; the latest is restored afterwards."""
    yield migrate
    migrate_to_the_latest()


def test_equal_snapshots_become_one_and_runs_keep_what_they_go_on_with(
    back: Callable[[str], Any], project: Project, settings: Settings
) -> None:
    """A double click stored one snapshot twice."""
    settings.KD_STUDENT_BASE = "someone/bros-small"
    before = back("0003_account")
    old = before.get_model("extraction", "Snapshot")
    runs = before.get_model("extraction", "TrainingRun")
    same = {"project_id": project.pk, "schema_version_id": project.schema_version_id, "sha256": "0" * 64, "items": []}
    first, second = (old.objects.create(**same, labels="best") for _ in range(2))
    other = old.objects.create(**same, labels="teacher")
    for name, snapshot in (("a", first), ("b", second), ("c", other)):
        runs.objects.create(project_id=project.pk, name=name, snapshot=snapshot, config={"epochs": 2})

    after = migrate("0004_training")

    snapshots = after.get_model("extraction", "Snapshot").objects.order_by("pk")
    assert list(snapshots.values_list("pk", flat=True)) == [first.pk, other.pk]
    kept = after.get_model("extraction", "TrainingRun").objects.order_by("name")
    assert [run.snapshot_id for run in kept] == [first.pk, first.pk, other.pk]
    assert {run.day_order for run in kept} == {"dmy"}
    assert {run.base for run in kept} == {"someone/bros-small"}


def test_consent_goes_to_the_provider_of_the_runs_teacher(project: Project) -> None:
    runs = migrate("0005_label_sources").get_model("extraction", "LabelRun")
    same = {"project_id": project.pk, "schema_version_id": project.schema_version_id}
    agreed = runs.objects.create(**same, teacher="openai:qwen2.5vl:7b", consented=timezone.now())
    local = runs.objects.create(**same, teacher="rules", stopped_because="It was stopped.")

    runs = migrate("0006_teaching").get_model("extraction", "LabelRun")

    columns = runs.objects.values_list("consented_provider", "stop_reason", "stopped_because")
    assert columns.get(pk=agreed.pk) == ("openai", "", "")
    assert columns.get(pk=local.pk) == ("", "", "It was stopped.")
    migrate_to_the_latest()


TIME_UP = "The 20 minutes were used up after 10.5 of 12 planned rounds."
COMPLETED = "It had gone through the documents 12 times, as planned."
ACCOUNT = {
    "documents": 40,
    "fields": {"total": {"found": 30, "unfound": 8, "absent": 2}},
    "doubts": 1,
    "reasons": {"unfound": 1},
    "listed": [{"document": "a" * 64, "field": "total", "reasons": ["unfound"]}],
    "mistakes": {"total": {"other": 4}},
    "epochs": {"planned": 12, "done": 10.52},
    "sources": {"teacher": 40},
    "encoder": {"base": "", "title": "MiniLM, built in", "licence": "Apache-2.0"},
    "read": 7,
}


def test_a_run_keeps_why_it_stopped_and_its_label_audit(back: Callable[[str], Any], project: Project) -> None:
    before = back(BEFORE_REASONS)
    runs, made = (before.get_model("extraction", name).objects for name in ("TrainingRun", "ModelVersion"))
    sentences = {
        "a": TIME_UP,
        "b": COMPLETED,
        "c": "Cancelled.",
        "d": "The disk is full.",
        "e": "",
        "f": "It was good.",
    }
    for name, sentence in sentences.items():
        account = ACCOUNT if name == "a" else None
        row = runs.create(project_id=project.pk, name=name, stopped_because=sentence, account=account)
        if name in "abf":
            made.create(project_id=project.pk, run=row, name=name, folder=name, sha256="0" * 64, bytes=1)

    migrate_to_the_latest()

    rows = {run.name: run for run in TrainingRun.objects.all()}
    assert {name: row.stopped_because for name, row in rows.items()} == sentences
    assert [rows[name].stop_reason for name in sorted(rows)] == [
        "time_up", "completed", "cancelled", "failed", "", "other",
    ]  # fmt: skip
    assert [rows[name].state for name in "abf"] == [RunState.DONE] * 3
    assert rows["a"].epochs == Epochs(12, 10.52)
    assert rows["a"].pretraining_documents == 7
    assert rows["a"].encoder_info == EncoderInfo("", "MiniLM, built in", Licence("Apache-2.0", None))
    assert rows["a"].audit == LabelAudit(
        documents=40,
        fields={"total": LabelCounts(30, 8, 2)},
        issues=1,
        reasons={IssueReason.UNFOUND: 1},
        listed=(LabelIssue("a" * 64, "total", (IssueReason.UNFOUND,)),),
        errors={"total": {ErrorKind.OTHER: 4}},
        sources={"teacher": 40},
    )
    assert rows["b"].audit is None


def test_best_labels_are_derived_as_later_writes_derive_them(back: Callable[[str], Any], project: Project) -> None:
    """The rows that lists and queue read are the same, whether a migration or a new label made them."""
    document = builders.document(project)
    store.write(document, "company", "Unmarked", source=Source.TEACHER, teacher="rules", confidence=0.4)
    store.write(document, "company", "Marked", source=Source.REVIEWER)
    store.write(document, "total", "1,007.50", source=Source.TEACHER, teacher="other")
    store.write(document, "total", "12.00", source=Source.TEACHER, teacher="rules", confidence=0.9)
    store.write(document, "address", "Gone", source=Source.REVIEWER)
    store.write(document, "address", None, source=Source.REVIEWER, withdrawn=True)
    columns = ("project", "document", "field", "label", "by_people", "disputed", "confidence", "text", "number")
    expected = set(BestLabel.objects.values_list(*columns))
    back(BEFORE_BEST_LABELS)
    migrate("0011_best_labels")
    assert set(BestLabel.objects.values_list(*columns)) == expected
    assert {row[2] for row in expected if row[1] == document.pk} == {"company", "total"}


def test_dates_between_dots_are_read_and_others_stay_as_they_were(back: Callable[[str], Any], project: Project) -> None:
    labels = back("0009_training").get_model("extraction", "Label").objects
    first = labels.get()
    same = {"document_id": first.document_id, "schema_version_id": first.schema_version_id, "source": "teacher"}
    for value in ("06.02.2026", "06/02/2026", "no date", None):
        labels.create(**same, field="date", value=value, normalized=None)
    labels.create(**same, field="company", value="06.02.2026", normalized=None)

    rows = migrate("0010_project_date_order").get_model("extraction", "Label").objects.order_by("pk")

    expected = ["2018-12-25", "2026-02-06", None, None, None, None]
    assert list(rows.values_list("normalized", flat=True)) == expected


def test_absences_that_nobody_gave_are_withdrawn(back: Callable[[str], Any], project: Project) -> None:
    """Accepting a document once called each optional field without a label absent; a reviewer may have, too."""
    anna, at = builders.user("anna"), timezone.now() - timedelta(days=1)
    said, written, alone = (builders.document(project) for _ in range(3))
    for document in (said, written):
        store.write(document, "company", "ACME", source=Source.TEACHER, teacher="rules", confidence=0.4)

    def give(document: Document, field: str, value: str | None, seconds: float) -> None:
        row = Label.objects.create(
            document=document,
            schema_version=project.schema_version,
            field=field,
            value=value,
            source=Source.REVIEWER,
            author=anna,
        )
        Label.objects.filter(pk=row.pk).update(created=at + timedelta(seconds=seconds))

    # An acceptance that confirmed the company and made up two absences, one of which somebody touched since.
    for place, (field, value) in enumerate((("company", "ACME"), ("date", None), ("total", None))):
        give(said, field, value, -0.05 + 0.0001 * place)
    give(said, "total", "3.30", 60)
    # A reviewer's own absence a second before accepting, and one that may be either.
    give(written, "date", None, -1)
    give(written, "company", "ACME", -0.05)
    give(written, "address", None, -0.0499)
    give(alone, "date", None, -0.05)
    documents = Document.objects.filter(pk__in=[said.pk, written.pk, alone.pk])
    ranking.refresh(project, documents.values_list("pk", flat=True))
    documents.update(review=Document.Review.ACCEPTED, reviewer=anna, reviewed=at)
    back(BEFORE_UNASKED)
    migrate_to_the_latest()

    project.refresh_from_db()
    assert project.withdrawn_absences == 2
    withdrawn = Label.objects.filter(withdrawn=True).values_list("document", "field", "source")
    assert set(withdrawn) == {(said.pk, "date", "reviewer"), (written.pk, "address", "reviewer")}
    assert {(name, label.value) for name, label in ranking.best(Document.objects.get(pk=written.pk)).items()} == {
        ("company", "ACME"),
        ("date", None),
    }
    assert "date" in ranking.best(Document.objects.get(pk=alone.pk))
    assert set(Document.objects.filter(reviewer=anna).values_list("review", flat=True)) == {"accepted"}


def test_documents_follow_from_fields_in_force_as_later_writes_derive_them(
    back: Callable[[str], Any], project: Project
) -> None:
    """Labels of removed fields count for nothing, truth covers its own fields only."""
    half, whole, removed = (builders.document(project) for _ in range(3))
    for document in (half, whole):
        store.write(document, "company", "ACME", source=Source.TRUTH)
    store.write(half, "date", "25/12/2018", source=Source.TEACHER, teacher="rules", confidence=0.4)
    store.write(removed, "address", "Ipoh", source=Source.TEACHER, teacher="rules", confidence=0.2)
    projects.change_schema(project, replace(builders.RECEIPT, fields=builders.RECEIPT.fields[:2]))
    columns = ("pk", "review", "source", "confidence")
    expected, rows = (
        set(Document.objects.values_list(*columns)),
        set(BestLabel.objects.values_list("document", "field")),
    )
    assert {half.pk: "waiting", whole.pk: "accepted", removed.pk: "unlabelled"}.items() <= {
        row[0]: row[1] for row in expected
    }.items()

    back(BEFORE_UNASKED)
    Document.objects.update(review="accepted", source="truth", confidence=None)
    Document.objects.filter(pk__in=[half.pk, removed.pk]).update(reviewed=None)
    migrate_to_the_latest()
    assert set(Document.objects.filter(pk__in=[half.pk, whole.pk, removed.pk]).values_list(*columns)) == {
        row for row in expected if row[0] in (half.pk, whole.pk, removed.pk)
    }
    assert set(BestLabel.objects.values_list("document", "field")) == rows


def test_what_served_before_is_remembered(back: Callable[[str], Any], project: Project) -> None:
    """Of each model the last promotion was known; a candidate has none."""
    apps = back("0014_reservations")
    rows, runs = (apps.get_model("extraction", name).objects for name in ("ModelVersion", "TrainingRun"))
    times = {"old": timezone.now() - timedelta(days=2), "new": timezone.now() - timedelta(days=1), "candidate": None}
    for name, promoted in times.items():
        run = runs.create(project_id=project.pk, name=name)
        rows.create(project_id=project.pk, run=run, name=name, bytes=1, promoted=promoted)
    migrate("0015_promotions")
    migrate_to_the_latest()
    history = [(row.model.name, row.created, row.author) for row in registry.history(project)]
    assert history == [("new", times["new"], None), ("old", times["old"], None)]


def test_pages_without_a_word_are_counted(back: Callable[[str], Any], project: Project) -> None:
    blank, printed = Page(100, 100, ()), builders.page("Total 1.00")
    for pages in ([blank], [printed, blank, blank], [printed]):
        builders.document(project, pages=pages)
    counted = dict(Document.objects.values_list("pk", "empty_pages"))
    assert sorted(counted.values()) == [0, 0, 1, 2]
    back("0015_promotions")
    migrate_to_the_latest()
    assert dict(Document.objects.values_list("pk", "empty_pages")) == counted


def test_of_several_teachers_the_majority_counts(back: Callable[[str], Any], project: Project) -> None:
    """As later writes derive it; whoever agrees with the best value, or is alone, changes nothing."""
    outvoted, even = builders.document(project), builders.document(project)
    for document, values in ((outvoted, ("9.99", "3.30", "3.3")), (even, ("9.99", "3.30", "4.40"))):
        for place, value in enumerate(values):
            store.write(
                document, "total", value, source=Source.TEACHER, teacher=f"t{place}", confidence=0.2 + 0.3 * place
            )
    columns = ("document", "field", "label", "text", "number", "confidence", "disputed")
    expected = set(BestLabel.objects.values_list(*columns))
    documents = set(Document.objects.values_list("pk", "confidence"))
    first = {label.document_id: label for label in Label.objects.filter(teacher="t0")}
    assert BestLabel.objects.get(document=outvoted, field="total").number == 3.3

    back("0021_label_rows")
    for pk, label in first.items():
        BestLabel.objects.filter(document=pk, field="total").update(
            label=label, text="9.99", number=9.99, confidence=label.confidence
        )
        Document.objects.filter(pk=pk).update(confidence=label.confidence)
    migrate_to_the_latest()
    changed = set(BestLabel.objects.filter(document=outvoted).values_list(*columns))
    assert changed == {row for row in expected if row[0] == outvoted.pk}
    assert BestLabel.objects.get(document=even, field="total").label_id == first[even.pk].pk
    assert (outvoted.pk, Document.objects.get(pk=outvoted.pk).confidence) in documents


def test_claims_count_in_totals_with_their_largest_loss(back: Callable[[str], Any], project: Project) -> None:
    for losses in (("5.00", "9.00"), ("9.00", "9.00"), ("0.00", "0.00")):
        claim = builders.claim(project)
        for check, loss in zip(("too_old", "no_receipt"), losses, strict=True):
            builders.finding(claim, check=check, at_risk=loss)
    leading = set(Finding.objects.filter(leading=True).values_list("pk", flat=True))
    assert len(leading) == 2
    back(LAST_STEP)
    migrate_to_the_latest()
    assert set(Finding.objects.filter(leading=True).values_list("pk", flat=True)) == leading
