"""The policy as a form: what people type, and what it makes."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from django.utils.dates import WEEKDAYS
from django.utils.formats import get_format, sanitize_separators
from django.utils.translation import gettext

from extraction.domain.auditing.checks import registry
from extraction.domain.auditing.checks.base import Check
from extraction.domain.auditing.finding import Severity
from extraction.domain.auditing.policy import CheckSetting, Forbidden, Limit, Per, Policy, Tolerance, Unit, effective
from extraction.domain.auditing.rates import Rate
from extraction.domain.errors import gettext_noop
from extraction.services.auditing import policy_wording
from extraction.services.auditing.findings.sentences import title
from extraction.services.errors import Invalid
from extraction.web.numbers import whole

T = TypeVar("T")
NO_NUMBER = gettext_noop("{text!r} is no number.")
NO_LINE = gettext_noop("Line {line} cannot be understood: {text!r}.")
SEVERITIES = {
    Severity.OFF: gettext_noop("is not looked for"),
    Severity.INFO: gettext_noop("is told"),
    Severity.REVIEW: gettext_noop("is to be looked at"),
    Severity.BLOCK: gettext_noop("is not paid before a decision"),
}
# Of any number that is typed, before the point.
DIGITS = 30
LINES = {"limits": 3, "forbidden": 3, "rates": 4, "holidays": 3}


@dataclass(frozen=True, slots=True)
class Piece:
    """Text, or an input with its value as people write it."""

    text: str = ""
    name: str = ""
    value: str = ""
    unit: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class CheckRow:
    """A check in words."""

    name: str
    title: str
    severity: str
    pieces: tuple[Piece, ...]


def rows(policy: Policy, typed: Mapping[str, str]) -> list[CheckRow]:
    """All checks; `typed` are inputs that were refused and are shown again."""
    return [_row(check, policy, typed) for check in registry.known()]


def _row(check: Check, policy: Policy, typed: Mapping[str, str]) -> CheckRow:
    setting = effective(policy, check.name, check.severity, check.tolerances)
    pieces = []
    for part in policy_wording.parts(check):
        if part.tolerance is None:
            pieces.append(Piece(part.text))
            continue
        name = f"{check.name}.{part.tolerance.name}"
        value = typed.get(name, _shown(setting[part.tolerance.name], part.tolerance))
        unit = {Unit.SHARE: "%", Unit.MONEY: policy.base}.get(part.tolerance.unit, "")
        pieces.append(Piece(name=name, value=value, unit=unit, label=f"{title(check.name)}: {part.tolerance.name}"))
    severity = typed.get(f"{check.name}.severity", setting.severity.value)
    return CheckRow(check.name, title(check.name), severity, tuple(pieces))


def texts(policy: Policy) -> dict[str, str]:
    """The other settings as they stand in their inputs."""
    return {
        "base": policy.base,
        "local": policy.local,
        "threshold": _percent(Decimal(str(policy.threshold))),
        "tips": ", ".join(policy.tips),
        "limits": "\n".join(f"{limit.amount} {limit.per.value} {limit.category}".rstrip() for limit in policy.limits),
        "forbidden": "\n".join(_forbidden(kind) for kind in policy.forbidden),
        "holidays": "\n".join(day.isoformat() for day in policy.holidays),
        "rates": "\n".join(
            " ".join(filter(None, (rate.currency, str(rate.value), rate.day.isoformat() if rate.day else "")))
            for rate in policy.rates
        ),
    }


def weekdays(policy: Policy) -> list[tuple[int, str, bool]]:
    """The days of the week, and whether each is of the weekend."""
    return [(number, str(name), number in policy.weekend) for number, name in WEEKDAYS.items()]


def read(before: Policy, typed: Mapping[str, str], weekend: list[str]) -> Policy:
    """The policy of what was typed; settings that did not come stay. Raises `Invalid` with one sentence."""
    checks = {check.name: _setting(check, before, typed) for check in registry.known()}
    given: dict[str, object] = {"weekend": tuple(day for text in weekend if (day := whole(text)) is not None)}
    readers: dict[str, Callable[[str], object]] = {
        "base": lambda text: text.strip().upper(),
        "local": lambda text: text.strip().upper(),
        "threshold": lambda text: float(_number(text) / 100),
        "tips": lambda text: tuple(word.strip() for word in text.split(",") if word.strip()),
        "limits": lambda text: _lines(text, _limit),
        "forbidden": lambda text: _lines(text, _kind),
        "holidays": lambda text: _lines(text, datetime.date.fromisoformat),
        "rates": lambda text: _lines(text, _rate),
    }
    given |= {name: reader(typed[name]) for name, reader in readers.items() if name in typed}
    kept = {name: setting for name, setting in checks.items() if setting is not None}
    return replace(before, checks=kept, **given)  # type: ignore[arg-type]


def _setting(check: Check, before: Policy, typed: Mapping[str, str]) -> CheckSetting | None:
    """`None` where it is as the check itself has it."""
    setting = effective(before, check.name, check.severity, check.tolerances)
    try:
        severity = Severity(typed.get(f"{check.name}.severity", setting.severity.value))
    except ValueError as error:
        raise Invalid(NO_NUMBER, text=typed[f"{check.name}.severity"]) from error
    tolerances = {}
    for tolerance in check.tolerances:
        text = typed.get(f"{check.name}.{tolerance.name}")
        value = setting[tolerance.name] if text is None else _typed(text, tolerance)
        if value != tolerance.default:
            tolerances[tolerance.name] = value
    return CheckSetting(severity, tolerances) if tolerances or severity is not check.severity else None


def _typed(text: str, tolerance: Tolerance) -> Decimal:
    number = _number(text)
    return number / 100 if tolerance.unit is Unit.SHARE else number


def _number(text: str) -> Decimal:
    try:
        found = Decimal(str(sanitize_separators(text.strip())))
    except InvalidOperation as error:
        raise Invalid(NO_NUMBER, text=text) from error
    if not found.is_finite() or found.adjusted() > DIGITS:
        raise Invalid(NO_NUMBER, text=text)
    return found


def _shown(value: Decimal, tolerance: Tolerance) -> str:
    return _percent(value) if tolerance.unit is Unit.SHARE else _written(value)


def _percent(share: Decimal) -> str:
    return _written(share * 100)


def _written(number: Decimal) -> str:
    """As the reader writes it, without grouping: with a point, `0.125` would be read as 125 in German."""
    return f"{number.normalize() + 0:f}".replace(".", get_format("DECIMAL_SEPARATOR"))


def _lines(text: str, reader: Callable[[str], T]) -> tuple[T, ...]:
    return tuple(_each(text, reader))


def _each(text: str, reader: Callable[[str], T]) -> Iterator[T]:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            try:
                yield reader(line.strip())
            except (ValueError, ArithmeticError) as error:
                raise Invalid(NO_LINE, line=number, text=line.strip()) from error


def _decimal(text: str) -> Decimal:
    """With a point, as lines are written, or the reader's sign before the decimals."""
    return Decimal(text if "." in text else text.replace(get_format("DECIMAL_SEPARATOR"), "."))


def _limit(line: str) -> Limit:
    amount, per, *category = line.split(None, 2)
    return Limit(_decimal(amount), Per(per), category[0] if category else "")


def _rate(line: str) -> Rate:
    currency, value, *day = line.split()
    if len(day) > 1:
        raise ValueError
    return Rate(currency.upper(), _decimal(value), datetime.date.fromisoformat(day[0]) if day else None)


def _kind(line: str) -> Forbidden:
    """`kind: word, word; but not: phrase, phrase`, as `_forbidden` writes it."""
    kind, colon, rest = line.partition(":")
    words, _, exceptions = rest.partition(";")
    if not colon or not kind.strip():
        raise ValueError
    return Forbidden(kind.strip(), _words(words), _words(exceptions.partition(":")[2] or exceptions))


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _forbidden(kind: Forbidden) -> str:
    but_not = gettext("but not")
    exceptions = f"; {but_not}: {', '.join(kind.exceptions)}" if kind.exceptions else ""
    return f"{kind.kind}: {', '.join(kind.words)}{exceptions}"
