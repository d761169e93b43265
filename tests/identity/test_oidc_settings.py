"""The provider as the environment names it: a bad value stops the start with a sentence, and no secret is shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from kdweb import environment

WHOLE = {
    "KD_OIDC_ISSUER": "https://login.example.com/realms/acme",
    "KD_OIDC_CLIENT_ID": "kdweb",
    "KD_OIDC_CLIENT_SECRET": "hidden",
}


@pytest.fixture(autouse=True)
def _whole(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in WHOLE.items():
        monkeypatch.setenv(name, value)


def test_it_is_named_after_its_host_and_hides_its_secret(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    found = environment.oidc()
    assert found is not None
    assert (found.name, found.secret, found.domains, found.claim) == ("login.example.com", "hidden", (), None)
    assert "hidden" not in repr(found)
    file = tmp_path / "secret"
    file.write_text("from a file\n")
    monkeypatch.delenv("KD_OIDC_CLIENT_SECRET")
    monkeypatch.setenv("KD_OIDC_CLIENT_SECRET_FILE", str(file))
    monkeypatch.setenv("KD_OIDC_DOMAINS", "Example.com, @example.org,")
    monkeypatch.setenv("KD_OIDC_CLAIM", "department = finance")
    again = environment.oidc()
    assert again is not None
    assert (again.secret, again.domains) == ("from a file", ("example.com", "example.org"))
    assert again.claim == ("department", "finance")


def test_without_an_issuer_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in WHOLE:
        monkeypatch.delenv(name)
    assert environment.oidc() is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KD_OIDC_ISSUER", ""),
        ("KD_OIDC_ISSUER", "login.example.com"),
        ("KD_OIDC_ISSUER", "http://login.example.com"),
        ("KD_OIDC_ISSUER", "https://name:hidden@login.example.com"),
        ("KD_OIDC_ISSUER", "https://[login"),
        ("KD_OIDC_CLIENT_ID", ""),
        ("KD_OIDC_CLIENT_SECRET", ""),
        ("KD_OIDC_CLAIM", "finance"),
        ("KD_OIDC_DOMAINS", "example"),
    ],
)
def test_what_cannot_be_meant_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured) as refused:
        environment.oidc()
    assert "KD_OIDC" in str(refused.value)
    assert "hidden" not in str(refused.value)
