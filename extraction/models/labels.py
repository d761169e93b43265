"""Labels: values of documents' fields, with their source, how probably each is right, and the files they came in."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy

from extraction.domain import label_sources
from extraction.domain.pages import Span
from extraction.domain.prediction import FieldValue
from extraction.models.claims import ClaimImport
from extraction.models.documents import Document
from extraction.models.projects import Project, SchemaVersion
from extraction.models.teaching import LabelRun


# Names of the sources that kdweb's own code writes labels of; `domain.label_sources` holds all, with traits.
# No docstring: it would stand in the API's document.
class Source(models.TextChoices):
    TRUTH = label_sources.TRUTH.name, label_sources.TRUTH.title
    REVIEWER = label_sources.REVIEWER.name, label_sources.REVIEWER.title
    TEACHER = label_sources.TEACHER.name, label_sources.TEACHER.title
    CLAIM = label_sources.CLAIM.name, label_sources.CLAIM.title
    STUDENT = label_sources.STUDENT.name, label_sources.STUDENT.title


class Label(models.Model):
    """A value for one field of one document, from one source. Rows are only ever added.

    `value` is the printed text, `None` for "not on the document". A row with `withdrawn` takes back the earlier labels
    of its source: the field then falls back to the next source.
    """

    document = models.ForeignKey(Document, models.CASCADE, related_name="labels")
    schema_version = models.ForeignKey(SchemaVersion, models.PROTECT, related_name="+")
    field = models.CharField(max_length=50)
    value = models.TextField(null=True)
    normalized = models.TextField(null=True)
    reading_chosen = models.BooleanField(
        default=False, help_text="A person chose among the meanings of the value, so `normalized` stays."
    )
    spans = models.JSONField(default=list, help_text="Words it stands on, rows as `Span.to_json` writes them.")
    rows = models.JSONField(
        null=True, help_text="Of a group's rows the places and confidences; null: its source gave none."
    )
    confidence = models.FloatField(null=True)
    unsure = models.BooleanField(default=False, help_text="The source itself doubted it.")
    withdrawn = models.BooleanField(default=False)
    unseen = models.BooleanField(
        default=False, help_text="Its author answers for it without having looked at this document."
    )
    source = models.CharField(max_length=10, choices=label_sources.choices)
    teacher = models.CharField(max_length=200, blank=True, help_text="Name of the teacher or student that said it.")
    run = models.ForeignKey(LabelRun, models.SET_NULL, null=True, blank=True, related_name="label_rows")
    claim_import = models.ForeignKey(
        ClaimImport, models.SET_NULL, null=True, blank=True, related_name="labels", help_text="The table it came from."
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["document", "field", "id"])]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "document", "field"], condition=models.Q(run__isnull=False), name="one_label_per_run"
            )
        ]

    def __str__(self) -> str:
        return f"{self.field} of {self.document}: {self.value!r} ({self.source})"

    @property
    def source_kind(self) -> label_sources.LabelSource:
        return label_sources.find(self.source)

    @property
    def assessed(self) -> float | None:
        """The probability (0–1) that it is right, where it has been assessed. Needs `quality` loaded."""
        quality = getattr(self, "quality", None)
        return None if quality is None else float(quality.probability)

    @property
    def probability(self) -> float | None:
        """The same, else as its source says."""
        return self.confidence if self.assessed is None else self.assessed

    def as_domain(self) -> FieldValue:
        return FieldValue(
            self.value, self.normalized, self.confidence, tuple(Span.from_json(row) for row in self.spans)
        )


class BestLabel(models.Model):
    """The current best label of a field of a document, which `services.labels.ranking` derives from the labels.

    A field without a row has no label: nobody was asked about it. Lists, the review queue and the counts of what is to
    do read these rows.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="+")
    document = models.ForeignKey(Document, models.CASCADE, related_name="best_labels")
    field = models.CharField(max_length=50)
    label = models.ForeignKey(Label, models.CASCADE, related_name="+")
    by_people = models.BooleanField(help_text="A person answers for it, so it needs no review.")
    disputed = models.BooleanField(help_text="Another source has another value.")
    confidence = models.FloatField(null=True)
    text = models.CharField(
        max_length=200, help_text="The normalised value, else the printed one, in lower case; of a group its cells."
    )
    number = models.FloatField(null=True, help_text="The size of an amount or number; of a group the number of rows.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "field"], name="one_best_label_per_field")]
        indexes = [
            models.Index(fields=["project", "field", "by_people", "confidence"], name="best_label_confidence"),
            models.Index(fields=["project", "field", "text"], name="best_label_text"),
            models.Index(fields=["project", "field", "number"], name="best_label_number"),
        ]

    def __str__(self) -> str:
        return f"{self.field} of {self.document}"


class LabelQuality(models.Model):
    """Assessment of a teacher's or claim's label, which `services.quality` derives from what is known about it."""

    label = models.OneToOneField(Label, models.CASCADE, related_name="quality")
    project = models.ForeignKey(Project, models.CASCADE, related_name="+")
    signals = models.JSONField(help_text="What speaks for and against it, as `signals.measures` names it, 0 to 1 each.")
    probability = models.FloatField(help_text="That the label is right.")
    right = models.BooleanField(null=True, help_text="Whether it agrees with what a person said; null: nobody did.")
    student = models.JSONField(
        null=True, help_text="`StudentAnswer` of a student that did not learn from it; null: none that was sure."
    )
    stale = models.BooleanField(default=False, help_text="More is known about it since; it is to be assessed anew.")

    class Meta:
        indexes = [models.Index(fields=["project", "right"], name="label_quality_judged")]

    def __str__(self) -> str:
        return f"{self.label}: {self.probability:.0%}"


class LabelEstimator(models.Model):
    """The estimator of a project's label qualities, fitted on the labels that people have judged."""

    project = models.OneToOneField(Project, models.CASCADE, related_name="label_estimator")
    value = models.JSONField(help_text="As `Estimator.to_json` writes it.")
    newest = models.PositiveBigIntegerField(help_text="The newest label that it knows.")
    updated = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"Estimator of {self.project}"


class LabelImport(models.Model):
    """A label file that a page or a program sent, and what its loading has come to.

    Loading stores only what is missing, so it goes on where it was interrupted. The file goes once it is loaded or
    refused.
    """

    class State(models.TextChoices):
        LOADING = "loading", gettext_lazy("Being loaded")
        MAPPING = "mapping", gettext_lazy("Names to be chosen")
        STOPPED = "stopped", gettext_lazy("Stopped")
        LOADED = "loaded", gettext_lazy("Loaded")
        REFUSED = "refused", gettext_lazy("Refused")

    project = models.ForeignKey(Project, models.CASCADE, related_name="label_imports")
    name = models.CharField(max_length=255, help_text="The file's name as it came.")
    file = models.CharField(max_length=200, help_text="Path of the file below the data folder; empty: it is gone.")
    format = models.CharField(max_length=30, help_text="Name of a registered format, or `jsonl`.")
    source = models.CharField(max_length=10, choices=label_sources.choices)
    names = models.JSONField(default=dict, help_text="Chosen fields by names of the file, `group/field` for cells.")
    confirmed = models.BooleanField(default=False, help_text="Names that fill no field are passed over.")
    state = models.CharField(max_length=8, choices=State, default=State.LOADING)
    new = models.PositiveIntegerField(default=0, help_text="Labels that were added.")
    known = models.PositiveIntegerField(default=0, help_text="Labels that the source had given already.")
    passed_over = models.JSONField(default=dict, help_text="How often a name filled no field.")
    refused = models.PositiveIntegerField(default=0, help_text="Lines without labels in the project.")
    lines = models.JSONField(default=list, help_text="Number and reason of the first of these.")
    reason = models.CharField(max_length=500, blank=True, help_text="Why the file was refused, in one sentence.")
    job = models.OneToOneField("extraction.Job", models.SET_NULL, null=True, related_name="label_import")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["project", "-id"], name="label_imports")]

    def __str__(self) -> str:
        return self.name
