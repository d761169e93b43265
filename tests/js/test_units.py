"""Unit tests of the scripts, run by node without packages and network."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

TESTS = sorted(Path(__file__).parent.glob("*.test.js"))
# The first version with `node --test`.
OLDEST = 18
NODE = shutil.which("node")


def node_version() -> int:
    """Major version of the installed node, 0 without one."""
    if NODE is None:
        return 0
    printed = subprocess.run([NODE, "--version"], capture_output=True, text=True, check=False).stdout
    version = re.match(r"v(\d+)\.", printed)
    return int(version[1]) if version else 0


@pytest.mark.skipif(
    node_version() < OLDEST, reason=f"node {OLDEST} or newer is not installed; `make test` installs nodejs."
)
@pytest.mark.parametrize("path", TESTS, ids=lambda path: path.name)
def test_the_units_of_a_script_pass(path: Path) -> None:
    assert NODE
    done = subprocess.run([NODE, "--test", path], capture_output=True, text=True, check=False, timeout=60)
    passed = re.search(r"^(?:#|ℹ) pass (\d+)$", done.stdout, re.MULTILINE)
    assert done.returncode == 0, done.stdout + done.stderr
    assert passed, done.stdout
    assert int(passed[1]) > 0
