"""Deleting many documents."""

from __future__ import annotations

from collections.abc import Sequence

from extraction.models import Document, Project, User
from extraction.services.documents import intake, messages
from extraction.services.documents.bulk.actions import NOTHING, BulkAction, Input, Values
from extraction.services.errors import Invalid

WORD = "delete"


class Delete(BulkAction):
    """Each document for itself, so that files and rows agree whenever the process is killed."""

    name = "delete"
    title = "Delete"
    at_once = 50
    warning = "The files, their pages and everything that was said about their fields go for good."

    def inputs(self, project: Project) -> Sequence[Input]:
        return (Input("confirmation", f"Type {WORD} to confirm", confirms=WORD),)

    def check(self, project: Project, values: Values) -> Values:
        if values.get("confirmation", "").strip() != WORD:
            raise Invalid(messages.not_confirmed(WORD))
        return NOTHING

    def apply(self, documents: Sequence[Document], values: Values, actor: User) -> int:
        for document in documents:
            intake.delete(document)
        return len(documents)

    def outcome(self, changed: int, total: int, values: Values) -> str:
        return messages.deleted(changed)


DELETE = Delete()
