"""A project: one document type and the versions of its fields."""

from functools import cached_property

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy

from extraction.domain.fields import Schema


class DateOrder(models.TextChoices):
    """Which part of a date such as 01/02/2018 comes first."""

    FOUND = "found", gettext_lazy("Found automatically")
    DAY_FIRST = "dmy", gettext_lazy("Day first")
    MONTH_FIRST = "mdy", gettext_lazy("Month first")
    YEAR_FIRST = "ymd", gettext_lazy("Year first, also of two digits")


class Project(models.Model):
    slug = models.SlugField(unique=True, max_length=50)
    name = models.CharField(max_length=200)
    teacher = models.CharField(max_length=200, blank=True, help_text="Empty: the first teacher that was loaded.")
    ocr = models.CharField(max_length=20, blank=True, help_text="Empty: the installation's engine.")
    error_targets = models.JSONField(
        default=dict, help_text="Share of wrong answers (0 to 1) by field that may be accepted unseen."
    )
    date_order = models.CharField(
        max_length=10,
        choices=DateOrder,
        default=DateOrder.FOUND,
        help_text="Which part of a date such as 01/02/2018 comes first.",
    )
    languages_set = models.JSONField(
        default=list, blank=True, help_text="Codes of the documents' languages as an owner set them; empty: as found."
    )
    languages_found = models.JSONField(
        default=list, blank=True, help_text="Codes of the languages that its first documents showed."
    )
    schema_version = models.ForeignKey(
        "extraction.SchemaVersion", models.PROTECT, null=True, related_name="+", help_text="The one in force."
    )
    prompt_version = models.ForeignKey(
        "extraction.PromptVersion",
        models.SET_NULL,
        null=True,
        related_name="+",
        help_text="The one in force; empty: the parts as kdweb writes them.",
    )
    withdrawn_absences = models.PositiveIntegerField(
        default=0, help_text='Labels "not on the document" that an upgrade withdrew; 0 once that was read.'
    )
    held = models.BooleanField(default=False, help_text="A legal hold: nothing of it may be deleted.")
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, through="extraction.Membership", related_name="projects")
    created = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.slug

    @property
    def languages(self) -> tuple[str, ...]:
        """The codes of the documents' languages (`domain.languages`): as set, else as found; none before."""
        return tuple(self.languages_set or self.languages_found)

    @property
    def schema(self) -> Schema:
        """The fields in force."""
        if self.schema_version is None:
            raise ValueError(f"Project {self.slug} has no schema.")
        return self.schema_version.as_domain()


class SchemaVersion(models.Model):
    """The fields of a project as they were from `created` on; never changed after."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="schema_versions")
    number = models.PositiveIntegerField()
    value = models.JSONField(help_text="As `Schema.to_json` writes it.")
    renames = models.JSONField(default=dict, help_text="New names of fields by those of the version before.")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "number"], name="one_schema_per_number")]

    def __str__(self) -> str:
        return f"{self.project}, fields version {self.number}"

    def as_domain(self) -> Schema:
        return self._schema

    @cached_property
    def _schema(self) -> Schema:
        """Read once: thousands of labels ask for it."""
        return Schema.restore(self.value)
