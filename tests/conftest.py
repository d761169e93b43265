"""What every test gets: a data folder of its own, and nothing of this machine's."""

import gc
from collections import Counter
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.management.color import no_style
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import TransactionTestCase, override_settings
from pytest_django.fixtures import Settings
from pytest_django.plugin import DjangoDbBlocker

# What another one imports comes before it: pytest rewrites the assertions of a plugin as it loads it.
pytest_plugins = [
    "tests.support.browser",
    "tests.support.languages.catalogues",
    "tests.support.commands",
    "tests.support.tiny_student",
    "tests.support.tiny_tables",
    "tests.support.servers.object_store",
    "tests.support.programs",
    "tests.support.servers.backends",
    "tests.support.servers.workers",
]


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Collects no garbage while tests are found, and seldom walks through what stays to the end: that took a tenth of
    all time."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.freeze()
        gc.set_threshold(700, 10, 100)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Modules with slow tests first, then those of many tests: a long one that begins last would leave the other
    processes idle."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    many = Counter(item.path for item in items)
    place = {path: number for number, path in enumerate(many)}
    items.sort(key=lambda item: (item.path not in slow, -many[item.path], place[item.path]))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """After a test of several transactions all tables are emptied, except for two that Django fills itself and no test
    changes: to fill them anew took longer than the rest. The triggers of the audit log would refuse it; its own tests
    and those of migrations create them."""
    # Imported once Django is set up.
    from extraction.models import AuditEntry
    from extraction.models.audit_log import append_only

    with django_db_blocker.unblock():
        append_only.drop_triggers(connections["default"], AuditEntry._meta.db_table)
        _number_apart(connections["default"])
    kept = {"django_content_type", "auth_permission"}

    def flush(_: TransactionTestCase) -> None:
        append_only.drop_triggers(connection, AuditEntry._meta.db_table)
        names = connection.introspection.django_table_names(only_existing=True, include_views=False)
        connection.ops.execute_sql_flush(connection.ops.sql_flush(no_style(), [*{*names} - kept]))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", flush)
        yield


def _number_apart(database: BaseDatabaseWrapper) -> None:
    """Let the keys of each table begin elsewhere: a key of the wrong table finds no row, whichever tests ran before."""
    with database.cursor() as cursor:
        tables = [name for name in database.introspection.table_names(cursor) if name.startswith("extraction_")]
        for last, table in enumerate(tables, start=1):
            if database.vendor == "sqlite":
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
                cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, 1000 * last])
            for sequence in database.introspection.get_sequences(cursor, table) if database.vendor != "sqlite" else ():
                name = [table, sequence["column"]]
                cursor.execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [*name, 1000 * last])


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A database for each process; on SQLite a file: threads of a live server that share one connection in memory
    would share its transactions."""
    if connections["default"].vendor == "sqlite":
        folder = tmp_path_factory.mktemp("database")
        connections["default"].settings_dict["TEST"]["NAME"] = str(folder / "test.sqlite3")


@pytest.fixture(autouse=True)
def data_dir(settings: Settings, tmp_path: Path) -> Path:
    """All state of the test."""
    folder = tmp_path / "data"
    (folder / "files").mkdir(parents=True)
    settings.DATA_DIR = folder
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": folder / "files"},
        },
    }
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": str(folder)}}
    return folder


@pytest.fixture(scope="session", autouse=True)
def _settings_of_tests() -> Iterator[None]:
    """What a test may still set otherwise; processes that it starts have settings of their own."""
    with override_settings(
        CELERY_BROKER_URL="memory://",
        # A job's heart beats over a connection of its own, which does not see the row that a test has not committed:
        # it would take the job for lost.
        JOB_HEARTBEAT_SECONDS=3600,
        # For good: a thread of a live server may look for the storage while another test begins.
        STORAGES={
            **django_settings.STORAGES,
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
        },
        # Each client of a test would look through all static files as it begins.
        WHITENOISE_AUTOREFRESH=True,
        # Most tests make accounts: the ordinary hash is slow on purpose.
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    ):
        yield
