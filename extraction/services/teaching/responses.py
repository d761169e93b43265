"""What teachers outside answered, row by row: kept when it arrives, used again where it was asked before, counted."""

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
    """What a run asks of every document: its teacher, the fields, and the prompt that these make.

    `prompt` is empty for a teacher that gets none.
    """

    run: LabelRun
    teacher: Teacher
    schema: Schema
    prompt: str

    @classmethod
    def of(cls, run: LabelRun, teacher: Teacher) -> Question:
        schema = run.schema_version.as_domain()
        prompt = teacher.prompt(schema)
        return cls(run, teacher, schema, prompt.sha256 if prompt else "")

    @property
    def kept(self) -> bool:
        """Whether the answers are stored: what was paid for, and what a trial is there to show."""
        return bool(self.prompt) or self.run.trial


def keep(question: Question, document: Document, reply: Reply, seconds: float) -> Response | None:
    """Store a reply and count what it cost, both or neither.

    Where another worker of the run was first its row stands; for a document that was deleted meanwhile nothing is kept.
    Either way the cost counts, for it was paid.
    """
    row = Response(
        run=question.run,
        document=document,
        teacher=question.teacher.name,
        prompt_sha256=question.prompt,
        raw=storable(reply.raw, nul=NUL),
        answers={name: _export(answer) for name, answer in reply.answers.items()},
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
            add(question.run, reply.usage, _counted(row))
    except IntegrityError:
        add(question.run, reply.usage)
        return question.run.responses.filter(document=document.pk).first()
    return row


def add(run: LabelRun, usage: Usage, counted: str = "", documents: int = 1) -> None:
    """Count what was paid, and so many documents in the column `counted`."""
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
    """Answer what was asked before in the same words from what was paid for then."""
    for start in range(0, len(keys), BATCH):
        check(progress)
        rows = [_again(question.run, row) for row in _answered(question, keys[start : start + BATCH]).values()]
        # A worker that was taken for dead may be doing the same: what it stored first stands.
        with suppress(IntegrityError), transaction.atomic():
            Response.objects.bulk_create(rows)
            add(question.run, Usage(), "documents", len(rows))


def same_question(teacher: str, prompt: str) -> QuerySet[Response]:
    """Usable answers to the same words; none for a teacher without a prompt, who may have learned since."""
    rows = Response.objects.filter(USABLE, teacher=teacher, prompt_sha256=prompt)
    return rows if prompt else rows.none()


def _answered(question: Question, keys: Sequence[int]) -> dict[int, Response]:
    """The newest answer for each document."""
    rows = same_question(question.teacher.name, question.prompt).filter(document__in=keys)
    return {row.document_id: row for row in rows.exclude(run=question.run).order_by("id")}


def _again(run: LabelRun, row: Response) -> Response:
    return Response(
        run=run,
        document_id=row.document_id,
        teacher=row.teacher,
        prompt_sha256=row.prompt_sha256,
        raw=row.raw,
        answers=row.answers,
        attempts=0,
        seconds=0,
    )


def unlabelled(run: LabelRun) -> Iterator[list[Response]]:
    """The run's usable responses of which no labels were made yet, a group of them in memory at a time."""
    rows = run.responses.filter(USABLE).exclude(document__in=run.label_rows.values("document"))
    keys = list(rows.values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        yield list(Response.objects.filter(pk__in=keys[start : start + BATCH]).select_related("document"))


def answers(row: Response) -> dict[str, Answer]:
    return {name: Answer(**answer) for name, answer in row.answers.items()}


def _export(answer: Answer) -> dict[str, object]:
    return {key: storable(part, nul=NUL) if isinstance(part, str) else part for key, part in asdict(answer).items()}
