"""The scheduler: does the periodic work in a process of its own (`python -m kdweb.processes.scheduler`).

It sends no messages, because the workers may be busy with one job for hours while jobs of another queue are lost.
Workers take its place while it is silent. With `--own-files` it does only what is about the data folder of its machine.
"""

import signal
import sys
import time
from functools import partial

import django
from django.conf import settings


def main(*, own_files: bool = False) -> None:
    """Work until the process is stopped."""
    django.setup()
    from extraction.services.jobs import workers
    from extraction.tasks import OWN_FILES, PERIODIC, Periodic
    from kdweb.processes.schedule import Schedule

    record = partial(workers.record_heartbeat, workers.SCHEDULER)
    alive = Periodic("show that it is alive", settings.JOB_HEARTBEAT_SECONDS, record)
    schedule = Schedule(OWN_FILES if own_files else (alive, *PERIODIC))
    while True:
        schedule.run_due()
        time.sleep(schedule.seconds_left())


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    main(own_files="--own-files" in sys.argv[1:])
