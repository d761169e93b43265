"""Label Studio's JSON export: tasks with regions (`rectanglelabels` and the like) and their texts (`textarea`).

https://labelstud.io/guide/export. A region and its text share an id; a text without a region is named by its control
tag. Of several annotations of a task the one marked as ground truth counts, else the first that was not skipped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from extraction.domain.errors import gettext_noop
from extraction.services.errors import Invalid
from extraction.services.labels.label_files.formats.protocol import Labelled, Value, file_name, json_of, picture

REGIONS = ("rectanglelabels", "polygonlabels", "labels")
TEXT = "textarea"
# What the tool puts before the names of uploads.
_UPLOAD = re.compile(r"^[0-9a-f]{8}-")


class LabelStudio:
    name = "label-studio"
    title = "Label Studio"
    unit = gettext_noop("task")

    def read(self, path: Path) -> Iterator[Labelled]:
        tasks = json_of(path)
        if not isinstance(tasks, list):
            raise Invalid(
                gettext_noop("{name} is refused: it is no list of tasks, as the export as JSON gives it."),
                name=path.name,
            )
        for number, task in enumerate(tasks, 1):
            try:
                yield Labelled(picture(path, *_names(task["data"])), _values(_annotation(task)))
            except (KeyError, TypeError, AttributeError, ValueError, IndexError):
                raise Invalid(
                    gettext_noop("{name} is refused: task {number} is none of a document with regions."),
                    name=path.name,
                    number=number,
                ) from None


def _names(data: Mapping[str, Any]) -> list[str]:
    """Names that the picture may have: those of uploads without what the tool put before them first."""
    address = next((value for value in data.values() if isinstance(value, str) and "." in value), "")
    parts = urlsplit(address)
    local = parse_qs(parts.query).get("d")
    name = PurePosixPath(local[0] if local else unquote(parts.path)).name
    if not name:
        raise ValueError
    return list(dict.fromkeys([_UPLOAD.sub("", file_name(name)), name]))


def _annotation(task: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    annotations = [each for each in task["annotations"] if not each.get("was_cancelled")]
    best = next((each for each in annotations if each.get("ground_truth")), annotations[0] if annotations else None)
    return [] if best is None else list(best["result"])


def _values(results: list[Mapping[str, Any]]) -> dict[str, Value]:
    """The texts by label; several of one label are one value, as of an address in lines."""
    names = dict[str, str]()
    for result in results:
        if result["type"] in REGIONS:
            names[result["id"]] = str(result["value"][result["type"]][0])
    texts = dict[str, list[str]]()
    for result in results:
        if result["type"] == TEXT:
            name, text = names.get(result.get("id", ""), str(result["from_name"])), result["value"]["text"]
            texts.setdefault(name, []).extend([text] if isinstance(text, str) else map(str, text))
    return {name: " ".join(parts) for name, parts in texts.items()}
