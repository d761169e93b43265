"""Calling commands as a shell would: JSON on stdout, exit codes, sentences."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from kdweb.environment import BASE_DIR

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


def manage(folder: Path, *arguments: object, **variables: str) -> tuple[int, Any]:
    """A command in another installation: exit code, and its JSON or its sentence."""
    kept = {name: value for name, value in os.environ.items() if name not in ("SECRET_KEY", "DATABASE_URL")}
    done = subprocess.run(
        [sys.executable, BASE_DIR / "manage.py", *map(str, arguments), "--json"],
        env={**kept, "DJANGO_SETTINGS_MODULE": "kdweb.settings", "KD_DATA_DIR": str(folder), **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, json.loads(done.stdout) if done.stdout else done.stderr.strip()
