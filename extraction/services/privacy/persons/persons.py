"""Everything of one person: exported, or deleted.

A person is an account of that name, an employee whom claims name, or both. A deletion keeps what the person did, under
a pseudonym that is always the same for the same name.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from extraction.domain.errors import gettext_noop
from extraction.domain.json_types import JsonObject
from extraction.models import AuditAction, Membership, Role, User
from extraction.services import pseudonyms
from extraction.services.audit_log import log as audit_log
from extraction.services.errors import Conflict, Invalid, NotFound
from extraction.services.privacy.persons import claims, records
from extraction.services.projects import accounts

LONGEST = 200


@dataclass(frozen=True, slots=True)
class Person:
    """What is known under a name: an account, claims of the employee and claimed values that are the name, failed
    logins."""

    name: str
    account: bool
    labels: int
    records: int
    claims: int
    logins: int

    def to_json(self) -> JsonObject:
        return {
            "name": self.name,
            "account": self.account,
            "labels": self.labels,
            "records": self.records,
            "claims": self.claims,
            "logins": self.logins,
        }


@dataclass(frozen=True, slots=True)
class Erased:
    """Outcome of a deletion: the pseudonym in the place of the name, and the claimed values that were changed."""

    pseudonym: str
    account: bool
    claims: int

    def to_json(self) -> JsonObject:
        return {"pseudonym": self.pseudonym, "account": self.account, "claims": self.claims}


def find(name: str) -> Person:
    """Numbers of what is stored. Raises `NotFound` where nothing is, and `Invalid` for what is no name."""
    name = _checked(name)
    user = User.objects.filter(username=name).first()
    counts = [(link.model, link.rows(user).count()) for link in records.links()] if user else []
    labels = sum(count for model, count in counts if model.__name__ == "Label")
    found = Person(
        name,
        user is not None,
        labels,
        sum(count for _, count in counts) - labels,
        claims.naming(name).count() + claims.of_employee(name).count(),
        len(records.failed_logins(name)),
    )
    if user is None and not found.claims:
        raise NotFound(gettext_noop("Nothing is stored about {name!r}."), name=name)
    return found


def export(name: str) -> JsonObject:
    """Everything stored under a name. Raises as `find`."""
    found = find(name)
    user = User.objects.filter(username=found.name).first()
    # The log keeps what it says: it names nobody who has no account.
    audit_log.record(AuditAction.PERSON_EXPORTED, user, name=pseudonyms.of(found.name))
    return {
        "person": found.name,
        **(records.exported(user) if user else {"account": None, "labels": [], "records": [], "audit_log": []}),
        "logins": records.failed_logins(found.name),
        "claims": list(claims.exported(found.name)),
        "expense_claims": list(claims.exported_claims(found.name)),
    }


def delete(name: str, *, by: User | None = None) -> Erased:
    """Put the pseudonym in the place of the name; what exists for the account alone is deleted. Again it changes
    nothing more.

    A deletion that was killed half-way is done again. Raises as `find`, and `Conflict` for the last owner of a project,
    the last administrator, one's own account, and while a table of claims that names the person is being imported or
    something of it is under a legal hold.
    """
    found = find(name)
    pseudonym = pseudonyms.of(found.name)
    if (going_on := claims.unfinished(found.name)) is not None:
        raise Conflict(
            gettext_noop("The table {table!r} names the person and is not imported to its end: finish or remove it."),
            table=going_on.name,
        )
    if (project := claims.held(found.name)) is not None:
        raise Conflict(
            gettext_noop("{project} is under a legal hold, and its claims name the person."), project=project
        )
    if user := User.objects.filter(username=found.name).first():
        with transaction.atomic():
            _check_not_needed(user, by)
    changed = claims.erase(found.name, pseudonym)
    records.forget_logins(found.name)
    # The account last: as long as it is there the deletion can be repeated.
    with audit_log.together():
        if user is not None:
            _erase_account(user, pseudonym, by)
        changes = {"account": found.account, "claims": changed}
        audit_log.record(AuditAction.PERSON_DELETED, user, name=pseudonym, changes=changes)
    return Erased(pseudonym, found.account, changed)


def _erase_account(user: User, pseudonym: str, by: User | None) -> None:
    with transaction.atomic():
        _check_not_needed(user, by)
        for link in records.links():
            if link.owned:
                link.rows(user).delete()
        accounts.end_sessions(user)
        LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(User), object_id=str(user.pk)).update(
            object_repr=pseudonym
        )
        taken = User.objects.filter(username=pseudonym).exclude(pk=user.pk).exists()
        user.username = f"{pseudonym}-{user.pk}" if taken else pseudonym
        user.first_name = user.last_name = user.email = ""
        user.is_active = user.is_superuser = user.is_staff = False
        user.last_login = None
        user.set_unusable_password()
        user.save()
        user.user_permissions.clear()
        user.groups.clear()


def _check_not_needed(user: User, by: User | None) -> None:
    # Two who delete one another at once come one after the other.
    superusers = set(User.objects.select_for_update().filter(is_superuser=True, is_active=True))
    if by == user:
        raise Conflict(gettext_noop("Nobody deletes their own account: another administrator can."))
    if superusers == {user}:
        raise Conflict(gettext_noop("This is the last account that administers the installation."))
    for mine in Membership.objects.filter(user=user, role=Role.OWNER).select_related("project"):
        owners = Membership.objects.select_for_update().filter(project=mine.project_id, role=Role.OWNER)
        if not owners.exclude(user=user).exists():
            raise Conflict(
                gettext_noop("{leaving} is the last owner of {project}; name another one first."),
                leaving=user,
                project=mine.project,
            )


def _checked(name: str) -> str:
    name = name.strip()
    if not 0 < len(name) <= LONGEST or "\0" in name:
        raise Invalid(gettext_noop("A name has 1 to {most} characters."), most=LONGEST)
    return name
