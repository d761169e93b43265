"""The OpenAPI document: ninja's, with the problems, headers and scopes of every call; and the page to browse it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from extraction.api.auth import Token
from extraction.api.idempotency import HEADER
from extraction.api.schemas.problems import Problem
from extraction.api.throttling import SPENDING
from extraction.problems import MEDIA_TYPE
from extraction.services.auditing.findings.export import FINDING_EXPORTERS
from extraction.services.projects.idempotency import LONGEST_KEY
from extraction.services.reports.export.protocol import Exporter
from extraction.services.reports.export.registry import ANSWER_EXPORTERS, PROJECT_EXPORTERS, REPORT_EXPORTERS
from extraction.services.serving.batches import results

# A piece of the document, as ninja makes it: JSON.
Piece = dict[str, Any]

_SECONDS = {"description": "Seconds to wait.", "schema": {"type": "integer"}, "required": True}
# Status → the headers that its answers carry.
HEADERS: dict[int, Piece] = {
    401: {"WWW-Authenticate": {"description": "`Bearer`.", "schema": {"type": "string"}, "required": True}},
    429: {"Retry-After": _SECONDS},
    503: {"Retry-After": _SECONDS},
}
# Of answers to calls that spend a token's quota.
QUOTA_HEADERS: Piece = {
    "RateLimit-Policy": {
        "description": 'The quota: `"documents";q=1200;qu="documents"`; not there without one. (IETF draft.)',
        "schema": {"type": "string"},
        "required": False,
    },
    "RateLimit": {
        "description": 'What is left of it, and for how many seconds: `"documents";r=1150;t=86400`. (IETF draft.)',
        "schema": {"type": "string"},
        "required": False,
    },
}
DESCRIPTIONS = {
    400: "The request cannot be read.",
    401: "No token, or one that is unknown or revoked.",
    403: "The token lacks the scope, or its person the role.",
    404: "There is no such thing, or it belongs to another project.",
    409: "The project is not in a state that allows this, or the first call with the key is under way.",
    413: "The request's body is too large.",
    422: "Values do not fit, the file cannot be read, or the key was sent with another request.",
    429: "The token has asked for too much, or used up its quota of documents.",
    500: "A fault of the server.",
    503: "Too many files are being read, or wait for a worker.",
}
# Of every call that makes or changes something.
IDEMPOTENCY_KEY: Piece = {
    "in": "header",
    "name": HEADER,
    "required": False,
    "description": "A name for this request, such as a UUID. Sent again with it within 24 hours, the request makes "
    "nothing twice and gets its first answer once more, with the header `Idempotent-Replayed`.",
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": "^[ -~]+$"},
}
# Operation → the exporters whose names `format` takes and whose media types the answer has.
EXPORTERS: Mapping[str, Mapping[str, Exporter[Any]]] = {
    "export_labels": PROJECT_EXPORTERS,
    "export_answers": ANSWER_EXPORTERS,
    "export_report": REPORT_EXPORTERS,
    "export_findings": FINDING_EXPORTERS,
}


def problems(*more: int) -> dict[frozenset[int], type[Problem]]:
    """The problems of every call, and `more`; for a route's `response`."""
    return {frozenset({401, 403, 404, 422, 429, 500, *more}): Problem}


class Description(OpenAPISchema):
    def responses(self, operation: Operation) -> dict[int, Piece]:
        responses = super().responses(operation)
        if "POST" in operation.methods:
            responses.setdefault(409, {"content": dict(responses[422]["content"])})
        for status, response in responses.items():
            response["description"] = DESCRIPTIONS.get(status) or response["description"]
            if status >= 400:
                response["content"] = {MEDIA_TYPE: response["content"]["application/json"]}
            if status in HEADERS:
                response["headers"] = HEADERS[status]
            if operation.operation_id in SPENDING and (status < 300 or status == 429):
                response["headers"] = {**response.get("headers", {}), **QUOTA_HEADERS}
        if exporters := EXPORTERS.get(operation.operation_id or ""):
            media_types = [exporter.media_type.partition(";")[0] for exporter in exporters.values()]
            responses[200]["content"] = {media_type: {} for media_type in media_types}
        if operation.operation_id == "batch_results":
            responses[200]["content"] = {results.MEDIA_TYPE: {}}
        return dict(sorted(responses.items()))

    def operation_parameters(self, operation: Operation) -> list[Piece]:
        # A parameter that is left out is `None` to the view, but nothing in an address can be null.
        parameters = [
            {**parameter, "schema": _without_null(parameter["schema"])}
            for parameter in super().operation_parameters(operation)
        ]
        if exporters := EXPORTERS.get(operation.operation_id or ""):
            [format] = [parameter for parameter in parameters if parameter["name"] == "format"]
            format["schema"]["enum"] = list(exporters)
        return [*parameters, IDEMPOTENCY_KEY] if "POST" in operation.methods else parameters

    def operation_security(self, operation: Operation) -> list[Piece] | None:
        # ninja leaves the scopes out; OpenAPI 3.1 has a place for them in every kind of security.
        security = super().operation_security(operation)
        scopes = [auth.scope.value for auth in operation.auth_callbacks if isinstance(auth, Token) and auth.scope]
        return security and [{name: scopes} for requirement in security for name in requirement]


class Docs(DocsBase):
    """Swagger UI from the installed package; its start is a static file, so that no script stands in the page."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        return render(request, "api_docs.html", {"api": api, "openapi": self.get_openapi_url(api, kwargs)})


class Api(NinjaAPI):
    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: Piece | None = None) -> OpenAPISchema:
        prefix = self.get_root_path(path_params or {}) if path_prefix is None else path_prefix
        return Description(self, prefix)


def _without_null(schema: Piece) -> Piece:
    choices = [choice for choice in schema.get("anyOf", []) if choice != {"type": "null"}]
    if len(choices) != 1:
        return schema
    kept = {key: value for key, value in schema.items() if key not in ("anyOf", "default")}
    return {**kept, **choices[0]}
