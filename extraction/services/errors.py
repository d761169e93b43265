"""What a use case may refuse. Each message is one sentence for the person who asked."""


class Invalid(ValueError):
    """The request cannot be carried out as it was put: a 400, or exit code 2."""


class NotFound(LookupError):
    """What was named does not exist: a 404, or exit code 2."""


class Conflict(ValueError):
    """Somebody else changed it meanwhile, or it is not in a state that allows this: a 409, or exit code 2."""
