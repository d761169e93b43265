"""What a project does by itself after its labels changed: settings, history, and hints for its prompt."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy

from extraction.domain.evaluation.leads import Margins
from extraction.domain.learning.corrections import Difference
from extraction.domain.results.automation import Changes, Comparison, Spent
from extraction.models.ordered import OrderedJSONField
from extraction.models.projects import Project
from extraction.models.teaching import LabelRun, PromptVersion
from extraction.models.training import TrainingRun


class Automation(models.Model):
    """When a project trains by itself, what it may spend on that, and who decides about the model. Off without a row.

    `changed` and `counted` say whether labels have to be counted again; see `services.automation.rounds`.
    """

    class Promotion(models.TextChoices):
        ASK = "ask", gettext_lazy("Ask an owner each time")
        CANARY = "canary", gettext_lazy("Let it answer a share of the traffic first")
        PROMOTE = "promote", gettext_lazy("Promote it if surely not worse")

    project = models.OneToOneField(Project, models.CASCADE, related_name="automation")
    active = models.BooleanField(default=False)
    promotion = models.CharField(max_length=10, choices=Promotion, default=Promotion.ASK)
    corrections = models.PositiveIntegerField(default=30, help_text="It trains after so many corrections of people.")
    labels = models.PositiveIntegerField(default=200, help_text="It trains after so many other new labels.")
    minutes = models.FloatField(default=20, help_text="Wall clock of one training, at most.")
    weekly_minutes = models.FloatField(default=120, help_text="Minutes of automatic training in seven days, at most.")
    margin = models.FloatField(default=0.005, help_text="Mean ANLS (0–1) by which it may be worse at the lower bound.")
    field_margin = models.FloatField(default=0.02, help_text="ANLS (0–1) by which a field or group may be worse.")
    monthly_usd = models.DecimalField(
        max_digits=8, decimal_places=2, default=Decimal(1), help_text="Dollars for hints in thirty days, at most."
    )
    changed = models.BooleanField(default=False, help_text="Labels were written since they were counted.")
    counted = models.DateTimeField(null=True, help_text="When labels were last counted.")

    def __str__(self) -> str:
        return f"{self.project}, {'on' if self.active else 'off'}"

    @property
    def margins(self) -> Margins:
        return Margins(self.margin, self.field_margin)


class AutomationStep(models.Model):
    """A step that a project took by itself, or a person's decision about it. Rows are only added.

    The steps of a `run` tell where it stands: it was started, then has one of `OUTCOMES`, and after `ASKED` one of
    `ANSWERS`, each at most once.
    """

    class Kind(models.TextChoices):
        SWITCHED_ON = "switched_on", gettext_lazy("Switched on")
        SWITCHED_OFF = "switched_off", gettext_lazy("Switched off")
        BUDGET_USED = "budget_used", gettext_lazy("Budget used up")
        STARTED = "started", gettext_lazy("Training started")
        NOT_TRAINED = "not_trained", gettext_lazy("No model")
        PROMOTED = "promoted", gettext_lazy("Promoted")
        CANARY = "canary", gettext_lazy("Canary started")
        ASKED = "asked", gettext_lazy("Question")
        HELD_BACK = "held_back", gettext_lazy("Held back")
        ACCEPTED = "accepted", gettext_lazy("Answer: promoted")
        DECLINED = "declined", gettext_lazy("Answer: not promoted")
        OVERTAKEN = "overtaken", gettext_lazy("Overtaken")

    ANSWERS = (Kind.ACCEPTED, Kind.DECLINED, Kind.OVERTAKEN)
    OUTCOMES = (Kind.NOT_TRAINED, Kind.PROMOTED, Kind.CANARY, Kind.ASKED, Kind.HELD_BACK, Kind.OVERTAKEN)

    project = models.ForeignKey(Project, models.CASCADE, related_name="automation_steps")
    kind = models.CharField(max_length=20, choices=Kind)
    run = models.ForeignKey(TrainingRun, models.CASCADE, null=True, related_name="automation_steps")
    figures = OrderedJSONField(null=True, help_text="`Changes`, `Spent` or `Comparison`, by kind.")
    detail = models.CharField(max_length=500, blank=True, help_text="Sentence of an error.")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["project", "-id"])]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "kind"], condition=models.Q(run__isnull=False), name="one_step_per_kind"
            )
        ]

    def __str__(self) -> str:
        return f"{self.project}: {self.kind}"

    @property
    def changes(self) -> Changes | None:
        """What led to the training that this step started."""
        return Changes.from_json(self.figures) if self.kind == self.Kind.STARTED and self.figures else None

    @property
    def spent(self) -> Spent | None:
        return Spent.from_json(self.figures) if self.kind == self.Kind.BUDGET_USED and self.figures else None

    @property
    def comparison(self) -> Comparison | None:
        """What an outcome was decided by."""
        return Comparison.from_json(self.figures) if self.kind in self.OUTCOMES and self.figures else None


class Hint(models.Model):
    """A sentence or two for the prompt that a teacher writes from corrections that are alike.

    `tried_as` is the version of the prompt with it, which the trials compare with the one before.
    """

    class State(models.TextChoices):
        REQUESTED = "requested", gettext_lazy("Being written")
        FAILED = "failed", gettext_lazy("Not written")
        PROPOSED = "proposed", gettext_lazy("Proposed")
        TRIED = "tried", gettext_lazy("Tried")
        ADOPTED = "adopted", gettext_lazy("In the prompt")
        REJECTED = "rejected", gettext_lazy("Rejected")

    project = models.ForeignKey(Project, models.CASCADE, related_name="hints")
    field = models.CharField(max_length=50)
    vendor = models.CharField(max_length=200, blank=True, help_text="Whose documents it is about; empty: all.")
    difference = models.CharField(
        max_length=10,
        choices=[(each.value, each.value) for each in Difference],
        help_text="How the corrections differ.",
    )
    corrections = models.JSONField(help_text="Primary keys of the corrected labels that it was made from.")
    teacher = models.CharField(max_length=200)
    consented_provider = models.CharField(max_length=300, blank=True)
    text = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.REQUESTED)
    error = models.CharField(max_length=500, blank=True, help_text="Why it was not written, in one sentence.")
    usd = models.DecimalField(max_digits=12, decimal_places=6, default=0)
    tried_as = models.ForeignKey(PromptVersion, models.SET_NULL, null=True, related_name="+")
    before = models.ForeignKey(LabelRun, models.SET_NULL, null=True, related_name="+", help_text="Trial without it.")
    after = models.ForeignKey(LabelRun, models.SET_NULL, null=True, related_name="+", help_text="Trial with it.")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["project", "-id"])]

    def __str__(self) -> str:
        return f"{self.project}, {self.field}: {self.text or self.state}"
