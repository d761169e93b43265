"""The JSON in a teacher's response, which may stand in a Markdown fence or between sentences."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Never, TypeAlias

# Numbers are read as their own characters, so that 3.50 does not become 3.5.
Json: TypeAlias = "str | bool | list[Json] | dict[str, Json] | None"

START = re.compile(r"\{|\[\s*\{")


class Malformed(ValueError):
    """A response that does not follow the schema.

    The message gives the place and the reason, for the teacher's next attempt, and quotes nothing of the response.
    """


def extract(text: str) -> Json:
    """The one JSON object, or list of objects, in `text`; equal ones count once. Raises `Malformed`."""
    documents = list(_documents(text))
    if not documents:
        raise Malformed("it holds no JSON object")
    if any(document != documents[0] for document in documents):
        raise Malformed("it holds more than one JSON object")
    return documents[0]


def _documents(text: str) -> Iterator[Json]:
    position = 0
    while match := START.search(text, position):
        try:
            document, position = DECODER.raw_decode(text, match.start())
        except json.JSONDecodeError:
            raise Malformed("it holds no complete JSON object") from None
        except RecursionError:
            raise Malformed("its JSON is nested too deeply") from None
        yield document


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    """Raises `Malformed` where one key has two values."""
    value: dict[str, Json] = {}
    for key, part in pairs:
        if key in value and value[key] != part:
            raise Malformed("a key is given twice with different values")
        value[key] = part
    return value


def _constant(name: str) -> Never:
    raise Malformed("it holds NaN or Infinity")


DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=str, parse_int=str, parse_constant=_constant, strict=False
)
