"""Writing a hint: one request to a teacher, whose costs are kept whatever it answers."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.db.models import F

from extraction.domain.errors import gettext_noop
from extraction.domain.learning.corrections import Correction, Difference
from extraction.engines.teacher.hints import HintRequest, WritesHints
from extraction.engines.teacher.protocol import TeacherError
from extraction.models import Hint, Label, Source
from extraction.services.errors import Invalid
from extraction.services.labels import ranking
from extraction.services.teaching import teachers

# Pairs that are sent: more say the same again.
MOST_PAIRS = 20
LONGEST_VALUE = 300

_WORDS = {
    Difference.MISSED: "the transcriber found no value",
    Difference.INVENTED: "the transcriber gave a value although the document has none",
    Difference.SHORTER: "the right value is a part of what was given",
    Difference.LONGER: "the right value is more than what was given",
    Difference.OTHER: "the right value is another one",
}


def run(hint: int) -> None:
    """Have a hint written; the work of a HINT job. One that is written stays as it is.

    A worker that is killed between the answer and its row asks again, which is paid twice: a cent or less.
    """
    row = Hint.objects.select_related("project__schema_version").filter(pk=hint, state=Hint.State.REQUESTED).first()
    if row is None:
        return
    teacher = teachers.find(row.teacher)
    if not isinstance(teacher, WritesHints):
        raise Invalid(gettext_noop("{teacher} writes no hints."), teacher=row.teacher)
    if teacher.outside and row.consented_provider != teacher.provider_id:
        raise Invalid(
            gettext_noop("Nobody agreed that values of documents go to {provider!s}."), provider=teacher.provider
        )
    try:
        reply = teacher.write_hint(request_of(row, _corrections(row)))
    except TeacherError as error:
        _pay(row, error.usage.usd)
        raise
    _pay(row, reply.usage.usd)
    Hint.objects.filter(pk=row.pk, state=Hint.State.REQUESTED).update(state=Hint.State.PROPOSED, text=reply.text)


def request_of(hint: Hint, corrections: Sequence[Correction]) -> HintRequest:
    """What the teacher is sent."""
    schema = hint.project.schema
    field = schema[hint.field]
    return HintRequest(
        schema.document,
        field.title,
        field.instruction,
        hint.vendor,
        _WORDS[Difference(hint.difference)],
        tuple((_cut(each.said), _cut(each.right)) for each in corrections[:MOST_PAIRS]),
    )


def _corrections(hint: Hint) -> list[Correction]:
    """As they were when the hint was asked for; of documents that are still there."""
    if hint.field not in hint.project.schema:
        raise Invalid(gettext_noop("The field {field!r} is no longer there."), field=hint.field)
    rights = Label.objects.filter(pk__in=hint.corrections).order_by("pk")
    documents = hint.project.documents.filter(pk__in=rights.values("document"))
    said = ranking.from_source(documents, Source.TEACHER, hint.project.teacher)
    found = [
        Correction(label.document_id, label.pk, hint.field, hint.vendor, answer.value, label.value)
        for label in rights
        if (answer := said.get(label.document_id, {}).get(hint.field))
    ]
    if not found:
        raise Invalid(gettext_noop("The corrections of this hint are no longer there."))
    return found


def _pay(hint: Hint, usd: Decimal) -> None:
    Hint.objects.filter(pk=hint.pk).update(usd=F("usd") + usd)


def _cut(value: str | None) -> str | None:
    return value if value is None or len(value) <= LONGEST_VALUE else value[: LONGEST_VALUE - 1] + "…"
