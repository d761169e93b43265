"""Prompts of teachers, label runs, and responses."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy

from extraction.domain.label_quality.selection import Pick
from extraction.models.documents import Document
from extraction.models.jobs import Job
from extraction.models.projects import Project, SchemaVersion


class PromptVersion(models.Model):
    """The parts of a project's TAIL prompt that its owner wrote, as they were from `created` on; never changed after.

    The rest of the prompt comes from the fields, so a version goes on to fit when they change.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="prompt_versions")
    number = models.PositiveIntegerField()
    value = models.JSONField(help_text="As `Parts.to_json` writes it.")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["project", "number"], name="one_prompt_per_number")]

    def __str__(self) -> str:
        return f"{self.project}, prompt version {self.number}"


class LabelRun(models.Model):
    """One execution of a teacher over documents that it has not labelled yet.

    A trial requests a sample to judge a prompt: its answers are stored as responses and become no labels.
    """

    class Delivery(models.TextChoices):
        """How requests reach the teacher: one by one, or in batch files that this program or a person hands in."""

        DIRECT = "direct", gettext_lazy("At once, at full price")
        BATCH = "batch", gettext_lazy("As a batch, at half price")
        FILE = "file", gettext_lazy("As files by hand, at half price")

    class Selection(models.TextChoices):
        """Which documents come first where not all are asked about."""

        OLDEST = "oldest", gettext_lazy("The oldest")
        INFORMATIVE = "informative", gettext_lazy("Those that teach most")

    class State(models.TextChoices):
        QUEUED = "queued", gettext_lazy("Waiting")
        RUNNING = "running", gettext_lazy("Running")
        AWAITING = "awaiting", gettext_lazy("Waiting for answers")
        DONE = "done", gettext_lazy("Done")
        STOPPED = "stopped", gettext_lazy("Stopped early")
        FAILED = "failed", gettext_lazy("Failed")
        CANCELLED = "cancelled", gettext_lazy("Cancelled")

    class StopReason(models.TextChoices):
        BUDGET = "budget", gettext_lazy("The budget is used up")
        NO_ANSWERS = "no_answers", gettext_lazy("Many documents in a row got no answer")
        REJECTED = "rejected", gettext_lazy("The provider rejects every request")
        INCOMPLETE = "incomplete", gettext_lazy("Batches came back without all of their answers")

    project = models.ForeignKey(Project, models.CASCADE, related_name="label_runs")
    schema_version = models.ForeignKey(SchemaVersion, models.PROTECT, related_name="+")
    prompt_version = models.ForeignKey(
        PromptVersion,
        models.PROTECT,
        null=True,
        related_name="runs",
        help_text="Empty: the parts as kdweb writes them.",
    )
    teacher = models.CharField(max_length=200)
    delivery = models.CharField(max_length=10, choices=Delivery, default=Delivery.DIRECT)
    limit = models.PositiveIntegerField(null=True, help_text="At most so many documents.")
    budget_usd = models.DecimalField(max_digits=10, decimal_places=4, null=True)
    sample = models.JSONField(null=True, help_text="Primary keys of a trial's documents; empty: no trial.")
    chosen = models.JSONField(
        null=True, help_text="Primary keys of the documents to label again; empty: all that lack labels."
    )
    doubtful = models.BooleanField(
        default=False,
        help_text="`chosen` are documents with doubtful first answers; what the teacher answered is not asked again.",
    )
    selection = models.CharField(max_length=15, choices=Selection, default=Selection.OLDEST)
    picks = models.JSONField(
        null=True, help_text="Documents that were selected when it began, as `Pick.to_json` writes them; null: not yet."
    )
    escalates = models.BooleanField(
        default=False, help_text="Holds the answers about files sent for extraction; it has no job and goes on."
    )
    consented = models.DateTimeField(null=True, help_text="When somebody agreed that pictures leave this machine.")
    consented_provider = models.CharField(
        max_length=300, blank=True, help_text="Identifier of the provider that may get the pictures."
    )
    batches_sent = models.DateTimeField(null=True, help_text="When all of its batches were on their way.")
    batches_ended = models.DateTimeField(null=True, help_text="When nothing more was to be expected of them.")
    documents = models.PositiveIntegerField(default=0, help_text="Documents that the teacher has answered for.")
    labels = models.PositiveIntegerField(default=0)
    refusals = models.PositiveIntegerField(default=0)
    malformed = models.PositiveIntegerField(default=0, help_text="Documents whose last answer was off the format.")
    failures = models.PositiveIntegerField(default=0, help_text="Documents for which no answer could be had.")
    input_tokens = models.PositiveBigIntegerField(default=0)
    output_tokens = models.PositiveBigIntegerField(default=0)
    usd = models.DecimalField(max_digits=12, decimal_places=6, default=0)
    stop_reason = models.CharField(max_length=20, choices=StopReason, blank=True)
    stop_spent = models.DecimalField(max_digits=12, decimal_places=6, null=True, help_text="Dollars spent by then.")
    stop_each = models.DecimalField(
        max_digits=12, decimal_places=6, null=True, help_text="Dollars that one more document costs, about."
    )
    stop_documents = models.PositiveIntegerField(
        null=True, help_text="Documents without an answer: in a row, or of its batches."
    )
    stop_error = models.CharField(max_length=300, blank=True, help_text="Sentence of the last error.")
    stopped_because = models.CharField(
        max_length=300, blank=True, help_text="Sentence of a run that an older version stopped."
    )
    job = models.OneToOneField("extraction.Job", models.SET_NULL, null=True, related_name="label_run")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.teacher} on {self.project}"

    @property
    def trial(self) -> bool:
        return self.sample is not None

    @property
    def picked(self) -> list[Pick]:
        """The documents that it selected, in the order in which they are asked about."""
        return [Pick.from_json(row) for row in self.picks or ()]

    @property
    def unlabelled(self) -> int:
        """Documents that it asked about and made no labels for."""
        return self.refusals + self.malformed + self.failures

    @property
    def state(self) -> State:
        """Where the run stands; reads the job. A command of an earlier version left none: what it stored tells."""
        if self.job is None:
            return self._without_job
        if self.awaits and self.job.state in (Job.State.QUEUED, Job.State.RUNNING, Job.State.DONE):
            return self.State.AWAITING
        if self.job.state == Job.State.DONE and (self.stop_reason or self.stopped_because):
            return self.State.STOPPED
        return self.State(self.job.state)

    @property
    def _without_job(self) -> State:
        if self.escalates:
            return self.State.DONE
        if self.stop_reason or self.stopped_because:
            return self.State.STOPPED
        return self.State.DONE if self.documents else self.State.FAILED

    @property
    def awaits(self) -> bool:
        """Whether batches are on their way, so that others may run beside it."""
        return self.batches_sent is not None and self.batches_ended is None

    @property
    def active(self) -> bool:
        return self.state in (self.State.QUEUED, self.State.RUNNING, self.State.AWAITING)


class TeacherBatch(models.Model):
    """A file of requests of a label run, all for the same fields, that a provider answers within a day.

    What is about to be done is written before it is done, so that a batch which a killed process may have handed in is
    looked for and not handed in again.
    """

    class State(models.TextChoices):
        WRITING = "writing", gettext_lazy("Being written")
        WRITTEN = "written", gettext_lazy("Written")
        SENDING = "sending", gettext_lazy("Being sent")
        SENT = "sent", gettext_lazy("With the provider")
        ENDED = "ended", gettext_lazy("Ended")

    OPEN = (State.WRITING, State.WRITTEN, State.SENDING, State.SENT)

    run = models.ForeignKey(LabelRun, models.CASCADE, related_name="batches")
    number = models.PositiveIntegerField(help_text="Within its run, from 1 on.")
    key = models.CharField(max_length=32, unique=True, help_text="What the ids of its requests begin with.")
    state = models.CharField(max_length=10, choices=State, default=State.WRITING)
    fields = models.JSONField(help_text="Names of the fields asked for.")
    prompt_sha256 = models.CharField(max_length=64, help_text="Of the whole prompt, without the pictures.")
    sha256 = models.CharField(max_length=64, blank=True, help_text="Of the file of requests.")
    bytes = models.PositiveBigIntegerField(default=0)
    provider_batch = models.CharField(max_length=200, blank=True, help_text="The provider's id of the batch.")
    assumed = models.BooleanField(
        default=False, help_text="The provider's id was found by time and size; the ids of its answers will prove it."
    )
    problem = models.CharField(max_length=300, blank=True, help_text="Sentence of the last error.")
    sending = models.DateTimeField(null=True, help_text="When it was about to be sent.")
    missed = models.DateTimeField(null=True, help_text="When the provider first did not list it after that.")
    sent = models.DateTimeField(null=True)
    expires = models.DateTimeField(null=True)
    cancelled = models.DateTimeField(null=True, help_text="When somebody gave it up; what was answered still counts.")
    ended = models.DateTimeField(null=True)

    class Meta:
        ordering = ["run", "number"]
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="one_batch_per_number")]
        indexes = [models.Index(fields=["state"])]

    def __str__(self) -> str:
        return f"Batch {self.number} of {self.run}"


class TeacherBatchEntry(models.Model):
    """A document's request in a batch. Its id at the provider is the batch's key and `number`."""

    class State(models.TextChoices):
        WAITING = "waiting", gettext_lazy("Waiting")
        ANSWERED = "answered", gettext_lazy("Answered")
        FAILED = "failed", gettext_lazy("Failed")
        EXPIRED = "expired", gettext_lazy("Expired")
        CANCELLED = "cancelled", gettext_lazy("Cancelled")
        MISSING = "missing", gettext_lazy("Missing")

    batch = models.ForeignKey(TeacherBatch, models.CASCADE, related_name="entries")
    number = models.PositiveIntegerField(help_text="Within its batch, from 1 on.")
    document = models.ForeignKey(
        Document, models.SET_NULL, null=True, related_name="batch_entries", help_text="Empty: deleted since."
    )
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    whole = models.BooleanField(default=True, help_text="Whether all pages of the document are shown.")
    problem = models.CharField(max_length=300, blank=True, help_text="Why there is no answer, in one sentence.")

    class Meta:
        ordering = ["batch", "number"]
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="one_entry_per_number")]

    def __str__(self) -> str:
        return f"Entry {self.number} of {self.batch}"


class Response(models.Model):
    """A teacher's response for one document, or for one of its fields, word for word.

    It is paid for, so it is stored before labels are made, and reused where the same teacher would be sent the same
    prompt for the same document.
    """

    run = models.ForeignKey(LabelRun, models.CASCADE, related_name="responses")
    document = models.ForeignKey(Document, models.CASCADE, related_name="responses")
    teacher = models.CharField(max_length=200)
    prompt_sha256 = models.CharField(max_length=64, help_text="Of the whole prompt, without the pictures.")
    raw = models.TextField(help_text="The last answer as it came.")
    fields = models.JSONField(default=list, help_text="Names of the fields asked for; empty: all of its run's.")
    answers = models.JSONField(default=dict, help_text='`{field: {"value", "evidence", "unsure", "confidence"}}`.')
    refusal = models.CharField(max_length=500, blank=True)
    malformed = models.BooleanField(default=False)
    attempts = models.PositiveSmallIntegerField(default=1, help_text="Answers that were paid for to get this one.")
    input_tokens = models.PositiveBigIntegerField(default=0)
    output_tokens = models.PositiveBigIntegerField(default=0)
    usd = models.DecimalField(max_digits=12, decimal_places=6, default=0)
    seconds = models.FloatField()
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["run", "document", "prompt_sha256"], name="one_response_per_question")
        ]
        indexes = [models.Index(fields=["document", "teacher", "prompt_sha256"], name="same_question")]

    def __str__(self) -> str:
        return f"{self.teacher} on {self.document}"

    @property
    def usable(self) -> bool:
        return not self.refusal and not self.malformed
