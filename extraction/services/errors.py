"""Refusals of services. Each message is one sentence for the person who asked."""

from extraction.domain.errors import UserError


class Invalid(UserError):
    """The request cannot be carried out as it was put: a 400, or exit code 2."""


class NotFound(UserError):
    """What was named does not exist: a 404, or exit code 2."""


class Later(UserError):
    """The same request may succeed in so many `seconds`: `status`, with `Retry-After`.

    Kinds of it say with which status, and derive from nothing else.
    """

    status = 503

    def __init__(self, sentence: str, seconds: int, **values: object) -> None:
        super().__init__(sentence, **values)
        self.seconds = seconds


class Conflict(UserError):
    """Somebody else changed it meanwhile, or it is not in a state that allows this: a 409, or exit code 2."""
