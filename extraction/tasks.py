"""Celery's tasks. The message of a job carries its primary key; the kind of its row says what to do.

Services are imported when they are needed: a worker's parent process and the web load neither OCR nor torch.
"""

from celery import shared_task

from extraction.services.jobs import execution, queue


@shared_task(name="extraction.run_job")  # type: ignore[untyped-decorator]
def run_job(job_id: int) -> None:
    execution.run(job_id)


@shared_task(name="extraction.requeue_lost")  # type: ignore[untyped-decorator]
def requeue_lost() -> None:
    queue.requeue_lost()


@shared_task(name="extraction.expire_extractions")  # type: ignore[untyped-decorator]
def expire_extractions() -> None:
    from extraction.services.serving import extractions

    extractions.expire()
