"""One event loop in a thread of its own, on which all LMM teachers of the process send their requests.

Their clients keep connections that belong to one loop, while callers come from any thread.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Coroutine
from functools import lru_cache
from typing import Any, TypeVar

from httpx2 import AsyncClient

T = TypeVar("T")

_making = threading.Lock()


def run(work: Coroutine[Any, Any, T]) -> T:
    """The result of `work`; it is cancelled where the caller is interrupted."""
    future = asyncio.run_coroutine_threadsafe(work, _shared())
    try:
        return future.result()
    except BaseException:
        future.cancel()
        raise


def close(client: AsyncClient) -> None:
    """Close a client's connections; does not wait for it."""
    asyncio.run_coroutine_threadsafe(client.aclose(), _shared())


def _shared() -> asyncio.AbstractEventLoop:
    """Locked, so that of several first callers one makes the loop."""
    with _making:
        return _loop(os.getpid())


@lru_cache(maxsize=1)
def _loop(process: int) -> asyncio.AbstractEventLoop:
    """By process: a thread does not survive a fork."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="teachers", daemon=True).start()
    return loop
