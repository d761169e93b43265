"""Writes samples as a folder that `load` and `make demo` take: pictures, `truth.jsonl`, `schema.toml`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from extraction.domain import default_schemas
from extraction.domain.fields import Schema
from extraction.domain.progress import Progress, Silent, check
from synthdocs.generator import KindOrMixed, Tables, generate
from synthdocs.languages import MIXED

_SILENT = Silent()
# What is known about the documents: the fields of a receipt, and its items.
SCHEMA = replace(default_schemas.RECEIPT, fields=(*default_schemas.RECEIPT.fields, default_schemas.ITEMS))


def write(
    folder: Path,
    kind: KindOrMixed,
    count: int,
    seed: int,
    progress: Progress = _SILENT,
    languages: Sequence[str] = MIXED,
    tables: Tables = "usual",
    schema: Schema = SCHEMA,
) -> list[Path]:
    """Make `folder` and write `count` documents with their truth and schema into it; the paths of the documents.

    `schema`: the fields whose truth is wanted, all or some of `SCHEMA`. The same arguments write the same bytes. Raises
    `OSError`, and `Cancelled`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths, truths = [], []
    for done, sample in enumerate(generate(kind, count, seed, languages, tables), 1):
        check(progress)
        path = folder / sample.name
        path.write_bytes(sample.data)
        paths.append(path)
        known = {**sample.truth, default_schemas.ITEMS.name: [dict(row) for row in sample.items]}
        truths.append({"file": sample.name, **{name: known[name] for name in schema.names}})
        progress.report(done, count)
    (folder / "truth.jsonl").write_text(json_lines(truths), encoding="utf-8")
    (folder / "schema.toml").write_text(schema.to_toml(), encoding="utf-8")
    return paths


def json_lines(rows: Iterable[dict[str, Any]]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
