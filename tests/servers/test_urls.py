"""The variables that name servers: what they mean, and what is refused without repeating a password."""

import socket
import time
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from kombu import Connection, Producer
from kombu.exceptions import OperationalError

from kdweb import servers


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "CELERY_BROKER_URL", "CACHE_URL"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"{name}_FILE", raising=False)


def test_without_any_all_lie_in_the_data_folder(tmp_path: Path) -> None:
    database = servers.database(tmp_path)
    assert (database["ENGINE"], database["NAME"]) == ("django.db.backends.sqlite3", tmp_path / "db.sqlite3")
    assert servers.broker(tmp_path)["url"].startswith("folder://")
    assert servers.broker(tmp_path)["options"]["folder"] == str(tmp_path / "broker")
    assert servers.cache()["BACKEND"].endswith("DatabaseCache")


def test_a_broker_that_takes_connections_and_answers_nothing_is_given_up(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(servers, "CONNECT_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("CELERY_BROKER_URL", f"redis://127.0.0.1:{silent.getsockname()[1]}/0")
        broker = servers.broker(tmp_path)
        started = time.monotonic()
        with (
            Connection(broker["url"], transport_options=broker["options"]) as connection,
            pytest.raises(OperationalError),
        ):
            Producer(connection).publish({}, routing_key="default", retry=False)
    assert time.monotonic() - started < 10


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_postgresql(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, scheme: str) -> None:
    monkeypatch.setenv("DATABASE_URL", f"{scheme}://kd:p%40ss%2Fword@db.example.org:5433/kdweb?sslmode=require")
    database = servers.database(tmp_path)
    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert (database["USER"], database["PASSWORD"]) == ("kd", "p@ss/word")
    assert (database["HOST"], database["PORT"], database["NAME"]) == ("db.example.org", 5433, "kdweb")
    assert database["OPTIONS"]["sslmode"] == "require"
    assert database["CONN_HEALTH_CHECKS"]


def test_sqlite_elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/other.sqlite3")
    assert servers.database(tmp_path)["NAME"] == tmp_path / "other.sqlite3"


@pytest.mark.parametrize("url", ["redis://:word@r:6379/0", "rediss://r/1", "amqp://u:p@q:5672//", "amqps://q/v"])
def test_brokers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, url: str) -> None:
    monkeypatch.setenv("CELERY_BROKER_URL", url)
    found = servers.broker(tmp_path)
    assert found["url"] == url
    assert found["options"]["max_retries"] == 1
    assert "folder" not in found["options"]


def test_a_secret_may_lie_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("redis://:word@r/1\n")
    monkeypatch.setenv("CACHE_URL_FILE", str(file))
    assert servers.cache()["LOCATION"] == "redis://:word@r/1"
    monkeypatch.setenv("CACHE_URL", "redis://other/1")
    with pytest.raises(ImproperlyConfigured, match="CACHE_URL and CACHE_URL_FILE are both set"):
        servers.cache()
    monkeypatch.delenv("CACHE_URL")
    monkeypatch.setenv("CACHE_URL_FILE", str(tmp_path / "missing"))
    with pytest.raises(ImproperlyConfigured, match="CACHE_URL_FILE names a file that cannot be read"):
        servers.cache()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://u:hunter2@h/d"),
        ("DATABASE_URL", "postgresql://u:hunter2@h:port/d"),
        ("DATABASE_URL", "postgresql://u:hunter2@h"),
        ("DATABASE_URL", "postgresql://u:hun[ter2@h/d"),
        ("DATABASE_URL", "postgresql://u:hunter2@h/d?pool=9"),
        ("DATABASE_URL", "postgresql:///d"),
        ("DATABASE_URL", "sqlite:///relative"),
        ("DATABASE_URL", "/var/lib/db.sqlite3"),
        ("CELERY_BROKER_URL", "sqs://u:hunter2@h"),
        ("CELERY_BROKER_URL", "redis://"),
        ("CELERY_BROKER_URL", "redis"),
        ("CACHE_URL", "memcached://hunter2"),
        ("CACHE_URL", "redis://:hunter2@"),
    ],
)
def test_nonsense_is_refused_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    parse = {"DATABASE_URL": servers.database, "CELERY_BROKER_URL": servers.broker}.get(name, lambda _: servers.cache())
    with pytest.raises(ImproperlyConfigured) as refused:
        parse(tmp_path)
    sentence = str(refused.value)
    assert sentence.startswith(name)
    assert sentence.endswith(".")
    assert "hunter2" not in sentence
    assert "ter2" not in sentence
