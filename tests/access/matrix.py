"""The role that each URL needs, and a project in which every URL of it leads somewhere.

A URL that is new must be given a row in `ACCESS`, or a test fails.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import reverse

from extraction.models import Role, User
from extraction.web.urls import urlpatterns


@dataclass(frozen=True)
class Rule:
    """The smallest role that may read (GET) and that may write (POST); None where the method does not exist."""

    read: Role | None = None
    write: Role | None = None


VIEWER, REVIEWER, AUDITOR, OWNER = Role.VIEWER, Role.REVIEWER, Role.AUDITOR, Role.OWNER
look = Rule(read=VIEWER)
# URL name → its rule. The URLs of a project only; the others are in `OUTSIDE`.
ACCESS = {
    "project": look,
    "note_dismiss": Rule(write=OWNER),
    "project_delete": Rule(write=OWNER),
    "documents": look,
    "documents_progress": look,
    # Each action has a role of its own; this one is of reviewers.
    "documents_bulk": Rule(read=REVIEWER, write=REVIEWER),
    "labels_export": look,
    "label_files": Rule(read=VIEWER, write=OWNER),
    "label_file": Rule(read=VIEWER, write=OWNER),
    "label_file_go_on": Rule(write=OWNER),
    "label_file_remove": Rule(write=OWNER),
    "claims": Rule(read=VIEWER, write=OWNER),
    "claims_import": Rule(read=VIEWER, write=OWNER),
    "claims_go_on": Rule(write=OWNER),
    "claims_undo": Rule(write=OWNER),
    "claims_remove": Rule(write=OWNER),
    "claims_remarks": look,
    "findings": Rule(read=AUDITOR),
    "audit_start": Rule(write=OWNER),
    "audit_policy": Rule(read=AUDITOR, write=OWNER),
    "audit_precision": Rule(read=AUDITOR),
    "findings_export": Rule(read=AUDITOR),
    "finding": Rule(read=AUDITOR),
    "finding_decide": Rule(write=AUDITOR),
    "finding_undo": Rule(write=AUDITOR),
    "claim_list": look,
    "claim_add": Rule(read=REVIEWER, write=REVIEWER),
    "claim_left_over": look,
    "claim_matching": Rule(write=REVIEWER),
    "claim": look,
    "claim_receipt": Rule(write=REVIEWER),
    "claim_withdraw": Rule(write=REVIEWER),
    "documents_upload": Rule(write=REVIEWER),
    "document": look,
    "document_rows": look,
    "document_delete": Rule(write=OWNER),
    "document_hold": Rule(write=OWNER),
    "document_reread": Rule(write=REVIEWER),
    "original": look,
    "page_words": look,
    "page_image": look,
    "page_thumbnail": look,
    "fields": Rule(read=VIEWER, write=OWNER),
    "fields_toml": look,
    "date_order": Rule(read=VIEWER, write=OWNER),
    "languages": Rule(read=VIEWER, write=OWNER),
    "fields_versions": look,
    "fields_bring_back": Rule(write=OWNER),
    "prompt": Rule(read=VIEWER, write=OWNER),
    "prompt_choose": Rule(write=OWNER),
    "prompt_try": Rule(write=OWNER),
    "hints": Rule(read=VIEWER, write=OWNER),
    "hint": Rule(read=VIEWER, write=OWNER),
    "members": Rule(read=VIEWER, write=OWNER),
    "member_change": Rule(write=OWNER),
    "member_remove": Rule(write=OWNER),
    "group_role_add": Rule(write=OWNER),
    "group_role_change": Rule(write=OWNER),
    "group_role_remove": Rule(write=OWNER),
    "audit_log": Rule(read=OWNER),
    "audit_log_export": Rule(read=OWNER),
    "job": look,
    "job_cancel": Rule(write=OWNER),
    "teacher": Rule(read=VIEWER, write=OWNER),
    "teacher_estimate": look,
    "teacher_choose": Rule(write=OWNER),
    "label_run": look,
    "batch_file": Rule(read=OWNER),
    "batch_answers": Rule(write=OWNER),
    "batch_check": Rule(write=OWNER),
    "batch_give_up": Rule(write=OWNER),
    "trial_start": Rule(write=OWNER),
    "trial_estimate": look,
    "trial_compare": look,
    "review": Rule(read=REVIEWER),
    "review_upcoming": Rule(read=REVIEWER),
    "review_document": Rule(read=REVIEWER),
    "review_next": Rule(read=REVIEWER),
    "review_previous": Rule(read=REVIEWER),
    "review_find": Rule(read=REVIEWER),
    "review_rows": Rule(read=REVIEWER),
    "review_row": Rule(read=REVIEWER),
    "review_save": Rule(write=REVIEWER),
    "review_accept": Rule(write=REVIEWER),
    "review_reject": Rule(write=REVIEWER),
    "review_skip": Rule(write=REVIEWER),
    "review_reopen": Rule(write=REVIEWER),
    "review_undo": Rule(write=REVIEWER),
    "review_heartbeat": Rule(write=REVIEWER),
    "review_leave": Rule(write=REVIEWER),
    "review_take_over": Rule(write=REVIEWER),
    "review_assign": Rule(write=REVIEWER),
    "questions": Rule(read=REVIEWER),
    "questions_next": Rule(read=REVIEWER),
    "questions_unseen": Rule(write=OWNER),
    "questions_unseen_undo": Rule(write=OWNER),
    "question": Rule(read=REVIEWER),
    "question_answer": Rule(write=REVIEWER),
    "question_undo": Rule(write=REVIEWER),
    "training": Rule(read=VIEWER, write=OWNER),
    "training_run": look,
    "training_again": Rule(write=OWNER),
    "cross_check": Rule(read=VIEWER, write=OWNER),
    "cross_check_again": Rule(write=OWNER),
    "automation": Rule(read=VIEWER, write=OWNER),
    "automation_answer": Rule(write=OWNER),
    "retention": Rule(read=VIEWER, write=OWNER),
    "retention_hold": Rule(write=OWNER),
    "forgetting": look,
    "forgetting_start": Rule(write=OWNER),
    "forgetting_remove": Rule(write=OWNER),
    "models": look,
    "canary": Rule(read=VIEWER, write=OWNER),
    "canary_promote": Rule(write=OWNER),
    "canary_roll_back": Rule(write=OWNER),
    "canary_stop": Rule(write=OWNER),
    "guarantees": Rule(read=VIEWER, write=OWNER),
    "guarantees_check": Rule(write=OWNER),
    "model_try": Rule(write=VIEWER),
    "escalation": Rule(read=VIEWER, write=OWNER),
    "escalation_point": Rule(read=VIEWER, write=OWNER),
    "escalation_measure": Rule(write=OWNER),
    "roll_back": Rule(write=OWNER),
    "model_promote": Rule(write=OWNER),
    "model_file": look,
    "reports": Rule(read=VIEWER, write=OWNER),
    "report": look,
    "learning_curve": look,
    "drift": look,
    "report_misses": look,
    "miss_mend": Rule(write=REVIEWER),
    "report_trust": look,
    "report_compare": look,
    "report_table": look,
    "report_errors": look,
    "report_json": look,
    "report_export": look,
    "report_again": Rule(write=OWNER),
    "api": Rule(read=VIEWER, write=OWNER),
    "api_try": Rule(write=VIEWER),
    "extraction": look,
    "answers_export": look,
    "extraction_batches": Rule(read=VIEWER, write=REVIEWER),
    "extraction_batch": look,
    "extraction_batch_cancel": Rule(write=REVIEWER),
    "extraction_batch_go_on": Rule(write=REVIEWER),
    "extraction_batch_delete": Rule(write=REVIEWER),
    "token_replace": Rule(write=OWNER),
    "token_quota": Rule(write=OWNER),
    "token_revoke": Rule(write=OWNER),
    "webhooks": Rule(read=OWNER, write=OWNER),
    "webhook": Rule(read=OWNER, write=OWNER),
    "webhook_secret": Rule(write=OWNER),
    "webhook_test": Rule(write=OWNER),
    "webhook_delete": Rule(write=OWNER),
    "webhook_resend": Rule(write=OWNER),
}
# URLs outside projects, by whether a login is needed.
OUTSIDE = {
    "login": False,
    # It asks for the password first.
    "login_code": True,
    "oidc": False,
    "oidc_callback": False,
    "second_factor": True,
    "first_account": False,
    "language": False,
    "logout": True,
    "password": True,
    "projects": True,
    "project_create": True,
    "status": True,
    "help": True,
    "help_page": True,
    "help_image": True,
    "status_job": True,
    "accounts": True,
    "groups": True,
    "group_add": True,
    "group_remove": True,
    "group_delete": True,
    "audit_log_whole": True,
    "audit_log_whole_export": True,
    "account_change": True,
    "account_email": True,
    "account_password": True,
    "persons": True,
    "persons_export": True,
    "persons_delete": True,
}

# Role → the rules that let it in.
ALLOWED = {
    VIEWER: {VIEWER},
    REVIEWER: {VIEWER, REVIEWER},
    AUDITOR: {VIEWER, AUDITOR},
    OWNER: {VIEWER, REVIEWER, AUDITOR, OWNER},
}
PEOPLE = {
    "stranger": None,
    "viewer": VIEWER,
    "reviewer": REVIEWER,
    "auditor": AUDITOR,
    "owner": OWNER,
    "superuser": OWNER,
}
PATTERNS = {pattern.name: pattern for pattern in urlpatterns}


@dataclass(frozen=True)
class World:
    """A project with one of everything, and the values that its URLs are made of."""

    people: dict[str, User]
    values: dict[str, dict[str, Any]]
    # Keys of sessions, as a login for each of hundreds of clients took longer than what they ask.
    sessions: dict[str, str]

    def log_in(self, client: Client, person: str) -> None:
        client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[person]

    def url(self, name: str) -> str:
        return reverse(name, kwargs=self.places(name))

    def places(self, name: str) -> dict[str, Any]:
        """The values that the URL is made of."""
        values = {**self.values["*"], **self.values.get(name, {})}
        return {key: values[key] for key in PATTERNS[name].pattern.converters}


def outside(name: str) -> str:
    """The address of a URL outside projects; nothing need be there."""
    return reverse(name, kwargs=dict.fromkeys(PATTERNS[name].pattern.converters, 1))
