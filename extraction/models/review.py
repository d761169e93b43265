"""Who works on which document, questions about single labels, and what owners accepted unseen."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy

from extraction.models.documents import Document
from extraction.models.labels import Label
from extraction.models.projects import Project


class Reservation(models.Model):
    """A document that a reviewer has open since `since`, or loaded ahead (`services.review.reservations.AHEAD`).

    It counts while its heartbeat is recent (`services.review.reservations`), so that a closed browser holds nothing.
    """

    document = models.OneToOneField(Document, models.CASCADE, related_name="reservation")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    since = models.DateTimeField()
    heartbeat = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.document} is open at {self.user}"


class Assignment(models.Model):
    """A document that a member is to review."""

    document = models.OneToOneField(Document, models.CASCADE, related_name="assignment")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="assignments")
    created = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.document} is for {self.user}"


class Question(models.Model):
    """The question whether a label is right, of one round of a project.

    `labels` are those that its answer wrote: of the asked document and, where it `holds` for the vendor, of others.
    """

    class State(models.TextChoices):
        OPEN = "open", gettext_lazy("Open")
        ANSWERED = "answered", gettext_lazy("Answered")
        STALE = "stale", gettext_lazy("The label changed before anybody answered")
        UNDONE = "undone", gettext_lazy("Undone")

    class Answer(models.TextChoices):
        YES = "yes", gettext_lazy("Yes")
        NO = "no", gettext_lazy("No")
        UNKNOWN = "unknown", gettext_lazy("Don't know")

    project = models.ForeignKey(Project, models.CASCADE, related_name="questions")
    label = models.ForeignKey(Label, models.CASCADE, related_name="questions")
    round = models.PositiveIntegerField(help_text="Starts at 1.")
    random = models.BooleanField(help_text="Drawn at random, to know how many labels are wrong.")
    vendor = models.CharField(max_length=200, blank=True, help_text="Whose document it is, as `BestLabel.text` has it.")
    holds = models.BooleanField(default=False, help_text="Its answer holds for the vendor's documents.")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    answer = models.CharField(max_length=10, choices=Answer, blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    answered = models.DateTimeField(null=True)
    labels = models.ManyToManyField(Label, related_name="+")
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", help_text="Who sees it now."
    )
    held_until = models.DateTimeField(null=True, help_text="Nobody else is asked before.")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["label"], condition=models.Q(state="open"), name="one_open_question")
        ]
        indexes = [models.Index(fields=["project", "state", "id"], name="questions_by_state")]

    def __str__(self) -> str:
        return f"Is it right? {self.label}"


class UnseenAcceptance(models.Model):
    """An owner's decision to accept documents whose labels are surely right without looking at them."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="unseen_acceptances")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    accepted = models.DateTimeField()
    documents = models.PositiveIntegerField(help_text="How many were accepted.")
    wrong = models.FloatField(help_text="The share of their labels that was expected to be wrong.")
    labels = models.ManyToManyField(Label, related_name="+")
    undone = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.documents} documents of {self.project}, accepted unseen"
