"""What is compared and kept: canaries, retention and forgetting, and the object store."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Q, Sum
from prometheus_client.core import GaugeMetricFamily, Metric

from extraction.models import Canary, CanaryDocument, Deletion, Forgetting, Project
from extraction.services import object_store


def store() -> Iterator[Metric]:
    """No value without an object store. Needs no database."""
    family = GaugeMetricFamily("kdweb_object_store_up", "Whether the object store answered.", labels=[])
    if object_store.configured():
        family.add_metric([], _answers())
    yield family


def canaries() -> Iterator[Metric]:
    family = GaugeMetricFamily("kdweb_canaries", "Canaries by state.", labels=["state"])
    rows = Canary.objects.values_list("state").annotate(Count("id"), Sum("failures")).order_by("state")
    found = {state: (count, failures) for state, count, failures in rows}
    for state in Canary.State.values:
        family.add_metric([state], found.get(state, (0, 0))[0])
    yield family
    _, failures = found.get(Canary.State.RUNNING.value, (0, 0))
    yield GaugeMetricFamily(
        "kdweb_canary_failures", "Documents on which the candidates of running canaries failed.", failures
    )
    waiting = CanaryDocument.objects.filter(
        canary__state=Canary.State.RUNNING, state=CanaryDocument.State.WAITING
    ).count()
    yield GaugeMetricFamily(
        "kdweb_canary_documents_waiting", "Documents that wait for the other version of a running canary.", waiting
    )


def retention() -> Iterator[Metric]:
    unsettled = Deletion.objects.filter(settled=None).count()
    yield GaugeMetricFamily(
        "kdweb_deletions_unsettled", "Deleted documents whose traces are not erased yet.", unsettled
    )
    family = GaugeMetricFamily("kdweb_forgettings", "What models owe after deletions, by state.", labels=["state"])
    counts = {"all": Count("id"), "failed": Count("id", filter=Q(failures__gt=0))}
    rows = Forgetting.objects.values_list("state").annotate(**counts).order_by("state")
    found = {state: (count, failing) for state, count, failing in rows}
    for state in Forgetting.State.values:
        family.add_metric([state], found.get(state, (0, 0))[0])
    yield family
    _, failing = found.get(Forgetting.State.OWED.value, (0, 0))
    yield GaugeMetricFamily("kdweb_forgettings_failing", "Of the owed ones, those that failed before.", failing)
    yield GaugeMetricFamily(
        "kdweb_projects_held", "Projects under a legal hold.", Project.objects.filter(held=True).count()
    )


def _answers() -> bool:
    try:
        object_store.exists("incoming")
    except object_store.Unavailable:
        return False
    return True
