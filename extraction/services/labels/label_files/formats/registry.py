"""Registered formats of label files beside JSONL, by name."""

from __future__ import annotations

from extraction.services.labels.label_files.formats.cord import Cord
from extraction.services.labels.label_files.formats.label_studio import LabelStudio
from extraction.services.labels.label_files.formats.protocol import LabelFormat
from extraction.services.labels.label_files.formats.sroie import Sroie

_ALL: tuple[LabelFormat, ...] = (LabelStudio(), Cord(), Sroie())
FORMATS = {format.name: format for format in _ALL}
