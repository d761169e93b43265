"""Teachers are asked by several methods; of several teachers the value counts that most of them are sure of."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from django.db import migrations, models
from django.db.models import Count, Min

TEXT = 200
BATCH = 400


def count_majorities(apps: Any, editor: Any) -> None:
    """Bring the best labels in step where three teachers or more spoke and the project's own is outvoted."""
    best, labels = (apps.get_model("extraction", name).objects for name in ("BestLabel", "Label"))
    spoken = labels.filter(source="teacher", withdrawn=False).values("document").order_by("document")
    several = spoken.annotate(teachers=Count("teacher", distinct=True)).filter(teachers__gt=2)
    keys = list(several.values_list("document", flat=True))
    for start in range(0, len(keys), BATCH):
        documents = keys[start : start + BATCH]
        said = labels.filter(document__in=documents, source="teacher").order_by("document_id", "field", "id")
        winners = {
            (pk, field): winner
            for (pk, field), group in groupby(said, key=lambda label: (label.document_id, label.field))
            if (winner := _winner(group)) is not None
        }
        rows = best.filter(document__in=documents, label__source="teacher").select_related("label")
        outvoted = list(_outvoted(rows, winners))
        best.bulk_update(outvoted, ["label", "confidence", "text", "number"])
        _refresh(apps, {row.document_id for row in outvoted})


def _winner(history: Iterable[Any]) -> Any | None:
    """The newest label that says what most teachers are sure of, two at least."""
    current = {label.teacher: label for label in history}
    voices = defaultdict[str | None, list[Any]](list)
    for label in current.values():
        if not label.withdrawn and not label.unsure:
            voices[_meaning(label)].append(label)
    ranked = Counter({meaning: len(some) for meaning, some in voices.items()}).most_common(2)
    if not ranked or ranked[0][1] < 2 or (len(ranked) > 1 and ranked[0][1] == ranked[1][1]):
        return None
    return max(voices[ranked[0][0]], key=lambda label: label.pk)


def _meaning(label: Any) -> str | None:
    return label.normalized if label.normalized is not None else label.value and label.value.casefold()


def _outvoted(rows: Iterable[Any], winners: dict[tuple[int, str], Any]) -> Iterator[Any]:
    for row in rows:
        winner = winners.get((row.document_id, row.field))
        # The texts of rows are no values; they follow with the next label of the document.
        if winner is None or _meaning(winner) == _meaning(row.label) or (row.label.value or "").startswith("["):
            continue
        row.label, row.confidence = winner, winner.confidence
        row.text = (winner.normalized or winner.value or "").casefold()[:TEXT]
        row.number = _number(winner.normalized) if row.number is not None else None
        yield row


def _number(text: str | None) -> float | None:
    try:
        return float(text or "")
    except ValueError:
        return None


def _refresh(apps: Any, documents: set[int]) -> None:
    rows = apps.get_model("extraction", "Document").objects.filter(pk__in=documents)
    changed = list(rows.annotate(lowest=Min("best_labels__confidence")))
    for document in changed:
        document.confidence = document.lowest
    rows.bulk_update(changed, ["confidence"])


class Migration(migrations.Migration):
    dependencies = [("extraction", "0023_claims")]

    operations = [
        migrations.AddField(
            "labelrun",
            "doubtful",
            models.BooleanField(
                default=False,
                help_text="`chosen` are documents with doubtful first answers; what the teacher answered is not asked "
                "again.",
            ),
        ),
        migrations.RemoveConstraint("response", "one_response_per_run"),
        migrations.AddConstraint(
            "response",
            models.UniqueConstraint(fields=["run", "document", "prompt_sha256"], name="one_response_per_question"),
        ),
        migrations.RunPython(count_majorities, migrations.RunPython.noop),
    ]
