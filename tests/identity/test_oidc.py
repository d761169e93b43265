"""Logging in with an OpenID provider: who comes in as whom, and what proves nothing."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.http import HttpResponse
from django.test import Client
from pytest_django.fixtures import Settings

from extraction.models import AuditEntry, User
from kdweb.environment import Oidc
from tests.identity.providers import CLIENT, SECRET, Provider, running
from tests.support import builders

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def served() -> Iterator[Provider]:
    with running() as provider:
        yield provider


@pytest.fixture
def provider(served: Provider, settings: Settings) -> Provider:
    served.__init__(int(served.issuer.rpartition(":")[2]))  # type: ignore[misc]
    settings.KD_OIDC = Oidc(served.issuer, CLIENT, SECRET, "Acme", (), None, "")
    return served


@pytest.fixture
def rita() -> User:
    user = builders.user("rita")
    user.email = "Rita@Example.com"
    user.save()
    return user


def come_in(client: Client, provider: Provider, **changed: str) -> HttpResponse:
    """The whole way from the link of the login page back to the application."""
    address = client.get("/login/oidc/").headers["Location"]
    return client.get("/login/oidc/callback/", {**provider.authorize(address), **changed})


def name_of(client: Client) -> str | None:
    found = client.get("/").wsgi_request.user
    return found.get_username() or None


def error(response: Any) -> str:
    return unescape(str(response.context["refusal"]))


class TestComingIn:
    def test_a_verified_address_leads_to_its_account(self, client: Client, provider: Provider, rita: User) -> None:
        assert "Log in with Acme" in client.get("/login/").content.decode()
        assert come_in(client, provider).status_code == 302
        assert name_of(client) == "rita"
        actions = list(AuditEntry.objects.order_by("pk").values_list("action", "actor", "means"))
        assert actions[-2:] == [("account_joined", "rita", "Acme"), ("login", "rita", "Acme")]

    def test_once_joined_the_providers_name_counts_and_not_the_address(
        self, client: Client, provider: Provider, rita: User
    ) -> None:
        come_in(client, provider)
        provider.claims = {"sub": "1", "email": "other@example.com", "email_verified": False}
        other = Client()
        come_in(other, provider)
        assert name_of(other) == "rita"

    def test_it_goes_where_the_browser_wanted_to_go_on_this_host(
        self, client: Client, provider: Provider, rita: User
    ) -> None:
        for wanted, got in (("/status/", "/status/"), ("https://evil.example/", "/")):
            address = client.get("/login/oidc/", {"next": wanted}).headers["Location"]
            back = client.get("/login/oidc/callback/", provider.authorize(address))
            assert back.headers["Location"] == got

    def test_an_address_that_only_the_user_info_has_counts(
        self, client: Client, provider: Provider, rita: User
    ) -> None:
        provider.claims, provider.user_info = {"sub": "1"}, {**provider.claims}
        come_in(client, provider)
        assert name_of(client) == "rita"

    def test_user_info_of_somebody_else_does_not(self, client: Client, provider: Provider, rita: User) -> None:
        provider.claims, provider.user_info = {"sub": "1"}, {**provider.claims, "sub": "2"}
        assert come_in(client, provider).status_code == 403
        assert name_of(client) is None

    def test_an_app_is_the_providers_affair(
        self, client: Client, provider: Provider, rita: User, settings: Settings
    ) -> None:
        settings.KD_REQUIRE_TOTP = True
        come_in(client, provider)
        assert client.get("/").status_code == 200


def test_administrators_say_which_address_an_account_has(client: Client, provider: Provider) -> None:
    boss, olga = builders.user("boss"), builders.user("olga")
    User.objects.filter(pk=boss.pk).update(is_superuser=True)
    admin = Client()
    admin.force_login(boss)
    assert admin.post(f"/accounts/{olga.pk}/email/", {"email": "no address"}).status_code == 400
    admin.post(f"/accounts/{olga.pk}/email/", {"email": "rita@example.com"})
    assert "rita@example.com" in admin.get("/accounts/").content.decode()
    come_in(client, provider)
    assert name_of(client) == "olga"
    assert client.post(f"/accounts/{boss.pk}/email/", {"email": "x@example.com"}).status_code == 403


class TestWhoMayNot:
    @pytest.mark.parametrize(
        "claims",
        [
            {"sub": "1", "email": "rita@example.com", "email_verified": False},
            {"sub": "1", "email": "rita@example.com"},
            {"sub": "1", "email": "rita@example.com", "email_verified": "no"},
            {"sub": "1", "email": ["rita@example.com"], "email_verified": True},
            {"sub": "1"},
        ],
    )
    def test_an_address_that_is_not_verified_takes_over_no_account(
        self, client: Client, provider: Provider, rita: User, claims: dict[str, Any]
    ) -> None:
        provider.claims = provider.user_info = claims
        response = come_in(client, provider)
        assert response.status_code == 403
        assert "has verified no" in error(response)
        assert name_of(client) is None

    def test_nobody_registers_unless_the_domain_is_named(
        self, client: Client, provider: Provider, settings: Settings
    ) -> None:
        builders.user("boss")
        assert come_in(client, provider).status_code == 403
        assert User.objects.count() == 1
        settings.KD_OIDC = replace(settings.KD_OIDC, domains=("example.com",))
        come_in(client, provider)
        made = User.objects.get(email="rita@example.com")
        assert (made.username, made.has_usable_password(), made.is_superuser) == ("rita@example.com", False, False)
        assert name_of(client) == "rita@example.com"

    def test_a_new_account_takes_no_name_that_exists(
        self, client: Client, provider: Provider, settings: Settings
    ) -> None:
        builders.user("rita@example.com")
        settings.KD_OIDC = replace(settings.KD_OIDC, domains=("example.com",))
        response = come_in(client, provider)
        assert response.status_code == 403
        assert "without this e-mail address" in error(response)

    def test_a_domain_is_the_whole_of_it(self, client: Client, provider: Provider, settings: Settings) -> None:
        builders.user("boss")
        settings.KD_OIDC = replace(settings.KD_OIDC, domains=("example.com",))
        for email in ("rita@notexample.com", "rita@sub.example.com", "rita@example.com@evil.example"):
            provider.claims = {"sub": email, "email": email, "email_verified": True}
            assert come_in(client, provider).status_code == 403

    def test_an_address_of_two_accounts_leads_to_neither(self, client: Client, provider: Provider, rita: User) -> None:
        User.objects.create_user("other", "rita@example.com")
        assert come_in(client, provider).status_code == 403
        assert name_of(client) is None

    def test_a_disabled_account_stays_out(self, client: Client, provider: Provider, rita: User) -> None:
        User.objects.filter(pk=rita.pk).update(is_active=False)
        response = come_in(client, provider)
        assert "disabled" in error(response)
        assert name_of(client) is None

    @pytest.mark.parametrize(
        ("value", "status"), [("finance", 302), (["it", "finance"], 302), ("it", 403), (None, 403)]
    )
    def test_a_claim_can_be_required(
        self, client: Client, provider: Provider, rita: User, settings: Settings, value: object, status: int
    ) -> None:
        settings.KD_OIDC = replace(settings.KD_OIDC, claim=("department", "finance"))
        provider.claims["department"] = value
        assert come_in(client, provider).status_code == status


class TestProof:
    @pytest.mark.parametrize(
        "overrides",
        [
            {"nonce": "of another attempt"},
            {"aud": "another client"},
            {"aud": [CLIENT, "another"], "azp": "another"},
            {"iss": "https://evil.example"},
            {"exp": int(time.time()) - 60},
            {"sub": ""},
            {"sub": 1},
        ],
    )
    def test_a_token_for_something_else_is_refused(
        self, client: Client, provider: Provider, rita: User, overrides: dict[str, Any]
    ) -> None:
        provider.overrides = overrides
        response = come_in(client, provider)
        assert response.status_code == 403
        assert "did not prove" in error(response)
        assert name_of(client) is None

    def test_a_token_that_somebody_else_signed_is_refused(self, client: Client, provider: Provider, rita: User) -> None:
        provider.key = ec.generate_private_key(ec.SECP256R1())
        assert come_in(client, provider).status_code == 403
        assert name_of(client) is None

    @pytest.mark.parametrize("algorithm", ["HS256", "none"])
    def test_a_token_without_a_signature_by_the_providers_key_is_refused(
        self, client: Client, provider: Provider, rita: User, algorithm: str
    ) -> None:
        provider.algorithm = algorithm
        assert come_in(client, provider).status_code == 403
        assert name_of(client) is None

    def test_a_state_that_this_browser_did_not_begin_is_refused(
        self, client: Client, provider: Provider, rita: User
    ) -> None:
        address = client.get("/login/oidc/").headers["Location"]
        victim = Client()
        answer = provider.authorize(address)
        assert victim.get("/login/oidc/callback/", answer).status_code == 400
        assert name_of(victim) is None
        assert come_in(client, provider, state="else").status_code == 400

    def test_an_answer_counts_once(self, client: Client, provider: Provider, rita: User) -> None:
        answer = provider.authorize(client.get("/login/oidc/").headers["Location"])
        assert client.get("/login/oidc/callback/", answer).status_code == 302
        client.post("/logout/")
        assert client.get("/login/oidc/callback/", answer).status_code == 400

    def test_a_refusal_of_the_provider_is_told(self, client: Client, provider: Provider, rita: User) -> None:
        asked = provider.authorize(client.get("/login/oidc/").headers["Location"])
        back = client.get("/login/oidc/callback/", {"state": asked["state"], "error": "access_denied"})
        assert back.status_code == 403
        assert "did not let you" in error(back)

    def test_a_provider_that_is_down_is_told_in_a_sentence(
        self, client: Client, provider: Provider, rita: User, settings: Settings
    ) -> None:
        answer = provider.authorize(client.get("/login/oidc/").headers["Location"])
        provider.down = True
        for response in (client.get("/login/oidc/"), client.get("/login/oidc/callback/", answer)):
            assert response.status_code == 502
            assert "cannot be reached" in error(response)
        settings.KD_OIDC = replace(settings.KD_OIDC, issuer="http://127.0.0.1:9")
        assert client.get("/login/oidc/").status_code == 502


def test_without_a_provider_there_is_no_way_to_one(client: Client, rita: User) -> None:
    assert client.get("/login/oidc/").status_code == 404
    assert client.get("/login/oidc/callback/").status_code == 404
    assert "oidc" not in client.get("/login/").content.decode()


@pytest.mark.parametrize("path", ["signup/", "accounts/signup/", "accounts/email/", "accounts/login/", "accounts/2fa/"])
def test_no_page_of_the_library_is_reached(client: Client, rita: User, path: str) -> None:
    client.force_login(rita)
    assert client.get(f"/{path}").status_code in (403, 404)
