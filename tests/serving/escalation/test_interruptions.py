"""Time-outs, kills and callers at once: nothing is paid twice, nothing that was paid is lost, no budget is passed."""

from __future__ import annotations

import threading
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from extraction.domain.progress import Silent
from extraction.engines.teacher.protocol import Reading, Reply
from extraction.models import Escalation, Job, Project, Response, TeacherCall
from extraction.services.serving import extractions
from extraction.services.serving.escalation import budget
from extraction.services.serving.jobs import LEARN
from tests.serving.escalation.worlds import (
    SAID,
    Use,
    at_once,
    at_the_end_of_a_month,
    extracted,
    file,
    serving,
    switched_on,
)
from tests.support.scripted_teacher import CENT, use
from tests.support.servers.workers import wait

# Answers that come late are stored by the threads that asked, each with a connection of its own.
pytestmark = pytest.mark.django_db(transaction=True)


def test_a_late_answer_is_paid_kept_and_used_next_time(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = threading.Event()

    def late(_: Reading) -> Reply:
        answer.wait(20)
        return SAID

    asked = use(monkeypatch, late)
    switched_on(project, timeout_seconds=1)
    row = extracted(project, tmp_path)
    assert (row.escalated, row.fields["company"]["value"]) == ("failed", None)
    assert budget.spent(project) == 3 * CENT
    answer.set()
    wait(lambda: TeacherCall.objects.filter(state="answered").exists())
    assert budget.spent(project) == CENT
    assert Job.objects.filter(kind=LEARN.name).exists()
    again = extracted(project, tmp_path)
    assert (again.escalated, again.usd, asked.asked) == ("done", 0, 1)


def test_a_document_that_is_deleted_meanwhile_loses_neither_answer_nor_cost(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def deleting(_: Reading) -> Reply:
        project.documents.get().delete()
        connection.close()
        return SAID

    use(monkeypatch, deleting)
    switched_on(project)
    row = extracted(project, tmp_path)
    assert (row.escalated, row.usd, Response.objects.count()) == ("done", CENT, 0)
    assert budget.spent(project) == CENT
    assert not Job.objects.filter(kind=LEARN.name).exists()


def test_a_provider_that_hangs_is_left_alone_for_a_while(project: Project, tmp_path: Path, teacher: Use) -> None:
    asked = teacher()
    switched_on(project)
    now = timezone.now()
    for number in range(budget.MOST_LATE):
        TeacherCall.objects.create(project=project, sha256=str(number), gain=1, deadline=now - timedelta(seconds=1))
    assert (extracted(project, tmp_path).escalated, asked.asked) == ("failed", 0)
    TeacherCall.objects.update(created=now - budget.LATE)
    assert extracted(project, tmp_path).escalated == "done"


def test_killed_while_the_teacher_was_asked_keeps_the_money_reserved(
    project: Project, tmp_path: Path, teacher: Use
) -> None:
    asked = teacher()
    switched_on(project)
    row = Escalation.objects.get()
    wanted = budget.Wanted(serving(project), "0" * 64, 1.0, 0.01, 3 * CENT)
    assert budget.reserve(project, wanted).call
    assert budget.spent(project) == 3 * CENT
    # Another one about the same file waits for the first, whose time is over after a while.
    assert budget.reserve(project, wanted).other
    TeacherCall.objects.update(deadline=timezone.now() - timedelta(seconds=1))
    assert not budget.reserve(project, wanted).other
    assert budget.spent(project) == 6 * CENT
    assert asked.asked == 0
    assert row.monthly_usd == 10


def test_killed_after_the_answer_came_it_is_used_and_not_paid_again(
    project: Project, tmp_path: Path, teacher: Use, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = teacher()
    switched_on(project)
    row = extractions.start(project, "receipt.jpg", file(tmp_path))

    class Killed(BaseException):
        pass

    def killed(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(extractions, "_end", killed)
        with pytest.raises(Killed):
            extractions.run(row.pk, Silent())
    extractions.run(row.pk, Silent())
    row.refresh_from_db()
    assert (row.state, row.escalated, asked.asked, Response.objects.count()) == ("done", "done", 1, 1)
    assert budget.spent(project) == CENT
    assert Job.objects.filter(kind=LEARN.name).count() == 1


def test_two_identical_files_at_once_are_paid_once(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = threading.Event()

    def slow(_: Reading) -> Reply:
        both.wait(1)
        return SAID

    asked = use(monkeypatch, slow)
    switched_on(project)
    rows = at_once(project, tmp_path, [0, 0, 0], monkeypatch)
    assert {row.escalated for row in rows} == {"done"}
    assert (asked.asked, sum(row.usd for row in rows), project.documents.count()) == (1, CENT, 1)


def test_callers_at_once_cannot_overspend(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(_: Reading) -> Reply:
        threading.Event().wait(0.2)
        return SAID

    at_the_end_of_a_month(monkeypatch)
    asked = use(monkeypatch, slow)
    switched_on(project, monthly_usd=Decimal("0.07"))
    rows = at_once(project, tmp_path, list(range(8)), monkeypatch)
    counted: dict[str, Any] = {name: sum(row.escalated == name for row in rows) for name in ("done", "failed")}
    assert counted == {"done": asked.asked, "failed": 0}
    assert 1 <= asked.asked <= 7
    assert budget.spent(project) <= Decimal("0.07")
