"""Compiled catalogues of `locale/`: the sentences of pages and scripts in other languages than English."""

from pathlib import Path

from django.conf import settings

DOMAINS = ("django", "djangojs")


def path(language: str, domain: str) -> Path:
    """The file of one domain, which need not be there."""
    return Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES" / f"{domain}.mo"


def compiled(language: str) -> bool:
    """Whether pages can speak the language: `make setup` compiles what a checkout has as texts alone."""
    return language == settings.LANGUAGE_CODE or all(path(language, domain).is_file() for domain in DOMAINS)


def offered() -> list[str]:
    """The codes of the languages that pages speak."""
    return [code for code, _ in settings.LANGUAGES if compiled(code)]
