"""Values that reviewers enter: normal form and checks."""

from __future__ import annotations

from collections.abc import Sequence

from extraction.domain.field_types import read
from extraction.domain.fields import Field
from extraction.domain.pages import Span
from extraction.models import Document
from extraction.services.errors import Invalid
from extraction.services.projects import schema_versions
from extraction.services.review import messages
from extraction.services.review.tables import changes as tables


def check_field(document: Document, field: str) -> None:
    """Raises `Invalid`, with its present name for a field that was renamed."""
    if field not in document.project.schema:
        renamed = schema_versions.renamed_to(document.project, field)
        if renamed is not None:
            raise Invalid(messages.RENAMED_FIELD, name=field, renamed=renamed)
        raise Invalid(messages.UNKNOWN_FIELD, name=field)


def check_value(document: Document, field: str, value: str | None) -> str | None:
    """The value with single spaces; `None` means that the field is not on the document.

    Raises `Invalid` for an unknown field and for a value that is empty or too long.
    """
    check_field(document, field)
    if value is None:
        return None
    if (rows := _table(document, field, value)) is not None:
        return rows
    value = " ".join(value.replace("\x00", " ").split())
    if not value:
        raise Invalid(messages.EMPTY_VALUE)
    longest = document.project.schema[field].kind.longest
    if len(value) > longest:
        raise Invalid(messages.value_too_long(longest))
    return value


def _table(document: Document, field: str, value: str) -> str | None:
    declared = document.project.schema[field]
    return tables.check_table(declared, value) if declared.kind.has_parts else None


def check_reading(field: Field, value: str | None, reading: str | None) -> None:
    """Raises `Invalid` for a meaning that the value cannot have."""
    if reading is None:
        return
    if reading not in [meaning.normalized for meaning in read(field, value or "").meanings]:
        raise Invalid(messages.not_a_reading(value or ""))


def check_spans(document: Document, spans: Sequence[Span]) -> None:
    """Raises `Invalid` for words that the document does not have."""
    pages = document.domain_pages()
    for span in spans:
        if not 0 <= span.page < len(pages) or not 0 <= span.first <= span.last < len(pages[span.page].words):
            raise Invalid(messages.FOREIGN_WORDS)
        words = pages[span.page].words
        end = len(words[span.last].text) if span.end is None else span.end
        if not 0 <= span.start <= len(words[span.first].text) or not 0 <= end <= len(words[span.last].text):
            raise Invalid(messages.FOREIGN_WORDS)
        if span.first == span.last and span.start > end:
            raise Invalid(messages.FOREIGN_WORDS)
