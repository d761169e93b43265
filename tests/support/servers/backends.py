"""What a test with real workers runs on: the embedded defaults, PostgreSQL and Redis, or these with RabbitMQ as broker.

Two tests of the same name then run, `[embedded]` and `[servers]`:

    pytestmark = [on_both, pytest.mark.django_db(transaction=True)]
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
import pytest
import redis
from celery import current_app
from django.core.cache import caches
from django.core.management import call_command
from django.db import connections
from pytest_django import DjangoDbBlocker

from extraction.models.audit_log import append_only
from kdweb import servers as parsing
from tests.support.servers.daemons import RabbitMQ, missing, postgresql, rabbitmq_missing, rabbitmq_server, redis_server

NAME = "kdweb_test"
AUDIT_LOG = "extraction_auditentry"
SERVERS = pytest.param("servers", marks=pytest.mark.servers)
ON_RABBITMQ = pytest.param("rabbitmq", marks=pytest.mark.servers)
on_both = pytest.mark.parametrize("backend", ["embedded", SERVERS], indirect=True, scope="module")
# What takes long and is written for both alike: on the one that is stricter, where it is installed.
on_one = pytest.mark.parametrize("backend", ["embedded" if missing() else SERVERS], indirect=True, scope="module")
on_rabbitmq = pytest.mark.parametrize("backend", [ON_RABBITMQ], indirect=True, scope="module")
# Seconds for which the tests' RabbitMQ lets a message go unacknowledged: shorter than the work, so that what takes half
# an hour in an installation happens in every test.
CONSUMER_TIMEOUT = 2.0


@dataclass(frozen=True)
class Backend:
    """`environment` makes a process of kdweb use it; `caches` is Django's setting, where it differs from the tests'."""

    environment: Mapping[str, str] = field(default_factory=dict)
    caches: Mapping[str, Any] = field(default_factory=dict)


@pytest.fixture(scope="session")
def servers() -> Iterator[tuple[str, str]]:
    """URLs of PostgreSQL and of Redis, started once."""
    if reason := missing():
        pytest.skip(reason)
    with postgresql() as database, redis_server() as cache:
        yield database, cache


@pytest.fixture(scope="session")
def rabbitmq() -> Iterator[RabbitMQ]:
    """A broker, started once."""
    if reason := rabbitmq_missing():
        pytest.skip(reason)
    with rabbitmq_server(CONSUMER_TIMEOUT) as broker:
        yield broker


@pytest.fixture(scope="session")
def server_database(
    servers: tuple[str, str], django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> dict[str, Any]:
    """Settings of a database with all tables in PostgreSQL. Needs the session's own one to be there first."""
    url = servers[0].removesuffix("postgres") + NAME
    with psycopg.connect(servers[0], autocommit=True) as maintenance:
        maintenance.execute(f"CREATE DATABASE {NAME}")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("DATABASE_URL", url)
        settings = connections.configure_settings({"default": parsing.database(None)})["default"]  # type: ignore[arg-type]
    with django_db_blocker.unblock(), connected(settings):
        call_command("migrate", verbosity=0)
        # As in the session's own: these keep a test from emptying its tables.
        append_only.drop_triggers(connections["default"], AUDIT_LOG)
    return dict(settings)


@contextmanager
def connected(database: Mapping[str, Any]) -> Iterator[None]:
    """Lets every thread's `connection` be one to this database."""
    held, before = connections["default"], connections.settings["default"]
    connections.settings["default"] = dict(database)
    del connections["default"]
    try:
        yield
    finally:
        connections["default"].close()
        connections.settings["default"] = before
        connections["default"] = held


@contextmanager
def sending_to(url: str) -> Iterator[None]:
    """Lets Celery in this process send to another broker."""
    before = current_app.conf.broker_url
    current_app.conf.broker_url = url
    current_app._after_fork()  # forget the pools of connections
    try:
        yield
    finally:
        current_app.conf.broker_url = before
        current_app._after_fork()


@pytest.fixture(scope="module")
def backend(request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker) -> Iterator[Backend]:
    kind = getattr(request, "param", "embedded")
    if kind == "embedded":
        yield Backend()
        return
    database = request.getfixturevalue("server_database")
    _, store = request.getfixturevalue("servers")
    broker = request.getfixturevalue("rabbitmq").url if kind == "rabbitmq" else f"{store}/0"
    urls = {"broker": broker, "cache": f"{store}/1"}
    environment = {
        "DATABASE_URL": f"postgresql://kdweb@{database['HOST']}:{database['PORT']}/{NAME}",
        "CELERY_BROKER_URL": urls["broker"],
        "CACHE_URL": urls["cache"],
    }
    backend = "django.core.cache.backends.redis.RedisCache"
    with connected(database), sending_to(urls["broker"]):
        yield Backend(environment, {"default": {"BACKEND": backend, "LOCATION": urls["cache"]}})
    redis.Redis.from_url(store).flushall()
    caches.close_all()
