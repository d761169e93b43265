"""Runs a command on servers of its own, where they are installed.

python -m tests.support.servers pytest tests/jobs
"""

import os
import subprocess
import sys

from tests.support.servers.daemons import missing, postgresql, redis_server


def main() -> int:
    if reason := missing():
        sys.stderr.write(f"Nothing is run on servers: {reason}\n")
        return 0
    with postgresql() as database, redis_server() as redis:
        urls = {"DATABASE_URL": database, "CELERY_BROKER_URL": f"{redis}/0", "CACHE_URL": f"{redis}/1"}
        return subprocess.run(sys.argv[1:], env={**os.environ, **urls}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
