"""Rejecting many documents."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext

from extraction.domain.errors import gettext_noop
from extraction.models import Document, Project, Role, User
from extraction.services.documents.bulk.actions import BulkAction, Input, Values
from extraction.services.errors import Conflict, Invalid
from extraction.services.review import actions, messages

LONGEST_REASON = 200


class Reject(BulkAction):
    """As a reviewer does one by one: accepted documents stay as they are."""

    name = "reject"
    title = gettext_noop("Reject")
    role = Role.REVIEWER
    warning = messages.REJECTING

    def inputs(self, project: Project) -> Sequence[Input]:
        return (Input("reason", gettext("Reason")),)

    def check(self, project: Project, values: Values) -> Values:
        reason = " ".join(values.get("reason", "").split())[:LONGEST_REASON]
        if not reason:
            raise Invalid(messages.NO_REASON)
        return {"reason": reason}

    def apply(self, documents: Sequence[Document], values: Values, actor: User) -> int:
        return sum(_reject(document, values["reason"], actor) for document in documents)

    def outcome(self, changed: int, total: int, values: Values) -> str:
        return messages.rejected(changed, total)


REJECT = Reject()


def _reject(document: Document, reason: str, actor: User) -> bool:
    try:
        actions.reject(document, actor=actor, reason=reason)
    except (Conflict, Document.DoesNotExist):
        return False
    return True
