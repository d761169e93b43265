"""Deleting many documents."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext

from extraction.domain.errors import gettext_noop
from extraction.models import Document, Project, User
from extraction.services.documents import intake, messages
from extraction.services.documents.bulk.actions import NOTHING, BulkAction, Input, Values
from extraction.services.errors import Conflict, Invalid
from extraction.services.privacy.forgetting import lineage
from extraction.services.privacy.messages import of_learner

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
        return sum(self._delete(document, actor) for document in documents)

    def _delete(self, document: Document, actor: User) -> bool:
        """False for one that has to stay."""
        try:
            intake.delete(document, actor=actor)
        except Conflict:
            return False
        return True

    def outcome(self, changed: int, total: int, values: Values) -> str:
        return messages.deleted(changed)

    def consequences(self, project: Project, documents: QuerySet[Document]) -> Sequence[str]:
        held = documents.count() if project.held else documents.filter(held=True).count()
        kept = [messages.kept(held)] if held else []
        return [*map(of_learner, lineage.of_documents(project, documents)), *kept]


DELETE = Delete()
