"""What is paid: never more than the budget, and never twice."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from extraction.engines.teacher.protocol import Reply, Usage
from extraction.models import Document, Project, Response, TeacherCall
from extraction.services.serving.escalation import budget, settings
from extraction.services.teaching import label_runs
from tests.serving.escalation.worlds import SAID, Use, at_the_end_of_a_month, file, sha256, switched_on
from tests.support import builders
from tests.support.scripted_teacher import CENT, PROVIDER


def test_files_that_are_not_worth_it_build_no_teacher(
    project: Project, send: Any, teacher: Use, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_the_end_of_a_month(monkeypatch)
    teacher()
    switched_on(project, monthly_usd=Decimal("0.03"))
    assert send().escalated == "done"
    monkeypatch.setattr(settings.asked_teacher, "find", lambda *_: pytest.fail("A teacher was built."))
    outcomes = {send(number).escalated for number in range(1, 6)}
    assert outcomes <= {"not_needed", "no_budget"}
    assert settings.of(project).gains["counts"].values()
    assert sum(settings.of(project).gains["counts"].values()) == pytest.approx(6, abs=0.01)


def test_the_budget_is_never_passed(project: Project, send: Any, teacher: Use, monkeypatch: pytest.MonkeyPatch) -> None:
    at_the_end_of_a_month(monkeypatch)
    asked = teacher(usd=CENT)
    switched_on(project, monthly_usd=Decimal("0.05"))
    outcomes = [send(number).escalated for number in range(6)]
    # Three cents are reserved for an answer that costs one: a teacher may need three attempts.
    assert outcomes.count("done") == asked.asked
    assert outcomes[-1] == "no_budget"
    assert budget.spent(project) <= Decimal("0.05")


def test_no_budget_asks_nobody(project: Project, send: Any, teacher: Use) -> None:
    asked = teacher()
    switched_on(project, monthly_usd=Decimal(0))
    assert (send().escalated, asked.asked) == ("no_budget", 0)


def test_the_same_bytes_are_paid_once(project: Project, send: Any, teacher: Use) -> None:
    asked = teacher()
    switched_on(project)
    first, second = send(), send(name="again.jpg")
    assert [(row.escalated, row.usd) for row in (first, second)] == [("done", CENT), ("done", 0)]
    assert first.fields == second.fields
    assert (asked.asked, project.documents.count(), Response.objects.count()) == (1, 1, 1)


def test_what_a_label_run_paid_for_is_used(project: Project, send: Any, teacher: Use, tmp_path: Path) -> None:
    asked = teacher()
    row = builders.document(project)
    Document.objects.filter(pk=row.pk).update(sha256=sha256(file(tmp_path)))
    run = label_runs.start(project, teacher="acme:reader-1", consent=PROVIDER)
    answers = {
        name: {"value": each.value, "evidence": None, "unsure": False, "confidence": None}
        for name, each in SAID.answers.items()
    }
    prompt = asked.prompt(project.schema).sha256
    Response.objects.create(
        run=run, document=row, teacher="acme:reader-1", prompt_sha256=prompt, raw="{}", answers=answers, seconds=1
    )
    switched_on(project)
    found = send()
    assert (found.escalated, found.usd, asked.asked) == ("done", 0, 0)
    assert not TeacherCall.objects.exists()


def test_an_answer_without_a_value_is_not_paid_again(project: Project, send: Any, teacher: Use) -> None:
    asked = teacher(Reply({}, Usage(100, 10, CENT), raw="{}"))
    switched_on(project)
    assert [send().escalated, send().escalated] == ["failed", "failed"]
    assert (asked.asked, budget.spent(project)) == (1, CENT)
