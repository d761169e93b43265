"""Migrations step by step, as installations take them that are older than the squashed one."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def executor() -> MigrationExecutor:
    """With the steps, in place of the squashed migration."""
    made = MigrationExecutor(connection)
    made.loader.replace_migrations = False
    made.loader.build_graph()
    for key, migration in made.loader.replacements.items():
        made.loader.graph.remove_replacement_node(key, migration.replaces)
    return made


def migrate(name: str) -> Any:
    """The models as they were at that migration."""
    made = executor()
    made.migrate([("extraction", name)])
    return made.loader.project_state([("extraction", name)]).apps


def migrate_to_the_latest() -> None:
    """Other applications, too: those that know our users go with their tables."""
    made = executor()
    made.migrate(made.loader.graph.leaf_nodes())
