"""Labels "not on the document" that nobody gave are withdrawn, and what documents say follows from fields in force.

Accepting a document once wrote such a label for each optional field that had none at all, also where nobody had been
asked about it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import groupby
from typing import Any

from django.db import migrations, models

# The rows of one acceptance were made in one statement. Rows that a person wrote one by one lie further apart: a request
# and a transaction each. A row that stands alone may be such a one and is kept.
APART = timedelta(milliseconds=5)
# From those rows to the time of the decision, which the same request wrote.
REQUEST = timedelta(seconds=10)
RANKS = {"truth": 0, "reviewer": 10, "teacher": 20, "claim": 30, "student": 40}
BATCH = 400


def withdraw_and_refresh(apps: Any, editor: Any) -> None:
    for project in apps.get_model("extraction", "Project").objects.select_related("schema_version"):
        project.withdrawn_absences = withdraw(apps, project)
        project.save(update_fields=["withdrawn_absences"])
        refresh(apps, project)


def withdraw(apps: Any, project: Any) -> int:
    """Take back the absences of acceptances; the number of them."""
    model, best = (apps.get_model("extraction", name) for name in ("Label", "BestLabel"))
    accepted = apps.get_model("extraction", "Document").objects.filter(
        project=project, review="accepted", reviewed__isnull=False
    )
    taken_back = 0
    keys = list(accepted.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        unasked = list(unasked_absences(model, accepted.filter(pk__in=keys[start : start + BATCH])))
        model.objects.bulk_create(withdrawal(model, label) for label in unasked)
        best.objects.filter(label__in=[label.pk for label in unasked]).delete()
        taken_back += len(unasked)
    return taken_back


def unasked_absences(model: Any, documents: Any) -> Iterator[Any]:
    """The labels "not on the document" of acceptances that are the only ones of their fields."""
    decisions = {document.pk: document for document in documents}
    labels = model.objects.filter(document__in=list(decisions)).order_by("document_id", "pk")
    for key, history in groupby(labels, key=lambda label: label.document_id):
        rows = list(history)
        of_field = Counter(row.field for row in rows)
        for row in acceptance(decisions[key], rows):
            if row.value is None and not row.withdrawn and of_field[row.field] == 1:
                yield row


def acceptance(document: Any, labels: Sequence[Any]) -> list[Any]:
    """The rows that accepting the document wrote, none where that is in doubt."""
    batch: list[Any] = []
    by_reviewer = [row for row in labels if row.source == "reviewer" and row.author_id == document.reviewer_id]
    for row in reversed([row for row in by_reviewer if row.created <= document.reviewed]):
        if batch and batch[-1].created - row.created > APART:
            break
        batch.append(row)
    in_one_request = batch and document.reviewed - batch[0].created <= REQUEST
    each_once = len({row.field for row in batch}) == len(batch)
    return batch if len(batch) > 1 and in_one_request and each_once else []


def withdrawal(model: Any, label: Any) -> Any:
    return model(
        document_id=label.document_id,
        schema_version_id=label.schema_version_id,
        field=label.field,
        source=label.source,
        author_id=label.author_id,
        withdrawn=True,
    )


def refresh(apps: Any, project: Any) -> None:
    """Best labels of fields that were removed go; the documents' columns follow from the rest."""
    rows, documents = (
        apps.get_model("extraction", "BestLabel").objects,
        apps.get_model("extraction", "Document").objects,
    )
    names = [field["name"] for field in project.schema_version.value["field"]] if project.schema_version else []
    rows.filter(project=project).exclude(field__in=names).delete()
    keys = list(documents.filter(project=project).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        batch = list(documents.filter(pk__in=keys[start : start + BATCH]).order_by("pk"))
        best = rows.filter(document__in=[row.pk for row in batch]).select_related("label").order_by("document_id")
        by_document = {key: list(group) for key, group in groupby(best, key=lambda row: row.document_id)}
        for document in batch:
            set_columns(document, by_document.get(document.pk, []))
        documents.bulk_update(batch, ["source", "confidence", "review"])


def set_columns(document: Any, best: Sequence[Any]) -> None:
    sources = [row.label.source for row in best]
    document.source = min(sources, key=lambda name: RANKS.get(name, 50), default="")
    document.confidence = min((row.confidence for row in best if row.confidence is not None), default=None)
    document.review = review(document, sources, all(row.by_people for row in best))


def review(document: Any, sources: Iterable[str], answered: bool) -> str:
    if document.review == "rejected":
        return "rejected"
    if not sources:
        return "unlabelled"
    decided = document.review == "accepted" or document.reviewed is not None
    return "accepted" if answered and (decided or "truth" in sources) else "waiting"


class Migration(migrations.Migration):
    dependencies = [
        ("extraction", "0012_account_rights"),
    ]

    operations = [
        migrations.AddField(
            model_name="project",
            name="withdrawn_absences",
            field=models.PositiveIntegerField(
                default=0, help_text='Labels "not on the document" that an upgrade withdrew; 0 once that was read.'
            ),
        ),
        migrations.AddField(
            model_name="response",
            name="fields",
            field=models.JSONField(default=list, help_text="Names of the fields asked for; empty: all of its run's."),
        ),
        migrations.RunPython(withdraw_and_refresh, migrations.RunPython.noop),
    ]
