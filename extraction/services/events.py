"""Events between stages: a stage sends that something happened and knows nothing of the stages above that act on it.

A subscriber is connected in `extraction.apps`. `send` sends an event once the transaction is committed, so a subscriber
that fails undoes nothing (Django logs it), and a process that dies in between loses the event; work that must not get
lost is enqueued inside the transaction instead. `send_now` sends it within the transaction: what a subscriber writes is
there exactly where the state is that the event is about, and one that fails undoes both.
"""

from functools import partial

from django.db import transaction
from django.dispatch import Signal

# Each with the arguments that its receivers get.
document_read = Signal()  # document: Document
# documents: Sequence[Document] of one project that a person accepted or rejected; sent with `send_now`
documents_decided = Signal()
document_deleting = Signal()  # document: Document, actor: User | None, cause: Deletion.Cause; sent with `send_now`
languages_changed = Signal()  # project: Project, whose documents may be read by another engine now
schema_changed = Signal()  # project: Project, with the new fields in force
labels_written = Signal()  # project: Project, documents: frozenset[int] (primary keys)
# These are sent with `send_now`, once the state is written.
fields_replaced = Signal()  # before, after: SchemaVersion, of the same project
model_promoted = Signal()  # model: ModelVersion
model_removed = Signal()  # model: ModelVersion that gave up its files, or serves no more without another in its place
canary_ended = Signal()  # canary: Canary, with its final state
extraction_done = Signal()  # extraction: Extraction, whose state tells whether it failed
job_ended = Signal()  # job: Job, with its final state
findings_made = Signal()  # run: AuditRun, which made findings that no run before had
label_run_ended = Signal()  # run: LabelRun by batches that ended apart from its own job


def send(event: Signal, **arguments: object) -> None:
    """Send `event` on commit; at once outside of a transaction."""
    transaction.on_commit(partial(event.send_robust, sender=None, **arguments))


def send_now(event: Signal, **arguments: object) -> None:
    """Send `event` in the transaction of what it announces: a subscriber that fails undoes both."""
    event.send(sender=None, **arguments)
