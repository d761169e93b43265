"""What is stored about a person with an account: found by every column of every table that points to accounts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from axes.models import AccessAttempt
from django.contrib.admin.models import LogEntry
from django.db import models
from django.db.models import ManyToOneRel

from extraction.domain.json_types import JsonObject
from extraction.models import ApiToken, AuditEntry, Label, Membership, User


@dataclass(frozen=True, slots=True)
class Link:
    """A column of a table that points to accounts. `owned`: its rows exist for the account alone, such as memberships
    and tokens; the others are what somebody did."""

    model: type[models.Model]
    column: str
    owned: bool

    def rows(self, user: User) -> models.QuerySet[models.Model]:
        return self.model._default_manager.filter(**{self.column: user}).order_by("pk")


def links() -> Iterator[Link]:
    """Of all tables, those of installed applications too."""
    for relation in User._meta.get_fields(include_hidden=True):
        if isinstance(relation, ManyToOneRel):
            model = relation.related_model
            # The log of the administration tells what was done, whoever did it.
            owned = relation.on_delete is models.CASCADE and model is not LogEntry
            yield Link(model, relation.field.name, owned)


def exported(user: User) -> JsonObject:
    """The account and every row that points to it, the values of labels included; never a password or token."""
    found: JsonObject = {
        "account": {
            "name": user.username,
            "first_name": user.first_name,
            "last_name": user.last_name,
            "email": user.email,
            "active": user.is_active,
            "superuser": user.is_superuser,
            "joined": user.date_joined.isoformat(),
            "last_login": user.last_login.isoformat() if user.last_login else None,
            "groups": [group.name for group in user.groups.order_by("name")],
        },
        "labels": [_label(label) for label in _labels(user).iterator()],
        "records": [_record(link, row) for link in links() if link.model is not Label for row in link.rows(user)],
        "audit_log": [entry.to_json() for entry in _entries(user).iterator()],
    }
    return found


def _entries(user: User) -> models.QuerySet[AuditEntry]:
    """What the audit log says about the account: what they did, and what was done to it."""
    about = models.Q(kind="user", subject=str(user.pk)) | models.Q(actor_number=user.pk)
    return AuditEntry.objects.filter(about).order_by("pk")


def failed_logins(name: str) -> list[JsonObject]:
    """Failed logins under a name, with their addresses."""
    rows = AccessAttempt.objects.filter(username__iexact=name).order_by("pk")
    return [
        {"at": row.attempt_time.isoformat(), "address": row.ip_address, "failures": row.failures_since_start}
        for row in rows
    ]


def forget_logins(name: str) -> None:
    AccessAttempt.objects.filter(username__iexact=name).delete()


def _labels(user: User) -> models.QuerySet[Label]:
    return Label.objects.filter(author=user).select_related("document__project").order_by("pk")


def _label(label: Label) -> JsonObject:
    return {
        "project": label.document.project.slug,
        "document": label.document.name,
        "field": label.field,
        "value": label.value,
        "source": label.source,
        "withdrawn": label.withdrawn,
        "created": label.created.isoformat(),
    }


def _record(link: Link, row: models.Model) -> JsonObject:
    """Table, key and column, with the project and the time where the table has them."""
    project, created = getattr(row, "project", None), getattr(row, "created", None)
    return {
        "table": row._meta.model_name,
        "id": row.pk,
        "as": link.column,
        "project": project.slug if project is not None else None,
        "created": created.isoformat() if created is not None else None,
        **({"role": row.role} if isinstance(row, Membership) else {}),
        **({"name": row.name} if isinstance(row, ApiToken) else {}),
    }
