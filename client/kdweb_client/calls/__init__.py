# Made by client/generate.py from the OpenAPI document.
"""The calls."""

from kdweb_client.calls.audit_log import AuditLogCalls
from kdweb_client.calls.claims import ClaimsCalls
from kdweb_client.calls.documents import DocumentsCalls
from kdweb_client.calls.exports import ExportsCalls
from kdweb_client.calls.extractions import ExtractionsCalls
from kdweb_client.calls.labelling import LabellingCalls
from kdweb_client.calls.models import ModelsCalls
from kdweb_client.calls.questions import QuestionsCalls
from kdweb_client.calls.reports import ReportsCalls
from kdweb_client.calls.tokens import TokensCalls
from kdweb_client.calls.training import TrainingCalls
from kdweb_client.calls.trust import TrustCalls
from kdweb_client.calls.webhooks import WebhooksCalls


class EveryCall(
    ExtractionsCalls,
    DocumentsCalls,
    LabellingCalls,
    QuestionsCalls,
    ModelsCalls,
    TrainingCalls,
    ClaimsCalls,
    ReportsCalls,
    TrustCalls,
    WebhooksCalls,
    TokensCalls,
    AuditLogCalls,
    ExportsCalls,
):
    """Every operation of the API as a method."""
