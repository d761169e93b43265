"""Registry of bulk actions: what can be done to many documents at once.

A stage defines its actions beside its services; `extraction.apps` registers them in the order in which pages offer
them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from django.db.models import QuerySet

from extraction.models import Document, Project, Role, User
from extraction.services.documents import messages
from extraction.services.errors import NotFound

Values = Mapping[str, str]
NOTHING: Values = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Input:
    """What an action asks for: one of `choices`, else a text. `confirms`: the text without which nothing is done."""

    name: str
    title: str
    choices: Sequence[tuple[str, str]] = ()
    hint: str = ""
    confirms: str = ""


class BulkAction(ABC):
    """An action on many documents; stateless, one instance an action.

    `name` stands in addresses and rows, `title` on the button. `role` is the smallest that may do it. `at_once`: as
    many documents a request handles itself; more are left to a job. `warning`: a sentence on what cannot be undone.
    """

    name: str
    title: str
    role: Role = Role.OWNER
    at_once: int = 100
    warning: str = ""

    def inputs(self, project: Project) -> Sequence[Input]:
        """What is asked for before it is done."""
        return ()

    def consequences(self, project: Project, documents: QuerySet[Document]) -> Sequence[str]:
        """Sentences on what else follows for these documents, shown before it is done."""
        return ()

    def check(self, project: Project, values: Values) -> Values:
        """The values to store with the run. Raises `Invalid`."""
        return NOTHING

    @abstractmethod
    def apply(self, documents: Sequence[Document], values: Values, actor: User) -> int:
        """Do it to these documents, which may have it already; the number of those for which it holds now."""

    @abstractmethod
    def outcome(self, changed: int, total: int, values: Values) -> str:
        """What was done, in one sentence."""


@dataclass(frozen=True, slots=True)
class BulkPage:
    """An action that another page goes on with: the URL called `page` takes the query of the selection, and the part of
    the page called `anchor` does it."""

    name: str
    title: str
    page: str
    anchor: str = ""
    role: Role = Role.OWNER


_ACTIONS: dict[str, BulkAction | BulkPage] = {}


def register(action: BulkAction | BulkPage) -> None:
    """Make an action known by its name. Raises `ValueError` for one that is taken."""
    if action.name in _ACTIONS:
        raise ValueError(f"The name {action.name!r} of a bulk action is taken.")
    _ACTIONS[action.name] = action


def unregister(name: str) -> None:
    """Forget an action: for tests that register one."""
    del _ACTIONS[name]


def registered() -> tuple[BulkAction | BulkPage, ...]:
    """All actions, in the order of their registration."""
    return tuple(_ACTIONS.values())


def find(name: str) -> BulkAction | BulkPage:
    """Raises `NotFound`."""
    if name not in _ACTIONS:
        raise NotFound(messages.UNKNOWN_ACTION, name=name)
    return _ACTIONS[name]
