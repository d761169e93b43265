"""From labels to a served model, every step frozen: snapshot, training run, model version."""

from enum import StrEnum

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy

from extraction.domain.evaluation.scoring import Evaluation
from extraction.domain.learning.folds import FoldOutcome
from extraction.domain.learning.label_audit import LabelAudit
from extraction.domain.learning.training import CurvePoint, EncoderInfo, Epochs, SnapshotItem, Stop, StopReason
from extraction.domain.results.provenance import Provenance, Recount
from extraction.domain.results.reports import ReportValue
from extraction.models.documents import Document
from extraction.models.jobs import Job
from extraction.models.ordered import OrderedJSONField
from extraction.models.projects import Project, SchemaVersion


class Snapshot(models.Model):
    """The labels that a student is trained on, as they were.

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

    @property
    def documents(self) -> list[SnapshotItem]:
        """The labelled documents."""
        return [SnapshotItem.from_json(item) for item in self.items]


class RunState(StrEnum):
    """State of a training run; `DONE` has a model."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def active(self) -> bool:
        return self in (RunState.QUEUED, RunState.RUNNING)

    @property
    def resumable(self) -> bool:
        """Whether the run can be continued from its last checkpoint."""
        return self in (RunState.FAILED, RunState.CANCELLED)


class TrainingRun(models.Model):
    """One training of a student. Its checkpoints, then its model's files, lie in `folder` below the data folder.

    All that the training depends on is frozen when it is started, so that it continues after a kill as it began.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="training_runs")
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, null=True, related_name="runs")
    name = models.CharField(max_length=50)
    labels = models.CharField(max_length=10, default="best")
    kind = models.CharField(max_length=50, default="layout", help_text="Student kind that is trained.")
    config = models.JSONField(default=dict, help_text="Settings that differ from the kind's defaults.")
    base = models.TextField(blank=True, help_text="The encoder that it starts from; empty: the built-in one.")
    encoder = OrderedJSONField(null=True, help_text="Title and licence of that encoder when it was trained.")
    day_order = models.CharField(
        max_length=3, blank=True, help_text="How the project's dates were printed: `dmy`, `mdy`, or not known."
    )
    seed = models.PositiveIntegerField(default=0)
    minutes = models.FloatField(default=20)
    folder = models.CharField(max_length=200, blank=True)
    curve = models.JSONField(default=list, help_text='Rows `{"step", "seconds", "loss", "anls"}`.')
    log = models.TextField(blank=True)
    stop_reason = models.CharField(
        max_length=10,
        blank=True,
        choices=[(reason.value, reason.value) for reason in StopReason],
        help_text="Why it is no longer under way; empty before.",
    )
    stop_detail = models.CharField(
        max_length=500, blank=True, help_text="Sentence of an error, or of a run of an earlier version."
    )
    epochs_planned = models.PositiveIntegerField(null=True, help_text="Passes over the training documents.")
    epochs_done = models.FloatField(null=True)
    seconds = models.FloatField(null=True, help_text="Wall clock over all attempts.")
    validation = OrderedJSONField(null=True, help_text="As `evaluate` prints it, on the validation part.")
    label_audit = OrderedJSONField(null=True, help_text="`LabelAudit` of the labels that it was trained on.")
    pretraining_documents = models.PositiveIntegerField(
        default=0, help_text="Documents, labelled or not, that its encoder was pre-trained on."
    )
    pretraining = models.JSONField(
        null=True,
        help_text="Keys of these documents; before it read any, of those that it may read. Null: it read none, or is "
        "of an earlier version.",
    )
    read_after = models.PositiveBigIntegerField(
        null=True, help_text="Key of the newest deletion when it read its documents, 0: none; null: not read yet."
    )
    job = models.OneToOneField("extraction.Job", models.SET_NULL, null=True, related_name="training_run")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["project", "name"], name="one_run_per_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def state(self) -> RunState:
        """A job that is done without a model counts as failed; runs of old commands have no job, only its end."""
        if hasattr(self, "model_version"):
            return RunState.DONE
        if self.job is None:
            return RunState.CANCELLED
        return RunState.FAILED if self.job.state == Job.State.DONE else RunState(self.job.state)

    @property
    def points(self) -> list[CurvePoint]:
        return [CurvePoint.from_json(row) for row in self.curve]

    @property
    def epochs(self) -> Epochs | None:
        if self.epochs_planned is None or self.epochs_done is None:
            return None
        return Epochs(self.epochs_planned, self.epochs_done)

    @property
    def stop(self) -> Stop | None:
        """Why the run is no longer under way; `None` while it is."""
        if not self.stop_reason:
            return None
        return Stop(StopReason(self.stop_reason), self.minutes, self.epochs, self.stop_detail)

    @property
    def stopped_because(self) -> str:
        """The same as a sentence; empty while it is under way."""
        return self.stop.sentence if self.stop else ""

    @property
    def evaluation(self) -> Evaluation | None:
        """Evaluation on the validation documents; `None` before the run is complete and where there are none."""
        return Evaluation.from_json(self.validation) if self.validation else None

    @property
    def audit(self) -> LabelAudit | None:
        return LabelAudit.from_json(self.label_audit) if self.label_audit else None

    @property
    def encoder_info(self) -> EncoderInfo | None:
        """The encoder that the training started from; `None` before it began."""
        return EncoderInfo.from_json(self.encoder) if self.encoder else None


class ModelVersion(models.Model):
    class Stage(models.TextChoices):
        CANDIDATE = "candidate", gettext_lazy("Candidate")
        PRODUCTION = "production", gettext_lazy("Serving")
        ARCHIVED = "archived", gettext_lazy("Archived")

    project = models.ForeignKey(Project, models.CASCADE, related_name="model_versions")
    run = models.OneToOneField(TrainingRun, models.PROTECT, related_name="model_version")
    name = models.CharField(max_length=50)
    folder = models.CharField(
        max_length=200, help_text="Path of its files, below the data folder; empty once they were deleted for good."
    )
    sha256 = models.CharField(
        max_length=64,
        help_text="Of the manifest, which has the hashes of all files; of earlier versions' models of the ONNX graph.",
    )
    bytes = models.PositiveBigIntegerField()
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.CANDIDATE)
    promoted = models.DateTimeField(null=True, help_text="When it last became the serving one.")
    forgotten = models.DateTimeField(
        null=True, help_text="When it was given up, files and all, for what it had learned from deleted documents."
    )
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


class AnswerCheck(models.Model):
    """What a model answered where people had checked, on documents that its training did not use."""

    model = models.OneToOneField(ModelVersion, models.CASCADE, related_name="answer_check")
    documents = models.PositiveIntegerField(help_text="So many were read.")
    teacher = models.CharField(
        max_length=200, blank=True, help_text="Whose labels say whether a teacher agrees with an answer."
    )
    answers = models.JSONField(
        help_text="`[confidence, right, agreed]` of each answer, by field; agreed is null or missing where the teacher "
        "was not asked."
    )
    guarantees = models.JSONField(help_text="`Guarantee` by field, of those with a share of wrong answers allowed.")
    agreements = models.JSONField(default=dict, help_text="The same of the answers with which the teacher agrees.")
    measured = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.model}, {self.documents} documents"


class CrossCheck(models.Model):
    """Short trainings that each leave out a fold of the labelled documents, and read it afterwards.

    All that they depend on is frozen when it is started; a fold with an outcome is not trained again.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="cross_checks")
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="+")
    folds = models.PositiveSmallIntegerField(default=2)
    minutes = models.FloatField(default=10, help_text="Wall clock of all its trainings together, at most.")
    kind = models.CharField(max_length=50, default="layout", help_text="Student kind that is trained.")
    config = models.JSONField(default=dict, help_text="Settings that differ from the kind's defaults.")
    base = models.TextField(blank=True, help_text="The encoder that it starts from; empty: the built-in one.")
    day_order = models.CharField(max_length=3, blank=True, help_text="As of a training run.")
    seed = models.PositiveIntegerField(default=0)
    parts = models.JSONField(default=list, help_text="Keys of the documents of each fold; empty before it has begun.")
    outcomes = models.JSONField(default=dict, help_text="`FoldOutcome` by number of the fold.")
    finished = models.DateTimeField(null=True, help_text="When its last fold was read.")
    job = models.OneToOneField("extraction.Job", models.SET_NULL, null=True, related_name="cross_check")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.project}, {self.folds} folds, {self.created:%Y-%m-%d %H:%M}"

    @property
    def state(self) -> RunState:
        """A job that is done although folds are left counts as failed, one that is gone as cancelled."""
        if self.finished:
            return RunState.DONE
        if self.job is None:
            return RunState.CANCELLED
        return RunState.FAILED if self.job.state == Job.State.DONE else RunState(self.job.state)

    @property
    def read(self) -> dict[int, FoldOutcome]:
        """The folds that were read, by number from 0."""
        return {int(number): FoldOutcome.from_json(value) for number, value in self.outcomes.items()}


class OutOfFoldReading(models.Model):
    """What a student that did not learn from a document read for one of its fields, and was sure of.

    Of several cross-checks the newest counts. It goes when the document is read again.
    """

    document = models.ForeignKey(Document, models.CASCADE, related_name="out_of_fold")
    cross_check = models.ForeignKey(CrossCheck, models.CASCADE, related_name="readings")
    field = models.CharField(max_length=50)
    value = models.TextField(null=True, help_text="The printed text; null: not on the document.")
    confidence = models.FloatField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "field"], name="one_out_of_fold_reading")]

    def __str__(self) -> str:
        return f"{self.field} of {self.document}: {self.value!r} ({self.confidence:.0%})"


class Promotion(models.Model):
    """One time at which a model became the serving one; `rolled_back`: by going back to it."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="promotions")
    model = models.ForeignKey(ModelVersion, models.CASCADE, related_name="promotions")
    rolled_back = models.BooleanField(default=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-created", "-id"]

    def __str__(self) -> str:
        return f"{self.model}, {self.created:%Y-%m-%d %H:%M}"


class Report(models.Model):
    """A comparison of systems on one split; `value` is a `domain.results.reports.ReportValue`, empty before."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="reports")
    split = models.CharField(max_length=10, default="test")
    against = models.CharField(max_length=10, default="truth")
    systems = models.JSONField(default=list, help_text="Names of the compared systems; empty: the usual ones.")
    stored = models.BooleanField(
        default=False, help_text="Answers that students gave before count; they are asked for the others alone."
    )
    value = OrderedJSONField(default=dict)
    frozen = OrderedJSONField(null=True, help_text="Its `Provenance`; null: not written, or of an earlier version.")
    recount = OrderedJSONField(null=True, help_text="Its last `Recount`; null: none.")
    job = models.OneToOneField("extraction.Job", models.SET_NULL, null=True, related_name="report")
    recount_job = models.OneToOneField("extraction.Job", models.SET_NULL, null=True, related_name="recounted_report")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.project}, {self.split} against {self.against}"

    def as_domain(self) -> ReportValue | None:
        """Its value; `None` until it is written."""
        return ReportValue.from_json(self.value) if self.value else None

    @property
    def provenance(self) -> Provenance | None:
        return Provenance.from_json(self.frozen) if self.frozen else None

    @property
    def last_recount(self) -> Recount | None:
        return Recount.from_json(self.recount) if self.recount else None
