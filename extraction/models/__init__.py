"""The rows. Import them from here."""

from extraction.models.access import (
    ApiToken,
    GroupRole,
    IdempotentCall,
    Membership,
    Role,
    Roles,
    Scope,
    TokenUsage,
    User,
)
from extraction.models.audit_log.entries import AuditAction, AuditEntry, Door
from extraction.models.auditing.claims import Claim, Match
from extraction.models.auditing.findings import (
    Decision,
    DecisionKind,
    DismissalReason,
    Finding,
    FindingSeverity,
    FindingState,
)
from extraction.models.auditing.policies import PolicyVersion
from extraction.models.auditing.runs import AuditRun, ReceiptReading
from extraction.models.automation import Automation, AutomationStep, Hint
from extraction.models.canaries.canaries import Canary
from extraction.models.canaries.documents import CanaryDocument
from extraction.models.claims import ClaimImport, ClaimRemark
from extraction.models.documents import Document, DocumentLayout, Page, Split, as_domain_pages
from extraction.models.extractions import Escalation, EscalationChange, Extraction, ExtractionBatch, TeacherCall
from extraction.models.jobs import BulkRun, Job
from extraction.models.labels import BestLabel, Label, LabelEstimator, LabelImport, LabelQuality, Source
from extraction.models.privacy.forgetting import Deletion, Forgetting
from extraction.models.privacy.retention import Retention
from extraction.models.projects import DateOrder, Project, SchemaVersion
from extraction.models.reports.frozen import FrozenDocument
from extraction.models.review import Assignment, Question, Reservation, UnseenAcceptance
from extraction.models.teaching import LabelRun, PromptVersion, Response, TeacherBatch, TeacherBatchEntry
from extraction.models.training import (
    AnswerCheck,
    CrossCheck,
    ModelVersion,
    OutOfFoldReading,
    Promotion,
    Report,
    RunState,
    Snapshot,
    TrainingRun,
)
from extraction.models.trust.answers import ReportedConfidences, ReportedDocument, ReportedMiss
from extraction.models.trust.drift import DriftCheck
from extraction.models.webhooks.deliveries import WebhookDelivery
from extraction.models.webhooks.endpoints import WebhookEndpoint

__all__ = [
    "AnswerCheck",
    "ApiToken",
    "Assignment",
    "AuditAction",
    "AuditEntry",
    "AuditRun",
    "Automation",
    "AutomationStep",
    "BestLabel",
    "BulkRun",
    "Canary",
    "CanaryDocument",
    "Claim",
    "ClaimImport",
    "ClaimRemark",
    "CrossCheck",
    "DateOrder",
    "Decision",
    "DecisionKind",
    "Deletion",
    "DismissalReason",
    "Document",
    "DocumentLayout",
    "Door",
    "DriftCheck",
    "Escalation",
    "EscalationChange",
    "Extraction",
    "ExtractionBatch",
    "Finding",
    "FindingSeverity",
    "FindingState",
    "Forgetting",
    "FrozenDocument",
    "GroupRole",
    "Hint",
    "IdempotentCall",
    "Job",
    "Label",
    "LabelEstimator",
    "LabelImport",
    "LabelQuality",
    "LabelRun",
    "Match",
    "Membership",
    "ModelVersion",
    "OutOfFoldReading",
    "Page",
    "PolicyVersion",
    "Project",
    "Promotion",
    "PromptVersion",
    "Question",
    "ReceiptReading",
    "Report",
    "ReportedConfidences",
    "ReportedDocument",
    "ReportedMiss",
    "Reservation",
    "Response",
    "Retention",
    "Role",
    "Roles",
    "RunState",
    "SchemaVersion",
    "Scope",
    "Snapshot",
    "Source",
    "Split",
    "TeacherBatch",
    "TeacherBatchEntry",
    "TeacherCall",
    "TokenUsage",
    "TrainingRun",
    "UnseenAcceptance",
    "User",
    "WebhookDelivery",
    "WebhookEndpoint",
    "as_domain_pages",
]
