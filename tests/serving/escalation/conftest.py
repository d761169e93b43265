"""What every test of escalation starts from."""

from tests.serving.escalation.worlds import owner, project, send, teacher

__all__ = ["owner", "project", "send", "teacher"]
