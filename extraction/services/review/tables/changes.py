"""Rows of groups as reviewers enter them: their normal form, and changes of several people to one table."""

from __future__ import annotations

from collections.abc import Sequence

from extraction.domain.field_types.group import cell_text, is_empty
from extraction.domain.fields import Field
from extraction.domain.line_items.merging import Merged, merge
from extraction.domain.line_items.rows import held, text_of
from extraction.domain.text import LONGEST_ROWS
from extraction.models import Label
from extraction.services.errors import Invalid
from extraction.services.review import messages
from extraction.services.review.conflicts import Overwriting

# What a change began with: the key of the label that the page showed, or its rows as a label's text.
Base = int | str | None


class OverwritingRows(Overwriting):
    """Another person changed the same rows meanwhile: `merged` holds the rows of both, and those to ask about."""

    rows = True

    def __init__(self, theirs: Label, merged: Merged) -> None:
        super().__init__(theirs, messages.overwriting_rows(theirs))
        self.merged = merged


def check_table(field: Field, text: str) -> str | None:
    """The rows that say something, with single spaces in their cells; `None` for other texts. Raises `Invalid`."""
    rows = held(field, text)
    if rows is None:
        return None
    cleaned = [{name: _cell(value) for name, value in row.items()} for row in rows if not is_empty(row)]
    for part in field.fields:
        _check_length(max((len(row.get(part.name) or "") for row in cleaned), default=0), part.kind.longest)
    text = text_of(cleaned)
    _check_length(len(text), LONGEST_ROWS)
    return text


def _check_length(length: int, longest: int) -> None:
    if length > longest:
        raise Invalid(messages.value_too_long(longest))


def _cell(value: object) -> str | None:
    return None if value is None else " ".join(cell_text(value).replace("\x00", " ").split()) or None


def with_others(field: Field, labels: Sequence[Label], best: Label | None, value: str, known: int, base: Base) -> str:
    """The rows to store for `value`: with what other people changed in other rows since.

    `labels` are those of the field in order of their keys. Raises `Overwriting` where another person's word is about
    the whole table, and `OverwritingRows` where it is about the same rows.
    """
    newer = [label for label in labels if label.source_kind.by_people and label.pk > known]
    if newer and (newer[-1].withdrawn or best is None):
        raise Overwriting(newer[-1])
    if best is None or not best.source_kind.by_people or best.value == value:
        return value
    theirs, mine, began = held(field, best.value), held(field, value), held(field, _began_with(labels, base))
    if mine is None or theirs is None or began is None:
        if newer:
            raise Overwriting(newer[-1])
        return value
    merged = merge(began, mine, theirs)
    if merged.clashes:
        raise OverwritingRows(best, merged)
    return text_of(merged.rows)


def _began_with(labels: Sequence[Label], base: Base) -> str | None:
    if isinstance(base, str):
        return base
    return next((label.value for label in labels if label.pk == base), None)


def taken_back(field: Field, changes: Sequence[tuple[str | None, str | None]], latest: Label) -> str | None:
    """The latest rows without some changes, each the text before and after it, in order; `None` where they cannot be
    told from what other people did since. Raises `OverwritingRows`."""
    rows = held(field, latest.value)
    for before, after in reversed(changes):
        old, new = held(field, before), held(field, after)
        if rows is None or old is None or new is None:
            return None
        merged = merge(new, old, rows)
        if merged.clashes:
            raise OverwritingRows(latest, merged)
        rows = merged.rows
    return text_of(rows or ())
