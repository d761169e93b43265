"""Equal snapshots become one, and a training run keeps all that its lessons depend on."""

from typing import Any

from django.conf import settings
from django.db import migrations, models
from django.db.models import Min

import extraction.models.ordered
from extraction.domain.field_types.readers.day_orders import infer_day_order

DATES = 500


def merge_snapshots(apps: Any, editor: Any) -> None:
    """Two starts at once could store the same labels twice: the oldest copy stays, and runs point at it."""
    snapshots = apps.get_model("extraction", "Snapshot").objects.order_by()
    runs = apps.get_model("extraction", "TrainingRun").objects
    for same in snapshots.values("project", "sha256", "labels").annotate(oldest=Min("pk"), count=models.Count("pk")):
        if same["count"] > 1:
            oldest = same["oldest"]
            copies = snapshots.filter(project=same["project"], sha256=same["sha256"], labels=same["labels"])
            runs.filter(snapshot__in=copies.values("pk")).update(snapshot=oldest)
            copies.exclude(pk=oldest).delete()
    # PostgreSQL alters no table with checks of its references still to come.
    editor.connection.check_constraints()


def freeze(apps: Any, editor: Any) -> None:
    """Runs keep what they would go on with today."""
    label = apps.get_model("extraction", "Label")
    for run in apps.get_model("extraction", "TrainingRun").objects.filter(snapshot__isnull=False):
        fields = [part["name"] for part in run.snapshot.schema_version.value["field"] if part["type"] == "date"]
        dates = label.objects.filter(document__project=run.project, field__in=fields, value__isnull=False)
        newest = dates.order_by("-id").values_list("value", flat=True)[:DATES]
        run.day_order = infer_day_order(value for value in newest if value) or ""
        run.base = run.config.get("base", settings.KD_STUDENT_BASE)
        run.save(update_fields=["day_order", "base"])
    editor.connection.check_constraints()


class Migration(migrations.Migration):
    dependencies = [("extraction", "0003_account")]

    operations = [
        migrations.RunPython(merge_snapshots, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="snapshot",
            constraint=models.UniqueConstraint(fields=("project", "sha256", "labels"), name="one_snapshot_per_labels"),
        ),
        migrations.AddField(
            model_name="trainingrun",
            name="base",
            field=models.TextField(
                blank=True, default="", help_text="The encoder that it starts from; empty: the built-in one."
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="trainingrun",
            name="day_order",
            field=models.CharField(
                blank=True,
                default="",
                help_text="How the project's dates were printed: `dmy`, `mdy`, or not known.",
                max_length=3,
            ),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="trainingrun",
            name="stopped_because",
            field=models.CharField(
                blank=True, help_text="How it ended, in one sentence; empty while it is under way.", max_length=500
            ),
        ),
        migrations.AlterField(
            model_name="trainingrun",
            name="account",
            field=extraction.models.ordered.OrderedJSONField(
                help_text="What it learned from and which labels it distrusts: "
                "`student.training.TrainingResult.account`.",
                null=True,
            ),
        ),
        migrations.AlterField(
            model_name="job",
            name="worker",
            field=models.CharField(
                blank=True, help_text="Token of the claim; a stale worker no longer holds it.", max_length=128
            ),
        ),
        migrations.RunPython(freeze, migrations.RunPython.noop),
    ]
