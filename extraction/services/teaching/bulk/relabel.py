"""The bulk action of this stage: documents go to the page of the teacher, which estimates and asks for consent."""

from extraction.domain.errors import gettext_noop
from extraction.services.documents.bulk.actions import BulkPage

RELABEL = BulkPage("relabel", gettext_noop("Label again"), page="teacher", anchor="label-form")
