"""Errors of a training that people may read; each message is one sentence."""

from extraction.domain.errors import UserError


class ConfigError(UserError):
    """Settings that cannot be used, or a student kind or an encoder that is not there."""


class NothingToLearn(UserError):
    """No label of the training documents can be trained on."""


class Diverged(UserError):
    """The weights grew until the network's outputs were no numbers."""


class ExportError(UserError):
    """The written model answers otherwise than the trained one."""


class ProcessLost(UserError):
    """One of several processes that trained together ended before its time."""


class OutOfSpace(UserError):
    """The disk is full."""


class OutOfMemory(UserError):
    """The memory is used up."""
