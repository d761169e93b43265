"""The rows. Import them from here."""

from extraction.models.access import ApiToken, IdempotentCall, Membership, Role, Scope, TokenUsage, User
from extraction.models.automation import Automation, AutomationStep, Hint
from extraction.models.claims import ClaimImport, ClaimRemark
from extraction.models.documents import Document, DocumentLayout, Page, Split, as_domain_pages
from extraction.models.extractions import Extraction, ExtractionBatch
from extraction.models.jobs import BulkRun, Job
from extraction.models.labels import BestLabel, Label, LabelEstimator, LabelQuality, Source
from extraction.models.projects import DateOrder, Project, SchemaVersion
from extraction.models.review import Assignment, Question, Reservation, UnseenAcceptance
from extraction.models.teaching import LabelRun, PromptVersion, Response, TeacherBatch, TeacherBatchEntry
from extraction.models.training import (
    CrossCheck,
    ModelVersion,
    OutOfFoldReading,
    Promotion,
    Report,
    RunState,
    Snapshot,
    TrainingRun,
)

__all__ = [
    "ApiToken",
    "Assignment",
    "Automation",
    "AutomationStep",
    "BestLabel",
    "BulkRun",
    "ClaimImport",
    "ClaimRemark",
    "CrossCheck",
    "DateOrder",
    "Document",
    "DocumentLayout",
    "Extraction",
    "ExtractionBatch",
    "Hint",
    "IdempotentCall",
    "Job",
    "Label",
    "LabelEstimator",
    "LabelQuality",
    "LabelRun",
    "Membership",
    "ModelVersion",
    "OutOfFoldReading",
    "Page",
    "Project",
    "Promotion",
    "PromptVersion",
    "Question",
    "Report",
    "Reservation",
    "Response",
    "Role",
    "RunState",
    "SchemaVersion",
    "Scope",
    "Snapshot",
    "Source",
    "Split",
    "TeacherBatch",
    "TeacherBatchEntry",
    "TokenUsage",
    "TrainingRun",
    "UnseenAcceptance",
    "User",
    "as_domain_pages",
]
