"""Which kdweb this is: the version of the package, and the commit where it runs out of a checkout."""

from __future__ import annotations

import subprocess
import tomllib
from functools import lru_cache
from importlib import metadata
from pathlib import Path

from django.conf import settings

UNKNOWN = "unknown"
SECONDS = 5


@lru_cache
def version() -> str:
    """As `pyproject.toml` says in a checkout, else as the installed package does."""
    try:
        project = tomllib.loads((Path(settings.BASE_DIR) / "pyproject.toml").read_text("utf-8"))["project"]
        return str(project["version"])
    except (OSError, KeyError, tomllib.TOMLDecodeError):
        pass
    try:
        return metadata.version("kdweb")
    except metadata.PackageNotFoundError:
        return UNKNOWN


@lru_cache
def commit() -> str:
    """The short hash of the commit that was checked out when it was first asked for; empty without a checkout."""
    if not (Path(settings.BASE_DIR) / ".git").exists():
        return ""
    command = ["git", "-C", str(settings.BASE_DIR), "rev-parse", "--short=12", "HEAD"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=SECONDS)
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()
