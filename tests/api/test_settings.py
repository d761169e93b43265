"""The rate of calls is read loudly from the environment."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from kdweb import environment


@pytest.mark.parametrize(
    ("text", "rate"), [("", (600, 60)), ("5/s", (5, 1)), ("120/m", (120, 60)), ("1/h", (1, 3600)), ("9/d", (9, 86400))]
)
def test_a_rate_is_a_number_in_a_time(monkeypatch: pytest.MonkeyPatch, text: str, rate: tuple[int, int]) -> None:
    monkeypatch.setenv("KD_API_RATE", text)
    assert environment.rate("KD_API_RATE", "600/m") == rate


@pytest.mark.parametrize("text", ["5", "0/m", "-1/m", "5/week", "/m", "many/s", "5/m/s", "1.5/s"])
def test_anything_else_stops_the_start(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("KD_API_RATE", text)
    with pytest.raises(ImproperlyConfigured, match="KD_API_RATE must be a number in a time"):
        environment.rate("KD_API_RATE", "600/m")
