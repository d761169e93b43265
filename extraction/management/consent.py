"""Consent of whoever runs a command to what leaves this machine."""

import sys

from extraction.services.errors import Invalid
from extraction.services.teaching.estimates import Consent


def agreed(consent: Consent | None, *, yes: bool) -> str:
    """The provider that somebody agreed to (`yes`), empty where that is not needed. Asks on a terminal.

    Raises `Invalid` where nobody can be asked, or disagrees.
    """
    if consent is None:
        return ""
    if not yes:
        _ask(consent.sentence)
    return consent.provider


def _ask(sentence: str) -> None:
    if not sys.stdin.isatty():
        raise Invalid(f"{sentence} Add --yes to agree.")
    sys.stderr.write(f"{sentence} Go on? [y/N] ")
    sys.stderr.flush()
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise Invalid("Nothing was sent.")
