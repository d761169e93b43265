"""A project that serves a tiny student, for callers of every kind."""

from tests.api.conftest import caller, owner, program, project, served, trained
from tests.management.conftest import command

__all__ = ["caller", "command", "owner", "program", "project", "served", "trained"]
