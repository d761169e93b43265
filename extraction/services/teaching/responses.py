"""Responses of teachers: stored on arrival with their costs, and reused for the same prompt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet

from extraction.domain.fields import Schema
from extraction.domain.progress import Progress, check
from extraction.domain.text import storable
from extraction.engines.teacher.listing import mapping
from extraction.engines.teacher.prompting.methods import Method, method_of
from extraction.engines.teacher.protocol import Answer, Reply, Teacher, Usage
from extraction.models import Document, LabelRun, Response
from extraction.services.projects import schema_versions

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
        answers=_stored(question.schema, reply.answers),
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
            add_usage(question.run, reply.usage, _counted(row), documents=int(_is_first(row)))
    except IntegrityError:
        add_usage(question.run, reply.usage)
        return question.run.responses.filter(document=document.pk, prompt_sha256=question.prompt).first()
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


def _is_first(row: Response) -> bool:
    """Whether it is the first of its kind, good or not, that the run has for the document."""
    others = row.run.responses.filter(document=row.document_id, malformed=row.malformed).exclude(pk=row.pk)
    return not others.filter(~Q(refusal="") if row.refusal else Q(refusal="")).exists()


def reuse(question: Question, keys: Sequence[int], progress: Progress) -> None:
    """Copy usable responses of other runs to the same prompt, for the documents `keys`."""
    for start in range(0, len(keys), BATCH):
        check(progress)
        rows = [_copy(question, row) for row in _reusable(question, keys[start : start + BATCH]).values()]
        known = question.run.responses.filter(USABLE, document__in=[row.document_id for row in rows])
        # A worker that lost its claim may do the same at this moment; the rows stored first stay.
        with suppress(IntegrityError), transaction.atomic():
            new = {row.document_id for row in rows} - set(known.values_list("document", flat=True))
            Response.objects.bulk_create(rows)
            add_usage(question.run, Usage(), "documents", len(new))


def same_question(teacher: str, prompt: str) -> QuerySet[Response]:
    """Usable responses to the same prompt; none for a teacher without a prompt, which may have changed since."""
    rows = Response.objects.filter(USABLE, teacher=teacher, prompt_sha256=prompt)
    return rows if prompt else rows.none()


def _reusable(question: Question, keys: Sequence[int]) -> dict[int, Response]:
    """The newest usable response for each document, by its primary key."""
    rows = same_question(question.teacher.name, question.prompt).filter(document__in=keys)
    return {row.document_id: row for row in rows.exclude(run=question.run).order_by("id")}


def _copy(question: Question, row: Response) -> Response:
    lists = method_of(row.teacher) is Method.LIST
    return Response(
        run=question.run,
        document_id=row.document_id,
        teacher=row.teacher,
        prompt_sha256=row.prompt_sha256,
        raw=row.raw,
        fields=list(question.schema.names) if lists else row.fields,
        answers=_stored(question.schema, answers_about(row, question.schema)) if lists else row.answers,
        attempts=0,
        seconds=0,
    )


def unlabelled(run: LabelRun) -> Iterator[list[Response]]:
    """Batches of the run's usable responses that say something and have no label."""
    names, labelled = schema_versions.translation(run.schema_version), labelled_pairs(run)
    rows = run.responses.filter(USABLE).exclude(answers={}).values_list("pk", "document", "fields")
    keys = [
        pk
        for pk, document, fields in rows.iterator()
        if not any((document, names.get(name)) in labelled for name in fields or names)
    ]
    for start in range(0, len(keys), BATCH):
        yield list(Response.objects.filter(pk__in=keys[start : start + BATCH]).select_related("document"))


def labelled_pairs(run: LabelRun, documents: Sequence[int] | None = None) -> set[tuple[int, str]]:
    """Documents, those given or all, and fields, under their present names, of which the run has a label."""
    rows = run.label_rows.all() if documents is None else run.label_rows.filter(document__in=documents)
    return set(rows.values_list("document", "field"))


def answers(row: Response) -> dict[str, Answer]:
    return {name: Answer(**answer) for name, answer in row.answers.items()}


def answers_about(row: Response, schema: Schema) -> Mapping[str, Answer]:
    """The answers for the fields of a schema, whose prompt the usable response is to. A listing is asked for in the
    same words whatever the fields are, so it is mapped to these."""
    if method_of(row.teacher) is Method.LIST:
        return mapping.read(schema, row.raw)
    return {name: answer for name, answer in answers(row).items() if name in schema}


def _stored(schema: Schema, answers: Mapping[str, Answer]) -> dict[str, object]:
    return {name: _to_json(answer) for name, answer in answers.items() if name in schema}


def _to_json(answer: Answer) -> dict[str, object]:
    return {key: storable(part, nul=NUL) if isinstance(part, str) else part for key, part in asdict(answer).items()}
