"""Celery's task and the work of the scheduler. The message of a job carries its primary key; the kind of its row says
what to do.

Services are imported when they are needed: a worker's parent process and the web load neither OCR nor torch.
"""

from collections.abc import Callable
from dataclasses import dataclass

from celery import shared_task
from django.conf import settings

from extraction.services import file_cache, leftovers
from extraction.services.jobs import execution, queue


@shared_task(name="extraction.run_job")  # type: ignore[untyped-decorator]
def run_job(job_id: int) -> None:
    execution.run(job_id)


def expire_extractions() -> None:
    from extraction.services.serving import extractions
    from extraction.services.serving.batches import batches

    batches.expire()
    extractions.expire()


def expire_deliveries() -> None:
    from extraction.services.webhooks import retention

    retention.expire()


def expire_jobs() -> None:
    from extraction.services.jobs import retention

    retention.expire()


def forget_idempotency_keys() -> None:
    from extraction.services.projects import idempotency

    idempotency.forget()


def forget_deleted_documents() -> None:
    from extraction.services.privacy import deletions
    from extraction.services.privacy.forgetting import due

    deletions.settle()
    due.enqueue()


def erase_late_traces() -> None:
    from extraction.services.privacy import deletions

    deletions.erase_late_traces()


def drop_what_read_deleted_documents() -> None:
    from extraction.services.privacy import deletions

    deletions.drop_outdated_weights()
    deletions.drop_outdated_checkpoints()
    deletions.drop_outdated_folds()


def empty_write_ahead_log() -> None:
    from extraction.services.operation import write_ahead_log

    write_ahead_log.empty()


def delete_what_is_kept_too_long() -> None:
    from extraction.services.privacy import retention

    retention.enqueue()


@dataclass(frozen=True, slots=True)
class Periodic:
    """Work of the scheduler, every `seconds`; harmless where several processes do it at once."""

    name: str
    seconds: float
    work: Callable[[], object]


# About the data folder of a machine: with an object store each has its own, and does this itself.
OWN_FILES = (
    Periodic("remove leftovers", 5.0, leftovers.sweep),
    Periodic("remove unused copies of files", 3600.0, file_cache.evict),
    Periodic("remove weights that read deleted documents", 3600.0, drop_what_read_deleted_documents),
)
PERIODIC = (
    *OWN_FILES,
    Periodic("requeue lost jobs", settings.JOB_REQUEUE_SECONDS, queue.requeue_lost),
    Periodic("remove leftovers of other machines", 3600.0, leftovers.sweep_store),
    Periodic("heal what waits for a lost job", 30.0, queue.heal),
    Periodic("forget deleted documents", 15.0, forget_deleted_documents),
    Periodic("empty the log of the database", 60.0, empty_write_ahead_log),
    Periodic("erase late traces of deleted documents", 3600.0, erase_late_traces),
    Periodic("delete what is kept too long", 300.0, delete_what_is_kept_too_long),
    Periodic("delete old extractions", 600.0, expire_extractions),
    Periodic("delete old deliveries of webhooks", 600.0, expire_deliveries),
    Periodic("delete old jobs", 3600.0, expire_jobs),
    Periodic("forget idempotency keys", 600.0, forget_idempotency_keys),
)
