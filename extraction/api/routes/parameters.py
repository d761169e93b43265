"""Parameters of several calls."""

import re
from datetime import date
from typing import Annotated

from ninja import P, PathEx
from pydantic import BeforeValidator

from extraction.api.pagination import LARGEST

Slug = PathEx[str, P(description="The project's short name.")]
Id = PathEx[int, P(ge=0, le=LARGEST)]
# As `services.training` takes the names of models.
NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,49}$"


def _written(text: object) -> object:
    """A day as the contract writes it: pydantic also takes numbers of seconds."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", str(text)):
        raise ValueError("a day is written such as 2026-12-31")
    return text


Day = Annotated[date, BeforeValidator(_written)]
