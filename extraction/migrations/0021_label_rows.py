"""Labels of groups keep places and confidences of their rows, and lists sort them by the number of rows."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import migrations, models

BATCH = 400
TEXT = 200


def summarise(apps: Any, editor: Any) -> None:
    """What lists read of groups that have labels: the cells' texts in place of JSON, and the number of rows."""
    best = apps.get_model("extraction", "BestLabel").objects
    for project in apps.get_model("extraction", "Project").objects.select_related("schema_version"):
        fields = project.schema_version.value["field"] if project.schema_version else []
        rows = best.filter(project=project, field__in=[field["name"] for field in fields if field["type"] == "group"])
        last = 0
        while batch := list(rows.filter(pk__gt=last).select_related("label").order_by("pk")[:BATCH]):
            last = batch[-1].pk
            for row in batch:
                held = _rows(row.label.normalized if row.label.normalized is not None else row.label.value)
                if held is not None:
                    row.text, row.number = " ".join(_texts(held)).casefold()[:TEXT], len(held)
            best.bulk_update(batch, ["text", "number"])


def _rows(text: str | None) -> Sequence[Mapping[str, Any]] | None:
    try:
        rows = json.loads(text or "")
    except (ValueError, RecursionError):
        return None
    return rows if isinstance(rows, list) and all(isinstance(row, dict) for row in rows) else None


def _texts(rows: Sequence[Mapping[str, Any]]) -> Iterable[str]:
    return (str(value) for row in rows for value in row.values() if value is not None)


class Migration(migrations.Migration):
    dependencies = [("extraction", "0020_languages")]

    operations = [
        migrations.AddField(
            "label",
            "rows",
            models.JSONField(
                help_text="Of a group's rows the places and confidences; null: its source gave none.", null=True
            ),
        ),
        migrations.AlterField(
            "bestlabel",
            "text",
            models.CharField(
                help_text="The normalised value, else the printed one, in lower case; of a group its cells.",
                max_length=200,
            ),
        ),
        migrations.AlterField(
            "bestlabel",
            "number",
            models.FloatField(help_text="The size of an amount or number; of a group the number of rows.", null=True),
        ),
        migrations.RunPython(summarise, migrations.RunPython.noop),
    ]
