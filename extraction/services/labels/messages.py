"""Sentences of this stage for people: the order of day and month in a project's dates."""

from extraction.domain.field_types.readers.day_orders import Votes


def order_found(votes: Votes) -> str:
    """What the project's own dates show."""
    if votes == Votes():
        return "No date of the project tells yet: each could be read both ways, or names its month."
    if votes.order is None:
        return (
            f"The project's dates contradict each other: {votes.day_first} can only be read with the day first, "
            f"{votes.month_first} only with the month first. A document's other dates and its country then decide, "
            "and where these do not tell either, review asks."
        )
    first, count = ("Day", votes.day_first) if votes.order == "dmy" else ("Month", votes.month_first)
    return f"{first} first, as {count} of the project's dates {'shows' if count == 1 else 'show'}."


def order_saved(labels: int) -> str:
    """`labels` were read by the new order."""
    if not labels:
        return "Saved. No date had to be read again."
    return f"Saved. {labels} date{'s are' if labels > 1 else ' is'} read by it now."
