"""Usage of tokens by month, and their quotas of documents."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.db.models import F, QuerySet
from django.utils import timezone

from extraction.models import ApiToken, TokenUsage
from extraction.services.errors import Later


class QuotaReached(Later):
    """The token may send no more documents until the next month."""

    status = 429


@dataclass(frozen=True, slots=True)
class Usage:
    """What a token was used for in the present month; `quota`: documents at most, `None`: any number."""

    calls: int
    documents: int
    quota: int | None
    resets: datetime

    @property
    def left(self) -> int | None:
        """Documents that it may still send; `None`: any number. Uploads may pass a quota, so it ends at 0."""
        return None if self.quota is None else max(0, self.quota - self.documents)

    @property
    def seconds(self) -> int:
        """Until the next month, at least one."""
        return max(1, round((self.resets - timezone.now()).total_seconds()))


def of(token: ApiToken) -> Usage:
    """One query. Of rows of `tokens.of_project`, which know their numbers, use `counted`."""
    calls, documents = _present(token).values_list("calls", "documents").first() or (0, 0)
    return Usage(calls, documents, token.quota, _next_month())


def counted(token: ApiToken) -> Usage:
    """Of a row of `tokens.of_project`."""
    return Usage(token.calls, token.documents, token.quota, _next_month())


def month() -> date:
    """The first day of the present month, by UTC."""
    return timezone.now().astimezone(UTC).date().replace(day=1)


def count_call(token: ApiToken) -> None:
    if not _present(token).update(calls=F("calls") + 1):
        begin_month(token)
        _present(token).update(calls=F("calls") + 1)


def begin_month(token: ApiToken) -> None:
    """The row of the present month, which counts from 0."""
    TokenUsage.objects.get_or_create(token=token, month=month())


@contextmanager
def spending(token: ApiToken | None, documents: int) -> Iterator[None]:
    """Around work on so many documents that a token sent: they count unless the work is refused.

    Whoever has no token may send any number. Raises `QuotaReached`, and then nothing was counted.
    """
    if token is None:
        yield
        return
    counted = month()
    _spend(token, documents)
    try:
        yield
    except BaseException:
        TokenUsage.objects.filter(token=token, month=counted).update(documents=F("documents") - documents)
        raise


def check(token: ApiToken) -> None:
    """Raises `QuotaReached` where no document is left; for work whose number is known at its end (`add`)."""
    if of(token).left == 0:
        raise _reached(token)


def add(token: ApiToken, documents: int) -> None:
    """Count documents, beyond the quota too."""
    if documents and not _present(token).update(documents=F("documents") + documents):
        begin_month(token)
        _present(token).update(documents=F("documents") + documents)


def _spend(token: ApiToken, documents: int) -> None:
    if token.quota is None:
        add(token, documents)
        return
    begin_month(token)
    # One statement: of calls at once no two take the last document.
    left = _present(token).filter(documents__lte=token.quota - documents)
    if documents > token.quota or not left.update(documents=F("documents") + documents):
        raise _reached(token)


def _present(token: ApiToken) -> QuerySet[TokenUsage]:
    return TokenUsage.objects.filter(token=token, month=month())


def _next_month() -> datetime:
    first = month()
    return datetime(first.year + first.month // 12, first.month % 12 + 1, 1, tzinfo=UTC)


def _reached(token: ApiToken) -> QuotaReached:
    usage = of(token)
    return QuotaReached(
        f"This token may send {usage.quota} documents a month and has sent {usage.documents}; it may go on "
        f"on {usage.resets:%d %B %Y}.",
        usage.seconds,
    )
