"""Logging in with an OpenID provider: the authorization code flow with state, nonce and PKCE.

OpenID Connect Core 1.0, section 3.1, and RFC 7636. The identity token is always verified by its signature, whether or
not it came over TLS.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

import requests
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.providers.oauth2.client import OAuth2Client, OAuth2Error
from allauth.socialaccount.providers.oauth2.utils import generate_code_challenge
from jwt import PyJWTError, get_unverified_header

from extraction.domain.json_types import JsonObject
from extraction.services.errors import Invalid
from extraction.services.identity import messages
from extraction.services.identity.provider import provider

SCOPES = ("openid", "profile", "email")
# Signatures by the provider's private key: one by a shared secret, or none, proves nothing.
ALGORITHMS = frozenset(("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"))
NEEDED = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")


class Unreachable(Invalid):
    """The provider does not answer, or not as one."""


class NotProven(Invalid):
    """The provider's answer does not prove an identity."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A login under way: what has to come back, and where the browser goes then. It stays in the session."""

    state: str
    nonce: str
    verifier: str
    next: str

    def to_json(self) -> JsonObject:
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        return cls(**{name: str(value[name]) for name in cls.__dataclass_fields__})


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is by the word of the provider: its own name for them (`subject`), and all `claims`."""

    subject: str
    claims: Mapping[str, Any]

    @property
    def verified_email(self) -> str:
        """In small letters; empty where the provider has not verified one."""
        email = self.claims.get("email")
        verified = self.claims.get("email_verified") in (True, "true")
        return email.strip().lower() if verified and isinstance(email, str) and "@" in email else ""

    def has(self, name: str, value: str) -> bool:
        """Whether the claim has the value, or is a list with it."""
        found = self.claims.get(name)
        return value in [str(each) for each in (found if isinstance(found, list) else [found])]


def begin(callback: str, next: str) -> tuple[str, Attempt]:
    """The address at which the provider asks who somebody is, and the attempt. Raises `Unreachable`."""
    configuration = _configuration()
    pkce = generate_code_challenge()
    attempt = Attempt(secrets.token_urlsafe(32), secrets.token_urlsafe(32), pkce["code_verifier"], next)
    client = _client(configuration, callback)
    client.state = attempt.state
    challenge = pkce["code_challenge"].decode()
    parameters = {"nonce": attempt.nonce, "code_challenge": challenge, "code_challenge_method": "S256"}
    return client.get_redirect_url(configuration["authorization_endpoint"], SCOPES, parameters), attempt


def finish(attempt: Attempt, code: str, callback: str) -> Identity:
    """The identity that the provider gives for the code. Raises `Unreachable` and `NotProven`."""
    configuration = _configuration()
    client = _client(configuration, callback)
    try:
        answer = client.get_access_token(code, pkce_code_verifier=attempt.verifier)
        claims = _verified(configuration, answer["id_token"])
        if not _answers(claims, attempt):
            raise NotProven(messages.NOT_PROVEN, provider=provider().name)
        if "email" not in claims and configuration.get("userinfo_endpoint"):
            claims = {**_user_info(configuration, answer["access_token"], claims["sub"]), **claims}
    except (requests.ConnectionError, requests.Timeout):
        raise Unreachable(messages.UNREACHABLE, provider=provider().name) from None
    except (OAuth2Error, PyJWTError, requests.RequestException, KeyError, TypeError, ValueError):
        # Their texts may quote the token.
        raise NotProven(messages.NOT_PROVEN, provider=provider().name) from None
    return Identity(claims["sub"], claims)


def _answers(claims: Mapping[str, Any], attempt: Attempt) -> bool:
    """Whether they name somebody, were made for this attempt, and for no other party."""
    subject, party = claims.get("sub"), claims.get("azp", provider().client_id)
    same = claims.get("nonce") == attempt.nonce and party == provider().client_id
    return same and isinstance(subject, str) and subject != ""


def _configuration() -> Mapping[str, Any]:
    """The provider's own description, which must be of the issuer that is set."""
    issuer = provider().issuer
    try:
        with get_adapter().get_requests_session() as session:
            response = session.get(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
            response.raise_for_status()
            found: Mapping[str, Any] = response.json()
        usable = found["issuer"] == issuer and all(isinstance(found[name], str) for name in NEEDED)
    except (requests.RequestException, KeyError, TypeError, ValueError):
        usable = False
    if not usable:
        raise Unreachable(messages.UNREACHABLE, provider=provider().name)
    return found


def _client(configuration: Mapping[str, Any], callback: str) -> OAuth2Client:
    known = provider()
    methods = configuration.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    return OAuth2Client(
        None,
        known.client_id,
        known.secret,
        "POST",
        configuration["token_endpoint"],
        callback,
        headers={"Accept": "application/json"},
        basic_auth="client_secret_post" not in methods,
    )


def _verified(configuration: Mapping[str, Any], token: str) -> Mapping[str, Any]:
    """The claims of an identity token whose signature, issuer, audience and time are right."""
    if get_unverified_header(token).get("alg") not in ALGORITHMS:
        raise OAuth2Error("Unsupported signing algorithm")
    claims: Mapping[str, Any] = jwtkit.verify_and_decode(
        credential=token,
        keys_url=configuration["jwks_uri"],
        issuer=provider().issuer,
        audience=provider().client_id,
        lookup_kid=jwtkit.lookup_kid_jwk,
    )
    return claims


def _user_info(configuration: Mapping[str, Any], token: str, subject: str) -> Mapping[str, Any]:
    with get_adapter().get_requests_session() as session:
        response = session.get(configuration["userinfo_endpoint"], headers={"Authorization": f"Bearer {token}"})
        response.raise_for_status()
        found: Mapping[str, Any] = response.json()
    if found["sub"] != subject:
        raise OAuth2Error("The user info is of somebody else.")
    return found
