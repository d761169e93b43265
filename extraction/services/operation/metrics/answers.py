"""What callers were answered: extractions, their time, confidence and drift, escalations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db.models import Count, FloatField, Sum
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from prometheus_client.core import GaugeHistogramMetricFamily, GaugeMetricFamily, Metric

from extraction.models import DriftCheck, Extraction, ModelVersion
from extraction.services.operation.metrics.recent import an_hour_ago, newest

STEPS = ("ingest", "ocr", "student", "total")
# Answers that confidences are taken of.
ANSWERS = 200
BOUNDS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 1.0)


def extractions() -> Iterator[Metric]:
    by_state = GaugeMetricFamily("kdweb_extractions", "Files for extraction of the last hour.", labels=["state"])
    by_outcome = GaugeMetricFamily(
        "kdweb_escalations", "Answers of the last hour by whether the teacher read the file, too.", labels=["outcome"]
    )
    states, outcomes, pages = dict.fromkeys(Extraction.State, 0), defaultdict[str, int](int), 0
    seconds = dict.fromkeys(STEPS, 0.0)
    sums = {f"sum_{step}": Sum(Cast(KT(f"timing_ms__{step}"), FloatField())) for step in STEPS}
    recent = Extraction.objects.filter(created__gte=an_hour_ago()).values("state", "escalated")
    rows: Iterable[Mapping[str, Any]] = recent.annotate(count=Count("id"), sum_pages=Sum("pages"), **sums).order_by()
    for row in rows:
        states[Extraction.State(row["state"])] += row["count"]
        pages += row["sum_pages"] or 0
        if row["state"] == Extraction.State.DONE:
            outcomes[row["escalated"]] += row["count"]
        for step in STEPS:
            seconds[step] += (row[f"sum_{step}"] or 0) / 1000
    for state, count in states.items():
        by_state.add_metric([state], count)
    for outcome, count in sorted(outcomes.items()):
        by_outcome.add_metric([outcome], count)
    by_step = GaugeMetricFamily("kdweb_extraction_seconds", "Seconds of their steps, together.", labels=["step"])
    for step, sum in seconds.items():
        by_step.add_metric([step], sum)
    yield from (by_state, by_outcome, by_step)
    yield GaugeMetricFamily("kdweb_extraction_pages", "Their pages.", pages)


def confidences() -> Iterator[Metric]:
    """Of the newest answers, by field and document; and by serving model beside what validation promised."""
    models: dict[int, list[float]] = defaultdict(list)
    done: Iterable[tuple[Any, ...]] = (
        newest(Extraction, ANSWERS).filter(state=Extraction.State.DONE).values_list("model_id", "fields")
    )
    for model, fields in done:
        models[model] += _confidences(fields)
    values = [value for held in models.values() for value in held]
    buckets = [(f"{bound:g}", sum(value <= bound for value in values)) for bound in BOUNDS]
    yield GaugeHistogramMetricFamily(
        "kdweb_answer_confidence",
        f"Confidences of fields in the newest {ANSWERS} answers.",
        buckets=[*buckets, ("+Inf", len(values))],
        gsum_value=sum(values),
    )
    mean = GaugeMetricFamily(
        "kdweb_model_confidence", "Mean confidence in the newest answers of a serving model.", labels=["model"]
    )
    accuracy = GaugeMetricFamily(
        "kdweb_model_validation_accuracy",
        "Share of right values on its validation documents, which a calibrated confidence equals.",
        labels=["model"],
    )
    serving = ModelVersion.objects.filter(pk__in=models, stage=ModelVersion.Stage.PRODUCTION)
    promised: Iterable[tuple[Any, ...]] = serving.values_list("pk", "run__validation")
    for model, validation in promised:
        if validation and (held := models[model]):
            mean.add_metric([str(model)], sum(held) / len(held))
            accuracy.add_metric([str(model)], _accuracy(validation))
    yield from (mean, accuracy)


def drift() -> Iterator[Metric]:
    """By serving model that was compared."""
    family = GaugeMetricFamily(
        "kdweb_drift_aspects",
        "Aspects in which what comes in differs from what a serving model learned from.",
        labels=["model"],
    )
    for found in DriftCheck.objects.filter(model__stage=ModelVersion.Stage.PRODUCTION):
        if (value := found.as_domain()) is not None and value.known:
            family.add_metric([str(found.model_id)], len(value.drifted))
    yield family


def _confidences(fields: Mapping[str, Mapping[str, Any]] | None) -> list[float]:
    """Of flat fields: validation has other figures for groups."""
    values = [answer.get("confidence") for answer in (fields or {}).values() if "rows" not in answer]
    return [value for value in values if value is not None]


def _accuracy(validation: Mapping[str, Any]) -> float:
    shares = [score["normalized_exact"] for score in validation["fields"].values()]
    return sum(shares) / len(shares) if shares else 0.0
