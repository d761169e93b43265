"""The job kinds of this stage: forgetting what was deleted, and deleting what is kept too long."""

from extraction.domain.errors import gettext_noop
from extraction.domain.progress import Progress
from extraction.services.jobs.kinds import JobKind


class Forget(JobKind):
    """The next step of the debt `subject` (`Forgetting`). Debts are given their jobs by `forgetting.due`."""

    name = "forget"
    title = gettext_noop("Forget deleted documents")
    holds_field_names = True

    def handle(self, subject: int, progress: Progress) -> None:
        from extraction.services.privacy.forgetting import work

        work.run(subject, progress)

    def on_failed(self, subject: int, error: str) -> None:
        from extraction.services.privacy.forgetting import work

        work.give_up(subject, error or gettext_noop("It was cancelled."))


class Sweep(JobKind):
    """What the project `subject` keeps no longer. Projects are given their jobs by `retention` at night."""

    name = "retention"
    title = gettext_noop("Delete what is kept too long")
    single_count = True

    def handle(self, subject: int, progress: Progress) -> None:
        from extraction.services.privacy import retention

        retention.run(subject, progress)

    def on_failed(self, subject: int, error: str) -> None:
        from extraction.services.privacy import retention

        retention.give_up(subject)


FORGET, SWEEP = Forget(), Sweep()
