"""The tables of a report as rows, a figure each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from extraction.domain.evaluation.bootstrap import Interval
from extraction.domain.evaluation.line_items import FIGURES
from extraction.domain.evaluation.scoring import PairedDifference
from extraction.domain.evaluation.tables.agreement import Agreement
from extraction.domain.evaluation.tables.partitions import Partition
from extraction.domain.results.costs import Prices
from extraction.domain.results.reports import ReportValue
from extraction.services.reports.costs import PricedSystem

Cells = list[object]
NONE: tuple[None, None] = (None, None)


def rows(value: ReportValue, systems: Sequence[PricedSystem], prices: Prices | None) -> Iterator[Cells]:
    """Table, part, documents, system, figure, value, and the bounds of its 95 % interval."""
    for priced in systems:
        for head, figure, bounds in _figures(priced, prices):
            yield ["systems", head, priced.system.scores.documents, priced.system.name, *figure, *(bounds or NONE)]
    for pair in value.differences:
        yield from _difference(pair)
    if value.tables:
        for partition in value.tables.partitions:
            yield from _partition(partition)
        for agreement in value.tables.agreements:
            yield from _agreement(agreement)


Figure = tuple[str, tuple[str, object], Interval | None]


def _figures(priced: PricedSystem, prices: Prices | None) -> Iterator[Figure]:
    """Of a system: the field or group it is of (empty: all), name and value, interval."""
    system, scores = priced.system, priced.system.scores
    yield "", ("mean_anls", scores.mean_anls), scores.mean_anls_ci95
    yield "", ("all_fields", scores.all_fields), scores.all_fields_ci95
    for name, score in scores.fields.items():
        yield name, ("anls", score.anls), score.anls_ci95
        yield name, ("exact", score.exact), score.exact_ci95
        yield name, ("normalized_exact", score.normalized_exact), score.normalized_exact_ci95
    for name, group in scores.groups.items():
        for figure in FIGURES:
            yield name, (figure, group.figure(figure).value), group.figure(figure).ci95
    yield "", ("documents_per_second", system.documents_per_second), None
    if system.facts:
        timing = system.facts.timing
        yield "", ("p50_ms", timing and timing.p50_ms), None
        yield "", ("p95_ms", timing and timing.p95_ms), None
        yield "", ("refusals", system.facts.refusals), None
        yield "", ("malformed", system.facts.malformed), None
    if (cost := priced.cost) and prices:
        for name in ("reading", "escalation", "labelling", "review", "training", "total"):
            yield "", (f"usd_{name}", round(getattr(cost, name), 2)), None
        yield "", ("usd_a_document", round(cost.of_document(prices.documents_a_year), 6)), None


def _difference(pair: PairedDifference) -> Iterator[Cells]:
    head: Cells = ["differences", "", pair.documents, f"{pair.left} - {pair.right}"]
    yield [*head, "mean_anls", pair.mean_anls, *pair.mean_anls_ci95]
    yield [*head, "mean_anls_p", pair.mean_anls_p, *NONE]
    yield [*head, "all_fields", pair.all_fields, *pair.all_fields_ci95]
    yield [*head, "all_fields_p", pair.all_fields_p, *NONE]


def _partition(partition: Partition) -> Iterator[Cells]:
    """The part of a partition by a student's training has its name before it."""
    for part in partition.parts:
        key = f"{partition.of}:{part.key}" if partition.of else part.key
        for name, score in part.systems.items():
            head: Cells = [partition.kind.value, key, part.documents, name]
            yield [*head, "mean_anls", score.mean_anls, *score.mean_anls_ci95]
            yield [*head, "all_fields", score.all_fields, *score.all_fields_ci95]
            for field, anls in score.fields.items():
                yield [*head, f"anls:{field}", anls, *NONE]


def _agreement(agreement: Agreement) -> Iterator[Cells]:
    pair = f"{agreement.student} beside {agreement.teacher}"
    yield ["agreement", "", None, pair, "anls", agreement.anls, *(agreement.anls_ci95 or NONE)]
    for name, cells in agreement.fields.items():
        for figure, number in cells.to_json().items():
            yield ["agreement", name, cells.count, pair, figure, number, *NONE]
    if repeated := agreement.repeated:
        yield ["agreement", "", repeated.count, pair, "repeated", repeated.share, *repeated.ci95]
        yield ["agreement", "", repeated.count, pair, "repeated_by_chance", agreement.expected, *NONE]
