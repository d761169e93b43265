"""Webhooks: endpoints of the project, their secrets, and what went to them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from ninja import P, Query, QueryEx, Router, Status

from extraction.api.auth import ApiRequest, Token
from extraction.api.openapi import problems
from extraction.api.pagination import Cursor, Part, page
from extraction.api.routes.parameters import Id, Slug
from extraction.api.schemas.webhooks import (
    DeliveriesOut,
    DeliveryOut,
    DeliveryState,
    RotationIn,
    SecretOut,
    WebhookChangeIn,
    WebhookIn,
    WebhookMadeOut,
    WebhookOut,
    WebhooksOut,
)
from extraction.models import Scope, WebhookDelivery, WebhookEndpoint
from extraction.services.webhooks import endpoints, outbox
from extraction.services.webhooks.endpoints import Settings

State = QueryEx[DeliveryState | None, P(description="Only those in this state.")]

router = Router(tags=["webhooks"])


@router.get(
    "/projects/{slug:slug}/webhooks",
    auth=Token(Scope.MANAGE),
    response={200: WebhooksOut, **problems()},
    operation_id="list_webhooks",
    url_name="webhooks",
    summary="List webhooks",
)
def list_webhooks(request: ApiRequest, slug: Slug, part: Query[Cursor]) -> Part[WebhookEndpoint]:
    """Newest first."""
    return page(endpoints.of_project(request.auth.project), part)


@router.post(
    "/projects/{slug:slug}/webhooks",
    auth=Token(Scope.MANAGE),
    response={201: WebhookMadeOut, **problems(400, 409, 413)},
    operation_id="create_webhook",
    url_name="webhooks",
    summary="Make a webhook",
)
def create_webhook(request: ApiRequest, response: HttpResponse, slug: Slug, body: WebhookIn) -> Status[Any]:
    """The answer holds its secret this one time. Refused (409) where the project has twenty."""
    project = request.auth.project
    request.answers_secret = True
    row, secret = endpoints.create(project, Settings(**body.dict()), actor=request.auth.user)
    response["Location"] = reverse("api:webhook", args=[project.slug, row.pk])
    return Status(201, _with_secret(endpoints.find(project, row.pk), secret))


@router.get(
    "/projects/{slug:slug}/webhooks/{int:id}",
    auth=Token(Scope.MANAGE),
    response={200: WebhookOut, **problems()},
    operation_id="webhook",
    url_name="webhook",
    summary="A webhook",
)
def webhook(request: ApiRequest, slug: Slug, id: Id) -> WebhookEndpoint:
    """How it stands."""
    return endpoints.find(request.auth.project, id)


@router.patch(
    "/projects/{slug:slug}/webhooks/{int:id}",
    auth=Token(Scope.MANAGE),
    response={200: WebhookOut, **problems(400, 413)},
    operation_id="change_webhook",
    url_name="webhook",
    summary="Change a webhook, switch it off or on",
)
def change_webhook(request: ApiRequest, slug: Slug, id: Id, body: WebhookChangeIn) -> WebhookEndpoint:
    """What happens while it is not active is not recorded for it. Switched on again, it is sent what still waits."""
    row = endpoints.find(request.auth.project, id)
    endpoints.change(row, replace(Settings.of(row), **body.dict(exclude_none=True)))
    return endpoints.find(request.auth.project, id)


@router.delete(
    "/projects/{slug:slug}/webhooks/{int:id}",
    auth=Token(Scope.MANAGE),
    response={204: None, **problems()},
    operation_id="delete_webhook",
    url_name="webhook",
    summary="Delete a webhook",
)
def delete_webhook(request: ApiRequest, slug: Slug, id: Id) -> Status[None]:
    """Its log goes too, and what waits is not sent any more."""
    endpoints.delete(endpoints.find(request.auth.project, id))
    return Status(204, None)


@router.post(
    "/projects/{slug:slug}/webhooks/{int:id}/secret",
    auth=Token(Scope.MANAGE),
    response={200: SecretOut, **problems(400, 409, 413)},
    operation_id="rotate_webhook_secret",
    summary="Replace the secret of a webhook",
)
def rotate_webhook_secret(request: ApiRequest, slug: Slug, id: Id, body: RotationIn) -> dict[str, object]:
    """For 24 hours requests have a signature by each of the two secrets."""
    row = endpoints.find(request.auth.project, id)
    request.answers_secret = True
    secret = endpoints.rotate(row, at_once=body.at_once)
    return {"secret": secret, "overlap_ends": row.overlap_ends}


@router.post(
    "/projects/{slug:slug}/webhooks/{int:id}/test",
    auth=Token(Scope.MANAGE),
    response={202: DeliveryOut, **problems(409)},
    operation_id="test_webhook",
    summary="Send a test event",
)
def test_webhook(request: ApiRequest, slug: Slug, id: Id) -> Status[WebhookDelivery]:
    """An event of the kind `webhook.test`. Refused (409) where the webhook is not active."""
    return Status(202, outbox.send_test(endpoints.find(request.auth.project, id)))


@router.get(
    "/projects/{slug:slug}/webhooks/{int:id}/deliveries",
    auth=Token(Scope.MANAGE),
    response={200: DeliveriesOut, **problems()},
    operation_id="list_deliveries",
    summary="What went to a webhook",
)
def list_deliveries(
    request: ApiRequest, slug: Slug, id: Id, part: Query[Cursor], state: State = None
) -> Part[WebhookDelivery]:
    """Newest first; kept for thirty days."""
    rows = endpoints.find(request.auth.project, id).deliveries.all()
    return page(rows.filter(state=state) if state else rows, part)


@router.post(
    "/projects/{slug:slug}/webhooks/{int:id}/deliveries/{int:delivery}/resend",
    auth=Token(Scope.MANAGE),
    response={202: DeliveryOut, **problems(409)},
    operation_id="resend_delivery",
    summary="Send an event again",
)
def resend_delivery(request: ApiRequest, slug: Slug, id: Id, delivery: Id) -> Status[WebhookDelivery]:
    """With all that went in the same request and under the same id. Refused (409) where the webhook is not active."""
    return Status(202, outbox.resend(outbox.find(request.auth.project, delivery, endpoint=id)))


def _with_secret(row: WebhookEndpoint, secret: str) -> dict[str, object]:
    """A row has no place for its secret."""
    names = (name for name in WebhookMadeOut.model_fields if name != "secret")
    return {**{name: getattr(row, name) for name in names}, "secret": secret}
