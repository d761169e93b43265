"""Methods of asking a model for the values of a document, and the names of teachers that are asked so."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from extraction.domain.errors import gettext_noop

# Stands between a teacher's name and its method: no provider uses it in the name of a model.
MARK = "#"


class Method(StrEnum):
    """What one request asks for.

    `FILL`: all fields (the paper's M = n). `LIST`: every labelled value on the document, whatever the fields are; the
    values are mapped to the fields afterwards (`listing.mapping`). `SINGLE`: one field (M = 1); whoever asks makes a
    request of each field.
    """

    FILL = "fill"
    LIST = "list"
    SINGLE = "single"


DESCRIPTIONS: Mapping[Method, str] = {
    Method.LIST: gettext_noop(
        "It lists every labelled value that it sees, and kdweb maps these to the fields. What is not clear stays open, "
        "and so do the rows of tables."
    ),
    Method.SINGLE: gettext_noop("It is asked for one field at a time, a request each."),
}


def named(teacher: str, method: Method) -> str:
    """The name of a teacher that is asked so: `openai:gpt-5#list`. The usual method adds nothing."""
    return teacher if method is Method.FILL else f"{teacher}{MARK}{method}"


def parted(name: str) -> tuple[str, Method]:
    """A teacher's name without its method, and the method."""
    teacher, mark, method = name.rpartition(MARK)
    if not mark or method not in list(Method):
        return name, Method.FILL
    return teacher, Method(method)


def described(method: Method) -> str:
    """What is to know about it before it is chosen, in a sentence; empty for the usual one."""
    return DESCRIPTIONS.get(method, "")


def method_of(name: str) -> Method:
    return parted(name)[1]
