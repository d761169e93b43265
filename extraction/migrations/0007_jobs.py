from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("extraction", "0006_teaching"),
    ]

    operations = [
        migrations.AlterField(
            model_name="job",
            name="kind",
            field=models.CharField(help_text="Name of a kind that `services.jobs.kinds` knows.", max_length=30),
        ),
        migrations.AlterField(
            model_name="job",
            name="subject",
            field=models.PositiveBigIntegerField(
                help_text="Primary key of the row that the work is about; the kind says of which table."
            ),
        ),
    ]
