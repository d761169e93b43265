"""Times in one style, in UTC, which the script `times.js` puts into the browser's time zone."""

from __future__ import annotations

from datetime import UTC, datetime

from django import template
from django.contrib.humanize.templatetags.humanize import naturaltime
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

NONE = "–"
MINUTE, DAY = "j M Y, H:i", "j M Y"


@register.filter
def moment(value: datetime | None) -> SafeString | str:
    """`28 Nov 2026, 16:46 UTC`."""
    return _element(value, "minute", f"{_written(value, MINUTE)} UTC") if value else NONE


@register.filter
def day(value: datetime | None) -> SafeString | str:
    """`28 Nov 2026`: the day on which it was in the reader's zone."""
    return _element(value, "day", _written(value, DAY)) if value else NONE


@register.filter
def ago(value: datetime | None) -> SafeString | str:
    """`3 minutes ago`; the time itself on pointing at it."""
    return _element(value, "ago", naturaltime(value)) if value else NONE


def _written(value: datetime, style: str) -> str:
    return date_format(value.astimezone(UTC), style)


def _element(value: datetime, style: str, text: str) -> SafeString:
    instant = value.astimezone(UTC)
    title = f"{_written(value, MINUTE)} UTC"
    return format_html(
        '<time datetime="{}" data-time="{}" title="{}">{}</time>', f"{instant:%Y-%m-%dT%H:%M:%SZ}", style, title, text
    )
