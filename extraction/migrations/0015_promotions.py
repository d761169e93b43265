"""What served, when and by whom is kept; of the time before, the last promotion of each model is known."""

from typing import Any

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


def fill(apps: Any, editor: Any) -> None:
    promotions = apps.get_model("extraction", "Promotion").objects
    versions = apps.get_model("extraction", "ModelVersion").objects.exclude(promoted=None).order_by("promoted")
    for version in versions:
        promotions.create(project_id=version.project_id, model=version, created=version.promoted)


class Migration(migrations.Migration):
    dependencies = [
        ("extraction", "0014_reservations"),
    ]

    operations = [
        migrations.CreateModel(
            name="Promotion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rolled_back", models.BooleanField(default=False)),
                ("created", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "model",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="promotions",
                        to="extraction.modelversion",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="promotions", to="extraction.project"
                    ),
                ),
            ],
            options={
                "ordering": ["-created", "-id"],
            },
        ),
        migrations.AddField(
            model_name="report",
            name="systems",
            field=models.JSONField(default=list, help_text="Names of the compared systems; empty: the usual ones."),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
