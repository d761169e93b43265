"""Answers that keep to a JSON schema."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]
Truth = Mapping[str, Any]


def fill(schema: Schema, truth: Truth, otherwise: str) -> str:
    """The JSON text of an answer: under each key its truth, or a text made from `otherwise` where there is none."""
    return json.dumps(
        {
            # Only the entries of fields have a form of their own; what else is asked for has to be among the truth.
            key: _entry(_resolved(schema, part), truth[key] if key in truth else _made(schema, part, key, otherwise))
            if "properties" in _resolved(schema, part)
            else truth[key]
            for key, part in schema["properties"].items()
        },
        ensure_ascii=False,
    )


def _entry(part: Schema, value: Any) -> dict[str, Any]:
    """With a value that may be `(value, unsure)`."""
    value, unsure = value if isinstance(value, tuple) else (value, False)
    evidence = None if value is None else f"printed: {value if isinstance(value, str) else json.dumps(value)}"
    entry = {"evidence": evidence, "value": value, "unsure": unsure}
    assert set(entry) == set(part["properties"]), part
    return entry


def _made(schema: Schema, part: Schema, key: str, otherwise: str) -> Any:
    value = _resolved(schema, _resolved(schema, part)["properties"]["value"])
    if value.get("type") == "array":
        row = _resolved(schema, value["items"])
        return [{name: f"{name} {number}" for name in row["properties"]} for number in (1, 2)]
    options = [option for kind in _kinds(value) for option in kind.get("enum", [])]
    return options[0] if options else f"{key} {otherwise}"


def _kinds(value: Schema) -> list[Schema]:
    return [*value.get("anyOf", []), value]


def _resolved(schema: Schema, part: Schema) -> Schema:
    if "$ref" not in part:
        return part
    found: Any = schema
    for step in part["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    return _resolved(schema, found)
