"""Refusals."""

from __future__ import annotations

from ninja import Field, Schema
from pydantic import ConfigDict


class Fault(Schema):
    """A value that does not fit."""

    pointer: str = Field(description="Where it stands: `/query/…`, `/path/…`, `/body/…` or `/file/…`.")
    detail: str


class Problem(Schema):
    """Why a call was refused, as RFC 9457 has it."""

    type: str = Field(description="Always `about:blank`: the status says what kind of problem it is.")
    title: str = Field(description="The status in words.")
    status: int
    detail: str = Field(description="One sentence for people.")
    errors: list[Fault] | None = Field(None, description="The values that do not fit, where it is about values.")

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "type": "about:blank",
                "title": "Conflict",
                "status": 409,
                "detail": "Project receipts serves no model yet; train one and promote it.",
            }
        }
    )
