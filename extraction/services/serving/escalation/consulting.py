"""Escalation of one file: whether the teacher is asked, and the answer of both.

`prepare` decides, reserves the money and makes the file a document; it is the part that reads pages. `finish` waits for
the teacher. Whatever goes wrong, the student's answer stands.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from django.utils import timezone

from extraction.domain.errors import UserError
from extraction.domain.escalation.gain import gain, student_probability
from extraction.domain.escalation.merging import Merged
from extraction.domain.escalation.outcomes import AnswerSource, Outcome
from extraction.domain.evaluation.guarantees import Guarantee
from extraction.domain.fields import Schema
from extraction.domain.pages import Page
from extraction.domain.prediction import FieldValue
from extraction.domain.progress import Silent
from extraction.domain.results.extraction import FieldAnswer, Fields, FileResult
from extraction.engines.teacher.protocol import Answer, Teacher
from extraction.models import Document, Escalation, ModelVersion, Project, Split, TeacherCall, User
from extraction.services.documents import intake, reading
from extraction.services.errors import Invalid
from extraction.services.serving import guarantees
from extraction.services.serving.escalation import asking, budget, settings
from extraction.services.serving.escalation import teacher as asked_teacher
from extraction.services.serving.escalation.asking import Asked
from extraction.services.serving.escalation.merging import Merging, Probabilities
from extraction.services.teaching import teachers
from extraction.services.teaching.responses import Question

logger = logging.getLogger(__name__)

# Seconds between two looks whether the same file, which another caller sent, has its answer.
POLL = 0.2


@dataclass(frozen=True, slots=True)
class Sent:
    """A file of a caller, and what the student says: `result` with its `answers` on the pages. `probabilities` that
    these are right are told by `prepare`. `came`: when it was sent."""

    project: Project
    model: ModelVersion
    name: str
    path: Path
    sha256: str
    pages: tuple[Page, ...]
    answers: Mapping[str, FieldValue]
    result: FileResult
    author: User | None = None
    probabilities: Probabilities = field(default_factory=dict)
    came: datetime = field(default_factory=timezone.now)


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is still to do: `asked` the teacher, or wait for the `other` call about the same file; else `outcome` is
    final, or `answers` are known from before."""

    sent: Sent
    outcome: Outcome
    gain: float | None = None
    asked: Asked | None = None
    other: TeacherCall | None = None
    answers: Mapping[str, Answer] | None = None


@dataclass(frozen=True, slots=True)
class Consulted:
    """The result of a file; where the teacher answered, merged from the answers of `student` and `teacher`. `model` is
    the version that answered, `None` for a file that was refused."""

    result: FileResult
    gain: float | None = None
    student: Fields | None = None
    teacher: Fields | None = None
    model: ModelVersion | None = None


def prepare(sent: Sent) -> Prepared:
    """Decide about a file whose fields were read. Raises nothing but for errors of the database."""
    row = settings.of(sent.project)
    if not row.active or sent.project.schema_version is None:
        return Prepared(sent, Outcome.OFF)
    expected = asked_teacher.accuracies(sent.project, sent.project.teacher)
    sent = replace(sent, probabilities=_probabilities(sent))
    found = gain(sent.probabilities, expected, row.weights)
    document = sent.project.documents.filter(sha256=sent.sha256).first()
    paid = asked_teacher.price(sent.project, sent.project.teacher)
    # Of a file that is known the answer may be, too.
    if document is None and (refused := budget.refused(row, found, sent.sha256, paid)):
        return Prepared(sent, refused, found)
    try:
        teacher = asked_teacher.find(sent.project)
    except Invalid:
        return Prepared(sent, Outcome.UNAVAILABLE, found)
    needed = teachers.consent(teacher)
    if needed and row.consented_provider != needed.provider:
        return Prepared(sent, Outcome.NO_CONSENT, found)
    return _decided(sent, row, teacher, found, document, paid)


def finish(prepared: Prepared) -> Consulted:
    """The answer, once the teacher's came or its time is over. Raises nothing but for errors of the database."""
    sent, started, usd = prepared.sent, time.perf_counter(), Decimal(0)
    outcome, answers = prepared.outcome, prepared.answers
    if prepared.asked is not None:
        replied = asking.ask(prepared.asked)
        answers, usd = replied.answers, replied.usd or Decimal(0)
        outcome = Outcome.DONE if answers else Outcome.FAILED
    elif prepared.other is not None:
        answers = _of_other(prepared.sent, prepared.other)
        outcome = Outcome.DONE if answers else Outcome.FAILED
    if outcome is Outcome.DONE and answers:
        try:
            return _merged(prepared, answers, usd, time.perf_counter() - started)
        except Exception:
            logger.exception("The answers of student and teacher could not be merged.")
            outcome = Outcome.FAILED
    return Consulted(replace(sent.result, escalated=outcome, usd=float(usd)), prepared.gain, model=sent.model)


def _probabilities(sent: Sent) -> Probabilities:
    """How probably the student's answers are right; where the evidence cannot be collected, by its confidence alone."""
    try:
        return Merging(sent.project, sent.project.teacher).probabilities(sent.pages, sent.answers)
    except Exception:
        logger.exception("The evidence about a student's answers could not be collected.")
        return {name: student_probability(answer.confidence, 1.0) for name, answer in sent.answers.items()}


def _decided(
    sent: Sent, row: Escalation, teacher: Teacher, found: float, document: Document | None, paid: float | None
) -> Prepared:
    """`paid`: dollars that a document has cost lately."""
    project = sent.project
    schemas = asked_teacher.questions(project, teacher.name)
    if found > 0 and document is not None:
        known = asking.known_answers(teacher, schemas, document)
        if known is not None:
            return Prepared(sent, Outcome.DONE if known else Outcome.FAILED, found, answers=known)
    expected = _sum(asked_teacher.estimate(teacher, schema, len(sent.pages)) for schema in schemas)
    limits = [asked_teacher.most(teacher, schema, len(sent.pages)) for schema in schemas]
    most = _sum(limits)
    if not schemas or expected is None or most is None:
        return Prepared(sent, Outcome.UNAVAILABLE, found)
    price = float(expected) if paid is None else paid
    wanted = budget.Wanted(sent.model, sent.sha256, found, price=price, most=most)
    reserved = budget.reserve(project, wanted)
    if reserved.call is None:
        return Prepared(sent, reserved.outcome, found)
    if reserved.other:
        return Prepared(sent, reserved.outcome, found, other=reserved.call)
    priced = [(schema, limit) for schema, limit in zip(schemas, limits, strict=True) if limit is not None]
    asked = _asked(sent, row, teacher, reserved.call, priced)
    return Prepared(sent, Outcome.DONE if asked else Outcome.FAILED, found, asked=asked)


def _sum(dollars: Iterable[Decimal | None]) -> Decimal | None:
    """`None` where one of them is not known."""
    known = list(dollars)
    return None if None in known else sum((usd for usd in known if usd is not None), Decimal(0))


def _asked(
    sent: Sent, row: Escalation, teacher: Teacher, call: TeacherCall, priced: Sequence[tuple[Schema, Decimal]]
) -> Asked | None:
    """The file as a document, with the questions about it, each with the dollars that it may cost; `None` where that is
    not possible."""
    try:
        call.run = asking.run_of(sent.project, row.consented_provider)
        document = _document(sent)
        questions = tuple(Question.of(call.run, teacher, schema) for schema, _ in priced)
        asked = Asked(call, teacher, document, questions, tuple(usd for _, usd in priced), row.timeout_seconds)
        budget.attach(call, document)
        if not asking.was_useless(asked):
            return asked
        budget.release(call, asking.UNUSABLE)
    except UserError as problem:
        budget.release(call, str(problem))
    except Exception:
        logger.exception("A file could not be made a document for the teacher.")
        budget.release(call, asking.BROKEN)
    return None


def _document(sent: Sent) -> Document:
    """The file in the project, read; one that is new is learned from. Raises what adding and reading do."""
    document = sent.project.documents.filter(sha256=sent.sha256).first()
    if document is None or document.state != Document.State.READY:
        document, _ = intake.add_document(
            sent.project,
            sent.name,
            sent.path,
            split=None if document else Split.TRAIN,
            origin=Document.Origin.ESCALATION,
            actor=sent.author,
            enqueue=False,
        )
        reading.read(document.pk, Silent())
        document.refresh_from_db()
    return document


def _of_other(sent: Sent, call: TeacherCall) -> Mapping[str, Answer] | None:
    """What the teacher answers to another caller about the same file, which is not paid twice."""
    try:
        teacher = asked_teacher.find(sent.project)
    except Invalid:
        return None
    schemas = asked_teacher.questions(sent.project, teacher.name)
    while True:
        asked = TeacherCall.objects.filter(pk=call.pk, state=TeacherCall.State.ASKED).exists()
        document = sent.project.documents.filter(sha256=sent.sha256).first()
        known = asking.known_answers(teacher, schemas, document) if document else None
        if known is not None:
            return known
        if not asked or timezone.now() > call.deadline:
            return None
        time.sleep(POLL)


def _accepted(sent: Sent, name: str, merged: Merged, agreements: Mapping[str, Guarantee]) -> bool | None:
    """By the guarantee of the student's answers, or by that of those with which the teacher agrees; another answer, and
    one that is disputed, needs a look."""
    own = (sent.result.fields or {}).get(name)
    if own is None:
        return False if name in sent.project.error_targets else None
    if own.accepted is None:
        return None
    if merged.source == AnswerSource.TEACHER or merged.doubtful:
        return False
    if merged.source == AnswerSource.BOTH and name in agreements:
        return own.accepted or agreements[name].accepts(own.confidence)
    return own.accepted


def _merged(prepared: Prepared, given: Mapping[str, Answer], usd: Decimal, seconds: float) -> Consulted:
    sent = prepared.sent
    merging = Merging(sent.project, sent.project.teacher)
    values = merging.values(sent.pages, given)
    merged = merging.merged(sent.pages, sent.answers, values, sent.probabilities)
    timing, agreements = sent.result.timing, guarantees.of_agreement(sent.model, sent.project.teacher)
    return Consulted(
        replace(
            sent.result,
            fields={
                name: FieldAnswer.of(
                    each.value,
                    sent.pages,
                    each.source,
                    doubtful=each.doubtful,
                    accepted=_accepted(sent, name, each, agreements),
                )
                for name, each in merged.items()
            },
            timing=timing and timing.plus(seconds),
            escalated=Outcome.DONE,
            usd=float(usd),
        ),
        prepared.gain,
        sent.result.fields,
        {name: FieldAnswer.of(value, sent.pages, AnswerSource.TEACHER) for name, value in values.items()},
        sent.model,
    )
