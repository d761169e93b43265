"""Times in one style, in UTC, which the script `times.js` puts into the browser's time zone."""

from __future__ import annotations

from datetime import UTC, date, datetime

from django import template
from django.contrib.humanize.templatetags.humanize import naturaltime
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

register = template.Library()

NONE = "–"


@register.filter
def moment(value: datetime | None) -> SafeString | str:
    """`28 Nov 2026, 16:46 UTC`."""
    return _element(value, "minute", _minute(value)) if value else NONE


@register.filter
def day(value: datetime | None) -> SafeString | str:
    """`28 Nov 2026`: the day on which it was in the reader's zone."""
    return _element(value, "day", _day(value)) if value else NONE


@register.filter
def printed_day(value: date | None) -> str:
    """`28 Nov 2026`: a day as it is printed on a document or was typed, which is the same in every zone."""
    return date_format(value, pgettext("date", "j M Y")) if value else NONE


@register.filter
def ago(value: datetime | None) -> SafeString | str:
    """`3 minutes ago`; the time itself on pointing at it."""
    return _element(value, "ago", naturaltime(value)) if value else NONE


def _minute(value: datetime) -> str:
    # Translators: a format of Django's filter `date`, like that of the day alone.
    return date_format(value.astimezone(UTC), pgettext("date", "j M Y, H:i")) + " UTC"


def _day(value: datetime) -> str:
    return date_format(value.astimezone(UTC), pgettext("date", "j M Y"))


def _element(value: datetime, style: str, text: str) -> SafeString:
    instant = f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return format_html('<time datetime="{}" data-time="{}" title="{}">{}</time>', instant, style, _minute(value), text)
