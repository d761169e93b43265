"""The client's clock in tests."""

from extraction.models import Job
from extraction.services.jobs import execution


class Clock:
    """The client's clock, on which time stands still; the worker works while the client sleeps."""

    def __init__(self) -> None:
        self.now, self.slept = 0.0, list[float]()

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.slept.append(seconds)
        for job in Job.objects.filter(state=Job.State.QUEUED):
            execution.run(job.pk)
