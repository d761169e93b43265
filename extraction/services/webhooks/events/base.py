"""Registry of the kinds of events that webhooks tell of.

A kind is a module beside this one; `extraction.apps` registers it, which connects it to the signals of
`services.events` that it is made from. What it says is written into the outbox in the transaction of the signal.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.dispatch import Signal

from extraction.domain.json_types import JsonObject
from extraction.models import Job, Project

# Longest name that the column `WebhookDelivery.kind` holds.
NAME_LENGTH = 50
API = "/api/v1"


@dataclass(frozen=True, slots=True)
class Notice:
    """What happened in a project.

    `data` has ids, states and links: the project's slug (`project`), the `state` that was reached, and the path in the
    API where more is found (`url`). It holds no content of a document and no secret, nor a sentence of an error.
    """

    project: Project
    data: JsonObject


class EventKind(ABC):
    """A kind of event; stateless, one instance a kind.

    `name` is stored, chosen by owners and sent as `type`: what it is about and what became of it, with a point between.
    `title` is shown to people. `signals` are sent with `events.send_now`, each with one argument.
    """

    name: str
    title: str
    signals: tuple[Signal, ...] = ()

    @abstractmethod
    def notice(self, subject: Any) -> Notice | None:
        """What to tell of the argument of a signal; None where it is about something else."""

    def notices(self, subject: Any) -> Iterable[Notice]:
        """All that there is to tell of it, of one project; more than one `notice` for kinds that say so."""
        notice = self.notice(subject)
        return [] if notice is None else [notice]


class JobEnd(EventKind):
    """A kind that tells of the end of jobs of the kind `job_kind`, whatever their final state."""

    job_kind: str

    @abstractmethod
    def about(self, subject: int) -> Notice | None:
        """What to tell of the row that the job was about; None where there is nothing to tell, or no row any more."""

    def notice(self, subject: Job) -> Notice | None:
        return self.about(subject.subject) if subject.kind == self.job_kind else None


def data(project: Project, path: str, *, state: str, **ids: str | int | None) -> JsonObject:
    """The data of a notice; `path` is below the API's root."""
    return {"project": project.slug, **ids, "state": str(state), "url": f"{API}{path}"}
