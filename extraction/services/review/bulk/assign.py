"""Assigning many documents to a member."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext

from extraction.domain.errors import gettext_noop
from extraction.models import Document, Project, Role, User
from extraction.services.documents.bulk.actions import BulkAction, Input, Values
from extraction.services.errors import Invalid
from extraction.services.review import assignments, messages

NOBODY = "nobody"


class Assign(BulkAction):
    """`user` is a primary key, or `NOBODY` to take assignments back."""

    name = "assign"
    title = gettext_noop("Assign")
    role = Role.REVIEWER
    at_once = 5000

    def inputs(self, project: Project) -> Sequence[Input]:
        members = [(str(user.pk), user.get_username()) for user in assignments.reviewers(project)]
        return (Input("user", gettext("Reviewer"), (*members, (NOBODY, gettext("Nobody")))),)

    def check(self, project: Project, values: Values) -> Values:
        chosen = values.get("user", "")
        if chosen == NOBODY:
            return {"user": NOBODY, "name": ""}
        for user in assignments.reviewers(project):
            if chosen == str(user.pk):
                return {"user": chosen, "name": user.get_username()}
        raise Invalid(messages.NO_REVIEWER_CHOSEN)

    def apply(self, documents: Sequence[Document], values: Values, actor: User) -> int:
        user = None if values["user"] == NOBODY else User.objects.filter(pk=int(values["user"])).first()
        if user is None and values["user"] != NOBODY:
            raise Invalid(messages.no_reviewer(values["name"]))
        return assignments.assign(documents, user)

    def outcome(self, changed: int, total: int, values: Values) -> str:
        return messages.assigned(changed, values["name"])


ASSIGN = Assign()
