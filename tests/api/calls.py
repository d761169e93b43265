"""Every call of the OpenAPI document, its scope and role, and a project in which each call leads somewhere.

A call that is new must be given a row in `ACCESS`, or a test fails.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from extraction.api.api import api
from extraction.models import Project, Role, Scope, User
from extraction.services.projects import projects, tokens
from tests.support import builders

VIEWER, REVIEWER, AUDITOR, OWNER = Role.VIEWER, Role.REVIEWER, Role.AUDITOR, Role.OWNER
# Operation → the scope that it needs (`None`: any), and the smallest role of the person behind the token.
ACCESS: dict[str, tuple[Scope | None, Role]] = {
    "own_token": (None, VIEWER),
    "replace_own_token": (None, VIEWER),
    "extract": (Scope.EXTRACT, VIEWER),
    "extraction": (Scope.EXTRACT, VIEWER),
    "delete_extraction": (Scope.EXTRACT, VIEWER),
    "list_extractions": (Scope.EXTRACT, VIEWER),
    "start_batch": (Scope.EXTRACT, VIEWER),
    "start_batch_from_store": (Scope.EXTRACT, VIEWER),
    "list_batches": (Scope.EXTRACT, VIEWER),
    "batch": (Scope.EXTRACT, VIEWER),
    "batch_results": (Scope.EXTRACT, VIEWER),
    "cancel_batch": (Scope.EXTRACT, VIEWER),
    "delete_batch": (Scope.EXTRACT, VIEWER),
    "upload_documents": (Scope.UPLOAD, REVIEWER),
    "list_documents": (Scope.READ, VIEWER),
    "document": (Scope.READ, VIEWER),
    "document_labels": (Scope.READ, VIEWER),
    "document_learners": (Scope.READ, VIEWER),
    "delete_document": (Scope.MANAGE, OWNER),
    "hold_document": (Scope.MANAGE, OWNER),
    "retention": (Scope.READ, VIEWER),
    "change_retention": (Scope.MANAGE, OWNER),
    "forgetting": (Scope.READ, VIEWER),
    "start_forgetting": (Scope.MANAGE, OWNER),
    "start_labelling": (Scope.MANAGE, OWNER),
    "label_run": (Scope.READ, VIEWER),
    "next_questions": (Scope.REVIEW, REVIEWER),
    "answer_question": (Scope.REVIEW, REVIEWER),
    "undo_answer": (Scope.REVIEW, REVIEWER),
    "acceptable_unseen": (Scope.READ, VIEWER),
    "accept_unseen": (Scope.MANAGE, OWNER),
    "undo_unseen": (Scope.MANAGE, OWNER),
    "list_models": (Scope.READ, VIEWER),
    "promote_model": (Scope.MANAGE, OWNER),
    "canary": (Scope.READ, VIEWER),
    "start_canary": (Scope.MANAGE, OWNER),
    "promote_canary": (Scope.MANAGE, OWNER),
    "roll_back_canary": (Scope.MANAGE, OWNER),
    "stop_canary": (Scope.MANAGE, OWNER),
    "guarantees": (Scope.READ, VIEWER),
    "set_targets": (Scope.MANAGE, OWNER),
    "check_answers": (Scope.MANAGE, OWNER),
    "start_training": (Scope.MANAGE, OWNER),
    "training_run": (Scope.READ, VIEWER),
    "start_cross_check": (Scope.MANAGE, OWNER),
    "cross_check": (Scope.READ, VIEWER),
    "automation": (Scope.READ, VIEWER),
    "answer_automation": (Scope.MANAGE, OWNER),
    "escalation": (Scope.READ, VIEWER),
    "change_escalation": (Scope.MANAGE, OWNER),
    "measure_escalation": (Scope.MANAGE, OWNER),
    "audit_log": (Scope.MANAGE, OWNER),
    "list_reports": (Scope.READ, VIEWER),
    "report": (Scope.READ, VIEWER),
    "write_report": (Scope.MANAGE, OWNER),
    "recount_report": (Scope.MANAGE, OWNER),
    "report_misses": (Scope.READ, VIEWER),
    "report_trust": (Scope.READ, VIEWER),
    "compare_systems": (Scope.READ, VIEWER),
    "learning_curve": (Scope.READ, VIEWER),
    "drift": (Scope.READ, VIEWER),
    "list_audits": (Scope.AUDIT, AUDITOR),
    "start_audit": (Scope.MANAGE, OWNER),
    "audit": (Scope.AUDIT, AUDITOR),
    "policy": (Scope.AUDIT, AUDITOR),
    "change_policy": (Scope.MANAGE, OWNER),
    "list_findings": (Scope.AUDIT, AUDITOR),
    "finding_totals": (Scope.AUDIT, AUDITOR),
    "check_precision": (Scope.AUDIT, AUDITOR),
    "export_findings": (Scope.AUDIT, AUDITOR),
    "finding": (Scope.AUDIT, AUDITOR),
    "decide_finding": (Scope.AUDIT, AUDITOR),
    "undo_decision": (Scope.AUDIT, AUDITOR),
    "list_claims": (Scope.READ, VIEWER),
    "add_claims": (Scope.UPLOAD, REVIEWER),
    "load_labels": (Scope.MANAGE, OWNER),
    "list_label_files": (Scope.READ, VIEWER),
    "label_file": (Scope.READ, VIEWER),
    "claim": (Scope.READ, VIEWER),
    "choose_receipt": (Scope.REVIEW, REVIEWER),
    "matching": (Scope.READ, VIEWER),
    "start_matching": (Scope.REVIEW, REVIEWER),
    "list_webhooks": (Scope.MANAGE, OWNER),
    "create_webhook": (Scope.MANAGE, OWNER),
    "webhook": (Scope.MANAGE, OWNER),
    "change_webhook": (Scope.MANAGE, OWNER),
    "delete_webhook": (Scope.MANAGE, OWNER),
    "rotate_webhook_secret": (Scope.MANAGE, OWNER),
    "test_webhook": (Scope.MANAGE, OWNER),
    "list_deliveries": (Scope.MANAGE, OWNER),
    "resend_delivery": (Scope.MANAGE, OWNER),
    "export_answers": (Scope.EXTRACT, VIEWER),
    "export_labels": (Scope.READ, VIEWER),
    "export_report": (Scope.READ, VIEWER),
}
BODIES = {
    "change_policy": {"policy": {"base": "USD"}},
    "decide_finding": {"kind": "confirmed"},
    "add_claims": {"claims": [{"employee": "Ann", "amount": "12.50"}]},
    "answer_question": {"answer": "yes"},
    "change_escalation": {"active": False},
    "choose_receipt": {"document": None},
    "change_retention": {"rejected": 30},
    "hold_document": {"held": True},
    "start_canary": {"model": "first"},
    "start_labelling": {"teacher": "rules"},
    "set_targets": {"targets": {}},
    "create_webhook": {"url": "https://example.com/", "kinds": ["report.ended"]},
    "change_webhook": {"active": False},
    "rotate_webhook_secret": {},
    "replace_own_token": {},
}
# What a call must have in its query.
QUERIES = {"load_labels": "?source=truth"}
# Role → the calls' roles that let it in.
ALLOWED = {
    VIEWER: {VIEWER},
    REVIEWER: {VIEWER, REVIEWER},
    AUDITOR: {VIEWER, AUDITOR},
    OWNER: {VIEWER, REVIEWER, AUDITOR, OWNER},
}
DOCUMENT = json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/")))
OPERATIONS = {
    operation["operationId"]: (method, path, operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
}


@dataclass(frozen=True)
class World:
    """A project with one of everything; `ids` has a row's key by the part of a path that `{id}` follows."""

    project: Project
    owner: User
    ids: dict[str, Any]
    values: dict[str, Any]

    def call(self, name: str, headers: dict[str, str] | None = None, client: Client | None = None) -> HttpResponse:
        """To one call, with a body that fits; what it changes is taken back."""
        method, path, operation = OPERATIONS[name]
        given: dict[str, Any] = {"headers": headers or {}}
        content = next(iter(operation.get("requestBody", {}).get("content", {})), None)
        if content == "multipart/form-data":
            given["data"] = {"file": SimpleUploadedFile("a.jpg", b"no picture")}
        elif content == "application/json":
            given |= {"data": BODIES.get(name, {"name": "new"}), "content_type": content}
        url = path.format(**self.of(name)) + QUERIES.get(name, "")
        with transaction.atomic():
            response = getattr(client or Client(), method)(url, **given)
            transaction.set_rollback(True)
        return response  # type: ignore[no-any-return]

    def of(self, name: str) -> dict[str, Any]:
        """What a call's path is made of."""
        before, found, _ = OPERATIONS[name][1].partition("/{id}")
        return self.values | ({"id": self.ids[before.rpartition("/")[2]]} if found else {})

    def token(self, *, role: Role | None = None, scopes: tuple[str, ...] = tuple(Scope.values)) -> dict[str, str]:
        """Headers with a new token of a member, whose role is then another one."""
        person = builders.member(self.project, OWNER)
        _, token = tokens.create(self.project, person, name="test", scopes=scopes)
        if role is not None:
            projects.add_member(self.project, person, role)
        return {"Authorization": f"Bearer {token}"}
