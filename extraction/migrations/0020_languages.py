"""Projects have languages, and documents the one that most of their words are in."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("extraction", "0019_reading")]

    operations = [
        migrations.AddField(
            "project",
            "languages_set",
            models.JSONField(
                blank=True,
                default=list,
                help_text="Codes of the documents' languages as an owner set them; empty: as found.",
            ),
        ),
        migrations.AddField(
            "project",
            "languages_found",
            models.JSONField(
                blank=True, default=list, help_text="Codes of the languages that its first documents showed."
            ),
        ),
        migrations.AddField(
            "document",
            "language",
            models.CharField(
                help_text="Code of the language of most words; empty: they do not tell; null: not asked.",
                max_length=8,
                null=True,
            ),
        ),
        migrations.AlterField(
            "page",
            "reader",
            models.CharField(help_text="What found the words: an OCR engine or `text layer`.", max_length=100),
        ),
    ]
