"""The pages from the teacher to the reports in German: no English sentence is left, and only what people read differs.

Values of the project (its name, fields, files, people) are written in capitals or named, so that a text which is the
same in both languages is either one of them or a sentence that nobody marked for translation.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from extraction.domain.evaluation.scoring import PairedDifference
from extraction.domain.fields import Schema
from extraction.domain.learning.training import StopReason
from extraction.domain.results.costs import Usage
from extraction.domain.results.reports import ReportValue, WrongAnswer
from extraction.models import (
    Document,
    Extraction,
    Job,
    LabelRun,
    ModelVersion,
    Project,
    Promotion,
    Report,
    Response,
    SchemaVersion,
    Source,
    TrainingRun,
    User,
)  # fmt: skip
from extraction.services.labels import store
from extraction.services.projects import tokens
from extraction.services.review import actions, assignments, messages
from extraction.services.teaching import prompts
from extraction.services.training import training_runs
from tests.support import builders
from tests.support.languages.both import Page

pytestmark = pytest.mark.django_db

DATA = (
    "OLGA TILL FIRST SECOND TOY receipt receipts jpg RECEIPTS company date total Company Date Total rules acme reader "
    "tiny BEAN THERE SDN BHD RM recorded SMALL audit extract manage read review upload base epochs"
    " MIT Drift"
)
NAMES = ("company", "date", "total")
SCHEMA = Schema.from_json(
    {
        "name": "RECEIPTS",
        "document": "receipt",
        "field": [
            {"name": "company", "type": "text", "required": True},
            {"name": "date", "type": "date"},
            {"name": "total", "type": "money"},
        ],
    }
)
ENCODER = {"base": "tiny", "title": "TOY", "licence": "MIT", "commercial": True}
# What trainings write: every line of a log is a sentence of the catalogue.
LOG = "\n".join(
    (
        "Company: 40 of 48 documents teach where it stands.",
        "Step 40 of 1200: loss 3.250, mean ANLS 0.512 on the validation documents.",
        "The written model differs from the trained one by at most 2e-06.",
    )
)
SCORE = {"n": 1234, "anls": 0.71, "anls_ci95": [0.6, 0.8], "exact": 0.5, "normalized_exact": 0.7}
CURVE = [{"step": 500 * step, "seconds": step, "loss": 3 / (step + 1), "anls": step / 20} for step in range(10)]


def accepted(document: Document, actor: User) -> None:
    actions.accept(document, {label.field: label.pk for label in document.labels.all()}, actor=actor)


@pytest.fixture
def olga() -> User:
    return builders.user("OLGA")


@pytest.fixture
def project(olga: User) -> Project:
    """Documents with labels of a teacher, of which one is reviewed, one rejected and two are of split test."""
    held = builders.project("receipts", owner=olga, schema=SCHEMA)
    for split in ("train", "train", "train", "train", "test", "test"):
        document = builders.document(held, "BEAN THERE SDN BHD", "01/02/2018", "RM 3.30", split=split)
        said = {"company": "BEAN THERE SDN BHD", "date": "01/02/2018", "total": "3.30"}
        for field, value in said.items():
            store.write(document, field, value, source=Source.TEACHER, teacher="rules", confidence=0.41, unsure=True)
    first, second, *_ = held.documents.order_by("pk")
    accepted(first, olga)
    actions.reject(second, actor=olga, reason="RM")
    assignments.assign([second], olga)
    held.teacher = "rules"
    held.save()
    return held


@pytest.fixture
def reader(client: Client, olga: User) -> Client:
    client.force_login(olga)
    return client


def shown(reader: Client, name: str, *arguments: Any, **query: Any) -> Page:
    page = Page(reader, reverse(name, args=["receipts", *arguments]), query)
    assert not page.untranslated(DATA)
    assert not page.reformatted()
    return page


def trial(project: Project, number: int, total: str) -> LabelRun:
    documents = list(project.documents.order_by("pk")[:3])
    run = LabelRun.objects.create(
        project=project,
        schema_version=SchemaVersion.objects.get(project=project),
        prompt_version=prompts.find(project, number),
        teacher="acme:reader-1",
        sample=[document.pk for document in documents],
        budget_usd=2,
        consented=timezone.now(),
    )
    answer = {"evidence": None, "unsure": True, "confidence": None}
    said = {"total": {**answer, "value": total}, "date": {**answer, "value": None}}
    broken: tuple[dict[str, Any], ...] = ({}, {"refusal": "RM"}, {"malformed": True})
    for document, fault in zip(documents, broken, strict=True):
        Response.objects.create(
            run=run, document=document, teacher=run.teacher, prompt_sha256="0", raw="{}", attempts=2, seconds=1,
            answers={} if fault else said, **fault,
        )  # fmt: skip
    return run


def trained(project: Project, name: str, **values: Any) -> TrainingRun:
    run = training_runs.start(project, name=name, config={"base": "tiny"})
    Job.objects.filter(training_run=run).update(state=Job.State.FAILED)
    validation = {"documents": 1234, "mean_anls": 0.7, "mean_anls_ci95": [0.6, 0.8], "all_fields": 0.5}
    listed = [
        {"document": row.sha256, "field": field, "reasons": reasons, "confidence": 0.9, "empty": True}
        for row in project.documents.all()[:2]
        for field, reasons in (("company", ["malformed"]), ("date", ["unfound", "unsure"]), ("total", ["contradicted"]))
    ]
    audit = {
        "documents": 1200, "without_words": 130, "checked": 92, "issues": 60, "listed": listed,
        "sources": {"teacher": 180},
        "fields": {field: {"found": 40, "unfound": 1000, "absent": 2} for field in NAMES},
        "reasons": {"malformed": 2, "contradicted": 2}, "errors": {"total": {"cut": 4}},
    }  # fmt: skip
    kept = {
        "curve": CURVE, "validation": {**validation, "fields": dict.fromkeys(NAMES, SCORE)}, "label_audit": audit,
        "stop_reason": StopReason.FAILED, "stop_detail": "The disk is full; free some space and go on from the last "
        "checkpoint, nothing before it is lost.", "pretraining_documents": 5000, "seconds": 75.0,
        "encoder": ENCODER, "log": LOG,
    }  # fmt: skip
    TrainingRun.objects.filter(pk=run.pk).update(**{**kept, **values})
    run.refresh_from_db()
    return run


def model(project: Project, name: str, stage: str) -> ModelVersion:
    run = trained(project, name)
    return ModelVersion.objects.create(
        project=project, run=run, name=name, folder="x", sha256="0" * 64, bytes=24_000_000, stage=stage,
        promoted=timezone.now(),
    )  # fmt: skip


class TestTeaching:
    def test_the_teacher(self, reader: Client, project: Project) -> None:
        run = LabelRun.objects.create(
            project=project, schema_version=SchemaVersion.objects.get(project=project), teacher="rules",
            documents=1200, refusals=1,
            malformed=2, failures=3, input_tokens=5000, stop_reason="budget", budget_usd=1, stop_spent=1, stop_each=1,
        )  # fmt: skip
        page = shown(reader, "teacher")
        assert "1.200" in page.german.texts
        shown(reader, "label_run", run.pk)

    @pytest.mark.parametrize("teacher", ["rules", "oracle", "anthropic:some"])
    def test_what_it_would_cost(self, reader: Client, project: Project, teacher: str) -> None:
        page = Page(reader, reverse("teacher_estimate", args=["receipts"]), {"teacher": teacher, "limit": "0"})
        assert not page.untranslated(DATA, teacher)

    def test_trials(self, reader: Client, project: Project) -> None:
        prompts.save(project, prompts.Parts(role="RM"))
        first, second = trial(project, 0, "3.30"), trial(project, 1, "4.40")
        shown(reader, "label_run", first.pk)
        shown(reader, "trial_compare", first=first.pk, second=second.pk)

    def test_the_prompt(self, reader: Client, project: Project) -> None:
        prompts.save(project, prompts.Parts(role="RM"))
        shown(reader, "prompt")
        shown(reader, "prompt", version=0)


class TestReview:
    def test_documents(self, reader: Client, project: Project) -> None:
        """One that waits, with a date of two meanings, an accepted and a rejected one."""
        for document in project.documents.all():
            page = shown(reader, "review_document", document.pk)
        assert "Prüfung" in " ".join(page.german.texts)

    def test_which_day_is_meant(self, reader: Client, project: Project) -> None:
        waiting = project.documents.filter(review=Document.Review.WAITING).first()
        assert waiting is not None
        page = shown(reader, "review_document", waiting.pk)
        assert {"1. Februar", "2. Januar"} <= set(page.german.texts)

    def test_what_a_student_reads(self, reader: Client, project: Project) -> None:
        waiting = project.documents.order_by("pk").first()
        assert waiting is not None
        shown(reader, "review_document", waiting.pk, run=trained(project, "FIRST").pk)

    def test_the_end_of_the_queue(self, reader: Client, project: Project, olga: User) -> None:
        for document in project.documents.filter(review=Document.Review.WAITING):
            accepted(document, olga)
        shown(reader, "review")

    def test_without_documents(self, reader: Client, olga: User) -> None:
        builders.project("receipts", owner=olga, schema=SCHEMA)
        shown(reader, "review")


class TestTraining:
    def test_the_list(self, reader: Client, project: Project) -> None:
        trained(project, "FIRST")
        shown(reader, "training")

    def test_a_run_that_failed(self, reader: Client, project: Project) -> None:
        page = shown(reader, "training_run", trained(project, "FIRST").pk)
        assert any("Die Platte ist voll" in text for text in page.german.texts)

    def test_a_run_under_way(self, reader: Client, project: Project) -> None:
        run = training_runs.start(project, name="FIRST", config={"base": "tiny"})
        Job.objects.filter(training_run=run).update(
            state=Job.State.RUNNING, message="Training, about 12 minutes left", done=40, total=100
        )
        TrainingRun.objects.filter(pk=run.pk).update(encoder=ENCODER)
        page = shown(reader, "training_run", run.pk)
        assert "Training, noch etwa 12 Minuten" in page.german.texts

    @pytest.mark.parametrize("reason", [StopReason.COMPLETED, StopReason.TIME_UP])
    def test_a_run_that_ended(self, reader: Client, project: Project, reason: StopReason) -> None:
        epochs = {"stop_reason": reason, "stop_detail": "", "epochs_done": 3.5, "epochs_planned": 12}
        run = trained(project, "FIRST", **epochs)
        page = shown(reader, "training_run", run.pk)
        assert any("12" in text and ("geplant" in text) for text in page.german.texts)


class TestServing:
    def test_models(self, reader: Client, project: Project) -> None:
        first, second = model(project, "FIRST", "production"), model(project, "SECOND", "archived")
        Promotion.objects.create(project=project, model=second)
        Promotion.objects.create(project=project, model=first, rolled_back=True)
        shown(reader, "models", left="FIRST", right="SECOND")

    def test_the_api(self, reader: Client, project: Project, olga: User) -> None:
        serving = model(project, "FIRST", "production")
        tokens.create(project, olga, name="TILL", scopes=["extract"])
        Extraction.objects.create(
            project=project, model=serving, author=olga, name="receipt.jpg", sha256="0" * 64, state="failed",
            error="The file is empty.", timing_ms={"total": 1234.5},
        )  # fmt: skip
        page = shown(reader, "api")
        assert "Die Datei ist leer." in page.german.texts

    def test_what_a_program_would_be_answered_is_english(self, reader: Client, project: Project) -> None:
        """Whoever tries a call on the page sees what programs read."""
        url = reverse("api_try", args=["receipts"])
        file = SimpleUploadedFile("receipt.jpg", b"")
        tried = reader.post(url, {"file": file}, headers={"Accept-Language": "de"})
        assert "serves no model yet; train one and promote it." in tried.content.decode()


class TestReports:
    @pytest.fixture
    def report(self, project: Project) -> Report:
        document = project.documents.filter(split="test")[0]
        wrong = WrongAnswer(document.pk, document.name, "total", "3.30", None, 0.25)
        systems = (
            builders.reported("recorded", "teacher", 0.875, None, [wrong]),
            builders.reported("SMALL", "student", 0.75, 2345.0, [wrong]),
            builders.reported("rules", "rules", 0.5, 2.5),
        )
        note = (
            "Compared with labels that a person reviewed. 1,200 of these 1,400 began as answers of rules, which "
            "favours it."
        )
        pair = PairedDifference("recorded", "SMALL", 1234, -0.125, (-0.2, 0.1), 0.1, (-0.2, 0.3))
        value = ReportValue("receipts", "test", "best", note, 1234, systems, Usage(), (pair,))
        held: Any = value.to_json()
        return Report.objects.create(project=project, against="best", value=held)

    def test_a_report(self, reader: Client, report: Report) -> None:
        page = shown(reader, "report", report.pk, documents=120000, machine_hour="1.5", document="0.01")
        text = " ".join(page.german.texts)
        assert "1.200 dieser 1.400 begannen als Antworten von rules" in text
        assert "87,5 %" in text

    def test_the_list(self, reader: Client, report: Report) -> None:
        shown(reader, "reports")


class TestPlurals:
    @pytest.mark.parametrize(("number", "said"), [(1, "1 Dokument ist abgelehnt."), (2, "2 Dokumente sind abgelehnt.")])
    def test_sentences_count(self, number: int, said: str) -> None:
        with translation.override("de"):
            assert messages.rejected(number, number) == said
        assert messages.rejected(number, number).startswith(f"{number} document")
