"""Imports of claims from tables, with what is to be said about their lines. The claims are in `models.auditing`."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy

from extraction.domain.claims.mapping import ColumnMapping
from extraction.domain.claims.remarks import RemarkCode
from extraction.models.jobs import Job
from extraction.models.projects import Project


class ClaimImport(models.Model):
    """A table of claims: its file, which column fills which field, and how far it has come.

    The work on it is done line by line, and undone label by label; both go on where they were interrupted.
    """

    class State(models.TextChoices):
        MAPPING = "mapping", gettext_lazy("Columns to be chosen")
        IMPORTING = "importing", gettext_lazy("Being imported")
        IMPORT_STOPPED = "import_stopped", gettext_lazy("Import stopped")
        IMPORTED = "imported", gettext_lazy("Imported")
        UNDOING = "undoing", gettext_lazy("Being taken back")
        UNDO_STOPPED = "undo_stopped", gettext_lazy("Taking back stopped")
        UNDONE = "undone", gettext_lazy("Taken back")

    # Whose labels count for nothing.
    TAKEN_BACK = (State.UNDOING, State.UNDO_STOPPED, State.UNDONE)

    project = models.ForeignKey(Project, models.CASCADE, related_name="claim_imports")
    name = models.CharField(max_length=255, help_text="The file's name as it came.")
    sha256 = models.CharField(max_length=64)
    file = models.CharField(max_length=200, help_text="Path of the file as it came, below the data folder.")
    columns = models.JSONField(help_text="Names of the columns, empty for one without.")
    first_lines = models.JSONField(help_text="Texts of the first lines' cells.")
    mapping = models.JSONField(help_text="As `ColumnMapping.to_json` writes it: the proposal, then what was chosen.")
    state = models.CharField(max_length=14, choices=State, default=State.MAPPING)
    total = models.PositiveIntegerField(default=0, help_text="Lines of the table, once they were counted.")
    done = models.PositiveIntegerField(default=0, help_text="So many of the lines were gone through.")
    new = models.PositiveIntegerField(default=0, help_text="Labels that were added.")
    known = models.PositiveIntegerField(default=0, help_text="Values that were the claim already.")
    refused = models.PositiveIntegerField(default=0, help_text="Lines and cells that made neither a label nor a claim.")
    doubtful = models.PositiveIntegerField(default=0, help_text="Cells and lines that are stored and in doubt.")
    withdrawn = models.PositiveIntegerField(default=0, help_text="Labels that were taken back.")
    claims_new = models.PositiveIntegerField(default=0, help_text="Claims that were added.")
    claims_known = models.PositiveIntegerField(default=0, help_text="Lines whose claim was there already.")
    claims_withdrawn = models.PositiveIntegerField(default=0, help_text="Claims that were taken back.")
    job = models.OneToOneField(Job, models.SET_NULL, null=True, related_name="claim_import")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["project", "-id"], name="claim_imports")]

    def __str__(self) -> str:
        return self.name

    def column_mapping(self) -> ColumnMapping:
        return ColumnMapping.from_json(self.mapping)


class ClaimRemark(models.Model):
    """What is to be said about a line of a table, or about one cell of it."""

    claim_import = models.ForeignKey(ClaimImport, models.CASCADE, related_name="remarks")
    line = models.PositiveIntegerField(help_text="As editors and spreadsheets count, from 1.")
    column = models.PositiveSmallIntegerField(null=True, help_text="From 0; null: the line as a whole.")
    code = models.CharField(max_length=20, choices=[(code.value, code.value) for code in RemarkCode])
    text = models.CharField(max_length=200, blank=True, help_text="What stands in the cell, cut.")
    other_line = models.PositiveIntegerField(null=True, help_text="The line that it contradicts.")

    class Meta:
        ordering = ["line", "column", "id"]
        indexes = [models.Index(fields=["claim_import", "line"], name="claim_remarks")]

    def __str__(self) -> str:
        return f"line {self.line}: {self.code}"

    @property
    def refuses(self) -> bool:
        """Whether what it is about made no label."""
        return RemarkCode(self.code).refuses
