"""Moving many documents to another split."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext

from extraction.domain.errors import gettext_noop
from extraction.models import Document, Project, Split, User
from extraction.services.documents import messages
from extraction.services.documents.bulk.actions import BulkAction, Input, Values
from extraction.services.errors import Invalid

HINT = gettext_noop(
    "Models keep what they learned: one that was trained on a document is flattered by it in a report on test."
)


class Move(BulkAction):
    name = "move"
    title = gettext_noop("Move to split")
    at_once = 5000

    def inputs(self, project: Project) -> Sequence[Input]:
        return (
            Input("split", gettext("Split"), [(each.value, str(each.label)) for each in Split], hint=gettext(HINT)),
        )

    def check(self, project: Project, values: Values) -> Values:
        if (split := values.get("split", "")) not in Split.values:
            raise Invalid(messages.UNKNOWN_SPLIT, name=split[:20])
        return {"split": split}

    def apply(self, documents: Sequence[Document], values: Values, actor: User) -> int:
        keys = [document.pk for document in documents]
        return Document.objects.filter(pk__in=keys).update(split=values["split"])

    def outcome(self, changed: int, total: int, values: Values) -> str:
        return messages.moved(changed, values["split"])


MOVE = Move()
