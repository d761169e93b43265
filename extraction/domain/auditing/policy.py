"""Policy: what an organisation allows, and how sternly each check is taken."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any, Self

from extraction.domain.auditing.finding import Severity
from extraction.domain.auditing.rates import Rate, Rates
from extraction.domain.json_types import JsonObject


def _texts(value: Any) -> tuple[str, ...]:
    """Of a list of texts; a text alone would be taken for a list of letters. Raises `TypeError`."""
    if not isinstance(value, list | tuple) or not all(isinstance(each, str) for each in value):
        raise TypeError
    return tuple(value)


class Unit(StrEnum):
    """What a tolerance counts."""

    MONEY = "money"  # in the base currency
    SHARE = "share"  # from 0 on; 0.25 is a quarter
    DAYS = "days"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Tolerance:
    """A number that a check takes from the policy: its `default`, and the `least` and `most` that make sense."""

    name: str
    unit: Unit
    default: Decimal
    least: Decimal = Decimal(0)
    most: Decimal = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class CheckSetting:
    """What a policy says about a check; tolerances that it does not name have their defaults."""

    severity: Severity
    tolerances: Mapping[str, Decimal] = field(default_factory=dict)

    def to_json(self) -> JsonObject:
        tolerances = {name: str(value) for name, value in sorted(self.tolerances.items())}
        return {"severity": self.severity.value, "tolerances": tolerances}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        tolerances = {name: Decimal(text) for name, text in value["tolerances"].items()}
        return cls(Severity(value["severity"]), tolerances)


class Per(StrEnum):
    """What a limit is for."""

    CLAIM = "claim"
    DAY = "day"  # all claims of an employee and a day
    ATTENDEE = "attendee"


@dataclass(frozen=True, slots=True)
class Limit:
    """The most that may be claimed in a category (empty: in any), in the base currency."""

    amount: Decimal
    per: Per
    category: str = ""

    def to_json(self) -> JsonObject:
        return {"amount": str(self.amount), "per": self.per.value, "category": self.category}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        return cls(Decimal(value["amount"]), Per(value["per"]), value["category"])


@dataclass(frozen=True, slots=True)
class Forbidden:
    """A kind of article that is not paid for: words or phrases of descriptions, `*` for any letters at either end
    (`*bier`), and phrases in which they do not count (`root beer`)."""

    kind: str
    words: tuple[str, ...]
    exceptions: tuple[str, ...] = ()

    def to_json(self) -> JsonObject:
        return {"kind": self.kind, "words": list(self.words), "exceptions": list(self.exceptions)}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        return cls(value["kind"], _texts(value["words"]), _texts(value["exceptions"]))


# Words for articles that companies forbid most often, in English and German.
ALCOHOL = Forbidden(
    "alcohol",
    (
        *("beer", "beers", "lager", "stout", "ale", "wine", "wines", "whisky", "whiskey", "vodka", "gin", "rum"),
        *("cognac", "brandy", "tequila", "champagne", "prosecco", "cocktail", "cocktails", "liqueur", "sake"),
        *("bier", "*bier", "pils", "pilsner", "wein", "rotwein", "weißwein", "glühwein", "apfelwein", "hauswein"),
        *("sekt", "schnaps", "wodka", "likör", "aperol"),
    ),
    ("root beer", "ginger beer", "ginger ale", "wine vinegar", "alcohol free", "non alcoholic", "alkoholfrei"),
)
TOBACCO = Forbidden("tobacco", ("cigarette", "cigarettes", "cigar", "cigars", "tobacco", "marlboro", "zigarette*"))


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of a policy.

    `checks` holds the settings that differ from the checks' own. `threshold` is the probability (0–1) from which a
    finding is held against a claim, `least` the one below which nothing is said; `violations` the share of claims that
    are expected to be wrong, before anything was compared. `tips` names the categories in which people tip. `weekend`
    counts days from Monday, 0. `local` is the currency of receipts that print none (empty: what most print).
    """

    base: str = "EUR"
    local: str = ""
    checks: Mapping[str, CheckSetting] = field(default_factory=dict)
    threshold: float = 0.5
    least: float = 0.1
    violations: float = 0.05
    tips: tuple[str, ...] = ("meals", "restaurant", "taxi")
    limits: tuple[Limit, ...] = ()
    forbidden: tuple[Forbidden, ...] = (ALCOHOL, TOBACCO)
    weekend: tuple[int, ...] = (5, 6)
    holidays: tuple[datetime.date, ...] = ()
    rates: tuple[Rate, ...] = ()

    def table_of_rates(self) -> Rates:
        """The rates, ready to be looked up."""
        return Rates(self.base, self.rates)

    def to_json(self) -> JsonObject:
        return {
            "base": self.base,
            "local": self.local,
            "checks": {name: setting.to_json() for name, setting in sorted(self.checks.items())},
            "threshold": self.threshold,
            "least": self.least,
            "violations": self.violations,
            "tips": list(self.tips),
            "limits": [limit.to_json() for limit in self.limits],
            "forbidden": [kind.to_json() for kind in self.forbidden],
            "weekend": list(self.weekend),
            "holidays": [day.isoformat() for day in self.holidays],
            "rates": [rate.to_json() for rate in self.rates],
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """What is not named has its default. Raises `KeyError`, `ValueError`, `TypeError` or `ArithmeticError` for
        what is no policy."""
        read: dict[str, Callable[[Any], Any]] = {
            "checks": lambda checks: {name: CheckSetting.from_json(each) for name, each in checks.items()},
            "tips": _texts,
            "limits": lambda limits: tuple(map(Limit.from_json, limits)),
            "forbidden": lambda kinds: tuple(map(Forbidden.from_json, kinds)),
            "weekend": tuple,
            "holidays": lambda days: tuple(map(datetime.date.fromisoformat, days)),
            "rates": lambda rates: tuple(map(Rate.from_json, rates)),
        }
        return cls(**{name: read.get(name, lambda plain: plain)(some) for name, some in value.items()})


class ProblemCode(StrEnum):
    """Why a policy cannot be used, or contradicts itself."""

    UNKNOWN_CHECK = "unknown_check"
    UNKNOWN_TOLERANCE = "unknown_tolerance"
    TOLERANCE_OUT_OF_RANGE = "tolerance_out_of_range"
    UNKNOWN_CURRENCY = "unknown_currency"
    RATE_OF_BASE = "rate_of_base"  # the base currency has a rate other than 1
    RATE_NOT_POSITIVE = "rate_not_positive"
    RATE_TWICE = "rate_twice"  # two rates of one currency and day
    OUT_OF_RANGE = "out_of_range"  # a rate or limit that no amount can be counted with
    LIMIT_NOT_POSITIVE = "limit_not_positive"
    LIMIT_TWICE = "limit_twice"  # two limits of one category for the same
    LIMIT_NEVER_REACHED = "limit_never_reached"  # a narrower limit lies above a wider one
    PROBABILITY_OUT_OF_RANGE = "probability_out_of_range"
    THRESHOLD_BELOW_LEAST = "threshold_below_least"
    EMPTY_WORD = "empty_word"
    WORD_ALLOWED = "word_allowed"  # a forbidden word is an exception as well
    NO_WEEKDAY = "no_weekday"


@dataclass(frozen=True, slots=True)
class Problem:
    """A contradiction; `place` names the setting, `value` what is wrong there."""

    code: ProblemCode
    place: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Effective:
    """A check's setting as it applies: the policy's, else the check's own."""

    severity: Severity
    tolerances: Mapping[str, Decimal]

    def __getitem__(self, name: str) -> Decimal:
        return self.tolerances[name]


def effective(policy: Policy, name: str, severity: Severity, tolerances: Sequence[Tolerance]) -> Effective:
    """The setting of the check of that name, whose own severity and tolerances are given."""
    setting = policy.checks.get(name)
    defaults = {tolerance.name: tolerance.default for tolerance in tolerances}
    return Effective(setting.severity, {**defaults, **setting.tolerances}) if setting else Effective(severity, defaults)
