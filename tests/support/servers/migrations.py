"""Migrations step by step, as installations take them that are older than the squashed one."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class Step(NamedTuple):
    """An operation of a migration with the models before and after it."""

    operation: Operation
    before: ProjectState
    after: ProjectState


def migrate(name: str | None) -> Any:
    """The models as they were at that migration; `None` stands before the first and has none."""
    _walk([("extraction", name)])
    return _steps()["extraction", name][-1].after.apps if name else None


def migrate_to_the_latest() -> None:
    """Other applications, too: those that know our users go with their tables."""
    _walk(_executor().loader.graph.leaf_nodes())


def _walk(targets: list[tuple[str, str | None]]) -> None:
    """Does what Django's executor does, with states that are made once: to make them anew takes nine tenths of its
    time."""
    executor = _executor()
    for migration, backwards in executor.migration_plan(targets):
        label, steps = migration.app_label, _steps()[migration.app_label, migration.name]
        with connection.schema_editor(atomic=migration.atomic) as editor:
            for step in reversed(steps) if backwards else steps:
                if backwards:
                    step.operation.database_backwards(label, editor, step.after, step.before)
                else:
                    step.operation.database_forwards(label, editor, step.before, step.after)
        if backwards:
            executor.recorder.record_unapplied(label, migration.name)
        else:
            executor.recorder.record_applied(label, migration.name)


def _executor() -> MigrationExecutor:
    """With the steps, in place of the squashed migration."""
    made = MigrationExecutor(connection)
    made.loader.replace_migrations = False
    made.loader.build_graph()
    for key, migration in made.loader.replacements.items():
        made.loader.graph.remove_replacement_node(key, migration.replaces)
    return made


@cache
def _steps() -> dict[tuple[str, str], list[Step]]:
    """The steps of each migration, from the first to the latest."""
    executor, state = _executor(), ProjectState()
    # From here on each operation renders what it changes alone.
    state.apps  # noqa: B018
    found: dict[tuple[str, str], list[Step]] = {}
    for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes(), clean_start=True):
        steps = found[migration.app_label, migration.name] = []
        for operation in migration.operations:
            before, state = state, state.clone()
            operation.state_forwards(migration.app_label, state)
            steps.append(Step(operation, before, state))
    return found
