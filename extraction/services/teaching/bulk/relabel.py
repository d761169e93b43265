"""The bulk action of this stage: documents go to the page of the teacher, which estimates and asks for consent."""

from extraction.services.documents.bulk.actions import BulkPage

RELABEL = BulkPage("relabel", "Label again", page="teacher")
