"""What Celery calls. A message carries a job's primary key; here its kind chooses the service that does it."""

from celery import shared_task

from extraction.domain.progress import Progress
from extraction.models import Job
from extraction.services.jobs import queue

# Services are imported when they are needed: a worker's parent process and the web load neither OCR nor torch.


def _read(document_id: int, progress: Progress) -> None:
    from extraction.services.documents import intake

    intake.read(document_id, progress)


def _label(run_id: int, progress: Progress) -> None:
    from extraction.services.teaching import label_runs

    label_runs.run(run_id, progress)


def _train(run_id: int, progress: Progress) -> None:
    from extraction.services.training import training_runs

    training_runs.run(run_id, progress)


def _predict(subject: int, progress: Progress) -> None:
    from extraction.services.serving import prelabel

    prelabel.run(subject, progress)


def _report(report_id: int, progress: Progress) -> None:
    from extraction.services.reports import reports

    reports.run(report_id, progress)


def _extract(extraction_id: int, progress: Progress) -> None:
    from extraction.services.serving import extractions

    extractions.run(extraction_id, progress)


HANDLERS: dict[str, queue.Handler] = {
    Job.Kind.READ: _read,
    Job.Kind.LABEL: _label,
    Job.Kind.TRAIN: _train,
    Job.Kind.PREDICT: _predict,
    Job.Kind.REPORT: _report,
    Job.Kind.EXTRACT: _extract,
}


@shared_task(name="extraction.run_job")  # type: ignore[untyped-decorator]
def run_job(job_id: int) -> None:
    queue.run(job_id, HANDLERS)


@shared_task(name="extraction.requeue_lost")  # type: ignore[untyped-decorator]
def requeue_lost() -> None:
    queue.requeue_lost()


@shared_task(name="extraction.expire_extractions")  # type: ignore[untyped-decorator]
def expire_extractions() -> None:
    from extraction.services.serving import extractions

    extractions.expire()
