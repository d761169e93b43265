"""The controls of the list of documents: choices of the filter, heads that sort, and links that keep both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from extraction.domain import label_sources
from extraction.domain.fields import Field, Schema
from extraction.models import Document, Split
from extraction.services.documents.filters import Filter
from extraction.services.documents.listing import Slice
from extraction.services.documents.ordering import ADDED, CONFIDENCE, FIELD, NAME, NEWEST, Order

FOCUS_TITLES = [
    ("0", "below 200 (blurred)"),
    ("200", "200 to 500"),
    ("500", "500 to 750"),
    ("750", "750 to 1000"),
    ("1000", "from 1000 (sharp)"),
]
CONFIDENCE_TITLES = [(str(percent), f"below {percent} %") for percent in (50, 60, 70, 80, 90, 95, 99)]
CHOICES: dict[str, tuple[str, Sequence[tuple[str, str]]]] = {
    "state": ("Reading", Document.State.choices),
    "review": ("Review", Document.Review.choices),
    "below": ("Confidence", CONFIDENCE_TITLES),
    "source": ("Source", label_sources.choices()),
    "split": ("Split", Split.choices),
    "focus": ("Focus", FOCUS_TITLES),
}
EVERYTHING = {"below": "Any confidence"}
# Titles of the orders that every project has: ascending, descending.
ORDERS = {
    ADDED: ("Oldest first", "Newest first"),
    NAME: ("Name, A to Z", "Name, Z to A"),
    CONFIDENCE: ("Least sure first", "Surest first"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A drop-down list of the filter form; `value` is what is chosen, empty for all, which `everything` names."""

    name: str
    title: str
    everything: str
    choices: Sequence[tuple[str, str]]
    value: str


@dataclass(frozen=True, slots=True)
class Head:
    """A column's head: a link that sorts by the column, or turns its order round. `sorted`: value of `aria-sort`."""

    title: str
    query: str
    sorted: str


@dataclass(frozen=True, slots=True)
class FieldHead:
    field: Field
    head: Head


@dataclass(frozen=True, slots=True)
class Controls:
    schema: Schema
    condition: Filter
    order: Order
    part: Slice
    grid: bool

    @property
    def choices(self) -> list[Choice]:
        chosen = [
            Choice(name, title, EVERYTHING.get(name, f"{title}: all"), choices, getattr(self.condition, name))
            for name, (title, choices) in CHOICES.items()
        ]
        fields = [(field.name, f"no {field.title}") for field in self.schema.fields]
        texts = (("true", "Text: none on a page"), ("false", "Text: on every page"))
        return [
            *chosen,
            Choice("lacks", "Missing label", "Labels: any", fields, self.condition.lacks),
            Choice("empty", "Text", "Text: any", texts, self.condition.empty),
        ]

    @property
    def active(self) -> int:
        """Number of the drop-down lists that narrow."""
        return sum(bool(choice.value) for choice in self.choices)

    @property
    def orders(self) -> Choice:
        """The orders, newest first foremost, in a list for screens without heads."""
        choices = [(f"-{ADDED}", ORDERS[ADDED][1]), (ADDED, ORDERS[ADDED][0])]
        for key in (NAME, CONFIDENCE):
            choices += [(key, ORDERS[key][0]), (f"-{key}", ORDERS[key][1])]
        for field in self.schema.fields:
            up, down = ("lowest first", "highest first") if field.kind.numeric else ("ascending", "descending")
            choices += [
                (f"{FIELD}{field.name}", f"{field.title}, {up}"),
                (f"-{FIELD}{field.name}", f"{field.title}, {down}"),
            ]
        return Choice("sort", "Sort", "", choices, str(self.order))

    @property
    def name(self) -> Head:
        return self._head("Document", Order(NAME, descending=False))

    @property
    def confidence(self) -> Head:
        return self._head("Confidence", Order(CONFIDENCE, descending=False))

    @property
    def fields(self) -> list[FieldHead]:
        orders = [(field, Order(f"{FIELD}{field.name}", False, field)) for field in self.part.columns]
        return [FieldHead(field, self._head(field.title, order)) for field, order in orders]

    def _head(self, title: str, order: Order) -> Head:
        if self.order.key != order.key:
            return Head(title, self._query(order=order), "none")
        turned = replace(self.order, descending=not self.order.descending)
        return Head(title, self._query(order=turned), "descending" if self.order.descending else "ascending")

    @property
    def by_time(self) -> bool:
        """Whether the parts of the list are newer and older ones."""
        return self.order == NEWEST

    @property
    def table(self) -> str:
        return self._query(grid=False)

    @property
    def pictures(self) -> str:
        return self._query(grid=True)

    @property
    def newer(self) -> str:
        return self._query(newer=self.part.newer)

    @property
    def older(self) -> str:
        return self._query(older=self.part.older)

    @property
    def everything(self) -> str:
        """The list without a filter, in the same order and form."""
        return self._query(condition=Filter())

    @property
    def kept(self) -> str:
        """Filter and order, for other addresses."""
        return self._query(grid=False)

    @property
    def selected(self) -> list[tuple[str, str]]:
        """Hidden fields of a form that repeats the filter."""
        return list(self.condition.to_query().items())

    def _query(
        self, *, condition: Filter | None = None, order: Order | None = None, grid: bool | None = None, **more: object
    ) -> str:
        kept = (condition or self.condition).to_query()
        if (chosen := order or self.order) != NEWEST:
            kept["sort"] = str(chosen)
        if self.grid if grid is None else grid:
            kept["view"] = "grid"
        return urlencode({**kept, **{name: str(value) for name, value in more.items()}})
