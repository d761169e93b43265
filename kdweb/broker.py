"""The embedded broker: a message is a file in the folder of its queue.

kombu's own `filesystem` transport writes messages and its tables in place: a reader that comes too early, or a kill in
the middle, leaves half a file, and that stops the worker for good. Here a message appears whole or not at all, and one
that cannot be read is renamed. There is no fan-out: the remote control of workers is off.
"""

import contextlib
import json
import logging
import tempfile
import time
import uuid
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, virtual

logger = logging.getLogger(__name__)

_CHECK = ".check"


class Channel(virtual.Channel):
    """Queues as folders, oldest message first."""

    def _folder(self, queue: str) -> Path:
        folder = Path(self.connection.client.transport_options["folder"]) / queue
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def check(self) -> None:
        """Raises `OSError` where a message could not be put into a queue's folder."""
        root = Path(self.connection.client.transport_options["folder"])
        root.mkdir(parents=True, exist_ok=True)
        # The file that another process's check has just put into the root is no queue.
        queues = (entry for entry in root.iterdir() if entry.suffix != _CHECK)
        for folder in (root, *queues):
            with tempfile.NamedTemporaryFile(dir=folder, suffix=_CHECK):
                pass

    def _waiting(self, queue: str) -> list[Path]:
        """The messages, oldest first."""
        return sorted(self._folder(queue).glob("*.json"))

    def _put(self, queue: str, message: dict[str, Any], **kwargs: object) -> None:
        final = self._folder(queue) / f"{time.time_ns():020}-{uuid.uuid4().hex}.json"
        draft = final.with_suffix(".draft")
        draft.write_text(json.dumps(message))
        draft.rename(final)

    def _get(self, queue: str, timeout: float | None = None) -> dict[str, Any]:
        for path in self._waiting(queue):
            try:
                message = json.loads(path.read_bytes())
                self.Message(message, channel=self)  # type: ignore[no-untyped-call]  # as the worker will
            except FileNotFoundError:
                continue
            except Exception:
                logger.warning("The broken message %s was put away.", path.name, exc_info=True)
                _set_aside(path)
                continue
            if _remove(path):
                return dict(message)
        raise Empty

    def _size(self, queue: str) -> int:
        return len(self._waiting(queue))

    def _purge(self, queue: str) -> int:
        return sum(_remove(path) for path in self._waiting(queue))


class Transport(virtual.Transport):
    """kombu's transport over `Channel`."""

    Channel = Channel

    implements = virtual.Transport.implements.extend(asynchronous=False, exchange_type=frozenset(["direct"]))
    # Bindings are declared by every process before it sends or receives, so they need no file.
    global_state = virtual.BrokerState()  # type: ignore[no-untyped-call]
    driver_type = "folder"
    driver_name = "folder"

    def __init__(self, client: Any, **kwargs: Any) -> None:
        super().__init__(client, **kwargs)  # type: ignore[no-untyped-call]
        self.state = self.global_state

    def driver_version(self) -> str:
        return "1"


def register() -> None:
    """Make `folder://` known to kombu."""
    TRANSPORT_ALIASES["folder"] = "kdweb.broker:Transport"


def _set_aside(path: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        path.replace(path.with_suffix(".broken"))


def _remove(path: Path) -> bool:
    """Whether this process was the one that removed it: of several that read a message, that one has it."""
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    return True
