from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate


class ExtractionConfig(AppConfig):
    name = "extraction"
    verbose_name = "kdweb"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in, user_logged_out

        from extraction.services import events
        from extraction.services.audit_log import logins
        from extraction.services.auditing import claims
        from extraction.services.auditing import jobs as auditing
        from extraction.services.automation import settings as automation
        from extraction.services.automation.jobs import COMPARE, COUNT, HINT
        from extraction.services.documents import rereading
        from extraction.services.documents.bulk import actions
        from extraction.services.documents.bulk.move import MOVE
        from extraction.services.documents.claims.jobs import CLAIMS
        from extraction.services.documents.jobs import BULK, READ, READ_AGAIN
        from extraction.services.documents.label_files.jobs import LOAD_LABELS
        from extraction.services.jobs import kinds
        from extraction.services.labels import schema_changes
        from extraction.services.privacy import deletions
        from extraction.services.privacy.bulk.delete import DELETE
        from extraction.services.privacy.jobs import FORGET, SWEEP
        from extraction.services.quality import assessments
        from extraction.services.quality.jobs import ASSESS
        from extraction.services.reports.jobs import DRIFT, RECOUNT, REPORT
        from extraction.services.review.bulk.assign import ASSIGN
        from extraction.services.review.bulk.reject import REJECT
        from extraction.services.review.questions import vendors
        from extraction.services.serving import guarantees, prelabel, registry
        from extraction.services.serving.canaries import evidence as canary_evidence
        from extraction.services.serving.canaries import field_changes as canary_fields
        from extraction.services.serving.canaries import lifecycle as canaries
        from extraction.services.serving.canaries import recording as canary_documents
        from extraction.services.serving.escalation import curves
        from extraction.services.serving.escalation import settings as escalation
        from extraction.services.serving.jobs import BATCH, CANARY, CHECK, EXTRACT, LEARN, MEASURE, PREDICT
        from extraction.services.teaching.bulk.relabel import RELABEL
        from extraction.services.teaching.jobs import COLLECT, LABEL
        from extraction.services.training.jobs import CROSS_CHECK, TRAIN
        from extraction.services.webhooks.events import registry as webhook_events
        from extraction.services.webhooks.events.canaries import CANARY_ENDED
        from extraction.services.webhooks.events.cross_checks import CROSS_CHECK_ENDED
        from extraction.services.webhooks.events.extractions import EXTRACTION_DONE, EXTRACTION_FAILED
        from extraction.services.webhooks.events.findings import FINDING_MADE
        from extraction.services.webhooks.events.label_runs import LABEL_RUN_ENDED
        from extraction.services.webhooks.events.models import MODEL_PROMOTED
        from extraction.services.webhooks.events.reports import REPORT_ENDED
        from extraction.services.webhooks.events.reviews import EXTRACTION_REVIEWED
        from extraction.services.webhooks.events.training_runs import TRAINING_RUN_ENDED
        from extraction.services.webhooks.events.trial import TRIAL
        from extraction.services.webhooks.jobs import DELIVER

        checks.register(installation, "kdweb")
        user_logged_in.connect(logins.on_logged_in)
        user_logged_out.connect(logins.on_logged_out)
        for kind in (
            READ,
            READ_AGAIN,
            BULK,
            CLAIMS,
            LABEL,
            COLLECT,
            ASSESS,
            TRAIN,
            CROSS_CHECK,
            PREDICT,
            CHECK,
            REPORT,
            RECOUNT,
            DRIFT,
            EXTRACT,
            LEARN,
            MEASURE,
            BATCH,
            CANARY,
            LOAD_LABELS,
            COUNT,
            COMPARE,
            HINT,
            auditing.AUDIT,
            auditing.MATCH,
            FORGET,
            SWEEP,
            DELIVER,
        ):
            kinds.register(kind)
        for action in (ASSIGN, MOVE, RELABEL, REJECT, DELETE):
            actions.register(action)
        for event in (
            EXTRACTION_DONE,
            EXTRACTION_FAILED,
            EXTRACTION_REVIEWED,
            MODEL_PROMOTED,
            CANARY_ENDED,
            LABEL_RUN_ENDED,
            TRAINING_RUN_ENDED,
            CROSS_CHECK_ENDED,
            REPORT_ENDED,
            FINDING_MADE,
            TRIAL,
        ):
            webhook_events.register(event)
        events.languages_changed.connect(rereading.on_languages_changed)
        events.schema_changed.connect(schema_changes.on_schema_changed)
        events.document_deleting.connect(vendors.on_document_deleting)
        events.document_deleting.connect(deletions.on_document_deleting)
        events.document_read.connect(prelabel.on_document_read)
        events.document_read.connect(assessments.on_document_read)
        events.labels_written.connect(assessments.on_labels_written)
        events.schema_changed.connect(assessments.on_schema_changed)
        events.labels_written.connect(automation.on_labels_written)
        events.fields_replaced.connect(escalation.on_fields_replaced)
        events.fields_replaced.connect(guarantees.on_fields_replaced)
        events.model_promoted.connect(canaries.on_model_promoted)
        events.model_removed.connect(canaries.on_model_removed)
        events.document_deleting.connect(canary_documents.on_document_deleting)
        events.labels_written.connect(canary_evidence.on_labels_written)
        events.fields_replaced.connect(canary_fields.on_fields_replaced)
        events.model_promoted.connect(curves.on_model_promoted)
        events.job_ended.connect(auditing.on_job_ended)
        events.document_deleting.connect(claims.on_document_deleting)
        post_migrate.connect(registry.tell_unusable, sender=self)


def installation(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    """Issues of the installation. Warnings, because errors would stop the commands that put it right."""
    from extraction.services.operation.health import issues

    return [checks.Warning(issue.sentence, hint=issue.remedy, id=f"kdweb.{issue.code}") for issue in issues()]
