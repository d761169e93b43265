"""The rows. Import them from here."""

from extraction.models.access import Membership, Role, User
from extraction.models.documents import Document, Page, Split, as_domain_pages
from extraction.models.jobs import Job
from extraction.models.labels import RANK, Label, LabelRun, Source
from extraction.models.projects import Project, SchemaVersion
from extraction.models.training import ModelVersion, Report, Snapshot, TrainingRun

__all__ = [
    "RANK",
    "Document",
    "Job",
    "Label",
    "LabelRun",
    "Membership",
    "ModelVersion",
    "Page",
    "Project",
    "Report",
    "Role",
    "SchemaVersion",
    "Snapshot",
    "Source",
    "Split",
    "TrainingRun",
    "User",
    "as_domain_pages",
]
