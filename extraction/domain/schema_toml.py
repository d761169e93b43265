"""A schema as the text of a schema file; `Schema.from_toml` reads it back to an equal schema."""

import json
from typing import Any

from extraction.domain.fields import Schema


def to_toml(schema: Schema) -> str:
    value = schema.export()
    lines = [f"name = {_text(value['name'])}", f"document = {_text(value['document'])}"]
    for field in value["field"]:
        lines += ["", "[[field]]"]
        lines += [f"{key} = {_literal(part)}" for key, part in field.items()]
    return "\n".join(lines) + "\n"


def _literal(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_literal(part)}" for key, part in value.items()) + " }"
    return "[" + ", ".join(_literal(part) for part in value) + "]"


def _text(text: str) -> str:
    # A JSON string is a TOML string, except that TOML also wants DEL escaped.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
