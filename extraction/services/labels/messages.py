"""Sentences of this stage for people: the order of day and month in a project's dates, and rows."""

from __future__ import annotations

from django.utils.translation import gettext, ngettext

from extraction.domain.field_types.readers.day_orders import Votes
from extraction.services import figures


def order_found(votes: Votes) -> str:
    """What the project's own dates show."""
    if votes == Votes():
        return gettext("No date of the project tells yet: each could be read both ways, or names its month.")
    if votes.order is None:
        sentence = gettext(
            "The project's dates contradict each other: %(day_first)s can only be read with the day first, "
            "%(month_first)s only with the month first. A document's other dates and its country then decide, "
            "and where these do not tell either, review asks."
        )
        return sentence % {
            "day_first": figures.whole(votes.day_first),
            "month_first": figures.whole(votes.month_first),
        }
    if votes.order == "dmy":
        count = votes.day_first
        sentence = ngettext(
            "Day first, as %(count)s of the project's dates shows.",
            "Day first, as %(count)s of the project's dates show.",
            count,
        )
    else:
        count = votes.month_first
        sentence = ngettext(
            "Month first, as %(count)s of the project's dates shows.",
            "Month first, as %(count)s of the project's dates show.",
            count,
        )
    return sentence % {"count": figures.whole(count)}


def order_saved(labels: int) -> str:
    """`labels` were read by the new order."""
    if not labels:
        return gettext("Saved. No date had to be read again.")
    sentence = ngettext(
        "Saved. %(number)s date is read by it now.", "Saved. %(number)s dates are read by it now.", labels
    )
    return sentence % {"number": figures.whole(labels)}


def rows(count: int) -> str:
    """A group's value where there is no room for its rows."""
    return ngettext("%(count)s row", "%(count)s rows", count) % {"count": figures.whole(count)}
