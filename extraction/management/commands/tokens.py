from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.management.base import CommandParser

from extraction.domain.json_types import JsonObject
from extraction.management.base import KdCommand
from extraction.models import ApiToken
from extraction.services.projects import projects, token_usage, tokens


@dataclass(frozen=True, slots=True)
class Tokens:
    """Those of a project that are not revoked, newest first, with what they were used for this month."""

    tokens: Sequence[ApiToken]

    def to_json(self) -> JsonObject:
        return {"tokens": [_token(row) for row in self.tokens]}


class Command(KdCommand[Tokens]):
    help = "Lists the tokens of a project: scopes, last use, what is used of a quota this month, and overlap."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug")

    def run(self, options: Mapping[str, Any]) -> Tokens:
        return Tokens(list(tokens.of_project(projects.find(options["slug"]))))

    def show(self, result: Tokens) -> None:
        if not result.tokens:
            self.stdout.write("The project has no tokens.")
        for row in result.tokens:
            usage = token_usage.counted(row)
            used = "never used" if row.last_used is None else f"last used {row.last_used:%Y-%m-%d %H:%M}"
            quota = "" if usage.quota is None else f" of {usage.quota}"
            self.stdout.write(
                f"{row.prefix}  {row.name} ({row.user.username})  {', '.join(row.scopes)}  {used}; "
                f"{usage.documents}{quota} documents, {usage.calls} calls this month"
            )
            if row.has_overlap and row.replaced_until:
                self.stdout.write(f"    the one before it counts until {row.replaced_until:%Y-%m-%d %H:%M}")


def _token(row: ApiToken) -> JsonObject:
    usage = token_usage.counted(row)
    return {
        "prefix": row.prefix,
        "name": row.name,
        "user": row.user.username,
        "scopes": row.scopes,
        "created": row.created.isoformat(),
        "last_used": row.last_used.isoformat() if row.last_used else None,
        "overlap_ends": row.replaced_until.isoformat() if row.has_overlap and row.replaced_until else None,
        "month": {
            "calls": usage.calls,
            "documents": usage.documents,
            "quota": usage.quota,
            "left": usage.left,
            "resets": usage.resets.isoformat(),
        },
    }
