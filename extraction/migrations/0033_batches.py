import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("extraction", "0032_webhooks"),
    ]

    operations = [
        migrations.CreateModel(
            name="TokenUsage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField(help_text="Its first day, by UTC.")),
                ("calls", models.PositiveBigIntegerField(default=0)),
                (
                    "documents",
                    models.PositiveBigIntegerField(default=0, help_text="Files for extraction, and documents added."),
                ),
            ],
        ),
        migrations.AddField(
            model_name="apitoken",
            name="quota",
            field=models.PositiveIntegerField(help_text="Documents a month at most; null: any number.", null=True),
        ),
        migrations.AddField(
            model_name="apitoken",
            name="replaced",
            field=models.CharField(
                blank=True, db_index=True, help_text="Digest of the token before the present one.", max_length=64
            ),
        ),
        migrations.AddField(
            model_name="apitoken",
            name="replaced_until",
            field=models.DateTimeField(help_text="Until then the token before the present one counts too.", null=True),
        ),
        migrations.AddField(
            model_name="extraction",
            name="position",
            field=models.PositiveIntegerField(help_text="Of the file in its batch, from 0.", null=True),
        ),
        migrations.AlterField(
            model_name="extraction",
            name="sha256",
            field=models.CharField(
                blank=True, help_text="Empty: the file was refused before it was whole.", max_length=64
            ),
        ),
        migrations.CreateModel(
            name="ExtractionBatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, help_text="What callers know it by.", unique=True
                    ),
                ),
                ("name", models.CharField(help_text="The name of its first file.", max_length=255)),
                ("uploads", models.JSONField(help_text="`BatchUpload.to_json` of each file as it came, in order.")),
                (
                    "folder",
                    models.CharField(blank=True, help_text="Of its files below the data folder.", max_length=200),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Waiting"),
                            ("running", "Being read"),
                            ("done", "Done"),
                            ("failed", "Stopped"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="queued",
                        max_length=10,
                    ),
                ),
                ("error", models.CharField(blank=True, help_text="Why it stopped, in one sentence.", max_length=500)),
                (
                    "total",
                    models.PositiveIntegerField(default=0, help_text="Files in it, those of archives one by one."),
                ),
                ("created", models.DateTimeField(auto_now_add=True)),
                ("finished", models.DateTimeField(null=True)),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "job",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="extraction_batch",
                        to="extraction.job",
                    ),
                ),
                (
                    "model",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="extraction_batches",
                        to="extraction.modelversion",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="extraction_batches",
                        to="extraction.project",
                    ),
                ),
                (
                    "token",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="extraction_batches",
                        to="extraction.apitoken",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.AddField(
            model_name="extraction",
            name="batch",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="extractions",
                to="extraction.extractionbatch",
            ),
        ),
        migrations.CreateModel(
            name="IdempotentCall",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(help_text="What the program named the call.", max_length=255)),
                ("request", models.CharField(help_text="SHA-256 of method, address and body.", max_length=64)),
                (
                    "worker",
                    models.CharField(blank=True, help_text="Token of the process that works on it.", max_length=128),
                ),
                (
                    "answer",
                    models.JSONField(
                        help_text="As `KeptAnswer.to_json` writes it; null while it is under way.", null=True
                    ),
                ),
                ("started", models.DateTimeField()),
                (
                    "token",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="idempotent_calls",
                        to="extraction.apitoken",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="extractionbatch",
            name="call",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="extraction_batch",
                to="extraction.idempotentcall",
            ),
        ),
        migrations.AddField(
            model_name="extraction",
            name="call",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="extraction",
                to="extraction.idempotentcall",
            ),
        ),
        migrations.AddConstraint(
            model_name="extraction",
            constraint=models.UniqueConstraint(fields=("batch", "position"), name="one_extraction_per_file_of_a_batch"),
        ),
        migrations.AddField(
            model_name="tokenusage",
            name="token",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="usage", to="extraction.apitoken"
            ),
        ),
        migrations.AddIndex(
            model_name="idempotentcall",
            index=models.Index(fields=["started"], name="idempotent_calls"),
        ),
        migrations.AddConstraint(
            model_name="idempotentcall",
            constraint=models.UniqueConstraint(fields=("token", "key"), name="one_call_per_key"),
        ),
        migrations.AddIndex(
            model_name="extractionbatch",
            index=models.Index(fields=["project", "-id"], name="extraction_batches"),
        ),
        migrations.AddIndex(
            model_name="extractionbatch",
            index=models.Index(fields=["created"], name="old_extraction_batches"),
        ),
        migrations.AddConstraint(
            model_name="tokenusage",
            constraint=models.UniqueConstraint(fields=("token", "month"), name="one_usage_per_month"),
        ),
    ]
