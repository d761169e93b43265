"""Compiles the catalogues of `locale/` before the first test, as `make setup` does; only where they are older."""

from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE = Path(__file__).resolve().parents[3] / "locale"


def pytest_configure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):
        return
    for source in LOCALE.rglob("*.po"):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        part = target.with_suffix(".part")
        with source.open("rb") as file, part.open("wb") as compiled:
            write_mo(compiled, read_po(file))
        # Another process may be reading it.
        part.replace(target)


def english_messages() -> list[str]:
    """The texts of pages and code that have a translation and no places."""
    with (LOCALE / "de" / "LC_MESSAGES" / "django.po").open("rb") as file:
        return [message.id for message in read_po(file) if isinstance(message.id, str) and message.id]
