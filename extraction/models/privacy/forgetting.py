"""Deletions of documents, and what models owe after them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy

from extraction.domain.learning.lineage import Learned
from extraction.domain.results.automation import Comparison
from extraction.models.ordered import OrderedJSONField
from extraction.models.projects import Project
from extraction.models.training import TrainingRun


class Deletion(models.Model):
    """The fact that a document was deleted; its hash is all that is kept of it.

    Written in the transaction that deletes the document. Keys grow in the order of the deletions of a project, which is
    how a run knows which of them came before it read its documents.
    """

    class Cause(models.TextChoices):
        PERSON = "person", gettext_lazy("Deleted by a person")
        RETENTION = "retention", gettext_lazy("Its time was over")

    project = models.ForeignKey(Project, models.CASCADE, related_name="deletions")
    document = models.PositiveBigIntegerField(help_text="Primary key that it had.")
    sha256 = models.CharField(max_length=64)
    test = models.BooleanField(help_text="It was of the split test.")
    added = models.DateTimeField(help_text="When it had come into the project.")
    claim_imports = models.JSONField(default=list, help_text="Keys of the tables whose lines were about it.")
    hints = models.JSONField(default=list, help_text="Keys of the hints that were written from its labels.")
    cause = models.CharField(max_length=10, choices=Cause, default=Cause.PERSON)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    created = models.DateTimeField(auto_now_add=True)
    settled = models.DateTimeField(
        null=True, help_text="When its traces elsewhere were erased and what models owe was written."
    )

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["project", "-id"], name="deletions_of_project"),
            models.Index(fields=["settled"], name="unsettled_deletions"),
            models.Index(fields=["project", "sha256"], name="deletions_of_a_file"),
        ]

    def __str__(self) -> str:
        return f"{self.sha256[:12]} of {self.project}"


class Forgetting(models.Model):
    """What a training run owes because documents that it learned from were deleted.

    It is over once the files of the run's model are deleted; before that `replacement` learned the same without the
    documents, unless the model was not needed.
    """

    class State(models.TextChoices):
        OWED = "owed", gettext_lazy("Owed")
        RUNNING = "running", gettext_lazy("Being trained without them")
        DECISION = "decision", gettext_lazy("Waits for an owner")
        DONE = "done", gettext_lazy("Forgotten")
        NOT_NEEDED = "not_needed", gettext_lazy("Removed without a successor")

    OPEN = (State.OWED, State.RUNNING, State.DECISION)

    project = models.ForeignKey(Project, models.CASCADE, related_name="forgettings")
    run = models.ForeignKey(TrainingRun, models.CASCADE, related_name="forgettings")
    documents = models.JSONField(help_text="Rows as `Learned.to_json` writes them.")
    state = models.CharField(max_length=10, choices=State, default=State.OWED)
    due = models.DateTimeField(null=True, help_text="When it is to be begun; null: by hand.")
    replacement = models.ForeignKey(TrainingRun, models.SET_NULL, null=True, related_name="replaces")
    comparison = OrderedJSONField(null=True, help_text="`Comparison` of the two models, where the old one served.")
    promoted = models.BooleanField(default=False, help_text="The replacement was promoted in its place.")
    problem = models.CharField(max_length=500, blank=True, help_text="Why it did not go on, in one sentence.")
    failures = models.PositiveSmallIntegerField(default=0, help_text="How often it did not go on.")
    created = models.DateTimeField(auto_now_add=True)
    files_deleted = models.DateTimeField(null=True, help_text="When the files of the model that had learned were gone.")

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["project", "state"], name="forgettings_by_state")]
        constraints = [
            models.UniqueConstraint(fields=["run"], condition=models.Q(state="owed"), name="one_owed_forgetting")
        ]

    def __str__(self) -> str:
        return f"{self.run}: {self.state}"

    @property
    def learned(self) -> list[Learned]:
        return [Learned.from_json(row) for row in self.documents]

    @property
    def open(self) -> bool:
        return self.state in self.OPEN

    @property
    def compared(self) -> Comparison | None:
        return Comparison.from_json(self.comparison) if self.comparison else None
