"""A provider of language models on this machine that speaks the wire formats of the real ones, and fails like them.

`Provider` in a test, `python -m tests.support.providers --help` as a process of its own.
"""

from tests.support.providers.faults import Fault
from tests.support.providers.server import KEY, Provider

__all__ = ["KEY", "Fault", "Provider"]
