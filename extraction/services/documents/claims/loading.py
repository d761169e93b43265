"""A table of claims for the command `load`: stored, mapped and imported in this process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from extraction.domain.claims.mapping import ColumnMapping, EmptyCells, doubled, plain
from extraction.domain.json_types import JsonObject
from extraction.domain.progress import Progress
from extraction.models import ClaimImport, ClaimRemark, Job, Project
from extraction.services.documents.claims import agreement, imports, mappings, messages
from extraction.services.documents.claims.agreement import FieldAgreement
from extraction.services.errors import Invalid
from extraction.services.jobs import execution

# Before the name of a part of the claim; no field has a name with a point.
CLAIM = "claim."


@dataclass(frozen=True, slots=True)
class ClaimsFile:
    """A table with what the command's options say: columns with fields, and behind `CLAIM` with parts of claims, by
    name, as proposed where there are none; `names` keeps those of employees."""

    path: Path
    fields: Sequence[str] = ()
    document: str = ""
    empty: EmptyCells = EmptyCells.NOTHING
    names: bool = False


@dataclass(frozen=True, slots=True)
class LoadedClaims:
    """An import with its remarks and its agreement with other sources."""

    row: ClaimImport
    remarks: Sequence[ClaimRemark]
    agreement: Sequence[FieldAgreement]

    @property
    def columns(self) -> Mapping[str, str]:
        """Fields by names of columns."""
        return {
            messages.column(self.row.columns, column): name for column, name in self.row.column_mapping().fields.items()
        }

    @property
    def claim_columns(self) -> Mapping[str, str]:
        """Parts of the claim by names of columns."""
        claim = self.row.column_mapping().claim
        return {messages.column(self.row.columns, column): each.value for column, each in claim.items()}

    @property
    def document(self) -> str:
        return messages.column(self.row.columns, self.row.column_mapping().document)

    def to_json(self) -> JsonObject:
        return {
            "import": self.row.pk,
            "document": self.document,
            "columns": dict(self.columns),
            "claim_columns": dict(self.claim_columns),
            "new": self.row.new,
            "known": self.row.known,
            "claims_new": self.row.claims_new,
            "claims_known": self.row.claims_known,
            "refused": [self._remark(remark) for remark in self.remarks if remark.refuses],
            "doubtful": [self._remark(remark) for remark in self.remarks if not remark.refuses],
            "agreement": [each.to_json() for each in self.agreement],
        }

    def _remark(self, remark: ClaimRemark) -> JsonObject:
        return {
            "line": remark.line,
            "column": messages.column(self.row.columns, remark.column),
            "code": remark.code,
            "reason": messages.remark_in_english(remark),
        }


def load(project: Project, file: ClaimsFile, progress: Progress) -> LoadedClaims:
    """Import a table of claims. Raises `Invalid`; what it had imported before stays."""
    row = imports.add(project, file.path.name, file.path)
    try:
        mapping = _mapping(row, file)
        mappings.check(row, mapping)
    except Invalid:
        imports.remove(row)
        raise
    row = imports.start(row, mapping, send=False)
    execution.run_now(Job.objects.get(claim_import=row), progress, name="The import of the claims")
    row.refresh_from_db()
    return LoadedClaims(row, list(row.remarks.all()), agreement.of_import(row))


def _mapping(row: ClaimImport, file: ClaimsFile) -> ColumnMapping:
    proposed = row.column_mapping()
    document = _column(row.columns, file.document) if file.document else proposed.document
    fields = {column: name for column, name in proposed.fields.items() if column != document}
    claim = {column: each for column, each in proposed.claim.items() if column != document}
    if file.fields:
        pairs = [(_column(row.columns, column), name) for column, name in map(_pair, file.fields)]
        fields = {column: name for column, name in pairs if not name.startswith(CLAIM)}
        claim = {
            column: messages.find_attribute(name.removeprefix(CLAIM))
            for column, name in pairs
            if name.startswith(CLAIM)
        }
    return ColumnMapping(document, fields, file.empty, claim, file.names or proposed.names)


def _pair(text: str) -> tuple[str, str]:
    column, sign, name = text.rpartition("=")
    if not sign or not column.strip() or not name.strip():
        raise Invalid(messages.WRONG_MAP, text=text)
    return column.strip(), name.strip()


def _column(columns: Sequence[str], name: str) -> int:
    """The column of that name. Raises `Invalid` for none and for several."""
    exact = [at for at, each in enumerate(columns) if each == name]
    found = exact or [at for at, each in enumerate(columns) if plain(each) == plain(name)]
    if not found:
        known = ", ".join(repr(each) for each in columns if each)
        raise Invalid(messages.UNKNOWN_COLUMN, name=name, known=known)
    if len(found) > 1 or (not exact and found[0] in doubled(columns)):
        raise Invalid(messages.DOUBLED_COLUMN, name=name)
    return found[0]
