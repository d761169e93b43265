"""Database, broker, cache and files: one variable each; without it each is inside the data folder.

The variables hold passwords, so no message repeats the value of one.
"""

import socket
from pathlib import Path
from typing import Any, TypedDict
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from kdweb import environment

# Seconds in which a server must take a connection, and broker and cache must answer; after more it counts as down.
CONNECT_SECONDS = 5
# For which a thread keeps its connection to the database.
CONNECTION_SECONDS = 600
# A connection whose other end does not answer any more breaks after about so many seconds: without this a process whose
# network was cut would wait a quarter of an hour at the next query, and for ever at one that was under way.
SILENT_SECONDS = 25
KEEPALIVE = {"idle": 10, "interval": 5, "count": 3}
POSTGRESQL = ("postgres", "postgresql")
REDIS = ("redis", "rediss")
RABBITMQ = ("amqp", "amqps")
S3_OPTIONS = ("endpoint", "region")
# What kdweb keeps in the folder that KD_FILES_URL names: `services.storage.PROJECTS`, `services.leftovers.INCOMING`.
OWN_FOLDERS = ("projects", "incoming")
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


class Storage(TypedDict):
    """An entry of Django's `STORAGES`."""

    BACKEND: str
    OPTIONS: dict[str, Any]


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
        # The second for one that takes the connection and then says nothing: a worker's own wait for messages is 1 s.
        options |= {"socket_connect_timeout": CONNECT_SECONDS, "socket_timeout": CONNECT_SECONDS}
        options |= {"health_check_interval": 25}
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


def files(data_dir: Path) -> Storage:
    """`KD_FILES_URL` as Django's `STORAGES["default"]`; a folder below the data folder without it.

    Credentials are found as boto3 finds them: its variables, files and instance roles, never the URL.
    """
    url = environment.text("KD_FILES_URL")
    if not url:
        return {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": data_dir / "files"},
        }
    bucket, _, prefix = _server("KD_FILES_URL", url) if _scheme(url) == "s3" else ("", None, "")
    parts = urlsplit(url)
    if not bucket or parts.username or parts.password:
        raise ImproperlyConfigured("KD_FILES_URL must be s3:// followed by a bucket and perhaps a folder, no password.")
    options = dict(parse_qsl(parts.query))
    if unknown := sorted(set(options) - set(S3_OPTIONS)):
        raise ImproperlyConfigured(
            f"KD_FILES_URL has the unknown option {unknown[0]}; known are {', '.join(S3_OPTIONS)}."
        )
    from botocore.config import Config

    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": bucket,
            "location": prefix.strip("/"),
            "endpoint_url": options.get("endpoint"),
            "region_name": options.get("region"),
            "default_acl": None,
            "file_overwrite": True,
            "client_config": Config(
                # Of a store elsewhere than at Amazon buckets are rarely names of hosts.
                s3={"addressing_style": "path" if "endpoint" in options else "auto"},
                connect_timeout=CONNECT_SECONDS,
                read_timeout=60,
                retries={"mode": "standard", "max_attempts": 3},
                # Checksums that Amazon's clients send by default are unknown to other stores.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        },
    }


def batch_prefix(files: Storage) -> str:
    """`KD_BATCH_PREFIX` without slashes around it, or nothing: apart from kdweb's own files in the same bucket."""
    prefix = environment.text("KD_BATCH_PREFIX").strip("/")
    if not prefix:
        return ""
    if "bucket_name" not in files["OPTIONS"]:
        raise ImproperlyConfigured("KD_BATCH_PREFIX needs an object store: KD_FILES_URL names none.")
    if any(part in ("", ".", "..") for part in prefix.split("/")) or len(prefix) > 500 or not prefix.isprintable():
        raise ImproperlyConfigured("KD_BATCH_PREFIX must be a folder of the bucket, such as inbox.")
    for own in (f"{files['OPTIONS']['location']}/{name}/".lstrip("/") for name in OWN_FOLDERS):
        if own.startswith(f"{prefix}/") or f"{prefix}/".startswith(own):
            raise ImproperlyConfigured(f"KD_BATCH_PREFIX must lie apart from kdweb's own files in {own}.")
    return prefix


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
        "CONN_MAX_AGE": CONNECTION_SECONDS,
        "OPTIONS": {
            # WAL: readers do not wait for the writer. IMMEDIATE: two writers queue instead of failing half-way. What is
            # deleted is overwritten.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON;",
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
        # A connection that the server has closed meanwhile is replaced, not met with an error.
        "CONN_MAX_AGE": CONNECTION_SECONDS,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": CONNECT_SECONDS, "application_name": "kdweb", **silence, **options},
    }
