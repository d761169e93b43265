from django.db import migrations, models


class Migration(migrations.Migration):
    """Keep which fields a version renamed, so that models of before it answer under the new names."""

    dependencies = [("extraction", "0015_promotions")]

    operations = [
        migrations.AddField(
            model_name="schemaversion",
            name="renames",
            field=models.JSONField(default=dict, help_text="New names of fields by those of the version before."),
        )
    ]
