"""The audit log: who did what, when, and by which way in."""

from __future__ import annotations

import hashlib
import json

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy

from extraction.domain.json_types import JsonObject
from extraction.models.audit_log.append_only import AppendOnly
from extraction.models.ordered import OrderedJSONField

# What stands before the first entry.
GENESIS = "0" * 64


class Door(models.TextChoices):
    """The way in by which something was done."""

    PAGE = "page", gettext_lazy("Page")
    API = "api", gettext_lazy("API")
    COMMAND = "command", gettext_lazy("Command")
    JOB = "job", gettext_lazy("Background work")


class AuditAction(models.TextChoices):
    """What was done."""

    LOGGED_IN = "login", gettext_lazy("Logged in")
    LOGGED_OUT = "logout", gettext_lazy("Logged out")
    LOGIN_FAILED = "login_failed", gettext_lazy("Login failed")
    ACCOUNT_CREATED = "account_created", gettext_lazy("Account created")
    ACCOUNT_CHANGED = "account_changed", gettext_lazy("Rights of an account changed")
    PASSWORD_CHANGED = "password_changed", gettext_lazy("Password changed")
    PASSWORD_RESET = "password_reset", gettext_lazy("Password set anew")
    ACCOUNT_JOINED = "account_joined", gettext_lazy("Identity of the provider joined to an account")
    TOTP_ACTIVATED = "totp_activated", gettext_lazy("Codes of an app set up")
    TOTP_REMOVED = "totp_removed", gettext_lazy("Codes of an app taken off")
    RECOVERY_CODES_MADE = "recovery_codes_made", gettext_lazy("New recovery codes made")
    RECOVERY_CODE_USED = "recovery_code_used", gettext_lazy("Recovery code used")
    MEMBER_ADDED = "member_added", gettext_lazy("Member added")
    MEMBER_CHANGED = "member_changed", gettext_lazy("Role of a member changed")
    MEMBER_REMOVED = "member_removed", gettext_lazy("Member removed")
    GROUP_CREATED = "group_created", gettext_lazy("Group made")
    GROUP_DELETED = "group_deleted", gettext_lazy("Group deleted")
    GROUP_MEMBER_ADDED = "group_member_added", gettext_lazy("User added to a group")
    GROUP_MEMBER_REMOVED = "group_member_removed", gettext_lazy("User taken out of a group")
    TOKEN_CREATED = "token_created", gettext_lazy("Token made")
    TOKEN_REPLACED = "token_replaced", gettext_lazy("Token replaced")
    TOKEN_LIMITED = "token_limited", gettext_lazy("Quota of a token changed")
    TOKEN_REVOKED = "token_revoked", gettext_lazy("Token revoked")
    PROJECT_CREATED = "project_created", gettext_lazy("Project created")
    PROJECT_CHANGED = "project_changed", gettext_lazy("Settings of the project changed")
    PROJECT_DELETED = "project_deleted", gettext_lazy("Project deleted")
    FIELDS_CHANGED = "fields_changed", gettext_lazy("Fields changed")
    CONSENT_GIVEN = "consent_given", gettext_lazy("Consent given to a provider")
    LABEL_RUN_STARTED = "label_run_started", gettext_lazy("Label run started")
    TRAINING_STARTED = "training_started", gettext_lazy("Training started")
    MODEL_PROMOTED = "model_promoted", gettext_lazy("Model promoted")
    MODEL_ROLLED_BACK = "model_rolled_back", gettext_lazy("Rolled back to a model")
    CANARY_STARTED = "canary_started", gettext_lazy("Canary started")
    CANARY_ENDED = "canary_ended", gettext_lazy("Canary ended")
    MODEL_DELETED = "model_deleted", gettext_lazy("Files of a model deleted")
    FORGETTING_STARTED = "forgetting_started", gettext_lazy("Forgetting started")
    DOCUMENT_DELETED = "document_deleted", gettext_lazy("Document deleted")
    ANSWERS_DELETED = "answers_deleted", gettext_lazy("Answers deleted")
    LABELS_LOADED = "labels_loaded", gettext_lazy("Labels loaded from a file")
    LABELS_WITHDRAWN = "labels_withdrawn", gettext_lazy("Labels taken back")
    CLAIM_MATCHED = "claim_matched", gettext_lazy("Receipt of a claim chosen")
    CLAIM_WITHDRAWN = "claim_withdrawn", gettext_lazy("Claim taken back")
    POLICY_CHANGED = "policy_changed", gettext_lazy("Policy changed")
    AUDIT_STARTED = "audit_started", gettext_lazy("Audit run started")
    FINDING_DECIDED = "finding_decided", gettext_lazy("Finding decided")
    DOCUMENTS_ACCEPTED = "documents_accepted", gettext_lazy("Documents accepted unseen")
    EXPORTED = "exported", gettext_lazy("Exported")
    GUARANTEES_CHANGED = "guarantees_changed", gettext_lazy("Guarantees changed")
    ESCALATION_CHANGED = "escalation_changed", gettext_lazy("Escalation changed")
    AUTOMATION_CHANGED = "automation_changed", gettext_lazy("Automation changed")
    RETENTION_CHANGED = "retention_changed", gettext_lazy("Retention changed")
    HOLD_CHANGED = "hold_changed", gettext_lazy("Legal hold changed")
    WEBHOOK_CREATED = "webhook_created", gettext_lazy("Webhook made")
    WEBHOOK_CHANGED = "webhook_changed", gettext_lazy("Webhook changed")
    WEBHOOK_SECRET = "webhook_secret", gettext_lazy("Secret of a webhook replaced")
    WEBHOOK_DELETED = "webhook_deleted", gettext_lazy("Webhook deleted")
    PERSON_EXPORTED = "person_exported", gettext_lazy("A person's data exported")
    PERSON_DELETED = "person_deleted", gettext_lazy("A person's data deleted")
    BACKUP_MADE = "backup_made", gettext_lazy("Backup made")
    RESTORED = "restored", gettext_lazy("Restored from a backup")


class AuditEntry(AppendOnly):
    """Something that was done. Names are kept as they were: no row that is deleted later takes an entry along.

    Entries form a chain: each holds the digest of the one before it.
    """

    moment = models.DateTimeField(default=timezone.now)
    action = models.CharField(max_length=40, choices=AuditAction)
    door = models.CharField(max_length=10, choices=Door)
    means = models.CharField(max_length=200, blank=True, help_text="The token, command or job by which it was done.")
    actor_number = models.BigIntegerField(null=True, help_text="Primary key of the account, null: none.")
    actor = models.CharField(max_length=150, blank=True, help_text="Name of the account; of a command, of the login.")
    project_number = models.BigIntegerField(null=True, help_text="Primary key of the project, null: none.")
    project = models.CharField(max_length=50, blank=True, help_text="Its short name.")
    kind = models.CharField(max_length=40, blank=True, help_text="What it was done to, such as `document`.")
    subject = models.CharField(max_length=40, blank=True, help_text="Primary key of that.")
    name = models.CharField(max_length=200, blank=True, help_text="Name of that; never a document's.")
    changes = OrderedJSONField(help_text="What was changed; nothing of a document.")
    previous = models.CharField(max_length=64, unique=True, help_text="Digest of the entry before.")
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of this entry, with `previous`.")

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["project_number", "-id"], name="audit_of_project"),
            models.Index(fields=["action", "-id"], name="audit_by_action"),
            models.Index(fields=["actor", "-id"], name="audit_by_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.moment:%Y-%m-%d %H:%M:%S} {self.actor} {self.action}"

    def content(self) -> JsonObject:
        """All that was recorded, without the chain."""
        return {
            "time": self.moment.isoformat(),
            "action": self.action,
            "door": self.door,
            "means": self.means,
            "actor_id": self.actor_number,
            "actor": self.actor,
            "project_id": self.project_number,
            "project": self.project,
            "kind": self.kind,
            "subject": self.subject,
            "name": self.name,
            "changes": self.changes,
        }

    def computed_digest(self) -> str:
        """What `digest` has to be."""
        whole = {**self.content(), "previous": self.previous}
        text = json.dumps(whole, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def to_json(self) -> JsonObject:
        return {"id": self.pk, **self.content(), "previous": self.previous, "digest": self.digest}
