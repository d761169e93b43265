from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def name_providers(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Consent was to the provider of the run's teacher, which is what its name begins with."""
    runs = apps.get_model("extraction", "LabelRun").objects.filter(consented__isnull=False)
    for teacher in runs.order_by("teacher").values_list("teacher", flat=True).distinct():
        runs.filter(teacher=teacher).update(consented_provider=teacher.partition(":")[0])


class Migration(migrations.Migration):
    dependencies = [("extraction", "0005_label_sources")]

    operations = [
        migrations.AddField(
            model_name="labelrun",
            name="consented_provider",
            field=models.CharField(
                blank=True, help_text="Identifier of the provider that may get the pictures.", max_length=300
            ),
        ),
        migrations.AddField(
            model_name="labelrun",
            name="stop_reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("budget", "The budget is used up"),
                    ("no_answers", "Many documents in a row got no answer"),
                    ("rejected", "The provider rejects every request"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="labelrun",
            name="stop_spent",
            field=models.DecimalField(decimal_places=6, help_text="Dollars spent by then.", max_digits=12, null=True),
        ),
        migrations.AddField(
            model_name="labelrun",
            name="stop_each",
            field=models.DecimalField(
                decimal_places=6, help_text="Dollars that one more document costs, about.", max_digits=12, null=True
            ),
        ),
        migrations.AddField(
            model_name="labelrun",
            name="stop_documents",
            field=models.PositiveIntegerField(help_text="Documents in a row without an answer.", null=True),
        ),
        migrations.AddField(
            model_name="labelrun",
            name="stop_error",
            field=models.CharField(blank=True, help_text="Sentence of the last error.", max_length=300),
        ),
        migrations.AlterField(
            model_name="labelrun",
            name="stopped_because",
            field=models.CharField(
                blank=True, help_text="Sentence of a run that an older version stopped.", max_length=300
            ),
        ),
        migrations.RunPython(name_providers, migrations.RunPython.noop),
    ]
