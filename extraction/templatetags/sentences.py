"""The catalogue of the scripts, which have no other way to it: policy forbids inline code, not data."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from babel.messages.mofile import read_mo
from django import template
from django.conf import settings
from django.utils.html import json_script
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()


@register.simple_tag
def sentences_of_scripts() -> SafeString | str:
    """A JSON element for `sentences.js`: each English sentence with its forms; nothing where pages are in English."""
    found = _catalogue(get_language())
    return json_script(found, "sentences") if found else ""


@cache
def _catalogue(language: str) -> dict[str, list[str]]:
    path = Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES" / "djangojs.mo"
    if not path.is_file():
        return {}
    with path.open("rb") as file:
        return {_forms(message.id)[0]: _forms(message.string) for message in read_mo(file) if message.id}


def _forms(text: str | Sequence[str] | None) -> list[str]:
    """A message of one form is a string in a catalogue."""
    return [text] if isinstance(text, str) else list(text or ())
