"""Sentences in the page's language: stored ones, and those of scripts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from babel.messages.mofile import read_mo
from django import template
from django.utils.html import json_script
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from extraction.services import catalogues, sentences

register = template.Library()


@register.filter
def translated(text: str | None) -> str:
    """A sentence or phrase that was written in English, in the language of the page."""
    return sentences.translated(text) if text else ""


@register.simple_tag
def offered_languages() -> list[str]:
    """The codes of the languages that pages speak."""
    return catalogues.offered()


@register.simple_tag
def sentences_of_scripts() -> SafeString | str:
    """A JSON element for `sentences.js` (policy forbids inline code, not data); nothing where pages are in English."""
    found = _catalogue(get_language())
    return json_script(found, "sentences") if found else ""


@cache
def _catalogue(language: str) -> dict[str, list[str]]:
    path = catalogues.path(language, "djangojs")
    if not path.is_file():
        return {}
    with path.open("rb") as file:
        return {_forms(message.id)[0]: _forms(message.string) for message in read_mo(file) if message.id}


def _forms(text: str | Sequence[str] | None) -> list[str]:
    """A message of one form is a string in a catalogue."""
    return [text] if isinstance(text, str) else list(text or ())
