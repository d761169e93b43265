"""What is there: documents, what teachers cost, and webhooks."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily, Metric

from extraction.domain.escalation.pacing import month_start
from extraction.models import Document, Escalation, LabelRun, TeacherCall, WebhookDelivery, WebhookEndpoint
from extraction.services.operation.metrics.recent import an_hour_ago, newest


def documents() -> Iterator[Metric]:
    labels = ["state", "review", "source"]
    family = GaugeMetricFamily(
        "kdweb_documents", "Documents by reading, review and the best source of their labels.", labels=labels
    )
    for state, review, source, count in Document.objects.values_list(*labels).annotate(Count("id")).order_by(*labels):
        family.add_metric([state, review, source or "none"], count)
    yield family


def teacher() -> Iterator[Metric]:
    sums = LabelRun.objects.aggregate(usd=Sum("usd"), input=Sum("input_tokens"), output=Sum("output_tokens"))
    yield GaugeMetricFamily(
        "kdweb_teacher_usd", "Dollars that teachers' answers cost, of the projects there are.", float(sums["usd"] or 0)
    )
    tokens = GaugeMetricFamily("kdweb_teacher_tokens", "Tokens of these answers.", labels=["direction"])
    for direction in ("input", "output"):
        tokens.add_metric([direction], sums[direction] or 0)
    yield tokens
    calls = TeacherCall.objects.filter(created__gte=month_start(timezone.now()))
    spent = calls.aggregate(sum=Sum(Coalesce("usd", "reserved_usd")))["sum"]
    yield GaugeMetricFamily(
        "kdweb_escalation_month_usd",
        "Dollars of escalation in this month (UTC), reserved ones too.",
        float(spent or 0),
    )
    budget = Escalation.objects.filter(active=True).aggregate(sum=Sum("monthly_usd"))["sum"]
    yield GaugeMetricFamily(
        "kdweb_escalation_month_budget_usd", "Dollars that projects allow in a month.", float(budget or 0)
    )


def webhooks() -> Iterator[Metric]:
    waiting = WebhookDelivery.objects.filter(
        endpoint__in=WebhookEndpoint.objects.values("pk"), state=WebhookDelivery.State.WAITING
    )
    yield GaugeMetricFamily("kdweb_webhook_deliveries_waiting", "Events that wait for a webhook.", waiting.count())
    attempted = GaugeMetricFamily(
        "kdweb_webhook_deliveries", "Events that were last tried in the last hour.", labels=["state", "outcome"]
    )
    rows = newest(WebhookDelivery).filter(attempted__gte=an_hour_ago()).values_list("state", "outcome")
    for state, outcome, count in rows.annotate(Count("id")).order_by("state", "outcome"):
        attempted.add_metric([state, outcome or "none"], count)
    yield attempted
