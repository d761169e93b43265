"""Training runs: why they stopped as a reason with its numbers, and the label audit apart from what else was kept with it."""

import re
from typing import Any

from django.db import migrations, models

import extraction.models.ordered

REASONS = ("completed", "time_up", "cancelled", "failed", "other")
TIME_UP = re.compile(r"The \S+ minutes were used up after (\S+) of (\d+) planned rounds\.")
COMPLETED = re.compile(r"It had gone through the documents (\d+) times, as planned\.")
# Keys of the label audit that have other names now.
RENAMED = {"doubts": "issues", "mistakes": "errors"}


def split(apps: Any, editor: Any) -> None:
    runs = apps.get_model("extraction", "TrainingRun").objects
    models_made = set(apps.get_model("extraction", "ModelVersion").objects.values_list("run_id", flat=True))
    for run in runs.defer("curve", "log").iterator(chunk_size=100):
        audit = run.label_audit or {}
        run.encoder = audit.pop("encoder", None)
        run.pretraining_documents = audit.pop("read", 0)
        epochs = audit.pop("epochs", None)
        run.label_audit = (
            {RENAMED.get(key, key): value for key, value in audit.items()} if "documents" in audit else None
        )
        run.stop_reason, planned, done, run.stop_detail = reason(run.stop_detail, run.pk in models_made)
        run.epochs_planned = epochs["planned"] if epochs else planned
        run.epochs_done = epochs["done"] if epochs else done
        run.save(
            update_fields=[
                "encoder",
                "pretraining_documents",
                "label_audit",
                "stop_reason",
                "stop_detail",
                "epochs_planned",
                "epochs_done",
            ]
        )
    # PostgreSQL alters no table with checks of its references still to come.
    editor.connection.check_constraints()


def reason(sentence: str, has_model: bool) -> tuple[str, int | None, float | None, str]:
    """Reason, planned epochs, done epochs and what remains of the sentence."""
    if not sentence:
        return "", None, None, ""
    if sentence == "Cancelled.":
        return "cancelled", None, None, ""
    if match := TIME_UP.fullmatch(sentence):
        return "time_up", int(match[2]), float(match[1]), ""
    if match := COMPLETED.fullmatch(sentence):
        return "completed", int(match[1]), float(match[1]), ""
    return "other" if has_model else "failed", None, None, sentence


class Migration(migrations.Migration):
    dependencies = [("extraction", "0008_documents")]

    operations = [
        migrations.RenameField(model_name="trainingrun", old_name="account", new_name="label_audit"),
        migrations.AlterField(
            model_name="trainingrun",
            name="label_audit",
            field=extraction.models.ordered.OrderedJSONField(
                help_text="`LabelAudit` of the labels that it was trained on.", null=True
            ),
        ),
        migrations.RenameField(model_name="trainingrun", old_name="stopped_because", new_name="stop_detail"),
        migrations.AlterField(
            model_name="trainingrun",
            name="stop_detail",
            field=models.CharField(
                blank=True, help_text="Sentence of an error, or of a run of an earlier version.", max_length=500
            ),
        ),
        migrations.AddField(
            model_name="trainingrun",
            name="stop_reason",
            field=models.CharField(
                blank=True,
                choices=[(reason, reason) for reason in REASONS],
                default="",
                help_text="Why it is no longer under way; empty before.",
                max_length=10,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="trainingrun",
            name="epochs_planned",
            field=models.PositiveIntegerField(help_text="Passes over the training documents.", null=True),
        ),
        migrations.AddField(model_name="trainingrun", name="epochs_done", field=models.FloatField(null=True)),
        migrations.AddField(
            model_name="trainingrun",
            name="encoder",
            field=extraction.models.ordered.OrderedJSONField(
                help_text="Title and licence of that encoder when it was trained.", null=True
            ),
        ),
        migrations.AddField(
            model_name="trainingrun",
            name="kind",
            field=models.CharField(default="layout", help_text="Student kind that is trained.", max_length=50),
        ),
        migrations.AddField(
            model_name="trainingrun",
            name="pretraining_documents",
            field=models.PositiveIntegerField(
                default=0, help_text="Documents, labelled or not, that its encoder was pre-trained on."
            ),
        ),
        migrations.AlterField(
            model_name="trainingrun",
            name="config",
            field=models.JSONField(default=dict, help_text="Settings that differ from the kind's defaults."),
        ),
        migrations.AlterField(
            model_name="modelversion",
            name="folder",
            field=models.CharField(help_text="Path of its files, below the data folder.", max_length=200),
        ),
        migrations.AlterField(
            model_name="modelversion",
            name="sha256",
            field=models.CharField(
                help_text="Of the manifest, which has the hashes of all files; of earlier versions' models of the ONNX graph.",
                max_length=64,
            ),
        ),
        migrations.RunPython(split, migrations.RunPython.noop),
    ]
