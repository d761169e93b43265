"""Database, broker and cache: one variable each; without it each is inside the data folder.

The variables hold passwords, so no message repeats the value of one.
"""

import socket
from pathlib import Path
from typing import TypedDict
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from kdweb import environment

# Seconds in which a server must take a connection; after more it counts as down.
CONNECT_SECONDS = 5
# A connection whose other end does not answer any more breaks after about so many seconds: without this a process whose
# network was cut would wait a quarter of an hour at the next query, and for ever at one that was under way.
SILENT_SECONDS = 25
KEEPALIVE = {"idle": 10, "interval": 5, "count": 3}
POSTGRESQL = ("postgres", "postgresql")
REDIS = ("redis", "rediss")
RABBITMQ = ("amqp", "amqps")
SSL_OPTIONS = ("sslmode", "sslrootcert", "sslcert", "sslkey")


class _DatabaseEngine(TypedDict):
    ENGINE: str
    NAME: str | Path
    OPTIONS: dict[str, str | int]


class Database(_DatabaseEngine, total=False):
    """An entry of Django's `DATABASES`."""

    USER: str
    PASSWORD: str
    HOST: str
    PORT: int | str
    CONN_MAX_AGE: int
    CONN_HEALTH_CHECKS: bool


class Broker(TypedDict):
    """Celery's `broker_url` and `broker_transport_options`."""

    url: str
    options: dict[str, str | int | float | bool | dict[int, int]]


class Cache(TypedDict):
    """An entry of Django's `CACHES`."""

    BACKEND: str
    LOCATION: str
    OPTIONS: dict[str, int]


def database(data_dir: Path) -> Database:
    """`DATABASE_URL` as Django's `DATABASES["default"]`; a SQLite file in the data folder without it."""
    url = environment.text("DATABASE_URL")
    if not url:
        return _sqlite(data_dir / "db.sqlite3")
    scheme = _scheme(url)
    if scheme == "sqlite" and url.startswith("sqlite:////"):
        return _sqlite(Path(unquote(url.removeprefix("sqlite:///"))))
    if scheme not in POSTGRESQL:
        raise ImproperlyConfigured(
            "DATABASE_URL must start with postgresql:// or be sqlite:/// followed by an absolute path."
        )
    return _postgresql(url)


def broker(data_dir: Path) -> Broker:
    """`CELERY_BROKER_URL`, as the settings of Celery that depend on it; `folder://`, the embedded one, without it."""
    url = environment.text("CELERY_BROKER_URL") or "folder://"
    scheme = _scheme(url)
    # Without a limit kombu retries for ever, and the page that enqueues something waits for it.
    options: dict[str, str | int | float | bool | dict[int, int]] = {
        "max_retries": 1,
        "interval_start": 0.2,
        "connect_retries_timeout": CONNECT_SECONDS,
    }
    if scheme == "folder":
        url = "folder://localhost/"  # `kdweb.broker`
        options |= {"folder": str(data_dir / "broker"), "polling_interval": 0.03}
    elif scheme in (*REDIS, *RABBITMQ):
        _server("CELERY_BROKER_URL", url)
    else:
        raise ImproperlyConfigured(
            "CELERY_BROKER_URL must start with folder://, redis://, rediss://, amqp:// or amqps://."
        )
    if scheme in REDIS:
        options |= {"socket_connect_timeout": CONNECT_SECONDS, "health_check_interval": 25}
        options |= {"socket_keepalive": True, "socket_keepalive_options": _keepalive()}
    return {"url": url, "options": options}


def cache() -> Cache:
    """`CACHE_URL` as Django's `CACHES["default"]`; a table of the database without it."""
    url = environment.text("CACHE_URL") or "database://"
    scheme = _scheme(url)
    if scheme == "database":
        backend = "django.core.cache.backends.db.DatabaseCache"
        return {"BACKEND": backend, "LOCATION": "cache", "OPTIONS": {"MAX_ENTRIES": 10_000}}
    if scheme not in REDIS:
        raise ImproperlyConfigured("CACHE_URL must start with database://, redis:// or rediss://.")
    _server("CACHE_URL", url)
    timeouts = {"socket_connect_timeout": CONNECT_SECONDS, "socket_timeout": CONNECT_SECONDS}
    return {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": url, "OPTIONS": timeouts}


def _keepalive() -> dict[int, int]:
    """Options of a socket, as far as this system has them."""
    names = {"TCP_KEEPIDLE": KEEPALIVE["idle"], "TCP_KEEPINTVL": KEEPALIVE["interval"]}
    names |= {"TCP_KEEPCNT": KEEPALIVE["count"], "TCP_USER_TIMEOUT": SILENT_SECONDS * 1000}
    return {getattr(socket, name): value for name, value in names.items() if hasattr(socket, name)}


def _scheme(url: str) -> str:
    return url.partition("://")[0].lower() if "://" in url else ""


def _server(name: str, url: str) -> tuple[str, int | None, str]:
    """Host, port and path of a URL that must name a server. Raises `ImproperlyConfigured`."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise ImproperlyConfigured(
            f"{name} has no valid port, or characters in its password that need %-encoding."
        ) from None
    if not host:
        raise ImproperlyConfigured(f"{name} names no host.")
    return unquote(host), port, unquote(parts.path.lstrip("/"))


def _sqlite(path: Path) -> Database:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            # WAL: readers do not wait for the writer. IMMEDIATE: two writers queue instead of failing half-way.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
        },
    }


def _postgresql(url: str) -> Database:
    host, port, name = _server("DATABASE_URL", url)
    if not name:
        raise ImproperlyConfigured("DATABASE_URL names no database.")
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    if unknown := sorted(set(options) - set(SSL_OPTIONS)):
        raise ImproperlyConfigured(
            f"DATABASE_URL has the unknown option {unknown[0]}; known are {', '.join(SSL_OPTIONS)}."
        )
    silence = {"tcp_user_timeout": SILENT_SECONDS * 1000} | {f"keepalives_{key}": KEEPALIVE[key] for key in KEEPALIVE}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": port or "",
        # A thread keeps its connection; one that the server has closed meanwhile is replaced, not met with an error.
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": CONNECT_SECONDS, "application_name": "kdweb", **silence, **options},
    }
