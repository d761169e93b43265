from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from extraction.management.base import KdCommand
from extraction.services.operation.health import Severity
from extraction.services.operation.state import facts
from extraction.services.operation.state.facts import Facts, QueueState


class Command(KdCommand[Facts]):
    help = "Tells the state of this installation: issues, disk, queues, workers, backup, errors, failed logins."

    def prepared(self) -> AbstractContextManager[None]:
        """Nothing: a database without tables is an issue to be told."""
        return nullcontext()

    def run(self, options: Mapping[str, Any]) -> Facts:
        return facts.facts()

    def show(self, result: Facts) -> None:
        commit = f", commit {result.commit}" if result.commit else ""
        backup = f"{result.backup.finished:%Y-%m-%d %H:%M} UTC, {result.backup.path}" if result.backup else "none yet"
        lines = [
            f"kdweb {result.version}{commit}",
            *(f"{issue.severity}: {issue.sentence} {issue.remedy}" for issue in result.issues),
            f"disk: {result.free_bytes / 2**30:.1f} GB left, data {result.data.total / 2**30:.2f} GB",
            *map(_queue, result.queues),
            f"last backup: {backup}",
            f"failed jobs: {len(result.failed_jobs)}",
            f"recent errors: {len(result.errors)}",
            f"failed logins: {len(result.failed_logins)}",
        ]
        self.stdout.write("\n".join(lines))

    def failed(self, result: Facts) -> bool:
        return any(issue.severity is Severity.ERROR for issue in result.issues)


def _queue(queue: QueueState) -> str:
    oldest = f", the oldest since {queue.oldest:%Y-%m-%d %H:%M} UTC" if queue.oldest else ""
    return f"{queue.name}: worker {'runs' if queue.alive else 'does not run'}, {queue.waiting} waiting{oldest}"
