"""Conditions on the documents of a list: columns, confidence, missing labels, and text in names and values."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from extraction.domain import label_sources
from extraction.domain.field_types import normalize
from extraction.domain.fields import Schema
from extraction.models import BestLabel, Document, Project, Split
from extraction.services.labels import ranking

# Name of a range of focus → bounds (from, below) of the variance of the Laplacian (bins of arXiv 2411.14957).
FOCUS: dict[str, tuple[int | None, int | None]] = {
    "0": (None, 200),
    "200": (200, 500),
    "500": (500, 750),
    "750": (750, 1000),
    "1000": (1000, None),
}
# Percentages below which confidence can be asked for.
PERCENTAGES = tuple(str(percent) for percent in range(1, 101))
LONGEST_SEARCH = 255
_AMOUNT = re.compile(r"\d[\d.,]*")


@dataclass(frozen=True, slots=True)
class Filter:
    """Conditions that all hold; an empty text is no condition.

    `below`: the confidence is known and below so many percent. `lacks`: no label for the field of that name. `empty`:
    whether no word was found on one of the pages. `search`: part of the file's name or of the value of any field in
    force.
    """

    state: str = ""
    split: str = ""
    review: str = ""
    source: str = ""
    origin: str = ""
    focus: str = ""
    below: str = ""
    lacks: str = ""
    empty: str = ""
    search: str = ""

    @classmethod
    def parse(cls, values: Mapping[str, str], schema: Schema) -> Filter:
        """From a page's query; unknown values are no condition."""
        known = {
            "state": Document.State.values,
            "split": Split.values,
            "review": Document.Review.values,
            "source": label_sources.names(),
            "origin": Document.Origin.values,
            "focus": list(FOCUS),
            "below": PERCENTAGES,
            "lacks": schema.names,
            "empty": ("true", "false"),
        }
        chosen = {key: value for key, options in known.items() if (value := values.get(key, "")) in options}
        # `name`: of addresses from before values were searched.
        search = values.get("search") or values.get("name") or ""
        return cls(**chosen, search=search.replace("\x00", "").strip()[:LONGEST_SEARCH])

    def to_query(self) -> dict[str, str]:
        """The conditions as `parse` reads them."""
        return {name: value for name in self.__slots__ if (value := getattr(self, name))}

    def of(self, project: Project) -> QuerySet[Document]:
        """The project's documents that fulfil the conditions, in no order."""
        rows = Document.objects.filter(project=project)
        columns = {name: getattr(self, name) for name in ("state", "split", "review", "source", "origin")}
        rows = rows.filter(**{column: value for column, value in columns.items() if value})
        low, high = FOCUS.get(self.focus, (None, None))
        if low is not None:
            rows = rows.filter(focus__gte=low)
        if high is not None:
            rows = rows.filter(focus__lt=high)
        if self.below:
            rows = rows.filter(confidence__lt=int(self.below) / 100)
        if self.empty:
            rows = rows.filter(empty_pages__gt=0) if self.empty == "true" else rows.filter(empty_pages=0)
        if self.lacks:
            rows = rows.filter(~Exists(BestLabel.objects.filter(document=OuterRef("pk"), field=self.lacks)))
        return rows.filter(_found(project, self.search)) if self.search else rows


ALL = Filter()


def _found(project: Project, search: str) -> Q:
    """Whether the name or a value holds the text. One subquery, which the database computes once."""
    labels = BestLabel.objects.filter(_in_value(project.schema, search), project=project)
    return _contains("name", search) | Q(pk__in=labels.values("document"))


def _in_value(schema: Schema, search: str) -> Q:
    """Whether a best label holds the text: in its normalised form, or as dates and amounts are printed."""
    text = " ".join(search.casefold().split())
    condition = Q(pk__in=[])
    for written in _notations(text):
        condition |= Q(text__contains=written[: ranking.TEXT])
    typed = [field for field in schema.fields if field.kind.typed]
    for field in typed:
        if meant := normalize(field, search):
            meaning = Q(number=float(meant)) if field.kind.numeric else Q(text=meant.casefold())
            condition |= Q(field=field.name) & meaning
    condition |= Q(field__in=[field.name for field in typed]) & _contains("label__value", search)
    return condition | (Q(field__in=_with_rows(schema, text)) & _contains("label__value", _in_json(search)))


def _with_rows(schema: Schema, text: str) -> list[str]:
    """The groups whose rows are searched to their end, in their JSON. What that has beside values is no hit: the names
    of the columns in each row, `null`, and punctuation."""
    if text in "null" or not any(map(str.isalnum, text)):
        return []
    groups = [field for field in schema.fields if field.kind.has_parts]
    return [group.name for group in groups if not any(text in part.name for part in group.fields)]


def _in_json(text: str) -> str:
    """The text as it stands inside the JSON of rows."""
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _notations(text: str) -> set[str]:
    """The text and, of an amount, what it is with the other decimal separator: `34,73` for `34.73`."""
    if not _AMOUNT.fullmatch(text):
        return {text}
    return {text, text.replace(",", "."), text.replace(".", ",")}


def _contains(column: str, text: str) -> Q:
    """SQLite disregards the case of ASCII letters alone: of others it finds what is written in one case."""
    condition = Q(**{f"{column}__icontains": text})
    for other in {text.lower(), text.upper()} - {text} if not text.isascii() else ():
        condition |= Q(**{f"{column}__icontains": other})
    return condition
