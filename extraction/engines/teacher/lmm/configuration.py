"""Settings of teachers from the environment. Secrets may also come from a file named by `NAME_FILE`."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from extraction.domain.errors import gettext_noop
from extraction.engines.teacher.kind import UnknownTeacher
from extraction.engines.teacher.lmm.providers import Provider

MOST_AT_ONCE = 64
# Clients want some key, also where nothing is sent.
NO_KEY = "none"
LONGEST_TIMEOUT = 3600
# Tokens for which a price is given, and the highest price of so many.
PRICED_TOKENS, MOST_USD = 1_000_000, Decimal(10_000)


@dataclass(frozen=True, slots=True)
class Rate:
    """Dollars for a million tokens that a model reads (`incoming`) and writes (`outgoing`)."""

    incoming: Decimal
    outgoing: Decimal

    def usd(self, incoming: int, outgoing: int) -> Decimal:
        """Dollars of so many tokens."""
        return (incoming * self.incoming + outgoing * self.outgoing) / PRICED_TOKENS


@dataclass(frozen=True, slots=True)
class Access:
    """How a provider is reached. `compatible`: `base_url` is a server that speaks OpenAI's Chat Completions. `rate`:
    what that server's tokens cost, `None` where nobody said.

    `secret` and `session` are the further parts of an AWS key, which also needs a `region`.
    """

    base_url: str = ""
    compatible: bool = False
    rate: Rate | None = None
    region: str = ""
    key: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)
    session: str = field(default="", repr=False)

    @property
    def secrets(self) -> tuple[str, ...]:
        return tuple(filter(None, (self.key, self.secret, self.session)))

    @property
    def local(self) -> bool:
        """Whether it is this machine."""
        host = urlsplit(self.base_url).hostname or ""
        try:
            return ipaddress.ip_address(host).is_loopback
        except ValueError:
            return host == "localhost" or host.endswith(".localhost")


@dataclass(frozen=True, slots=True)
class Configuration:
    """`base_url`: an OpenAI-compatible server for teachers named `openai:…`, empty for OpenAI itself; `rate` is what
    its tokens cost. `timeout` is in seconds, for one answer."""

    base_url: str = ""
    concurrency: int = 4
    timeout: int = 120
    rate: Rate | None = None

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Self:
        """Raises `UnknownTeacher`, naming the variable."""
        return cls(
            _url("KD_TEACHER_BASE_URL", environ),
            _number("KD_TEACHER_CONCURRENCY", environ, 4, MOST_AT_ONCE),
            _number("KD_TEACHER_TIMEOUT", environ, 120, LONGEST_TIMEOUT),
            _rate("KD_TEACHER_PRICE", environ),
        )


def access(
    provider: Provider,
    configuration: Configuration,
    environ: Mapping[str, str] = os.environ,
    *,
    keyless: bool = False,
) -> Access:
    """How to reach the provider. Raises `UnknownTeacher` where a region is missing, or a key, unless `keyless`."""
    compatible = provider.name == "openai" and bool(configuration.base_url)
    base_url = configuration.base_url if compatible else _url(provider.address, environ)
    key = next(filter(None, (_secret(name, environ) for name in provider.keys)), "")
    if provider.name == "bedrock":
        return _bedrock(base_url, environ)
    if not key and keyless:
        key = NO_KEY
    if not key and not compatible:
        raise UnknownTeacher(
            gettext_noop("Teachers of {title} need the variable {variable}, or {variable}_FILE."),
            title=provider.title,
            variable=provider.keys[0],
        )
    return Access(base_url, compatible, configuration.rate if compatible else None, key=key)


def _bedrock(base_url: str, environ: Mapping[str, str]) -> Access:
    """Without a key of its own, boto3 looks where AWS keeps them: files of the user, the role of the machine."""
    region = environ.get("AWS_REGION", "").strip() or environ.get("AWS_DEFAULT_REGION", "").strip()
    if not region:
        raise UnknownTeacher(gettext_noop("Teachers of Amazon Bedrock need the variable AWS_REGION."))
    if token := _secret("AWS_BEARER_TOKEN_BEDROCK", environ):
        return Access(base_url, region=region, key=token)
    parts = [_secret(f"AWS_{part}", environ) for part in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN")]
    return Access(base_url, region=region, key=parts[0], secret=parts[1], session=parts[2])


def _secret(name: str, environ: Mapping[str, str]) -> str:
    if value := environ.get(name, "").strip():
        return value
    path = environ.get(f"{name}_FILE", "").strip()
    if not path:
        return ""
    try:
        return Path(path).read_text().strip()
    except (OSError, ValueError):
        raise UnknownTeacher(gettext_noop("{name}_FILE names a file that cannot be read."), name=name) from None


def _url(name: str, environ: Mapping[str, str]) -> str:
    text = environ.get(name, "").strip()
    if not text:
        return ""
    try:
        parts = urlsplit(text)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.username
    except ValueError:
        sound = False
    if not sound:
        raise UnknownTeacher(
            gettext_noop("{name} must be an address such as http://127.0.0.1:8000/v1, without user and password."),
            name=name,
        )
    return text.rstrip("/")


def _rate(name: str, environ: Mapping[str, str]) -> Rate | None:
    text = environ.get(name, "").strip()
    if not text:
        return None
    try:
        incoming, outgoing = (Decimal(part.strip()) for part in text.split(","))
        sound = all(usd.is_finite() and 0 <= usd <= MOST_USD for usd in (incoming, outgoing))
    except (ValueError, InvalidOperation):
        sound = False
    if not sound:
        raise UnknownTeacher(
            gettext_noop(
                "{name} must be dollars for a million tokens read and written, such as 0.5,1.5, not {text!r}."
            ),
            name=name,
            text=text,
        )
    return Rate(incoming, outgoing)


def _number(name: str, environ: Mapping[str, str], default: int, most: int) -> int:
    text = environ.get(name, "").strip()
    if not text:
        return default
    if not text.isdigit() or not 1 <= int(text) <= most:
        raise UnknownTeacher(
            gettext_noop("{name} must be a whole number from 1 to {most}, not {text!r}."),
            name=name,
            most=most,
            text=text,
        )
    return int(text)
