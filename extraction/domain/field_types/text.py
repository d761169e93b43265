"""Free text: names, addresses, anything that is copied as it is printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extraction.domain.errors import gettext_noop
from extraction.domain.field_types.base import FieldType
from extraction.domain.field_types.readers.conventions import Conventions
from extraction.domain.field_types.readers.texts import clean, letters

if TYPE_CHECKING:
    from extraction.domain.fields import Field


class Text(FieldType):
    """Normalised to trimmed NFKC. OCR loses spaces and commas, so alignment takes less similar texts than elsewhere."""

    name = gettext_noop("text")
    noun = "text"
    free_text = True
    alignment_threshold = 0.7

    def normalize(self, field: Field, text: str, conventions: Conventions) -> str | None:
        return clean(text)

    def tolerates(self, a: str, b: str) -> bool:
        """Only letters and digits count: a comma or a space more makes no answer wrong."""
        return bool(letters(a)) and letters(a) == letters(b)

    def example(self, field: Field) -> str:
        return "Harbour Lane Apparel Ltd"
