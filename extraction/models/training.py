"""From labels to a served model, every step frozen: snapshot, training run, model version."""

from django.conf import settings
from django.db import models

from extraction.domain.reports import ReportValue
from extraction.models.ordered import OrderedJSONField
from extraction.models.projects import Project, SchemaVersion


class Snapshot(models.Model):
    """The labels that a student learned from, as they were.

    `sha256` is over the schema version and `items`: equal labels for equal fields share one snapshot.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="snapshots")
    schema_version = models.ForeignKey(SchemaVersion, models.PROTECT, related_name="+")
    labels = models.CharField(max_length=10, help_text="Which source was taken: `best` or a label source.")
    items = models.JSONField(
        help_text='Rows `{"document", "part": "train"|"validation", "labels": {field: id}, "weight"}`.'
    )
    sha256 = models.CharField(max_length=64)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "sha256", "labels"], name="one_snapshot_per_labels")]

    def __str__(self) -> str:
        return f"{self.project}, {len(self.items)} documents, {self.sha256[:8]}"


class TrainingRun(models.Model):
    """One training of a student. Its checkpoints, then its model's files, lie in `folder` below the data folder.

    All that its lessons depend on is frozen when it is started, so that it goes on after a kill as it began.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="training_runs")
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, null=True, related_name="runs")
    name = models.CharField(max_length=50)
    labels = models.CharField(max_length=10, default="best")
    config = models.JSONField(default=dict, help_text="What differs from the default `StudentConfig`.")
    base = models.TextField(blank=True, help_text="The encoder that it starts from; empty: the built-in one.")
    day_order = models.CharField(
        max_length=3, blank=True, help_text="How the project's dates were printed: `dmy`, `mdy`, or not known."
    )
    seed = models.PositiveIntegerField(default=0)
    minutes = models.FloatField(default=20)
    folder = models.CharField(max_length=200, blank=True)
    curve = models.JSONField(default=list, help_text='Rows `{"step", "seconds", "loss", "anls"}`.')
    log = models.TextField(blank=True)
    stopped_because = models.CharField(
        max_length=500, blank=True, help_text="How it ended, in one sentence; empty while it is under way."
    )
    seconds = models.FloatField(null=True, help_text="Wall clock over all attempts.")
    validation = OrderedJSONField(null=True, help_text="As `evaluate` prints it, on the validation part.")
    account = OrderedJSONField(
        null=True,
        help_text="What it learned from and which labels it distrusts: `student.training.TrainingResult.account`.",
    )
    job = models.OneToOneField("extraction.Job", models.SET_NULL, null=True, related_name="training_run")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["project", "name"], name="one_run_per_name")]

    def __str__(self) -> str:
        return self.name


class ModelVersion(models.Model):
    class Stage(models.TextChoices):
        CANDIDATE = "candidate", "Candidate"
        PRODUCTION = "production", "Serving"
        ARCHIVED = "archived", "Archived"

    project = models.ForeignKey(Project, models.CASCADE, related_name="model_versions")
    run = models.OneToOneField(TrainingRun, models.PROTECT, related_name="model_version")
    name = models.CharField(max_length=50)
    folder = models.CharField(
        max_length=200, help_text="Path of weights, ONNX graph, tokenizer and config, below the data folder."
    )
    sha256 = models.CharField(max_length=64, help_text="Of the ONNX graph.")
    bytes = models.PositiveBigIntegerField()
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.CANDIDATE)
    promoted = models.DateTimeField(null=True, help_text="When it last became the serving one.")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["project", "name"], name="one_model_per_name"),
            models.UniqueConstraint(
                fields=["project"], condition=models.Q(stage="production"), name="one_serving_model"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Report(models.Model):
    """A comparison of systems on one split; `value` is a `domain.reports.ReportValue`, empty until it is written."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="reports")
    split = models.CharField(max_length=10, default="test")
    against = models.CharField(max_length=10, default="truth")
    value = OrderedJSONField(default=dict)
    job = models.OneToOneField("extraction.Job", models.SET_NULL, null=True, related_name="report")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.project}, {self.split} against {self.against}"

    def as_domain(self) -> ReportValue | None:
        """Its value; `None` until it is written."""
        return ReportValue.from_json(self.value) if self.value else None
