"""Rows of a group: what was bought, by the arithmetic of the page.

The limits are those of the amounts: rows without one are not seen, and where neither a head nor a sum tells rows from
other amounts there is no answer rather than a wrong one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from extraction.domain.fields import Field
from extraction.domain.line_items.arithmetic import amount_field
from extraction.domain.line_items.rows import Row, text_of
from extraction.engines.teacher.protocol import Answer
from extraction.engines.teacher.rules.document import Document
from extraction.engines.teacher.rules.tables.bands import bands
from extraction.engines.teacher.rules.tables.cells import Cells, cells
from extraction.engines.teacher.rules.tables.lines import lines_of
from extraction.engines.teacher.rules.tables.runs import find_run

# Confidence where the rows make up a printed sum and each has a name, and where they do not.
PROVEN, DOUBTED = 0.8, 0.35
# Lines over a table among which its head is.
HEAD_LINES = 3
# Rows without a name above this share are no rows.
MOST_NAMELESS = 0.34


def asks_for_items(field: Field) -> bool:
    """Whether its rows are such as the rules know: they say what is bought and what it comes to."""
    return amount_field(field) is not None and any(part.type == "text" for part in field.fields)


def items(field: Field, document: Document) -> Answer | None:
    """The rows, unsure where their sum is printed nowhere; `None` where rows cannot be told."""
    lines = lines_of(document.rows)
    run = find_run(lines)
    if run is None:
        return None
    heads = lines[max(run.begin - HEAD_LINES, 0) : run.begin]
    found = cells(bands(lines, run), any(line.counts_first for line in heads))
    nameless = sum(row.description is None for row in found)
    if nameless > MOST_NAMELESS * len(found):
        return None
    sure = run.proven and not nameless
    parts = _parts(field)
    rows = [_row(parts, row) for row in found]
    evidence = f"{run.anchors[0].text} … {run.anchors[-1].text}"
    return Answer(text_of(rows), evidence, unsure=not sure, confidence=PROVEN if sure else DOUBTED)


def _parts(field: Field) -> Mapping[str, str]:
    """The group's fields by what they hold; others are left unknown."""
    money = [part.name for part in field.fields if part.type == "money"]
    by_kind: Sequence[tuple[str, str | None]] = (
        ("amount", amount_field(field)),
        ("unit_price", next((name for name in money if name != amount_field(field)), None)),
        ("quantity", next((part.name for part in field.fields if part.type == "number"), None)),
        ("description", next((part.name for part in field.fields if part.type == "text"), None)),
    )
    return {kind: name for kind, name in by_kind if name}


def _row(parts: Mapping[str, str], row: Cells) -> Row:
    values = {
        "description": row.description,
        "quantity": row.quantity.text if row.quantity else None,
        "unit_price": row.unit_price.text if row.unit_price else None,
        "amount": row.amount.text,
    }
    return {name: values[kind] for kind, name in parts.items()}
