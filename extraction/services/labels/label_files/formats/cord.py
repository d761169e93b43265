"""CORD's ground truth (Park et al. 2019): `gt_parse` as on Hugging Face, or the `valid_line` of the original files.

A JSONL file has a line a receipt, `{"file_name", "ground_truth"}`; a JSON file, or each of a folder, is one receipt,
whose picture has the same name. Values are named by category: `menu` with rows, `total.total_price`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from extraction.domain.errors import gettext_noop
from extraction.services.errors import Invalid
from extraction.services.labels.label_files.formats.protocol import (
    Labelled,
    Value,
    file_name,
    files_of,
    json_of,
    picture,
)
from extraction.services.labels.label_files.messages import NO_TEXT, NOT_OPENED

# Categories of rows.
ROWS = ("menu", "void_menu")


class Cord:
    name = "cord"
    title = "CORD"
    unit = gettext_noop("receipt")

    def read(self, path: Path) -> Iterator[Labelled]:
        if path.suffix == ".jsonl":
            yield from _lines(path)
            return
        for file in files_of(path, ".json"):
            try:
                yield Labelled(picture(file, file.stem), _values(json_of(file)))
            except (KeyError, TypeError, AttributeError, ValueError):
                raise Invalid(
                    gettext_noop("{name} is refused: it is no ground truth of CORD."), name=file.name
                ) from None


def _lines(path: Path) -> Iterator[Labelled]:
    try:
        with path.open(encoding="utf-8-sig") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield _line(path, number, line)
    except OSError as error:
        raise Invalid(NOT_OPENED, name=path.name, why=error.strerror) from None
    except UnicodeDecodeError:
        raise Invalid(NO_TEXT, name=path.name) from None


def _line(path: Path, number: int, line: str) -> Labelled:
    try:
        row = json.loads(line)
        truth = row["ground_truth"]
        return Labelled(
            path.parent / file_name(row["file_name"]), _values(json.loads(truth) if isinstance(truth, str) else truth)
        )
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError):
        raise Invalid(
            gettext_noop("{name} is refused: line {line} is no ground truth of CORD."), name=path.name, line=number
        ) from None


def _values(truth: Mapping[str, Any]) -> dict[str, Value]:
    parsed = truth["gt_parse"] if "gt_parse" in truth else _parsed(truth["valid_line"])
    values = dict[str, Value]()
    for category, found in parsed.items():
        if category in ROWS:
            rows = found if isinstance(found, list) else [found]
            values[category] = [{name: _text(cell) for name, cell in row.items() if _is_text(cell)} for row in rows]
        else:
            for part in found if isinstance(found, list) else [found]:
                values |= {f"{category}.{name}": _text(value) for name, value in part.items() if _is_text(value)}
    return values


def _is_text(value: object) -> bool:
    """Whether it is printed text; items of items are nested."""
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(part, str) for part in value))


def _text(value: str | list[str]) -> str:
    return value if isinstance(value, str) else " ".join(value)


def _parsed(lines: list[Mapping[str, Any]]) -> dict[str, Any]:
    """What `gt_parse` would be: words without captions, rows by their group."""
    rows = dict[str, dict[int, dict[str, list[str]]]]()
    others = dict[str, dict[str, list[str]]]()
    for line in lines:
        category, _, name = line["category"].partition(".")
        words = [word["text"] for word in line["words"] if not word.get("is_key")]
        held = rows.setdefault(category, {}).setdefault(line["group_id"], {}) if category in ROWS else None
        (others.setdefault(category, {}) if held is None else held).setdefault(name, []).extend(words)
    return {**others, **{category: list(found.values()) for category, found in rows.items()}}
