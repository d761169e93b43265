"""Reader of the bodies of calls."""

from typing import Any

from django.http import HttpRequest
from ninja.parser import Parser

from extraction.domain.notation import texts


class Bodies(Parser):
    """Reads JSON by the rules for callers' texts; ninja tells whatever is raised as a refusal with status 400."""

    def parse_body(self, request: HttpRequest) -> Any:
        return texts.json_value(request.body, texts.THE_BODY)
