"""Served over TLS or not: one variable decides, and Django's own checks of a deployment have nothing to say."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from pytest_django.fixtures import Settings

from kdweb import environment
from tests.support import builders

SHOWN = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS")
PROGRAM = f"from kdweb import settings; import json; print(json.dumps([getattr(settings, n) for n in {SHOWN}]))"


def python(folder: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], "KD_DATA_DIR": str(folder), **environ},
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize(
    ("environ", "values"),
    [
        ({}, [False, False, False, 0]),
        ({"SECURE_PROXY_SSL_HEADER": "HTTP_X_FORWARDED_PROTO,https"}, [True, True, True, 31_536_000]),
    ],
    ids=["plain", "proxy"],
)
def test_cookies_go_over_tls_alone_where_a_proxy_ends_it(
    tmp_path: Path, environ: dict[str, str], values: list[object]
) -> None:
    done = python(tmp_path, "-c", PROGRAM, **environ)
    assert json.loads(done.stdout) == values, done.stderr


@pytest.mark.slow
def test_the_checks_of_a_deployment_find_nothing(tmp_path: Path) -> None:
    done = python(
        tmp_path,
        "manage.py",
        "check",
        "--deploy",
        "--tag=security",
        "--fail-level=WARNING",
        SECURE_PROXY_SSL_HEADER="HTTP_X_FORWARDED_PROTO,https",
        ALLOWED_HOSTS="kdweb.example.org",
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("text", ["https", "X-Forwarded-Proto,https", "HTTP_X_FORWARDED_PROTO", "HTTP_X,a,b c"])
def test_a_header_that_cannot_be_one_stops_the_start(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("SECURE_PROXY_SSL_HEADER", text)
    with pytest.raises(ImproperlyConfigured, match=r"HTTP_X_FORWARDED_PROTO,https, not .*\.$"):
        environment.header("SECURE_PROXY_SSL_HEADER")


@pytest.mark.parametrize("text", ["-1", "two", "1.5"])
def test_a_number_of_proxies_that_is_none_stops_the_start(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("KD_PROXIES", text)
    with pytest.raises(ImproperlyConfigured, match=r"KD_PROXIES must be a whole number, not .*\.$"):
        environment.count("KD_PROXIES", 0)


@pytest.mark.django_db
def test_behind_a_proxy_plain_calls_are_sent_to_tls(settings: Settings) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SECURE_SSL_REDIRECT, settings.SECURE_HSTS_SECONDS = True, 60
    builders.user()
    fresh = Client()
    plain = fresh.get("/login/")
    assert (plain.status_code, plain.headers["Location"]) == (301, "https://testserver/login/")
    proxied = fresh.get("/login/", headers={"X-Forwarded-Proto": "https"})
    assert proxied.status_code == 200
    assert proxied.headers["Strict-Transport-Security"] == "max-age=60"
