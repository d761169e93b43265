"""The controls of the list of documents: choices of the filter, heads that sort, and links that keep both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.utils.translation import gettext

from extraction.domain import label_sources
from extraction.domain.errors import gettext_noop
from extraction.domain.fields import Field, Schema
from extraction.models import Document, Split
from extraction.services.documents.filters import Filter
from extraction.services.documents.listing import Slice
from extraction.services.documents.ordering import ADDED, CONFIDENCE, FIELD, NAME, NEWEST, Order

FOCUS_TITLES = [
    ("0", gettext_noop("below 200 (blurred)")),
    ("200", gettext_noop("200 to 500")),
    ("500", gettext_noop("500 to 750")),
    ("750", gettext_noop("750 to 1000")),
    ("1000", gettext_noop("from 1000 (sharp)")),
]
CONFIDENCES = (50, 60, 70, 80, 90, 95, 99)
CHOICES: dict[str, tuple[str, Sequence[tuple[str, object]]]] = {
    "state": (gettext_noop("Reading"), Document.State.choices),
    "review": (gettext_noop("Review"), Document.Review.choices),
    "below": (gettext_noop("Confidence"), [(str(percent), percent) for percent in CONFIDENCES]),
    "source": (gettext_noop("Source"), label_sources.choices()),
    "split": (gettext_noop("Split"), Split.choices),
    "origin": (gettext_noop("Origin"), Document.Origin.choices),
    "focus": (gettext_noop("Focus"), FOCUS_TITLES),
}
EVERYTHING = {"below": gettext_noop("Any confidence")}
# Titles of the orders that every project has: ascending, descending.
ORDERS = {
    ADDED: (gettext_noop("Oldest first"), gettext_noop("Newest first")),
    NAME: (gettext_noop("Name, A to Z"), gettext_noop("Name, Z to A")),
    CONFIDENCE: (gettext_noop("Least sure first"), gettext_noop("Surest first")),
}

# The same of a field.
NUMERIC = gettext_noop("%(field)s, lowest first"), gettext_noop("%(field)s, highest first")
ALPHABETIC = gettext_noop("%(field)s, ascending"), gettext_noop("%(field)s, descending")


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
            Choice(name, gettext(title), _everything(name, title), _titled(choices), getattr(self.condition, name))
            for name, (title, choices) in CHOICES.items()
        ]
        fields = [(field.name, gettext("no %(field)s") % {"field": field.title}) for field in self.schema.fields]
        texts = (("true", gettext("Text: none on a page")), ("false", gettext("Text: on every page")))
        return [
            *chosen,
            Choice("lacks", gettext("Missing label"), gettext("Labels: any"), fields, self.condition.lacks),
            Choice("empty", gettext("Text"), gettext("Text: any"), texts, self.condition.empty),
        ]

    @property
    def active(self) -> int:
        """Number of the drop-down lists that narrow."""
        return sum(bool(choice.value) for choice in self.choices)

    @property
    def orders(self) -> Choice:
        """The orders, newest first foremost, in a list for screens without heads."""
        choices = [(f"-{ADDED}", gettext(ORDERS[ADDED][1])), (ADDED, gettext(ORDERS[ADDED][0]))]
        for key in (NAME, CONFIDENCE):
            choices += [(key, gettext(ORDERS[key][0])), (f"-{key}", gettext(ORDERS[key][1]))]
        for field in self.schema.fields:
            up, down = NUMERIC if field.kind.sorts_by_number else ALPHABETIC
            choices += [
                (f"{FIELD}{field.name}", gettext(up) % {"field": field.title}),
                (f"-{FIELD}{field.name}", gettext(down) % {"field": field.title}),
            ]
        return Choice("sort", gettext("Sort"), "", choices, str(self.order))

    @property
    def name(self) -> Head:
        return self._head(gettext("Document"), Order(NAME, descending=False))

    @property
    def confidence(self) -> Head:
        return self._head(gettext("Confidence"), Order(CONFIDENCE, descending=False))

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


def _everything(name: str, title: str) -> str:
    """The choice that does not narrow."""
    return gettext(EVERYTHING[name]) if name in EVERYTHING else gettext("%(choice)s: all") % {"choice": gettext(title)}


def _titled(choices: Sequence[tuple[str, object]]) -> list[tuple[str, str]]:
    """Choices in the reader's language; a number is a percentage."""
    below = gettext("below %(percent)s %%")
    return [
        (value, below % {"percent": title} if isinstance(title, int) else gettext(str(title)))
        for value, title in choices
    ]
