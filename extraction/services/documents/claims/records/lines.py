"""The lines of a table as claims: read by what their columns show as a whole, and compared by their references."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Self

from extraction.domain.claims.attributes import Attribute
from extraction.domain.claims.cells import TableLine
from extraction.domain.claims.mapping import ColumnMapping
from extraction.domain.claims.records import RecordReader, Unreadable
from extraction.domain.claims.remarks import RemarkCode
from extraction.domain.field_types import Conventions
from extraction.services import pseudonyms
from extraction.services.documents.claims.records.rows import Keys, Record, content_of


class ClaimLines:
    """Give every line to `look` first, then the repeated ones to `compare`, then each in order to `read`."""

    def __init__(self, reader: RecordReader) -> None:
        self._reader = reader
        self._conventions: Mapping[Attribute, Conventions] = {}
        self._seen: set[str] = set()
        self._repeated: set[str] = set()
        # Of a reference the first line, what it says, and the first line that says something else.
        self._first: dict[str, tuple[int, str]] = {}
        self._differs: dict[str, int] = {}
        self._keys = Keys()

    @classmethod
    def of(cls, mapping: ColumnMapping, known: Conventions) -> Self | None:
        """`None` for a mapping by which lines make labels alone."""
        columns = {attribute: column for column, attribute in mapping.claim.items()}
        return cls(RecordReader(columns, mapping.document, known)) if columns else None

    def look(self, line: TableLine) -> None:
        self._reader.add(line)
        if reference := self._reference(line):
            (self._repeated if reference in self._seen else self._seen).add(reference)

    def compare(self, lines: Iterable[TableLine]) -> None:
        """Find the lines with one reference that say different things; the table is gone through once more where
        references repeat."""
        self._conventions = self._reader.conventions()
        for line in lines if self._repeated else ():
            reference = self._reference(line)
            if reference not in self._repeated:
                continue
            try:
                claim = self._reader.read(line, self._conventions)
            except Unreadable:
                continue
            content = content_of(claim, pseudonyms.kept(claim.employee))
            _, said = self._first.setdefault(reference, (line.number, content))
            if said != content:
                self._differs.setdefault(reference, line.number)

    def read(self, line: TableLine) -> Record:
        """The line's claim with its key. Raises `Unreadable`."""
        claim = self._reader.read(line, self._conventions)
        if (other := self._differs.get(reference := self._reference(line))) is not None:
            first, said = self._first[reference]
            same = content_of(claim, pseudonyms.kept(claim.employee)) == said
            raise Unreadable(RemarkCode.SAME_REFERENCE, self.column(Attribute.REFERENCE), other if same else first)
        return Record(claim, self._keys.of(claim), line.number)

    def passed(self, line: TableLine) -> None:
        """Count a line whose claim was stored already."""
        try:
            self.read(line)
        except Unreadable:
            return

    def column(self, attribute: Attribute) -> int | None:
        return self._reader.columns.get(attribute)

    def _reference(self, line: TableLine) -> str:
        cell = self._reader.cell(line, Attribute.REFERENCE)
        return cell.text.casefold() if cell else ""
