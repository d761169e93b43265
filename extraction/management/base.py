"""Base of the commands: exit codes, one sentence for an error, progress on stderr, JSON on stdout."""

import json
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict
from typing import Any, Generic, Protocol, TypeVar, runtime_checkable

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from extraction.domain.errors import UserError
from extraction.services.audit_log.actors import Actor, acting
from extraction.services.operation import installation

PLAIN_LINE_EVERY_S = 10.0


class Error(CommandError):
    """Wrong usage or refused input: one sentence on stderr, exit code 2."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, returncode=2)


class Terminal:
    """A `Progress`: a bar on a terminal, a plain line now and then elsewhere; both on stderr."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.bar: Any = None
        self.last_line = 0.0

    def report(self, done: int, total: int, message: str = "") -> None:
        if sys.stderr.isatty():
            self._draw(done, total, message)
        elif done == total or time.monotonic() - self.last_line > PLAIN_LINE_EVERY_S:
            self.last_line = time.monotonic()
            print(f"{self.label}: {done} of {total} {message}".rstrip(), file=sys.stderr)  # noqa: T201

    def _draw(self, done: int, total: int, message: str) -> None:
        if self.bar is None:
            self.bar = tqdm(total=total, desc=self.label, leave=True, dynamic_ncols=True)
        self.bar.total = total
        self.bar.n = done
        self.bar.set_postfix_str(message, refresh=True)
        if done == total:
            self.close()

    def close(self) -> None:
        if self.bar is not None:
            self.bar.close()
            self.bar = None

    def cancelled(self) -> bool:
        """Ctrl-C ends a command at once; what it had finished stays."""
        return False


@runtime_checkable
class JsonResult(Protocol):
    """A result whose JSON has another form than its fields."""

    def to_json(self) -> object: ...


# A dataclass.
Result = TypeVar("Result")


class KdCommand(BaseCommand, ABC, Generic[Result]):
    """A command of kdweb. `run` returns a dataclass, whose fields `--json` prints, or what its `to_json` gives."""

    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object on stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with acting(Actor.of_command(type(self).__module__.rpartition(".")[2])), self.prepared():
                result = self.run(options)
        except UserError as error:
            raise Error(str(error)) from None
        except BrokenPipeError:
            # Nobody reads what is printed any more: manage.py ends the command.
            raise
        except OSError as error:
            raise Error(f"{error.filename or 'A file'}: {error.strerror or error}.") from None
        except KeyboardInterrupt:
            self.stderr.write("Stopped; what was finished stays.")
            sys.exit(130)
        if options["json"]:
            value = result.to_json() if isinstance(result, JsonResult) else asdict(result)  # type: ignore[call-overload]
            self.stdout.write(json.dumps(value, ensure_ascii=False))
        else:
            self.show(result)
        if self.failed(result):
            sys.exit(1)

    def prepared(self) -> AbstractContextManager[None]:
        """What the work needs: the tables, and that no restore takes them away meanwhile."""
        return installation.prepared()

    @abstractmethod
    def run(self, options: Mapping[str, Any]) -> Result:
        """The work, by way of services."""

    @abstractmethod
    def show(self, result: Result) -> None:
        """The result for people, on stdout."""

    def failed(self, result: Result) -> bool:
        """True where some items failed although the command as a whole went through: exit code 1."""
        return False
