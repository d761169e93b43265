"""The squashed migration and the steps that it replaces."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from tests.support.servers.backends import Backend, on_both
from tests.support.servers.migrations import migrate, migrate_to_the_latest

pytestmark = [on_both, pytest.mark.django_db(transaction=True)]


def tables() -> dict[str, Any]:
    """Columns, indexes and constraints of every table of ours."""
    described = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith("extraction_"):
                columns = connection.introspection.get_table_description(cursor, table)
                constraints = connection.introspection.get_constraints(cursor, table).values()
                described[table] = (
                    sorted((each.name, each.type_code, each.null_ok, each.default) for each in columns),
                    sorted(
                        repr({**each, "columns": each["columns"] and sorted(each["columns"])}) for each in constraints
                    ),
                )
    return described


def test_a_new_installation_has_the_tables_of_one_that_took_every_step(backend: Backend) -> None:
    new = tables()
    assert len(new) > 60
    migrate(None)
    assert not tables()
    migrate_to_the_latest()
    assert tables() == new
