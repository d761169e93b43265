"""The paper's tables in a report: parts of the documents, student beside teacher, and where the numbers come from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extraction.domain.evaluation.tables.agreement import Agreement, Cells
from extraction.domain.evaluation.tables.partitions import Partition, PartScore
from extraction.domain.results.costs import Prices
from extraction.domain.results.provenance import Provenance, Recount
from extraction.domain.results.reports import ReportValue
from extraction.models import Project, Report
from extraction.services.reports import messages as report_messages
from extraction.services.reports.costs import PricedSystem
from extraction.services.reports.tables import messages
from extraction.services.reports.tables.summary import Summary, summary
from extraction.services.reports.verdict import verdicts
from extraction.services.serving import registry
from extraction.web import charts


@dataclass(frozen=True, slots=True)
class ShownSummary:
    """The three answers about the student of that name, and the verdicts on `others`."""

    student: str
    good_enough: list[str]
    saves: list[str]
    fails: list[str]
    others: list[str]


@dataclass(frozen=True, slots=True)
class ShownPart:
    """A line of a table of parts; `scores` in the order of the systems."""

    title: str
    documents: int
    scores: list[PartScore | None]


@dataclass(frozen=True, slots=True)
class ShownPartition:
    """A table of parts; `chart` shows the same."""

    id: str
    title: str
    hint: str
    parts: list[ShownPart]
    chart: charts.IntervalChart


@dataclass(frozen=True, slots=True)
class ShownAgreement:
    agreement: Agreement
    total: Cells
    sentence: str


@dataclass(frozen=True, slots=True)
class Shown:
    """All of a report's tables. `alike` names the respects in which all documents are the same."""

    summary: ShownSummary | None
    names: list[str]
    partitions: list[ShownPartition]
    alike: list[tuple[str, str]]
    agreements: list[ShownAgreement]
    provenance: Provenance | None
    recount: str


def shown(
    project: Project, row: Report, value: ReportValue, priced: list[PricedSystem], prices: Prices | None
) -> Shown:
    serving = registry.serving(project)
    found = summary(value, priced, prices, serving.name if serving else "")
    names = [system.name for system in value.systems]
    partitions = value.tables.partitions if value.tables else ()
    agreements = value.tables.agreements if value.tables else ()
    recount: Recount | None = row.last_recount
    return Shown(
        summary=_summary(value, found) if found else None,
        names=names,
        partitions=[
            _partition(number, each, names) for number, each in enumerate(partitions, 1) if len(each.parts) > 1
        ],
        alike=[
            (messages.of_partition(each), messages.of_part(each.kind, each.parts[0].key))
            for each in partitions
            if len(each.parts) == 1
        ],
        agreements=[ShownAgreement(each, each.total, messages.of_repeated(each)) for each in agreements],
        provenance=row.provenance,
        recount=messages.of_recount(recount) if recount else "",
    )


def _summary(value: ReportValue, found: Summary) -> ShownSummary:
    saved = messages.saves(found.saving)
    others = [report_messages.of_verdict(each) for each in verdicts(value) if each.student != found.student.name]
    return ShownSummary(found.student.name, messages.good_enough(found), saved, messages.fails(found), others)


def _partition(number: int, partition: Partition, names: Sequence[str]) -> ShownPartition:
    title = messages.of_partition(partition)
    parts = [
        ShownPart(
            messages.of_part(partition.kind, part.key), part.documents, [part.systems.get(name) for name in names]
        )
        for part in partition.parts
    ]
    blocks = [
        (
            part.title,
            [
                charts.Measured(f"{part.title}, {name}", score.mean_anls, score.mean_anls_ci95) if score else None
                for name, score in zip(names, part.scores, strict=True)
            ],
        )
        for part in parts
    ]
    id = f"part-{number}"
    chart = charts.block_chart(f"{id}-chart", title, blocks)
    return ShownPartition(id, title, messages.of_partition_hint(partition), parts, chart)
