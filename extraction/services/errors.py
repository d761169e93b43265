"""Refusals of services. Each message is one sentence for the person who asked."""

from extraction.domain.errors import UserError


class Invalid(UserError):
    """The request cannot be carried out as it was put: a 400, or exit code 2."""


class NotFound(UserError):
    """What was named does not exist: a 404, or exit code 2."""


class Conflict(UserError):
    """Somebody else changed it meanwhile, or it is not in a state that allows this: a 409, or exit code 2."""
