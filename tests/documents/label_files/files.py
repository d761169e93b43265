"""Label files as people send them, and the work that a worker does on them."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

from extraction.models import LabelImport
from extraction.services.jobs import execution

Load = Callable[..., LabelImport]


def worked(row: LabelImport) -> LabelImport:
    """The import after its job."""
    row.refresh_from_db()
    assert row.job is not None
    execution.run(row.job.pk)
    return LabelImport.objects.get(pk=row.pk)


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def region(label: str, text: str, number: str) -> list[dict[str, Any]]:
    return [
        {"id": number, "type": "rectanglelabels", "value": {"rectanglelabels": [label]}},
        {"id": number, "type": "textarea", "from_name": "text", "value": {"text": [text]}},
    ]


def tasks(**labels: str) -> str:
    results = [part for name, text in labels.items() for part in region(name, text, name)]
    return json.dumps([{"data": {"image": "/data/upload/1/0a1b2c3d-a.jpg"}, "annotations": [{"result": results}]}])
