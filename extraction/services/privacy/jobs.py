"""The job kind of this stage: forgetting what was deleted."""

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


FORGET = Forget()
