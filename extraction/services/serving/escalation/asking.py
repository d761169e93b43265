"""Asking the teacher about one file, in a time that a caller waits for.

The request has a thread of its own. Who waits stores what comes in time; what comes later is stored by the thread, for
it is paid: answers, their cost and the job that makes labels of them in one transaction.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import connection, transaction

from extraction.domain.errors import gettext_noop
from extraction.domain.fields import Schema
from extraction.domain.work import spans
from extraction.engines.teacher.protocol import Answer, Reading, Reply, Teacher, TeacherError, Usage
from extraction.models import Document, LabelRun, Project, Response, TeacherCall
from extraction.services.jobs import queue
from extraction.services.serving.escalation import teacher as asked_teacher
from extraction.services.serving.jobs import LEARN
from extraction.services.teaching import dispatch, label_runs, responses
from extraction.services.teaching.responses import Question

logger = logging.getLogger(__name__)

TOO_LATE = gettext_noop("The teacher gave no answer within {seconds} seconds.")
BROKEN = gettext_noop("The teacher failed for a reason that is in the log.")
UNUSABLE = gettext_noop("The teacher refused, or its answer was off the format.")
CUT = gettext_noop("The teacher's answer was cut off, for it had more tokens than it may cost.")

Answers = Mapping[str, Answer]


@dataclass(frozen=True, slots=True)
class Asked:
    """Requests about a document. `limits` are the dollars that each may cost; together they are reserved."""

    call: TeacherCall
    teacher: Teacher
    document: Document
    questions: tuple[Question, ...]
    limits: tuple[Decimal, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Replied:
    """The replies that came, with their seconds; `error` is one sentence where not all came.

    `usage` is that of answers that came to nothing; `None`: nobody knows what was paid.
    """

    replies: Sequence[tuple[Question, Reply, float]] = ()
    usage: Usage | None = field(default_factory=Usage)
    error: str = ""

    @property
    def usd(self) -> Decimal | None:
        """What the answers cost."""
        return None if self.usage is None else self._paid(self.usage).usd

    @property
    def most_usd(self) -> Decimal | None:
        """What counts as spent: the answers, and requests that may be charged although no answer came."""
        return None if self.usage is None else asked_teacher.stored(self._paid(self.usage).most_usd)

    def _paid(self, usage: Usage) -> Usage:
        return sum((reply.usage for _, reply, _ in self.replies), usage)

    @property
    def answers(self) -> Answers:
        """Those of usable replies."""
        usable = [reply for _, reply, _ in self.replies if not (reply.refusal or reply.malformed)]
        return {name: answer for reply in usable for name, answer in reply.answers.items()}


def run_of(project: Project, consent: str) -> LabelRun:
    """The label run that holds answers of the project's teacher to its prompt about its fields: one for all files.

    Raises `Invalid` and `ConsentNeeded`.
    """
    wanted = label_runs.prepare(project, project.teacher, project.prompt_version, consent=consent)
    same = ("teacher", "prompt_version", "schema_version", "consented_provider")
    with transaction.atomic():
        # Locked, so that of two files the second sees the run of the first.
        Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        known = project.label_runs.filter(escalates=True, **{name: getattr(wanted, name) for name in same}).first()
        if known is None:
            wanted.escalates = True
            wanted.save()
    return known or wanted


def known_answers(teacher: Teacher, schemas: Sequence[Schema], document: Document) -> Answers | None:
    """What the teacher answered to the same prompts about the same bytes before; `None` where it was not asked all."""
    found: dict[str, Answer] = {}
    for schema in schemas:
        prompt = teacher.prompt(schema)
        rows = responses.same_question(teacher.name, prompt.sha256 if prompt else "").filter(document=document)
        row = rows.order_by("-pk").first()
        if row is None:
            return None
        found |= responses.answers_about(row, schema)
    return found


def was_useless(asked: Asked) -> bool:
    """Whether an answer to the same was refused or malformed before, which would be paid for again."""
    prompts = [question.prompt for question in asked.questions if question.prompt]
    rows = Response.objects.filter(run=asked.call.run, document=asked.document, prompt_sha256__in=prompts)
    return any(not row.usable for row in rows)


def ask(asked: Asked) -> Replied:
    """The teacher's replies, stored; without any where it takes too long."""
    waiting = _Waiting()
    reading = dispatch.reading(asked.document)

    def work() -> None:
        replied = _replies(asked, reading)
        if not waiting.hand_over(replied):
            try:
                store(asked, replied)
            except Exception:
                logger.exception("A late answer of a teacher could not be stored.")
            finally:
                connection.close()

    threading.Thread(target=spans.carried(work), name="escalation").start()
    replied = waiting.take(asked.seconds)
    if replied is None:
        return Replied(error=TOO_LATE.format(seconds=f"{asked.seconds:.0f}"))
    store(asked, replied)
    return replied


def store(asked: Asked, replied: Replied) -> None:
    """Store the replies with their cost and have labels made of them, all or nothing; once for a call."""
    State = TeacherCall.State
    usable = bool(replied.answers)
    with transaction.atomic():
        # Held, so that it cannot be deleted before its answers are stored.
        held = Document.objects.select_for_update(no_key=True).filter(pk=asked.document.pk).exists()
        rows = TeacherCall.objects.filter(pk=asked.call.pk, state=State.ASKED)
        state = State.ANSWERED if usable else State.FAILED
        error = replied.error or ("" if usable else _useless(replied))
        if not rows.update(state=state, usd=replied.most_usd, error=error[:500]):
            return
        for question, reply, seconds in replied.replies:
            if held:
                responses.store(question, asked.document, reply, seconds)
            else:
                responses.add_usage(question.run, reply.usage)
        if replied.error and replied.usage is not None:
            responses.add_usage(asked.questions[0].run, replied.usage, "failures")
        if (replied.most_usd or 0) > asked.call.reserved_usd:
            logger.warning("A file cost more dollars than were reserved for it: %s.", replied.most_usd)
        if usable and held:
            queue.enqueue(LEARN, project=asked.call.project, subject=asked.call.pk)


def _useless(replied: Replied) -> str:
    return CUT if any(reply.cut for _, reply, _ in replied.replies) else UNUSABLE


def _replies(asked: Asked, reading: Reading) -> Replied:
    replies: list[tuple[Question, Reply, float]] = []
    for question, limit in zip(asked.questions, asked.limits, strict=True):
        started = time.perf_counter()
        try:
            reply = dispatch.reply_of(asked.teacher, reading, question.schema, limit)
        except TeacherError as problem:
            return Replied(replies, problem.usage, str(problem))
        except Exception:
            logger.exception("The teacher %s failed.", asked.teacher.name)
            return Replied(replies, None, BROKEN)
        replies.append((question, reply, time.perf_counter() - started))
    return Replied(replies)


class _Waiting:
    """The place where a thread leaves its replied for whoever still waits."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._replied: Replied | None = None
        self._left = False

    def hand_over(self, replied: Replied) -> bool:
        """False where nobody waits any more."""
        with self._changed:
            self._replied = replied
            self._changed.notify()
            return not self._left

    def take(self, seconds: float) -> Replied | None:
        with self._changed:
            self._changed.wait_for(lambda: self._replied is not None, seconds)
            self._left = self._replied is None
            return self._replied
