"""The Celery application. Work is described by `Job` rows; see `extraction.services.jobs.queue`."""

import os
from typing import Any

import structlog
from celery import Celery, Task
from celery.signals import setup_logging, worker_process_init, worker_ready
from django_structlog.celery.signals import bind_extra_task_metadata, modify_context_before_task_publish
from django_structlog.celery.steps import DjangoStructLogInitStep

from kdweb import broker, logs
from kdweb.processes import temporary
from kdweb.processes.lost_child import RestartAfterLostChild

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kdweb.settings")

HEARTBEAT_SECONDS = 5


class JobTask(Task):  # type: ignore[misc]
    # By name: the web does not load what a worker is made of.
    Request = "kdweb.processes.lost_broker:AcknowledgedRequest"


broker.register()
app = Celery("kdweb", task_cls=JobTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["extraction"])
app.steps["worker"].add(DjangoStructLogInitStep)
app.steps["worker"].add(RestartAfterLostChild)


@setup_logging.connect  # type: ignore[untyped-decorator]
def _keep_logging(**kwargs: object) -> None:
    """Do nothing: Django has set logging up, and without a receiver Celery would add handlers of its own."""


@modify_context_before_task_publish.connect
def _restrict_context(context: dict[str, Any], **kwargs: object) -> None:
    kept = logs.job_context(context)
    context.clear()
    context.update(kept)


@bind_extra_task_metadata.connect
def _bind_job(task: Any, **kwargs: object) -> None:
    if task.request.args:
        structlog.contextvars.bind_contextvars(job=task.request.args[0])


@worker_ready.connect  # type: ignore[untyped-decorator]
def _start_heartbeat(sender: Any, **kwargs: object) -> None:
    from django.db import connections

    from extraction.services.jobs import workers
    from kdweb.processes.schedule import Schedule

    substitute = Schedule()

    def beat() -> None:
        for queue in app.amqp.queues.consume_from:
            workers.record_heartbeat(queue)
        if not workers.scheduler_alive():
            substitute.run_due()
        # A child that is forked later must not inherit an open connection.
        connections.close_all()

    beat()
    sender.timer.call_repeatedly(HEARTBEAT_SECONDS, beat)


@worker_process_init.connect  # type: ignore[untyped-decorator]
def _take_temporary_folder(**kwargs: object) -> None:
    temporary.use_own_folder()
