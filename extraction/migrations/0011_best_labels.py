"""The best label of each field of each document as a row of its own, derived from the labels that are there."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import django.db.models.deletion
from django.db import migrations, models

# Sources as they ranked at this version, the one that wins first.
RANKS = {"truth": 0, "reviewer": 10, "teacher": 20, "claim": 30, "student": 40}
BY_PEOPLE = ("truth", "reviewer")


def fill(apps: Any, editor: Any) -> None:
    best_labels = apps.get_model("extraction", "BestLabel").objects
    for project in apps.get_model("extraction", "Project").objects.select_related("schema_version"):
        best_labels.bulk_create(rows(apps, project), batch_size=400)


def rows(apps: Any, project: Any) -> Iterator[Any]:
    model = apps.get_model("extraction", "BestLabel")
    fields = project.schema_version.value["field"] if project.schema_version else []
    numeric = {field["name"] for field in fields if field["type"] in ("money", "number")}
    labels = apps.get_model("extraction", "Label").objects.filter(document__project=project)
    ordered = labels.order_by("document_id", "field", "pk").iterator(chunk_size=2000)
    for (document, field), history in groupby(ordered, key=lambda label: (label.document_id, label.field)):
        newest = {(label.source, label.teacher): label for label in history}
        current = [label for label in newest.values() if not label.withdrawn]
        if not current:
            continue
        best = min(current, key=lambda label: precedence(label, project.teacher))
        yield model(
            project=project,
            document_id=document,
            field=field,
            label=best,
            by_people=best.source in BY_PEOPLE,
            disputed=any(meaning(label) != meaning(best) for label in current),
            confidence=best.confidence,
            text=(best.normalized if best.normalized is not None else best.value or "").casefold()[:200],
            number=number(best.normalized) if field in numeric else None,
        )


def precedence(label: Any, teacher: str) -> tuple[int, bool, int]:
    return RANKS.get(label.source, 50), label.teacher != teacher, -label.pk


def meaning(label: Any) -> str | None:
    return label.normalized if label.normalized is not None else label.value and label.value.casefold()


def number(text: str | None) -> float | None:
    try:
        return None if text is None else float(text)
    except ValueError:
        return None


class Migration(migrations.Migration):
    dependencies = [
        ("extraction", "0010_project_date_order"),
    ]

    operations = [
        migrations.CreateModel(
            name="BestLabel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("field", models.CharField(max_length=50)),
                ("by_people", models.BooleanField(help_text="A person answers for it, so it needs no review.")),
                ("disputed", models.BooleanField(help_text="Another source has another value.")),
                ("confidence", models.FloatField(null=True)),
                (
                    "text",
                    models.CharField(
                        help_text="The normalised value, else the printed one, in lower case.", max_length=200
                    ),
                ),
                ("number", models.FloatField(help_text="The size of an amount or number.", null=True)),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="best_labels",
                        to="extraction.document",
                    ),
                ),
                (
                    "label",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="extraction.label"
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="extraction.project"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["project", "field", "by_people", "confidence"], name="best_label_confidence"),
                    models.Index(fields=["project", "field", "text"], name="best_label_text"),
                    models.Index(fields=["project", "field", "number"], name="best_label_number"),
                ],
                "constraints": [models.UniqueConstraint(fields=("document", "field"), name="one_best_label_per_field")],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
