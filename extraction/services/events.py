"""Events between stages: a stage sends that something happened and knows nothing of the stages above that act on it.

A subscriber is connected in `extraction.apps`. An event is sent once the transaction is committed, so a subscriber that
fails undoes nothing (Django logs it); work that must not get lost is enqueued inside the transaction instead.
"""

from functools import partial

from django.db import transaction
from django.dispatch import Signal

# Each with the arguments that its receivers get.
document_read = Signal()  # document: Document
document_deleting = Signal()  # document: Document, sent with `send_now`
languages_changed = Signal()  # project: Project, whose documents may be read by another engine now
schema_changed = Signal()  # project: Project, with the new fields in force
labels_written = Signal()  # project: Project, documents: frozenset[int] (primary keys)
model_promoted = Signal()  # model: ModelVersion
extraction_done = Signal()  # extraction: Extraction, whose state tells whether it failed


def send(event: Signal, **arguments: object) -> None:
    """Send `event` on commit; at once outside of a transaction."""
    transaction.on_commit(partial(event.send_robust, sender=None, **arguments))


def send_now(event: Signal, **arguments: object) -> None:
    """Send `event` before what it announces, in its transaction: a subscriber that fails undoes both."""
    event.send(sender=None, **arguments)
