"""Environment variables of kdweb, parsed once: a bad value stops the start with one sentence.

Secrets may also come from a file named by `NAME_FILE`.
"""

import os
import re
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.FileAwareEnv()


def text(name: str, default: str = "") -> str:
    """A value as it stands, or what the file named by `NAME_FILE` holds."""
    given, path = os.environ.get(name, "").strip(), os.environ.get(f"{name}_FILE", "").strip()
    if given and path:
        raise ImproperlyConfigured(f"{name} and {name}_FILE are both set; keep one of them.")
    if not path:
        return given or default
    try:
        return Path(path).read_text(encoding="utf-8").strip() or default
    except (OSError, UnicodeDecodeError):
        raise ImproperlyConfigured(f"{name}_FILE names a file that cannot be read.") from None


def positive(name: str, default: int) -> int:
    """A whole number of at least 1."""
    text = os.environ.get(name, "").strip()
    if not text:
        return default
    if not text.isdigit() or int(text) < 1:
        raise ImproperlyConfigured(f"{name} must be a whole number of at least 1, not {text!r}.")
    return int(text)


def count(name: str, default: int) -> int:
    """A whole number, which may be 0."""
    text = os.environ.get(name, "").strip()
    if text and not text.isdigit():
        raise ImproperlyConfigured(f"{name} must be a whole number, not {text!r}.")
    return int(text) if text else default


def header(name: str) -> tuple[str, str] | None:
    """A header as WSGI spells it and the value that counts, or None: what `SECURE_PROXY_SSL_HEADER` takes."""
    text = os.environ.get(name, "").strip()
    if not text:
        return None
    match = re.fullmatch(r"(HTTP_[A-Z0-9_]+)\s*,\s*(\S+)", text)
    if match is None:
        raise ImproperlyConfigured(f"{name} must be such as HTTP_X_FORWARDED_PROTO,https, not {text!r}.")
    return match[1], match[2]


def rate(name: str, default: str) -> tuple[int, int]:
    """So many of something in so many seconds, written `120/m`; the units are s, m, h and d."""
    text = os.environ.get(name, "").strip() or default
    count, _, unit = text.partition("/")
    seconds = {"s": 1, "m": 60, "h": 3600, "d": 86400}.get(unit)
    if seconds is None or not count.isdigit() or int(count) < 1:
        raise ImproperlyConfigured(f"{name} must be a number in a time such as 10/s, 120/m or 5000/h, not {text!r}.")
    return int(count), seconds


def choice(name: str, default: str, options: tuple[str, ...]) -> str:
    value = os.environ.get(name, "").strip() or default
    if value not in options:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(options)}, not {value!r}.")
    return value


def flag(name: str, default: bool) -> bool:
    text = os.environ.get(name, "").strip().lower()
    if text not in ("", "1", "true", "yes", "on", "0", "false", "no", "off"):
        raise ImproperlyConfigured(f"{name} must be true or false, not {text!r}.")
    return default if not text else text in ("1", "true", "yes", "on")


def folder(name: str, default: Path) -> Path:
    """An absolute path of a folder, made if it is missing."""
    path = Path(os.environ.get(name, "").strip() or default).expanduser().resolve()
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(f"{name}: the folder {path} cannot be made: {error.strerror}.") from None
    if not os.access(path, os.W_OK):
        raise ImproperlyConfigured(f"{name}: the folder {path} is not writable.")
    return path


def secret_key(data_dir: Path) -> str:
    """`SECRET_KEY`, else the one generated into the data folder at first use."""
    if given := text("SECRET_KEY"):
        return given
    path = data_dir / "secret"
    try:
        # O_EXCL: of two processes that start together one writes, the other reads what it wrote.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(50))
    return path.read_text().strip()


@dataclass(frozen=True, slots=True)
class Oidc:
    """The provider that people log in with, by OpenID Connect.

    `domains`: those whose verified addresses get an account at the first login; none: only accounts that exist come in.
    `claim`: name and value that the identity of everybody must have. `groups_claim`: names the claim that lists a
    person's groups; empty: groups are not taken from it.
    """

    issuer: str
    client_id: str
    secret: str = field(repr=False)
    name: str
    domains: tuple[str, ...]
    claim: tuple[str, str] | None
    groups_claim: str


def oidc() -> Oidc | None:
    """The provider of `KD_OIDC_…`; `None` without `KD_OIDC_ISSUER`."""
    issuer = os.environ.get("KD_OIDC_ISSUER", "").strip()
    client_id, secret = os.environ.get("KD_OIDC_CLIENT_ID", "").strip(), text("KD_OIDC_CLIENT_SECRET")
    if not issuer:
        if client_id or secret:
            raise ImproperlyConfigured("KD_OIDC_CLIENT_ID and KD_OIDC_CLIENT_SECRET need KD_OIDC_ISSUER.")
        return None
    host = _issuer_host(issuer)
    if not client_id or not secret:
        raise ImproperlyConfigured("KD_OIDC_ISSUER needs KD_OIDC_CLIENT_ID and KD_OIDC_CLIENT_SECRET.")
    claim = os.environ.get("KD_OIDC_CLAIM", "").strip()
    name, equals, value = (part.strip() for part in claim.partition("="))
    if claim and not (name and equals and value):
        raise ImproperlyConfigured(f"KD_OIDC_CLAIM must be such as department=finance, not {claim!r}.")
    domains = [part.strip().lower().removeprefix("@") for part in os.environ.get("KD_OIDC_DOMAINS", "").split(",")]
    for domain in filter(None, domains):
        if not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", domain):
            raise ImproperlyConfigured(f"KD_OIDC_DOMAINS must be such as example.com,example.org, not {domain!r}.")
    return Oidc(
        issuer=issuer,
        client_id=client_id,
        secret=secret,
        name=os.environ.get("KD_OIDC_NAME", "").strip() or host,
        domains=tuple(filter(None, domains)),
        claim=(name, value) if claim else None,
        groups_claim=os.environ.get("KD_OIDC_GROUPS_CLAIM", "").strip(),
    )


def _issuer_host(issuer: str) -> str:
    """The host of an issuer, which is reached by TLS unless it is this machine."""
    try:
        parts = urlsplit(issuer)
        host, usable = parts.hostname or "", not (parts.query or parts.fragment or "@" in parts.netloc)
    except ValueError:
        host, usable = "", False
    local = parts.scheme == "http" and host in ("localhost", "127.0.0.1", "::1") if host else False
    if not host or not usable or not (parts.scheme == "https" or local):
        raise ImproperlyConfigured("KD_OIDC_ISSUER must start with https:// and have no query and no password.")
    return host
