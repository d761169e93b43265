from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.core.management.base import CommandParser

from extraction.domain.json_types import JsonObject
from extraction.management.base import Error, KdCommand
from extraction.models import WebhookDelivery, WebhookEndpoint
from extraction.services.projects import projects
from extraction.services.webhooks import endpoints, outbox
from extraction.services.webhooks.endpoints import Settings
from extraction.services.webhooks.events import registry

LOGGED = 20


@dataclass(frozen=True, slots=True)
class Webhooks:
    """The webhooks of a project, with the secret of a new one and the newest deliveries where they were asked for."""

    endpoints: Sequence[WebhookEndpoint]
    added: int | None
    secret: str | None
    deliveries: Sequence[WebhookDelivery] | None

    def to_json(self) -> JsonObject:
        return {
            "webhooks": [_endpoint(row) for row in self.endpoints],
            "added": self.added,
            "secret": self.secret,
            "deliveries": [_delivery(row) for row in self.deliveries or ()],
        }


class Command(KdCommand[Webhooks]):
    help = "Lists the webhooks of a project, adds one, shows what was delivered, and sends events again."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug")
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--add", metavar="URL", help="a webhook at this address; prints its secret this one time")
        what.add_argument("--log", type=int, metavar="ID", help=f"the newest {LOGGED} deliveries of a webhook")
        what.add_argument("--resend", type=int, metavar="ID", help="send a delivery again, by its number in the log")
        what.add_argument("--rotate", type=int, metavar="ID", help="replace the secret of a webhook, and print it")
        what.add_argument("--on", type=int, metavar="ID", help="switch a webhook on")
        what.add_argument("--off", type=int, metavar="ID", help="switch a webhook off")
        what.add_argument("--delete", type=int, metavar="ID", help="delete a webhook with its log")
        parser.add_argument("--kind", action="append", help="for --add, may be repeated; without it, all kinds")
        parser.add_argument(
            "--every", type=int, default=0, metavar="SECONDS", help="for --add: at most so often, lists"
        )

    def run(self, options: Mapping[str, Any]) -> Webhooks:
        project = projects.find(options["slug"])
        if options["add"] is None and (options["kind"] or options["every"]):
            raise Error("--kind and --every go with --add.")
        added, secret = None, None
        deliveries: list[WebhookDelivery] | None = None
        named = {name: options[name] for name in ("rotate", "on", "off", "delete", "log") if options[name] is not None}
        if options["add"] is not None:
            kinds = options["kind"] or [kind.name for kind in registry.choices()]
            row, secret = endpoints.create(project, Settings(options["add"], kinds, options["every"]))
            added = row.pk
        elif options["resend"] is not None:
            deliveries = [outbox.resend(outbox.find(project, options["resend"]))]
        for name, pk in named.items():
            row = endpoints.find(project, pk)
            match name:
                case "rotate":
                    secret = endpoints.rotate(row)
                case "on" | "off":
                    endpoints.change(row, replace(Settings.of(row), active=name == "on"))
                case "delete":
                    endpoints.delete(row)
                case "log":
                    deliveries = list(row.deliveries.all()[:LOGGED])
        return Webhooks(list(endpoints.of_project(project)), added, secret, deliveries)

    def show(self, result: Webhooks) -> None:
        if result.secret is not None:
            self.stdout.write(result.secret)
            self.stderr.write("Requests are signed with this secret; it is not shown again.")
            return
        if result.deliveries is not None:
            if not result.deliveries:
                self.stdout.write("Nothing went to it in the last thirty days.")
            for row in result.deliveries:
                self.stdout.write(
                    f"{row.pk:>8}  {row.created:%Y-%m-%d %H:%M:%S}  {row.kind:<20} {row.state:<10} "
                    f"{row.attempts:>3} {row.status or row.outcome or '-'}"
                )
            return
        if not result.endpoints:
            self.stdout.write("The project has no webhooks.")
        for endpoint in result.endpoints:
            pause = f", every {endpoint.every_seconds} s" if endpoint.every_seconds else ""
            self.stdout.write(
                f"{endpoint.pk:>8}  {endpoint.state:<8} {endpoint.url}  ({', '.join(endpoint.kinds)}{pause})"
            )


def _endpoint(row: WebhookEndpoint) -> JsonObject:
    return {
        "id": row.pk,
        "url": row.url,
        "kinds": row.kinds,
        "every_seconds": row.every_seconds,
        "state": row.state,
        "failures": row.failures,
    }


def _delivery(row: WebhookDelivery) -> JsonObject:
    return {
        "id": row.pk,
        "webhook": row.endpoint_id,
        "type": row.kind,
        "state": row.state,
        "attempts": row.attempts,
        "outcome": row.outcome or None,
        "status": row.status,
        "created": row.created.isoformat(),
    }
