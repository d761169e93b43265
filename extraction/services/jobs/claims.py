"""The claim of the job that is executed here, as a fence before what its work stores.

A worker that was cut off from the network may come back with a result long after its job was given to another one.
Work whose results replace earlier ones calls `confirm` in the transaction that stores them; where results are only
added, constraints keep the first.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from extraction.domain.progress import Cancelled
from extraction.services.jobs.progress import JobProgress

_claim: ContextVar[JobProgress | None] = ContextVar("claim", default=None)


@contextmanager
def executing(claim: JobProgress) -> Iterator[None]:
    """Around the work of a claimed job."""
    token = _claim.set(claim)
    try:
        yield
    finally:
        _claim.reset(token)


def confirm() -> None:
    """Keep the claim until the end of the surrounding transaction; nothing outside of a job.

    Raises `Cancelled` where the job was given to another worker, has ended or is deleted.
    """
    claim = _claim.get()
    if claim is not None and not claim.claimed().select_for_update(no_key=True).exists():
        raise Cancelled
