"""What pages and programs may send: formats of label files, and the sources that these may speak for."""

from __future__ import annotations

from dataclasses import dataclass

from extraction.domain import label_sources
from extraction.domain.errors import gettext_noop
from extraction.domain.label_sources import LabelSource
from extraction.services.errors import Invalid
from extraction.services.labels.label_files.formats.registry import FORMATS
from extraction.services.labels.label_files.messages import NO_SOURCE

# The product's own format.
JSONL = "jsonl"
NO_FORMAT = gettext_noop("There is no format of label files named {name!r}; there are {known}.")


@dataclass(frozen=True, slots=True)
class FormatTitle:
    """A format for people; `unit` is what its documents are counted in."""

    name: str
    title: str
    unit: str


def formats() -> list[FormatTitle]:
    """All formats, the product's own first."""
    own = FormatTitle(JSONL, "JSONL", gettext_noop("line"))
    return [own, *(FormatTitle(each.name, each.title, each.unit) for each in FORMATS.values())]


def find(name: str) -> FormatTitle:
    """Raises `Invalid` for a format that does not exist."""
    found = {each.name: each for each in formats()}
    if name not in found:
        raise Invalid(NO_FORMAT, name=name, known=", ".join(found))
    return found[name]


def sources() -> list[LabelSource]:
    """The sources that a label file may speak for, the one that wins first."""
    return [label_sources.find(name) for name in label_sources.names(loadable=True)]


def check(format: str, source: str) -> None:
    """Raises `Invalid` for a format or a source that does not exist."""
    find(format)
    if source not in label_sources.names(loadable=True):
        raise Invalid(NO_SOURCE, source=source)
