"""Registry of job kinds. A kind holds the work of a job, its queue, and what follows a failure.

A stage defines its kinds in a module `jobs` beside its services; `extraction.apps` registers them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from extraction.domain.errors import UserError, gettext_noop
from extraction.domain.progress import Progress

if TYPE_CHECKING:
    from django.db.models import QuerySet

# Longest name that the column `Job.kind` holds.
NAME_LENGTH = 30


class Queue(StrEnum):
    """A queue has a worker of its own. Training has one, so that nothing else waits for it."""

    DEFAULT = "default"
    TRAINING = "training"


class UnknownKind(UserError):
    """A row of a kind that is not registered, such as one of a newer version."""


class JobKind(ABC):
    """A kind of background work; stateless, one instance a kind.

    `name` is stored in `Job.kind`; `title` is shown to people. `time_limit`: seconds after which a worker gives the job
    up as failed, none without. `single_count`: the work reports one count, which begins with the job, so that the time
    left follows from it. `holds_field_names`: the work goes by the names that fields have at its beginning, so no field
    is renamed meanwhile. `death_advice`: what to do where the job kills its workers, as a sentence. `quiet`: it goes on
    all the time, so pages do not list it among what is under way. `repeats`: it is done again and again, whatever
    became of the last time.
    """

    name: str
    title: str
    queue: Queue = Queue.DEFAULT
    time_limit: int | None = None
    single_count: bool = False
    holds_field_names: bool = False
    death_advice: str = ""
    quiet: bool = False
    repeats: bool = False

    @abstractmethod
    def handle(self, subject: int, progress: Progress) -> object:
        """Do the work on the row with the primary key `subject`; its result is not used.

        Called again after a crash, it continues from earlier results. Raises `Cancelled` where it stops early, a
        `UserError` where it fails, anything else for a bug. Imports the service that it calls only here: web and
        workers' parent processes load neither OCR nor torch.
        """

    def on_failed(self, subject: int, error: str) -> None:  # noqa: B027  # most kinds write nothing
        """Write the end of a job that did not get through into `subject`; `error` is empty where it was cancelled.

        Called in the transaction that ends the job, also one that never started, or whose worker was killed.
        """

    def waiting(self) -> QuerySet[Any] | None:
        """The rows, with a column `project`, that say of themselves that they wait for a job of this kind.

        One without a job is given what the end of its last job would have written, or a new job: where the work
        `repeats` always this.
        """
        return None

    def on_retry(self, subject: int) -> None:  # noqa: B027
        """Take back what `on_failed` wrote, in the transaction that queues the job again.

        Raises `Conflict` where the job cannot be repeated.
        """


_KINDS: dict[str, JobKind] = {}


def register(kind: JobKind) -> JobKind:
    """Make a kind known by its name. Raises `ValueError` for a name that is taken or too long."""
    if kind.name in _KINDS or not 0 < len(kind.name) <= NAME_LENGTH:
        raise ValueError(f"The name {kind.name!r} of a job kind is taken, empty or longer than {NAME_LENGTH}.")
    _KINDS[kind.name] = kind
    return kind


def unregister(name: str) -> None:
    """Forget a kind: for tests that register one."""
    del _KINDS[name]


def registered() -> tuple[JobKind, ...]:
    """All kinds, in the order of their registration."""
    return tuple(_KINDS.values())


def find(name: str) -> JobKind:
    """The kind of that name. Raises `UnknownKind`."""
    if name not in _KINDS:
        raise UnknownKind(gettext_noop("There is no kind of job named {name!r}."), name=name)
    return _KINDS[name]


def title(name: str) -> str:
    """The title of a kind for people; its name where it is not registered."""
    return _KINDS[name].title if name in _KINDS else name


def names(queue: Queue) -> list[str]:
    """The names of the kinds that wait in `queue`."""
    return [kind.name for kind in _KINDS.values() if kind.queue == queue]
