"""Settings of a student kind: their declaration, and the check of what people write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extraction.domain.errors import gettext_noop
from extraction.domain.learning.training import Settings, SettingValue
from extraction.engines.student.errors import ConfigError

_NOUNS = {int: gettext_noop("whole number"), float: gettext_noop("number"), str: gettext_noop("text")}


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting: its default, whose type all values have, its range (`None`: any text), its meaning for people."""

    name: str
    default: SettingValue
    low: float | None
    high: float | None
    meaning: str


def check_range(setting: Setting, value: SettingValue, high: float | None = None) -> None:
    """Raises `ConfigError` for a number out of the setting's range; `high` takes the place of its upper end."""
    low, high = setting.low, setting.high if high is None else high
    if isinstance(value, str) or low is None or high is None:
        return
    if not low <= value <= high:
        raise ConfigError(
            gettext_noop("The training setting {name!r} must lie between {low} and {high}."),
            name=setting.name,
            low=low,
            high=high,
        )


def parse(known: Sequence[Setting], given: Settings) -> dict[str, SettingValue]:
    """What is given of the known settings, each with the type of its default; ranges are left to `check_range`.

    Raises `ConfigError` for unknown names and wrong types.
    """
    by_name = {setting.name: setting for setting in known}
    for name in given:
        if name not in by_name:
            raise ConfigError(
                gettext_noop("The training setting {name!r} is unknown; known are {known}."),
                name=name,
                known=", ".join(by_name),
            )
    return {name: _parsed(by_name[name], value) for name, value in given.items()}


def _parsed(setting: Setting, value: SettingValue) -> SettingValue:
    kind: type[int] | type[float] | type[str] = type(setting.default)
    if isinstance(value, bool) or not isinstance(value, (int, float) if kind is float else kind):
        raise ConfigError(
            gettext_noop("The training setting {name!r} must be a {noun!s}, not {value!r}."),
            name=setting.name,
            noun=_NOUNS[kind],
            value=value,
        )
    if isinstance(value, str) and not value.isprintable():
        raise ConfigError(
            gettext_noop("The training setting {name!r} must be printable text on one line."), name=setting.name
        )
    return kind(value)
