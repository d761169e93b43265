"""Readers of TOML and JSON that a caller has sent.

The standard parsers are exact but not made for hostile texts: `tomllib` takes memory that grows with the square of a
dotted key's length, both recurse once a level of nesting, and numbers of many digits raise an error of another kind.
So a text is scanned first, in time and memory that grow with its length alone.
"""

from __future__ import annotations

import json
import re
import tomllib
from typing import Any

from extraction.domain.errors import UserError, gettext_noop

# A schema of 200 fields with instructions and examples takes a fifth of it.
LARGEST_TOML = 64 * 1024
LARGEST_JSON = 1024 * 1024
DEEPEST = 32
LONGEST_NUMBER = 40
# Parts of a dotted key.
LONGEST_PATH = 8
LONGEST_KEY = 200

_MARK = re.compile(rf'"""|\'\'\'|["\'#\[{{\]}}.\n,=]|[0-9][0-9_]{{{LONGEST_NUMBER},}}')
_BASIC = re.compile(r'(?:[^"\\\n]|\\.)*+"')
_LITERAL = re.compile(r"[^'\n]*+'")
_BASIC_LINES = re.compile(r'(?:[^"\\]|\\.|"(?!""))*+"""(?:"{0,2})', re.DOTALL)
_LITERAL_LINES = re.compile(r"(?:[^']|'(?!''))*+'''(?:'{0,2})")
_COMMENT = re.compile(r"[^\n]*+")
_SKIPPED = {'"': _BASIC, "'": _LITERAL, '"""': _BASIC_LINES, "'''": _LITERAL_LINES, "#": _COMMENT}

_JSON_MARK = re.compile(rf'["\[{{\]}}]|[0-9]{{{LONGEST_NUMBER + 1},}}')
_JSON_STRING = re.compile(r'(?:[^"\\]|\\.)*+"', re.DOTALL)


# What the texts are, in sentences about them.
THE_TEXT, THE_SCHEMA = gettext_noop("The text"), gettext_noop("The schema")
THE_REQUEST, THE_BODY = gettext_noop("The request"), gettext_noop("The request's body")

# What is wrong with a TOML, by the beginnings of the sentences of `tomllib`, and where.
_TOML_REASONS = {
    "Cannot ": gettext_noop("what it sets is set already"),
    "Duplicate ": gettext_noop("what it sets is set already"),
    "Unclosed ": gettext_noop("something is not closed"),
    "Unterminated ": gettext_noop("something is not closed"),
    "Expected ']": gettext_noop("something is not closed"),
    "Illegal ": gettext_noop("a character that may not stand there"),
    "Found invalid ": gettext_noop("a character that may not stand there"),
    "Unescaped ": gettext_noop("a character that may not stand there"),
}
_NO_REASON = gettext_noop("what stands there is not understood")
_TOML_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)$")


class Unreadable(UserError):
    """A text that is no TOML or JSON, or too long, deep or wide to be read; the message is one sentence."""


def toml(text: str, what: str = THE_TEXT) -> dict[str, Any]:
    """The table that `text` declares, with or without a byte order mark.

    Raises `Unreadable`, with line and column where the TOML is broken.
    """
    text = text.removeprefix("\ufeff")
    _check_size(text, LARGEST_TOML, what)
    _check_toml(text, what)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _no_toml(str(error), text, what) from None
    except (ValueError, RecursionError):
        # A date that no calendar has, for one, which `tomllib` leaves to the classes of dates.
        raise Unreadable(gettext_noop("{what!s} is not valid TOML."), what=what) from None


def json_value(text: str | bytes, what: str = THE_TEXT, *, most: int = LARGEST_JSON, **hooks: Any) -> Any:
    """The value that `text` holds; `hooks` are those of `json.loads`. Raises `Unreadable`."""
    _check_size(text, most, what)
    try:
        decoded = text if isinstance(text, str) else text.decode()
        _check_json(decoded, what)
        return json.loads(decoded, **hooks)
    except json.JSONDecodeError as error:
        raise Unreadable(
            gettext_noop("{what!s} is not valid JSON at line {line}, column {column}."),
            what=what,
            line=error.lineno,
            column=error.colno,
        ) from None
    except (UnicodeDecodeError, RecursionError):
        raise Unreadable(gettext_noop("{what!s} is not valid JSON."), what=what) from None


def _no_toml(told: str, text: str, what: str) -> Unreadable:
    """The error of a broken TOML; `told` is the sentence of `tomllib`, which may repeat all that was sent."""
    place = _TOML_PLACE.search(told)
    # Without a place it is the end of the text.
    line, column = map(int, place.groups()) if place else (text.count("\n") + 1, len(text) - text.rfind("\n"))
    return Unreadable(
        gettext_noop("{what!s} is not valid TOML at line {line}, column {column}: {reason!s}."),
        what=what,
        line=line,
        column=column,
        reason=next((said for start, said in _TOML_REASONS.items() if told.startswith(start)), _NO_REASON),
    )


def _check_size(text: str | bytes, most: int, what: str) -> None:
    # Four bytes a character at most: a short text need not be encoded to be measured.
    if len(text) > most or (isinstance(text, str) and len(text) > most // 4 and _bytes(text) > most):
        raise Unreadable(
            gettext_noop("{what!s} is too long; at most {most} kB are read."), what=what, most=most // 1024
        )


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _check_toml(text: str, what: str) -> None:
    depth = dots = position = start = 0
    while (mark := _MARK.search(text, position)) is not None:
        found, position = mark[0], mark.end()
        if found in _SKIPPED:
            skipped = _SKIPPED[found].match(text, position)
            if skipped is None:
                return  # never closed: the parser comes no further than here
            position = skipped.end()
        elif found[0].isdigit():
            raise Unreadable(
                gettext_noop("{what!s} holds a number of more than {most} digits."),
                what=what,
                most=LONGEST_NUMBER,
            )
        elif found == ".":
            dots += 1
        else:
            if found == "=":
                _check_key(mark.start() - start, what)
            depth += (found in "[{") - (found in "]}")
            dots, start = 0, position
        if dots >= LONGEST_PATH:
            raise Unreadable(
                gettext_noop("{what!s} holds a key of more than {most} parts."),
                what=what,
                most=LONGEST_PATH,
            )
        _check_depth(depth, what)


def _check_json(text: str, what: str) -> None:
    depth = position = 0
    while (mark := _JSON_MARK.search(text, position)) is not None:
        found, position = mark[0], mark.end()
        if found == '"':
            string = _JSON_STRING.match(text, position)
            if string is None:
                return
            position = string.end()
        elif found[0].isdigit():
            raise Unreadable(
                gettext_noop("{what!s} holds a number of more than {most} digits."),
                what=what,
                most=LONGEST_NUMBER,
            )
        depth += (found in "[{") - (found in "]}")
        _check_depth(depth, what)


def _check_key(length: int, what: str) -> None:
    if length > LONGEST_KEY:
        raise Unreadable(
            gettext_noop("{what!s} holds a key of more than {most} characters."),
            what=what,
            most=LONGEST_KEY,
        )


def _check_depth(depth: int, what: str) -> None:
    if depth > DEEPEST:
        raise Unreadable(
            gettext_noop("{what!s} is nested more than {deepest} levels deep."), what=what, deepest=DEEPEST
        )
