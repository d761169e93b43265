"""Writes samples as a folder that `load` and `make demo` take: pictures, `truth.jsonl`, `schema.toml`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from extraction.domain import defaults
from extraction.domain.fields import Schema
from extraction.domain.progress import Progress, Silent, check
from extraction.samples.studio import KindOrMixed, generate

_SILENT = Silent()


def write(folder: Path, kind: KindOrMixed, count: int, seed: int, progress: Progress = _SILENT) -> list[Path]:
    """Make `folder` and write `count` documents with their truth and schema into it; the paths of the documents.

    The same arguments write the same bytes. Raises `OSError`, and `Cancelled`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths, truths = [], []
    for done, sample in enumerate(generate(kind, count, seed), 1):
        check(progress)
        path = folder / sample.name
        path.write_bytes(sample.data)
        paths.append(path)
        truths.append({"file": sample.name, **sample.truth})
        progress.report(done, count)
    (folder / "truth.jsonl").write_text(json_lines(truths), encoding="utf-8")
    (folder / "schema.toml").write_text(toml(defaults.RECEIPT), encoding="utf-8")
    return paths


def json_lines(rows: Iterable[dict[str, Any]]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def toml(schema: Schema) -> str:
    """The text of a schema file; `Schema.from_toml` reads it back."""
    value = schema.export()
    head = [f"{key} = {_toml(value[key])}" for key in ("name", "document")]
    tables = [
        "\n".join(("[[field]]", *(f"{key} = {_toml(part)}" for key, part in row.items()))) for row in value["field"]
    ]
    return "\n\n".join(("\n".join(head), *tables)) + "\n"


def _toml(value: Any) -> str:
    """JSON's texts, numbers, truths and lists are TOML's; only tables are written differently."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_toml(part)}" for key, part in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_toml(part) for part in value) + "]"
    return json.dumps(value, ensure_ascii=False)
