import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from extraction.domain.json_types import JsonObject
from extraction.management.base import KdCommand, Terminal
from extraction.models import AuditRun
from extraction.services.auditing import jobs, policies
from extraction.services.auditing.findings import listing, sentences
from extraction.services.auditing.findings.listing import Filter
from extraction.services.auditing.findings.totals import Totals, totals
from extraction.services.auditing.runs import runs
from extraction.services.documents.claims import loading, messages
from extraction.services.documents.claims.loading import ClaimsFile, LoadedClaims
from extraction.services.errors import Invalid
from extraction.services.jobs import execution
from extraction.services.projects import projects

SHOWN = 10


@dataclass(frozen=True, slots=True)
class Audited:
    """What a run came to, and what is at risk after it; `repeated` of a run that was compared again, `loaded` of the
    claims that were loaded first."""

    run: AuditRun
    totals: Totals
    repeated: bool | None = None
    loaded: LoadedClaims | None = None

    def to_json(self) -> JsonObject:
        loaded = self.loaded.to_json() if self.loaded else None
        return {**self.run.to_json(), "totals": self.totals.to_json(), "repeated": self.repeated, "loaded": loaded}


class Command(KdCommand[Audited]):
    help = "Compares all claims with their receipts and the policy, and tells what is at risk."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug")
        parser.add_argument("--claims", type=Path, metavar="FILE", help="CSV or XLSX of claims that is loaded first")
        parser.add_argument("--policy", type=Path, metavar="FILE", help="JSON of a policy that is put in force first")
        parser.add_argument(
            "--again", type=int, metavar="RUN", help="compare what an earlier run compared; 1 if it differs"
        )

    def run(self, options: Mapping[str, Any]) -> Audited:
        project = projects.find(options["slug"])
        if options["again"] is not None:
            repeated = runs.is_repeated(project, options["again"], Terminal("Comparing"))
            return Audited(runs.find(project, options["again"]), totals(project), repeated)
        loaded = None
        if options["policy"]:
            policies.save(project, policies.read(_policy(options["policy"])))
        if options["claims"]:
            loaded = loading.load(project, ClaimsFile(options["claims"]), Terminal("Loading"))
        matched = jobs.start_matching(project, send=False)
        execution.run_now(matched, Terminal("Matching"), name="The matching")
        run = runs.start(project, send=False)
        assert run.job is not None  # noqa: S101 – `start` has just made it
        execution.run_now(run.job, Terminal("Auditing"), name="The audit")
        return Audited(runs.find(project, run.pk), totals(project), loaded=loaded)

    def show(self, result: Audited) -> None:
        run, found = result.run, result.totals
        if result.loaded:
            self._show_loaded(result.loaded)
        compared = f"{run.claims} claims, {run.receipts} receipts"
        self.stdout.write(f"run {run.pk}, policy version {run.policy.number}: {compared}")
        if result.repeated is not None:
            self.stdout.write("comes to the same findings" if result.repeated else "comes to other findings")
            return
        self.stdout.write(f"findings: {run.findings}, {run.made} new, {run.doubtful} doubtful")
        self.stdout.write(f"at risk: {found.at_risk:f} {found.currency or run.currency} with {found.claims} claims")
        for part in found.by_check:
            self.stdout.write(f"  {sentences.title(part.name):<40}{part.at_risk:>14f} {found.currency}{part.claims:>8}")
        for row in listing.listing(run.project, Filter())[:SHOWN]:
            why = sentences.sentence(row.as_domain())
            self.stdout.write(f"#{row.pk} {row.expected.normalize() + 0:f} {row.currency}: {why}")

    def _show_loaded(self, loaded: LoadedClaims) -> None:
        row = loaded.row
        self.stdout.write(f"claims: {row.claims_new} new, {row.claims_known} known, {row.refused} lines refused")
        for remark in loaded.remarks:
            place = ", ".join(filter(None, [f"line {remark.line}", messages.column(row.columns, remark.column)]))
            self.stdout.write(f"  {place}: {messages.remark_in_english(remark)}")

    def failed(self, result: Audited) -> bool:
        return result.repeated is False or (result.loaded is not None and result.loaded.row.refused > 0)


def _policy(file: Path) -> Mapping[str, Any]:
    try:
        value = json.loads(file.read_text("utf-8"))
    except ValueError as error:
        raise Invalid(f"{file} is no JSON.") from error
    if not isinstance(value, dict):
        raise Invalid(f"{file} holds no policy.")
    return value
