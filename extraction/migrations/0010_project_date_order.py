"""The order of day and month as a setting of the project, and meanings that a person chose.

Dates between dots are read as well: earlier versions left them unread where the day may be the month.
"""

import datetime
from typing import Any

from django.db import migrations, models

from extraction.domain.field_types.readers.dates import parse_date, write_date

BATCH = 400


def read_dates(apps: Any, editor: Any) -> None:
    labels = apps.get_model("extraction", "Label").objects
    today = datetime.datetime.now(tz=datetime.UTC).date()
    for project in apps.get_model("extraction", "Project").objects.exclude(schema_version=None):
        formats = {
            field["name"]: field.get("format", "")
            for field in project.schema_version.value["field"]
            if field.get("type") == "date"
        }
        unread = labels.filter(
            document__project=project, field__in=list(formats), value__isnull=False, normalized=None
        ).order_by("pk")
        last = 0
        while rows := list(unread.filter(pk__gt=last)[:BATCH]):
            last = rows[-1].pk
            for label in rows:
                date = parse_date(label.value, today=today)
                label.normalized = write_date(date, formats[label.field]) if date else None
            labels.bulk_update([label for label in rows if label.normalized], ["normalized"])


class Migration(migrations.Migration):
    dependencies = [("extraction", "0009_training")]

    operations = [
        migrations.AddField(
            model_name="project",
            name="date_order",
            field=models.CharField(
                choices=[("found", "Found automatically"), ("dmy", "Day first"), ("mdy", "Month first")],
                default="found",
                help_text="Which part of a date such as 01/02/2018 comes first.",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="label",
            name="reading_chosen",
            field=models.BooleanField(
                default=False, help_text="A person chose among the meanings of the value, so `normalized` stays."
            ),
        ),
        migrations.RunPython(read_dates, migrations.RunPython.noop),
    ]
