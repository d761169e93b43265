"""The places of values as JSON in the form of COCO's object detection (cocodataset.org), with texts."""

from __future__ import annotations

import json
from collections.abc import Iterator

from extraction.services.reports.export.datasets.labelled_pages import LabelledPage, categories, labelled_pages
from extraction.services.reports.export.labelled_documents import Selected


class BoxesJson:
    """`{"info", "categories", "images", "annotations"}`: an image a page, an annotation a printed line of a value.

    A category is a field, or `group/field` for cells of rows. `bbox` is x, y, width, height in pixels of the upright
    page; `text` is the whole value and `source` who gave it. `file_name` is that of the `huggingface` export,
    which has the pictures.
    """

    name = "coco"
    title = "COCO"
    media_type = "application/json"

    def filename(self, subject: Selected) -> str:
        return f"{subject.project.slug}-boxes.json"

    def write(self, subject: Selected) -> Iterator[str]:
        numbers = {name: number for number, name in enumerate(categories(subject.project.schema.fields), 1)}
        named = [{"id": number, "name": name} for name, number in numbers.items()]
        info = {"description": subject.project.name}
        yield f'{{"info": {_json(info)}, "categories": {_json(named)},\n"images": ['
        yield from _listed(map(_image, labelled_pages(subject)))
        yield '],\n"annotations": ['
        yield from _listed(_annotations(subject, numbers))
        yield "]}\n"


def _annotations(subject: Selected, numbers: dict[str, int]) -> Iterator[dict[str, object]]:
    count = 0
    for shown in labelled_pages(subject):
        for placed in shown.values:
            # Labels of before may have columns that the group has no more.
            if placed.category not in numbers:
                continue
            count += 1
            _, _, width, height = placed.pixels
            yield {
                "id": count,
                "image_id": shown.page.pk,
                "category_id": numbers[placed.category],
                "bbox": placed.pixels,
                "area": round(width * height, 1),
                "iscrowd": 0,
                "text": placed.value,
                "source": shown.labelled.labels[placed.category.partition("/")[0]].source,
            }


def _image(shown: LabelledPage) -> dict[str, object]:
    return {
        "id": shown.page.pk,
        "file_name": shown.picture,
        "width": shown.page.width,
        "height": shown.page.height,
        "document": shown.labelled.document.pk,
        "file": shown.labelled.file,
        "page": shown.page.number,
    }


def _listed(values: Iterator[dict[str, object]]) -> Iterator[str]:
    """The values of a JSON list, one a line."""
    before = "\n"
    for value in values:
        yield before + _json(value)
        before = ",\n"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
