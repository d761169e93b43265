"""Responses of teachers: stored on arrival with their costs, and reused for the same prompt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet

from extraction.domain.fields import Schema
from extraction.domain.progress import Progress, check
from extraction.domain.text import storable
from extraction.engines.teacher.protocol import Answer, Reply, Teacher, Usage
from extraction.models import Document, LabelRun, Response

USABLE = Q(refusal="", malformed=False)
BATCH = 400
# Stands for NUL in stored answers.
NUL = "�"


@dataclass(frozen=True, slots=True)
class Question:
    """The request of a run, the same for every document that lacks the fields of `schema`.

    `prompt` is the hash of the prompt, empty for a teacher without one.
    """

    run: LabelRun
    teacher: Teacher
    schema: Schema
    prompt: str

    @classmethod
    def of(cls, run: LabelRun, teacher: Teacher, schema: Schema) -> Question:
        prompt = teacher.prompt(schema)
        return cls(run, teacher, schema, prompt.sha256 if prompt else "")

    @property
    def stores_responses(self) -> bool:
        """Whether responses are stored: those that are paid for, and those of a trial."""
        return bool(self.prompt) or self.run.trial


def store(question: Question, document: Document, reply: Reply, seconds: float) -> Response | None:
    """Store a reply and count its costs, both or neither.

    Where another worker of the run was first its row stays; for a document that was deleted meanwhile nothing is
    stored. Either way the costs count, for they were paid.
    """
    row = Response(
        run=question.run,
        document=document,
        teacher=question.teacher.name,
        prompt_sha256=question.prompt,
        raw=storable(reply.raw, nul=NUL),
        fields=list(question.schema.names),
        answers={name: _to_json(answer) for name, answer in reply.answers.items() if name in question.schema},
        refusal=storable(reply.refusal or "", nul=NUL)[:500],
        malformed=reply.malformed,
        attempts=reply.attempts,
        input_tokens=reply.usage.input_tokens,
        output_tokens=reply.usage.output_tokens,
        usd=reply.usage.usd,
        seconds=seconds,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            add_usage(question.run, reply.usage, _counted(row))
    except IntegrityError:
        add_usage(question.run, reply.usage)
        return question.run.responses.filter(document=document.pk).first()
    return row


def add_usage(run: LabelRun, usage: Usage, counted: str = "", documents: int = 1) -> None:
    """Add costs, and so many documents in the column `counted`."""
    columns = {
        "input_tokens": F("input_tokens") + usage.input_tokens,
        "output_tokens": F("output_tokens") + usage.output_tokens,
        "usd": F("usd") + usage.usd,
    }
    if counted:
        columns[counted] = F(counted) + documents
    LabelRun.objects.filter(pk=run.pk).update(**columns)


def _counted(row: Response) -> str:
    if row.refusal:
        return "refusals"
    return "malformed" if row.malformed else "documents"


def reuse(question: Question, keys: Sequence[int], progress: Progress) -> None:
    """Copy usable responses of other runs to the same prompt, for the documents `keys`."""
    for start in range(0, len(keys), BATCH):
        check(progress)
        rows = [_copy(question.run, row) for row in _reusable(question, keys[start : start + BATCH]).values()]
        # A worker that lost its claim may do the same at this moment; the rows stored first stay.
        with suppress(IntegrityError), transaction.atomic():
            Response.objects.bulk_create(rows)
            add_usage(question.run, Usage(), "documents", len(rows))


def same_question(teacher: str, prompt: str) -> QuerySet[Response]:
    """Usable responses to the same prompt; none for a teacher without a prompt, which may have changed since."""
    rows = Response.objects.filter(USABLE, teacher=teacher, prompt_sha256=prompt)
    return rows if prompt else rows.none()


def _reusable(question: Question, keys: Sequence[int]) -> dict[int, Response]:
    """The newest usable response for each document, by its primary key."""
    rows = same_question(question.teacher.name, question.prompt).filter(document__in=keys)
    return {row.document_id: row for row in rows.exclude(run=question.run).order_by("id")}


def _copy(run: LabelRun, row: Response) -> Response:
    return Response(
        run=run,
        document_id=row.document_id,
        teacher=row.teacher,
        prompt_sha256=row.prompt_sha256,
        raw=row.raw,
        fields=row.fields,
        answers=row.answers,
        attempts=0,
        seconds=0,
    )


def unlabelled(run: LabelRun) -> Iterator[list[Response]]:
    """Batches of the run's usable responses without labels."""
    rows = run.responses.filter(USABLE).exclude(document__in=run.label_rows.values("document"))
    keys = list(rows.values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        yield list(Response.objects.filter(pk__in=keys[start : start + BATCH]).select_related("document"))


def answers(row: Response) -> dict[str, Answer]:
    return {name: Answer(**answer) for name, answer in row.answers.items()}


def _to_json(answer: Answer) -> dict[str, object]:
    return {key: storable(part, nul=NUL) if isinstance(part, str) else part for key, part in asdict(answer).items()}
