"""Deleting many documents."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext

from extraction.domain.errors import gettext_noop
from extraction.models import Document, Project, User
from extraction.services.documents import intake, messages
from extraction.services.documents.bulk.actions import NOTHING, BulkAction, Input, Values
from extraction.services.errors import Invalid

WORD = "delete"


class Delete(BulkAction):
    """Each document for itself, so that files and rows agree whenever the process is killed."""

    name = "delete"
    title = gettext_noop("Delete")
    at_once = 50
    warning = gettext_noop("Their files, pages and labels go for good.")

    def inputs(self, project: Project) -> Sequence[Input]:
        return (Input("confirmation", gettext("Type %(word)s to confirm") % {"word": WORD}, confirms=WORD),)

    def check(self, project: Project, values: Values) -> Values:
        if values.get("confirmation", "").strip() != WORD:
            raise Invalid(messages.NOT_CONFIRMED, word=WORD)
        return NOTHING

    def apply(self, documents: Sequence[Document], values: Values, actor: User) -> int:
        for document in documents:
            intake.delete(document)
        return len(documents)

    def outcome(self, changed: int, total: int, values: Values) -> str:
        return messages.deleted(changed)


DELETE = Delete()
