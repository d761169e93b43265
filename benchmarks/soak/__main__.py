"""`make soak`: kdweb under load while its processes are killed, its disk, database and broker are away, and its clock
jumps; ends with one line of counts.

python -m benchmarks.soak [--database sqlite] [--faults kill] [--kills 200] [--times 3] [--seed 0]
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.soak import faults
from benchmarks.speed.temporary_installation import BASE, environment

DATABASES = ("sqlite", "postgresql")
# Set for the process that does the work, whose servers and mounts are its own.
INSIDE = "KD_SOAK_FOLDER"


def outside(arguments: Sequence[str], database: str, names: Sequence[str]) -> int:
    """The soak in a process of its own: on servers that are started for it, with mounts that nobody else sees."""
    for name in names:
        if reason := faults.impossible(name):
            sys.stderr.write(f"{reason}\n")
            return 2
    with TemporaryDirectory(prefix="kdweb-soak-", ignore_cleanup_errors=True) as folder:
        (data := Path(folder) / "data").mkdir()
        variables = {**environment(str(data)), "KD_WEBHOOK_PRIVATE": "1", "KD_API_RATE": "6000/m", INSIDE: folder}
        mounts = ["unshare", "--mount", "--propagation=private"] if faults.MOUNTED & set(names) else []
        servers = [sys.executable, "-m", "tests.support.servers"] if database == "postgresql" else []
        command = [*mounts, *servers, sys.executable, "-m", "benchmarks.soak", *arguments]
        # Ctrl-C is for the process inside, which then counts.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        return subprocess.run(command, cwd=BASE, env=variables, check=False).returncode


def inside(folder: Path, database: str, names: Sequence[str], kills: int, times: int, seed: int) -> int:
    if faults.MOUNTED & set(names):
        faults.mount("-t", "tmpfs", "-o", f"size={faults.ROOM}", "none", str(folder / "data"))
    import django

    django.setup()
    from benchmarks.soak.work import soak

    planned = [name for name in names for _ in range(kills if name == "kill" else times)]
    return 0 if soak(database, planned, seed, folder) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=DATABASES, default=DATABASES[0])
    parser.add_argument("--faults", default="kill", help=f"by commas: {', '.join(faults.NAMES)}, or all")
    parser.add_argument("--kills", type=int, default=200, help="how often a process is killed (%(default)s)")
    parser.add_argument("--times", type=int, default=3, help="how often each other fault happens (%(default)s)")
    parser.add_argument("--seed", type=int, default=0)
    return parser


def main() -> int:
    parser = _parser()
    chosen = parser.parse_args()
    names = faults.NAMES if chosen.faults == "all" else chosen.faults.split(",")
    if unknown := sorted(set(names) - set(faults.NAMES)):
        parser.error(f"There is no fault {unknown[0]!r}; known are {', '.join(faults.NAMES)}.")
    if folder := os.environ.get(INSIDE):
        return inside(Path(folder), chosen.database, names, chosen.kills, chosen.times, chosen.seed)
    return outside(sys.argv[1:], chosen.database, names)


if __name__ == "__main__":
    sys.exit(main())
