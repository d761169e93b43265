"""Calling commands as a shell would: JSON on stdout, exit codes, sentences."""

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command

Command = Callable[..., tuple[int, Any]]


@pytest.fixture
def command() -> Command:
    """Exit code, and the JSON that the command printed or the sentence it refused with."""

    def call(*arguments: object) -> tuple[int, Any]:
        out = io.StringIO()
        code = 0
        try:
            call_command(*map(str, arguments), "--json", stdout=out)
        except CommandError as refusal:
            return refusal.returncode, str(refusal)
        except SystemExit as ended:
            code = int(ended.code or 0)
        return code, json.loads(out.getvalue())

    return call
