"""The Celery application. Work is described by `Job` rows; see `extraction.services.jobs`."""

import os
from typing import Any

from celery import Celery, platforms
from celery.signals import beat_embedded_init, worker_ready

from kdweb import broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kdweb.settings")

SIGN_OF_LIFE_SECONDS = 5

broker.register()
app = Celery("kdweb")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["extraction"])


@worker_ready.connect  # type: ignore[untyped-decorator]
def _show_life(sender: Any, **kwargs: object) -> None:
    from django.db import connections

    from extraction.services import jobs

    def show() -> None:
        for queue in app.amqp.queues.consume_from:
            jobs.sign_of_life(queue)
        # A child that is forked later must not inherit an open connection.
        connections.close_all()

    show()
    sender.timer.call_repeatedly(SIGN_OF_LIFE_SECONDS, show)


@beat_embedded_init.connect  # type: ignore[untyped-decorator]
def _die_with_worker(**kwargs: object) -> None:
    # Celery does this for the children that do the tasks, not for the embedded beat.
    platforms.set_pdeathsig("SIGKILL")
