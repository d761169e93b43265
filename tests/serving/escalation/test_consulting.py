"""One file: whether the teacher is asked, what both say, and what it costs."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from extraction.domain.escalation.outcomes import Outcome
from extraction.domain.fields import Field
from extraction.domain.prediction import FieldValue
from extraction.domain.results.extraction import FileResult
from extraction.engines.teacher.protocol import Answer, Rejected, Reply, Unreachable, Usage
from extraction.models import (
    AnswerCheck,
    Document,
    Extraction,
    Job,
    Label,
    LabelRun,
    Project,
    Source,
    TeacherCall,
)
from extraction.services.errors import Invalid
from extraction.services.jobs.execution import run as execute
from extraction.services.labels import store
from extraction.services.projects import schema_versions
from extraction.services.quality import collecting
from extraction.services.serving import answering, guarantees
from extraction.services.serving.escalation import budget, settings
from extraction.services.serving.escalation.settings import Settings
from extraction.services.serving.jobs import LEARN
from extraction.services.teaching.label_runs import ConsentNeeded
from tests.serving.escalation.worlds import (
    Student,
    Use,
    file,
    serving,
    sha256,
    switched_on,
)
from tests.serving.stand_ins import Reader
from tests.support import builders
from tests.support.scripted_teacher import CENT, PROVIDER

MALFORMED = Reply({}, Usage(300, 30, 3 * CENT), malformed=True, raw="The total is 3.30.", attempts=3)


def learn() -> None:
    """What a worker does with the answers that came."""
    for job in Job.objects.filter(kind=LEARN.name, state=Job.State.QUEUED).order_by("pk"):
        execute(job.pk)
        job.refresh_from_db()
        assert job.state == Job.State.DONE, job.error


def sources(row: Extraction) -> dict[str, str]:
    return {name: answer["source"] for name, answer in row.fields.items()}


class TestAnswer:
    def test_off_by_default(self, send: Any, teacher: Use) -> None:
        asked = teacher()
        row = send()
        assert (row.escalated, row.usd, row.gain, asked.asked) == ("off", 0, None, 0)
        assert set(sources(row).values()) == {"student"}

    def test_where_the_student_is_unsure_both_are_merged(self, project: Project, send: Any, teacher: Use) -> None:
        asked = teacher()
        switched_on(project)
        row = send()
        assert (row.escalated, row.usd, asked.asked) == ("done", CENT, 1)
        assert sources(row) == {"company": "teacher", "date": "both", "address": "teacher", "total": "both"}
        assert row.fields["company"]["value"] == "BEAN THERE SDN BHD"
        assert row.fields["company"]["boxes"]
        assert row.fields["total"]["confidence"] > 0.97
        assert list(row.fields) == ["company", "date", "address", "total"]
        # What either said is kept beside what was answered.
        assert row.student["address"]["value"] == "Coffee"
        assert {answer["source"] for answer in row.teacher.values()} == {"teacher"}
        assert row.gain > 1
        assert row.as_domain().to_json()["escalated"] == "done"

    @pytest.mark.parametrize(("sure", "value", "source"), [(0.97, "3.30", "student"), (0.94, "3.00", "teacher")])
    def test_of_a_contradiction_that_is_too_close_the_more_probable_answer_is_doubtful(
        self,
        project: Project,
        send: Any,
        teacher: Use,
        monkeypatch: pytest.MonkeyPatch,
        sure: float,
        value: str,
        source: str,
    ) -> None:
        monkeypatch.setattr(Student, "sure", sure)
        teacher(Reply({"total": Answer("3.00")}, Usage(100, 10, CENT), raw="{}"))
        switched_on(project)
        total = send().fields["total"]
        assert (total["value"], total["source"], total["doubtful"]) == (value, source, True)

    def test_what_speaks_against_the_students_value_makes_it_worth_asking(
        self, project: Project, send: Any, teacher: Use, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        teacher()
        switched_on(project)
        gain = send().gain
        # As sure as before, of something that is no amount and stands nowhere.
        answers = Student().predict((Reader.page,))
        monkeypatch.setattr(
            Student, "predict", lambda self, pages: {**answers, "total": FieldValue("33,3", None, 0.97)}
        )
        assert send(1).gain > gain + 0.3

    def test_evidence_that_cannot_be_collected_leaves_the_confidence(
        self, project: Project, send: Any, teacher: Use, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*_: object) -> None:
            raise RuntimeError

        teacher()
        switched_on(project)
        monkeypatch.setattr(collecting, "by_rules", fail)
        row = send()
        assert (row.state, row.escalated) == ("done", "done")
        assert row.gain == pytest.approx(0.9 - 0.2 + 0.9 - 0.6 + 0.9 - 0.1)

    @pytest.mark.parametrize(
        ("said", "usd"),
        [
            (MALFORMED, 3 * CENT),
            (Reply({}, Usage(100, 5, CENT), refusal="No.", raw="No."), CENT),
            (Unreachable("Acme is away.", Usage(10, 0, CENT / 10)), CENT / 10),
            (Rejected("The key is wrong."), Decimal(0)),
        ],
    )
    def test_without_a_usable_answer_the_student_stands(
        self, project: Project, send: Any, teacher: Use, said: Any, usd: Decimal
    ) -> None:
        teacher(said)
        switched_on(project)
        row = send()
        assert (row.state, row.escalated, row.usd) == ("done", "failed", usd)
        assert set(sources(row).values()) == {"student"}
        assert (row.student, row.teacher) == (None, None)
        assert budget.spent(project) == usd

    def test_a_failure_that_nobody_foresaw_keeps_the_reservation(
        self, project: Project, send: Any, teacher: Use
    ) -> None:
        teacher(RuntimeError("secret"))
        switched_on(project)
        assert send().escalated == "failed"
        call = TeacherCall.objects.get()
        assert (call.state, call.usd, "secret" in call.error) == ("failed", None, False)
        assert budget.spent(project) == 3 * CENT

    def test_a_malformed_answer_is_not_paid_again(self, project: Project, send: Any, teacher: Use) -> None:
        asked = teacher(MALFORMED)
        switched_on(project)
        assert [send().escalated, send().escalated] == ["failed", "failed"]
        assert (asked.asked, budget.spent(project)) == (1, 3 * CENT)

    def test_the_command_and_a_program_get_the_same(self, project: Project, tmp_path: Path, teacher: Use) -> None:
        teacher()
        switched_on(project)
        path = file(tmp_path)
        found = answering.answer(project, str(path), path, model=serving(project)).result
        assert isinstance(found, FileResult)
        assert (found.escalated, found.usd, found.to_json()["escalated"]) == (Outcome.DONE, 0.01, "done")
        assert found.timing
        assert found.fields
        assert found.fields["company"].source == "teacher"


class TestWhoIsAsked:
    def test_a_sure_student_needs_no_teacher(self, project: Project, send: Any, teacher: Use) -> None:
        asked = teacher()
        switched_on(project, weights={"company": 0, "date": 0, "address": 0})
        row = send()
        assert (row.escalated, row.gain, asked.asked) == ("not_needed", 0, 0)

    def test_consent_is_to_a_provider(self, project: Project, send: Any, teacher: Use) -> None:
        asked = teacher()
        with pytest.raises(ConsentNeeded):
            settings.change(project, Settings(active=True))
        switched_on(project)
        # A change of numbers needs no new consent, switching off takes it back.
        settings.change(project, Settings(active=True, monthly_usd=Decimal(5)))
        asked.provider_id = "other"
        assert send().escalated == "no_consent"
        asked.provider_id = PROVIDER
        settings.change(project, Settings(active=False))
        with pytest.raises(ConsentNeeded):
            settings.change(project, Settings(active=True))
        assert asked.asked == 0

    def test_a_teacher_without_a_known_price_is_refused(self, project: Project, teacher: Use) -> None:
        teacher(usd=Decimal(0))
        with pytest.raises(Invalid, match="price"):
            switched_on(project)

    def test_a_teacher_that_is_gone_is_told(self, project: Project, send: Any, teacher: Use) -> None:
        teacher()
        switched_on(project)
        project.teacher = ""
        project.save()
        assert send().escalated == "unavailable"

    def test_rules_cost_nothing_and_need_no_budget(self, project: Project, send: Any) -> None:
        project.teacher = "rules"
        project.save()
        settings.change(project, Settings(active=True, monthly_usd=Decimal(0)))
        row = send()
        assert (row.escalated, row.usd) == ("done", 0)
        assert send().escalated == "done"

    def test_a_file_that_grew_a_field_meanwhile_is_answered(self, project: Project, send: Any, teacher: Use) -> None:
        teacher()
        switched_on(project)
        send()
        schema = project.schema.to_json()
        schema["field"].append({"name": "tip", "type": "money"})
        schema_versions.change(project, type(project.schema).from_json(schema))
        project.refresh_from_db()
        row = send()
        assert row.escalated == "done"
        assert LabelRun.objects.filter(escalates=True).count() == 2

    @pytest.mark.parametrize(
        ("after", "renames", "weights"),
        [
            (["date", "amount"], {"total": "amount"}, {"amount": 3.0, "date": 2.0}),
            (["date", "total"], {"total": "date", "date": "total"}, {"date": 3.0, "total": 2.0}),
            # The date is deleted and the total takes its name.
            (["date"], {"total": "date"}, {"date": 3.0}),
            (["total"], {}, {"total": 3.0}),
        ],
    )
    def test_weights_follow_their_fields(
        self,
        project: Project,
        teacher: Use,
        after: list[str],
        renames: dict[str, str],
        weights: dict[str, float],
    ) -> None:
        teacher()
        switched_on(project, weights={"total": 3.0, "date": 2.0})
        schema = project.schema
        schema_versions.change(project, replace(schema, fields=tuple(map(Field, after))), renames=renames)
        assert settings.of(project).weights == weights
        # What is left can be stored again.
        switched_on(project, weights=settings.of(project).weights)

    def test_an_answer_of_the_teacher_is_not_accepted_unseen(self, project: Project, send: Any, teacher: Use) -> None:
        """Guarantees are about the student."""
        teacher()
        switched_on(project)
        sure = [[0.97, True]] * 100
        AnswerCheck.objects.create(
            model=serving(project), documents=100, answers={"total": sure}, guarantees={}, measured=timezone.now()
        )
        guarantees.set_targets(project, {"total": 0.05, "company": 0.05})
        row = send()
        assert {name: answer["accepted"] for name, answer in row.fields.items()} == {
            "company": False,
            "date": None,
            "address": None,
            "total": True,
        }

    @pytest.mark.parametrize(("asked", "accepted"), [("acme:reader-1", True), ("acme:other", False), ("", False)])
    def test_what_both_say_is_accepted_by_the_guarantee_of_their_agreement(
        self, project: Project, send: Any, teacher: Use, asked: str, accepted: bool
    ) -> None:
        """The student alone is not sure enough; whose labels were compared is whose agreement counts."""
        teacher()
        switched_on(project)
        answers = [[0.999, True, None]] * 100 + [[0.5, False, False]] * 100 + [[0.5, True, True]] * 100
        AnswerCheck.objects.create(
            model=serving(project),
            documents=300,
            teacher=asked,
            answers={"total": answers, "company": answers},
            guarantees={},
            measured=timezone.now(),
        )
        guarantees.set_targets(project, {"total": 0.05, "company": 0.05})
        row = send()
        assert row.fields["total"]["source"] == "both"
        assert row.fields["total"]["accepted"] is accepted
        assert row.fields["company"]["accepted"] is False


class TestLearning:
    def test_the_answer_becomes_labels_of_a_document(self, project: Project, send: Any, teacher: Use) -> None:
        teacher()
        switched_on(project)
        send()
        document = project.documents.get()
        assert (document.split, document.origin) == ("train", "escalation")
        assert not Label.objects.exists()
        learn()
        labels = Label.objects.filter(document=document)
        assert {label.field for label in labels.filter(source=Source.TEACHER, teacher="acme:reader-1")} == set(
            project.schema.names
        )
        assert labels.filter(source=Source.STUDENT, teacher="small", field="address").get().value == "Coffee"
        run = LabelRun.objects.get(escalates=True)
        assert (run.state, run.documents, run.labels, run.usd) == (LabelRun.State.DONE, 1, 4, CENT)
        # A second delivery, and the same file again, change nothing.
        before = Label.objects.count()
        send()
        Job.objects.filter(kind=LEARN.name).update(state=Job.State.QUEUED)
        learn()
        assert (Label.objects.count(), project.documents.count()) == (before, 1)

    @pytest.mark.parametrize("split", ["validation", "test"])
    def test_documents_to_measure_on_get_no_labels(
        self, project: Project, send: Any, teacher: Use, tmp_path: Path, split: str
    ) -> None:
        teacher()
        switched_on(project)
        row = builders.document(project, split=split)
        Document.objects.filter(pk=row.pk).update(sha256=sha256(file(tmp_path)))
        assert send().escalated == "done"
        learn()
        row.refresh_from_db()
        assert (row.split, row.origin, Label.objects.count()) == (split, "upload", 0)

    def test_what_people_said_stays(self, project: Project, send: Any, teacher: Use, tmp_path: Path) -> None:
        teacher()
        switched_on(project)
        row = builders.document(project)
        Document.objects.filter(pk=row.pk).update(sha256=sha256(file(tmp_path)))
        store.write(row, "total", "9.90", source=Source.REVIEWER)
        send()
        learn()
        assert row.best_labels.get(field="total").label.value == "9.90"
