"""The API: its description, its routes by stage, and its error handlers."""

from extraction.api import errors
from extraction.api.bodies import Bodies
from extraction.api.openapi import Api, Docs
from extraction.api.routes import (
    audit_log,
    automation,
    documents,
    label_files,
    labelling,
    questions,
    reports,
    serving,
    training,
    webhooks,
)
from extraction.api.routes.answering import batches, canaries, escalation, extractions
from extraction.api.routes.auditing import audits, claims, findings
from extraction.api.routes.privacy import forgetting, retention
from extraction.api.routes.projects import tokens
from extraction.api.routes.trust import of_projects, of_reports
from extraction.api.throttling import PerToken

DESCRIPTION = """\
Send documents and get their fields; fill a project, train and promote its models.

Every call needs `Authorization: Bearer TOKEN`, a token of the one project that it is about. Refusals are
`application/problem+json` with one sentence under `detail`. Lists are cut into parts: ask again with `cursor` set to
what came under `next`."""

api = Api(
    title="kdweb",
    version="1",
    description=DESCRIPTION,
    urls_namespace="api",
    docs=Docs(),
    throttle=PerToken(),
    parser=Bodies(),
    openapi_extra={
        "tags": [
            {"name": "extractions", "description": "Files in, fields out."},
            {"name": "documents", "description": "What a project learns from and is measured on."},
            {"name": "labelling", "description": "A teacher gives first labels."},
            {"name": "questions", "description": "Is this one label right?"},
            {"name": "models", "description": "Versions of the student, and which one serves."},
            {"name": "training", "description": "Teaching a new version."},
            {
                "name": "claims",
                "description": "What employees typed, where it does not fit the receipts, and what people decided.",
            },
            {"name": "reports", "description": "How well teacher, student and rules read."},
            {"name": "trust", "description": "Where they fail, how far to trust them, and what has changed."},
            {"name": "webhooks", "description": "Addresses that are told what happens."},
            {
                "name": "tokens",
                "description": "What the token of a call may do, what is used of it, and its replacement.",
            },
            {"name": "audit log", "description": "Who did what, and when."},
            {"name": "exports", "description": "Labels, answers and reports as files."},
        ]
    },
)
ROUTES = (
    documents,
    retention,
    forgetting,
    label_files,
    labelling,
    questions,
    training,
    automation,
    serving,
    extractions,
    batches,
    canaries,
    escalation,
    claims,
    audits,
    findings,
    reports,
    of_reports,
    of_projects,
    webhooks,
    tokens,
    audit_log,
)
for module in ROUTES:
    api.add_router("", module.router)
errors.register(api)
