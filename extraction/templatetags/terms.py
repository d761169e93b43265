"""Explanations of terms where they stand: `{% term "ANLS" %}`, or `as` a variable inside of a translated sentence."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import cast

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from extraction.services.operation import handbook

register = template.Library()


@register.simple_tag(takes_context=True)
def term(context: Context, name: str) -> SafeString:
    """A button that opens the glossary's text. Raises `KeyError` for a term that the glossary lacks."""
    found = handbook.term(name.lower(), get_language())
    # Counted over the whole page, parts that it includes among them.
    shared = cast(MutableMapping[str, int], context.render_context.dicts[0])
    shared["terms"] = shared.get("terms", 0) + 1
    # Markdown of the glossary, in which HTML is text.
    explained = {"term": found, "html": mark_safe(found.html), "id": f"{found.anchor}-{shared['terms']}"}  # noqa: S308
    return render_to_string("includes/_term.html", explained)
