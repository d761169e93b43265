"""Tables whose rows are added and never changed: refused by the model, and by triggers in the database."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper


class Unchangeable(TypeError):
    """A row of an append-only table was to be changed or deleted: a fault of the program."""

    def __init__(self, *_: object, **__: object) -> None:
        super().__init__("Rows of this table are added, never changed or deleted.")


class AppendOnlyRows(models.QuerySet[Any]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise Unchangeable

    def delete(self) -> NoReturn:
        raise Unchangeable

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise Unchangeable


class AppendOnly(models.Model):
    """Base of such a table."""

    objects = AppendOnlyRows.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise Unchangeable
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise Unchangeable


def create_triggers(connection: BaseDatabaseWrapper, table: str) -> None:
    """Have the database refuse changes too. A migration that alters the table on SQLite makes it anew, without them."""
    with connection.cursor() as cursor:
        for statement in _statements(connection.vendor, table):
            cursor.execute(statement)


def drop_triggers(connection: BaseDatabaseWrapper, table: str) -> None:
    on = f" ON {table}" if connection.vendor == "postgresql" else ""
    names = [_name(table, event) for event in _EVENTS.get(connection.vendor, ())]
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")
        if connection.vendor == "postgresql":
            cursor.execute(f"DROP FUNCTION IF EXISTS {table}_refuse()")


# What is refused, by vendor.
_EVENTS = {"sqlite": ("UPDATE", "DELETE"), "postgresql": ("UPDATE", "DELETE", "TRUNCATE")}
_SENTENCE = "rows of this table are added, never changed or deleted"


def _name(table: str, event: str) -> str:
    return f"{table}_no_{event.lower()}"


def _statements(vendor: str, table: str) -> list[str]:
    events = _EVENTS.get(vendor, ())
    if vendor == "sqlite":
        return [
            f"CREATE TRIGGER IF NOT EXISTS {_name(table, event)} BEFORE {event} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{_SENTENCE}'); END"
            for event in events
        ]
    if vendor == "postgresql":
        function = (
            f"CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{_SENTENCE}'; END $$"
        )
        return [
            function,
            *(
                f"CREATE OR REPLACE TRIGGER {_name(table, event)} BEFORE {event} ON {table} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()"
                for event in events
            ),
        ]
    return []
