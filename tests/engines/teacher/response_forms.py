"""Forms that models give to an answer beside the one that the response schema asks for."""

import json
from collections.abc import Callable, Mapping
from typing import Any

Form = Callable[[str], str]


def _flat(text: str) -> dict[str, Any]:
    """The answer with values alone."""
    return {key: entry["value"] for key, entry in json.loads(text).items()}


def _renamed(text: str, rename: Callable[[str], str]) -> str:
    return json.dumps({rename(key): value for key, value in _flat(text).items()})


def _pairs(text: str, key: str) -> list[dict[str, Any]]:
    return [{key: name, "value": value} for name, value in _flat(text).items()]


def _own_name(key: str) -> str:
    return {"total_amount": "total"}.get(key, key)


# Each takes the text of an answer that follows the schema, and writes the same values, without evidence.
FORMS: Mapping[str, Form] = {
    "flat": lambda text: json.dumps(_flat(text)),
    "number": lambda text: json.dumps(_flat(text)).replace('"3.30"', "3.30"),
    "value only": lambda text: json.dumps({key: {"value": value} for key, value in _flat(text).items()}),
    "own names": lambda text: _renamed(text, _own_name),
    "capitals and spaces": lambda text: _renamed(text, lambda key: key.replace("_", " ").title()),
    "hyphens": lambda text: _renamed(text, lambda key: key.replace("_", "-").upper()),
    "camel case": lambda text: _renamed(text, lambda key: key.title().replace("_", "")),
    "further keys": lambda text: json.dumps({"notes": "A receipt.", **_flat(text), "pages": 1}),
    "wrapped in fields": lambda text: json.dumps({"fields": _flat(text)}),
    "wrapped in answer, beside others": lambda text: json.dumps(
        {"status": {"code": 0}, "answer": {"data": _flat(text)}, "log": []}
    ),
    "list of one": lambda text: json.dumps([_flat(text)]),
    "list of parts": lambda text: json.dumps([{key: value} for key, value in _flat(text).items()]),
    "pairs": lambda text: json.dumps(_pairs(text, "field")),
    "pairs of own names in an object": lambda text: json.dumps(
        {"fields": [{**pair, "name": _own_name(pair["name"])} for pair in _pairs(text, "name")]}
    ),
    "fence": lambda text: f"```json\n{json.dumps(_flat(text), indent=2)}\n```",
    "prose": lambda text: f"This is what I read:\n\n{json.dumps(_flat(text))}\n\nThe date is not printed.",
    "twice": lambda text: f"{json.dumps(_flat(text))}\nAs asked:\n```\n{json.dumps(_flat(text), indent=1)}\n```",
}
