"""The job kinds of this stage: reading a document, and actions on many documents."""

from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from extraction.domain.errors import gettext_noop
from extraction.domain.progress import Progress
from extraction.models import Document
from extraction.services.jobs.kinds import JobKind

# The longest time in which a command reads a document.
LOADING = timedelta(hours=1)


class ReadDocument(JobKind):
    """Pages and words of the document `subject`."""

    name = "read"
    title = gettext_noop("Read a document")
    # The longest document takes half an hour on a busy machine; one that takes longer would keep all others waiting.
    time_limit = 2 * 3600
    single_count = True

    def handle(self, subject: int, progress: Progress) -> None:
        from extraction.services.documents import reading

        reading.read(subject, progress)

    def waiting(self) -> QuerySet[Document]:
        # `manage.py load` reads in its own process, without a job, a moment after it has stored the file.
        return Document.objects.filter(state=Document.State.QUEUED, created__lt=timezone.now() - LOADING)

    def on_failed(self, subject: int, error: str) -> None:
        unread = Document.objects.filter(pk=subject, state=Document.State.QUEUED)
        unread.update(state=Document.State.FAILED, error=error or gettext_noop("Reading was cancelled."))

    def on_retry(self, subject: int) -> None:
        failed = Document.objects.filter(pk=subject, state=Document.State.FAILED)
        failed.update(state=Document.State.QUEUED, error="")


READ = ReadDocument()


class ReadAgain(JobKind):
    """The documents of the project `subject` that another engine read than the one that reads them now."""

    name = "reread"
    title = gettext_noop("Read documents again")
    single_count = True

    def handle(self, subject: int, progress: Progress) -> None:
        from extraction.services.documents import rereading

        rereading.read_again(subject, progress)


READ_AGAIN = ReadAgain()


class ChangeDocuments(JobKind):
    """The bulk run `subject`. It keeps itself how far it came."""

    name = "bulk"
    title = gettext_noop("Change many documents")
    single_count = True

    def handle(self, subject: int, progress: Progress) -> None:
        from extraction.services.documents.bulk import runs

        runs.run(subject, progress)


BULK = ChangeDocuments()
