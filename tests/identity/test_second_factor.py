"""Codes of an app: set up, asked for at the login, counted once, guessed in vain, required, and taken off."""

from __future__ import annotations

import time
from html import unescape
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings as django_settings
from django.contrib.auth.hashers import make_password
from django.http import HttpResponse
from django.test import Client
from pytest_django.fixtures import Settings

from extraction.models import AuditEntry, User
from extraction.services.identity import second_factor
from tests.support import builders
from tests.support.commands import Command

pytestmark = pytest.mark.django_db
PASSWORD = "a good long password"
LIMIT = django_settings.AXES_FAILURE_LIMIT
PAGE = "/second-factor/"


@pytest.fixture
def rita() -> User:
    return builders.user("rita")


@pytest.fixture
def secret(rita: User) -> str:
    """That of an account whose app was set up some time ago."""
    proposed = second_factor.propose(rita).secret
    second_factor.activate(rita, proposed, code(proposed, -1))
    return proposed


def code(secret: str, steps: int = 0) -> str:
    """What the app shows now, or so many steps of half a minute later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def log_in(client: Client, **named: object) -> HttpResponse:
    return client.post("/login/", {"username": "rita", "password": PASSWORD, **named})


def give(client: Client, code: str) -> HttpResponse:
    return client.post("/login/code/", {"code": code})


def is_in(client: Client) -> bool:
    return client.get("/").status_code == 200


def text(response: Any) -> str:
    return unescape(" ".join(response.content.decode().split()))


class TestSettingUp:
    def test_a_code_confirms_the_app_and_recovery_codes_are_shown_once(self, client: Client, rita: User) -> None:
        client.force_login(rita)
        proposal = client.get(PAGE).context["proposal"]
        assert proposal.picture.startswith("data:image/svg+xml")
        # The same one after a reload: it may be in the app already.
        assert client.get(PAGE).context["proposal"].secret == proposal.secret
        assert client.post(PAGE, {"do": "activate", "code": "000"}).status_code == 400
        assert not second_factor.active(rita)
        codes = client.post(PAGE, {"do": "activate", "code": code(proposal.secret)}).context["codes"]
        assert len(set(codes)) == 10
        shown = text(client.get(PAGE))
        assert "10 recovery codes are left." in shown
        assert not any(each in shown for each in (*codes, proposal.secret))

    def test_neither_secret_nor_recovery_codes_are_readable_in_the_database(self, rita: User, secret: str) -> None:
        kept = str(list(Authenticator.objects.values_list("data", flat=True)))
        assert secret not in kept
        assert "totp_activated" in AuditEntry.objects.values_list("action", flat=True)

    def test_what_is_done_with_it_needs_a_code(self, client: Client, rita: User, secret: str) -> None:
        client.force_login(rita)
        for wanted in ("renew", "deactivate"):
            assert client.post(PAGE, {"do": wanted, "code": "123"}).status_code == 400
        assert second_factor.active(rita)
        [fresh, *_] = client.post(PAGE, {"do": "renew", "code": code(secret)}).context["codes"]
        assert client.post(PAGE, {"do": "deactivate", "code": fresh}).status_code == 302
        assert not second_factor.active(rita)

    def test_a_second_app_does_not_replace_the_first(self, client: Client, rita: User, secret: str) -> None:
        client.force_login(rita)
        session = client.session
        session["proposed_totp"] = secret
        session.save()
        assert client.post(PAGE, {"do": "activate", "code": code(secret)}).status_code == 409


class TestLoggingIn:
    def test_the_password_alone_opens_nothing(self, client: Client, secret: str) -> None:
        response = log_in(client, next="/status/")
        assert response.headers["Location"] == "/login/code/"
        assert not is_in(client)
        assert client.get(PAGE).status_code == 302
        response = give(client, f" {code(secret)[:3]} {code(secret)[3:]} ")
        assert response.headers["Location"] == "/status/"
        assert is_in(client)

    def test_without_the_password_no_code_is_asked_for(self, client: Client, secret: str) -> None:
        assert client.get("/login/code/").headers["Location"] == "/login/"
        log_in(client, password="wrong")
        assert give(client, code(secret)).headers["Location"] == "/login/"

    def test_a_code_counts_once(self, client: Client, secret: str) -> None:
        used = code(secret)
        log_in(client)
        give(client, used)
        other = Client()
        log_in(other)
        response = give(other, used)
        assert response.status_code == 400
        assert "has been used" in text(response)
        assert not is_in(other)

    def test_that_which_set_it_up_does_not_log_in(self, client: Client, rita: User) -> None:
        proposed = second_factor.propose(rita).secret
        used = code(proposed)
        second_factor.activate(rita, proposed, used)
        log_in(client)
        assert give(client, used).status_code == 400

    @pytest.mark.parametrize("typed", ["", "abc", "１２３４５６", "1" * 5000, "\x00"])
    def test_what_is_no_code_is_refused(self, client: Client, secret: str, typed: str) -> None:
        log_in(client)
        assert give(client, typed).status_code == 400

    def test_an_old_code_is_refused(self, client: Client, secret: str) -> None:
        log_in(client)
        assert give(client, code(secret, -4)).status_code == 400

    def test_a_recovery_code_counts_once(self, client: Client, rita: User) -> None:
        proposed = second_factor.propose(rita).secret
        [first, *_] = second_factor.activate(rita, proposed, code(proposed))
        log_in(client)
        give(client, first)
        assert is_in(client)
        assert second_factor.recovery_codes_left(rita) == 9
        assert "recovery_code_used" in AuditEntry.objects.values_list("action", flat=True)
        other = Client()
        log_in(other)
        assert give(other, first).status_code == 400

    def test_guessing_is_limited_also_with_the_password(self, client: Client, secret: str) -> None:
        log_in(client)
        for number in range(LIMIT - 1):
            assert give(client, f"{number:06}").status_code == 400
        assert give(client, "000099").status_code == 429
        refused = give(client, code(secret))
        assert refused.status_code == 429
        assert not is_in(client)
        assert log_in(Client()).status_code == 429

    def test_the_password_counts_for_some_minutes(
        self, client: Client, rita: User, secret: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        log_in(client)
        User.objects.filter(pk=rita.pk).update(password=make_password("another good password"))
        assert give(client, code(secret)).headers["Location"] == "/login/"
        log_in(client, password="another good password")
        later = time.time() + 301
        monkeypatch.setattr("extraction.web.identity.code.time.time", lambda: later)
        assert give(client, code(secret)).headers["Location"] == "/login/"

    def test_under_another_secret_key_no_code_is_right(self, client: Client, secret: str, settings: Settings) -> None:
        settings.SECRET_KEY = "another secret key"
        log_in(client)
        assert give(client, code(secret)).status_code == 400


class TestRequired:
    @pytest.fixture(autouse=True)
    def _required(self, settings: Settings) -> None:
        settings.KD_REQUIRE_TOTP = True

    def test_whoever_has_no_codes_sets_them_up_first(self, client: Client, rita: User) -> None:
        log_in(client)
        for address in ("/", "/password/", "/admin/"):
            assert client.get(address).headers["Location"] == PAGE
        assert client.get("/", headers={"HX-Request": "true"}).headers["HX-Redirect"] == PAGE
        proposal = client.get(PAGE).context["proposal"]
        client.post(PAGE, {"do": "activate", "code": code(proposal.secret)})
        assert is_in(client)

    def test_sessions_of_before_it_was_required_end(self, client: Client, rita: User, secret: str) -> None:
        client.force_login(rita)
        assert client.get("/").headers["Location"] == "/login/"
        log_in(client)
        give(client, code(secret))
        assert is_in(client)

    def test_nobody_takes_them_off(self, client: Client, secret: str) -> None:
        log_in(client)
        give(client, code(secret))
        assert client.post(PAGE, {"do": "deactivate", "code": code(secret, 1)}).status_code == 400
        assert is_in(client)

    def test_tokens_of_programs_stay(self, client: Client, rita: User) -> None:
        from extraction.services.projects import tokens

        project = builders.project("receipts", owner=rita)
        _, token = tokens.create(project, rita, name="till", scopes=["read"])
        headers = {"Authorization": f"Bearer {token}"}
        assert client.get("/api/v1/projects/receipts/documents", headers=headers).status_code == 200


def test_the_command_takes_them_off(command: Command, client: Client, secret: str) -> None:
    assert command("totp", "rita")[1]["active"] is True
    _, done = command("totp", "rita", "--remove")
    assert (done["active"], done["removed"]) == (False, True)
    log_in(client)
    assert is_in(client)
    assert command("totp", "rita", "--remove")[1]["removed"] is False
    assert command("totp", "nobody") == (2, "There is no user named 'nobody'.")
