"""Rows of groups and the places of values, as extractions and labels have them."""

from __future__ import annotations

from ninja import Field, Schema

from extraction.domain.results.extraction import CellAnswer, RowAnswer


def is_none(value: object) -> bool:
    """For what only groups have: other answers leave it out."""
    return value is None


class Box(Schema):
    """A printed line of a value on the upright page; coordinates from 0 to 1."""

    page: int = Field(description="Starts at 0.")
    x0: float
    y0: float
    x1: float
    y1: float


class Cell(Schema):
    """A cell of a row."""

    value: str | None = Field(description="The printed text.")
    normalized: str | None = Field(description="The value in the field's format; null where it cannot be read so.")
    confidence: float | None = Field(description="The probability, from 0 to 1, that the value is right.")
    boxes: list[Box]

    @staticmethod
    def resolve_boxes(cell: CellAnswer) -> list[dict[str, int | float]]:
        return [box.to_json() for box in cell.boxes]


class RowChecks(Schema):
    """What arithmetic says about a row."""

    product: bool | None = Field(description="Whether quantity times price is the amount; null: not all are printed.")


class Row(Schema):
    """A row of a group. Fields without a cell are not printed in it."""

    cells: dict[str, Cell] = Field(description="By the names of the group's fields.")
    confidence: float | None = Field(description="The probability, from 0 to 1, that all cells are right.")
    checks: RowChecks

    @staticmethod
    def resolve_checks(row: RowAnswer) -> dict[str, bool | None]:
        return {"product": row.product}
