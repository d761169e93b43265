from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from extraction.domain import label_sources
from extraction.domain.claims.mapping import EmptyCells
from extraction.management.base import Error, KdCommand, Terminal
from extraction.models import Split
from extraction.services.documents.claims import messages
from extraction.services.documents.claims.loading import ClaimsFile, LoadedClaims
from extraction.services.documents.imports import bulk_import
from extraction.services.documents.imports.bulk_import import BulkImport
from extraction.services.documents.label_files import formats
from extraction.services.documents.label_files.formats import JSONL
from extraction.services.labels.label_files.formats.registry import FORMATS
from extraction.services.projects import projects


class Command(KdCommand[BulkImport]):
    help = "Loads files and folders into a project, and labels of a source; loading twice changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug")
        parser.add_argument("paths", nargs="*", type=Path, metavar="PATH")
        parser.add_argument(
            "--labels",
            type=Path,
            action="append",
            default=[],
            metavar="FILE",
            help="may be given again: a file for some fields, another for the rest",
        )
        parser.add_argument(
            "--format",
            choices=[each.name for each in formats.formats()],
            default=JSONL,
            help="of the label files; those of CORD and SROIE may be folders (%(default)s)",
        )
        parser.add_argument("--source", choices=label_sources.names(loadable=True))
        parser.add_argument("--claims", type=Path, metavar="TABLE", help="CSV or XLSX of what employees typed")
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="COLUMN=FIELD",
            help="of the claims, as often as needed, claim.NAME for a part of the claim such as claim.employee; "
            "default: columns called so or mapped before; with "
            "--format NAME=FIELD, or GROUP.NAME=group/field for cells of rows",
        )
        parser.add_argument("--document", default="", metavar="COLUMN", help="column of the claims with the file names")
        parser.add_argument(
            "--empty",
            choices=list(EmptyCells),
            default=EmptyCells.NOTHING,
            help="what an empty cell says: default nothing",
        )
        parser.add_argument(
            "--names", action="store_true", help="keep the names of employees; without it pseudonyms stand for them"
        )
        parser.add_argument("--split", choices=Split.values, help="default: 80/10/10 by content")

    def run(self, options: Mapping[str, Any]) -> BulkImport:
        return bulk_import.load(
            projects.find(options["slug"]),
            options["paths"],
            labels=options["labels"],
            source=options["source"],
            format=FORMATS.get(options["format"]),
            names=_names(options),
            claims=_claims(options),
            split=options["split"],
            progress=Terminal("Loading"),
        )

    def show(self, result: BulkImport) -> None:
        documents, labels = result.documents, result.labels
        self._show("documents", documents.new, documents.known, [(row.file, row.reason) for row in documents.refused])
        self._show("labels", labels.new, labels.known, [(f"line {row.line}", row.reason) for row in labels.refused])
        if result.claims:
            self._show_claims(result.claims)
        for name, count in result.passed_over.items():
            self.stdout.write(f"passed over, fills no field: {name} ({count})")
        if result.note:
            self.stdout.write(result.note)

    def _show_claims(self, claims: LoadedClaims) -> None:
        pairs = [*claims.columns.items(), *((column, f"claim.{name}") for column, name in claims.claim_columns.items())]
        columns = ", ".join(f"{column} = {name}" for column, name in pairs)
        row, documents = claims.row, f"documents by {claims.document}, " if claims.document else ""
        self.stdout.write(f"claims of import {row.pk}: {documents}{columns}")
        if claims.columns:
            self.stdout.write(f"labels of claims: {row.new} new, {row.known} known")
        if claims.claim_columns:
            self.stdout.write(f"claims: {row.claims_new} new, {row.claims_known} known")
        self.stdout.write(f"lines and cells: {row.refused} refused, {row.doubtful} doubtful")
        for remark in claims.remarks:
            place = ", ".join(filter(None, [f"line {remark.line}", messages.column(row.columns, remark.column)]))
            self.stdout.write(f"  {place}: {messages.remark_in_english(remark)}")
        for each in claims.agreement:
            self.stdout.write(f"{each.field}: {each.same} of {each.both} agree with the {each.against}")
            for difference in each.differences:
                self.stdout.write(f"  {difference.name}: {_said(difference.claim)}, not {_said(difference.other)}")

    def _show(self, kind: str, new: int, known: int, refused: Sequence[tuple[str, str]]) -> None:
        self.stdout.write(f"{kind}: {new} new, {known} known, {len(refused)} refused")
        for place, reason in refused:
            self.stdout.write(f"  {place}: {reason}")

    def failed(self, result: BulkImport) -> bool:
        refused = result.claims.row.refused if result.claims else 0
        return bool(result.documents.refused or result.labels.refused or refused)


def _claims(options: Mapping[str, Any]) -> ClaimsFile | None:
    if options["claims"] is None:
        if options["document"] or options["names"] or (options["map"] and options["format"] == JSONL):
            raise Error("--map goes with --claims or --format, --document and --names with --claims.")
        return None
    if options["format"] != JSONL:
        raise Error("Load claims and label files of another format one after the other.")
    return ClaimsFile(
        options["claims"], options["map"], options["document"], EmptyCells(options["empty"]), options["names"]
    )


def _names(options: Mapping[str, Any]) -> dict[str, str]:
    """The fields that are chosen for names in label files."""
    if options["format"] == JSONL:
        return {}
    pairs = [choice.partition("=") for choice in options["map"]]
    if any(not (name and field) for name, _, field in pairs):
        raise Error("--map takes NAME=FIELD.")
    return {name: field for name, _, field in pairs}


def _said(value: str | None) -> str:
    return "nothing" if value is None else repr(value)
