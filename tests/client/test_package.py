"""The client as a package: in step with the contract, of the project's version, and usable on its own."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from client import generate
from kdweb_client.client import Client

ROOT = Path(__file__).resolve().parents[2]
CLIENT = ROOT / "client"
MOST_LINES = 400


def project(folder: Path) -> dict[str, object]:
    held: dict[str, object] = tomllib.loads((folder / "pyproject.toml").read_text())["project"]
    return held


def test_it_is_in_step_with_the_contract() -> None:
    made = generate.generated(generate.DOCUMENT.read_text("utf-8"))
    package = CLIENT / "kdweb_client"
    there = {
        path.relative_to(package).as_posix(): path.read_text("utf-8")
        for folder in ("calls", "schemas")
        for path in (package / folder).glob("*.py")
    }
    assert there == made, "If the contract was meant to change: python client/generate.py"


def test_every_operation_is_a_method() -> None:
    document = generate.Document(generate.DOCUMENT.read_text("utf-8"))
    names = [operation.name for operations in document.operations.values() for operation in operations]
    assert names
    assert [name for name in names if not (getattr(Client, name).__doc__ or "").strip()] == []


def test_its_version_is_the_projects() -> None:
    assert project(CLIENT)["version"] == project(ROOT)["version"]
    assert (CLIENT / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()


@pytest.mark.slow
def test_its_wheel_needs_nothing_of_the_repository(tmp_path: Path) -> None:
    # A copy: building leaves files beside what it builds.
    shutil.copytree(CLIENT, tmp_path / "client", ignore=shutil.ignore_patterns("__pycache__"))
    command = ["-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    python(*command, "--wheel-dir", str(tmp_path), "./client", cwd=tmp_path)
    [wheel] = tmp_path.glob("kdweb_client-*.whl")
    script = (
        "import sys; from kdweb_client import Client; import kdweb_client;"
        "assert '.whl' in kdweb_client.__file__; Client('http://127.0.0.1', 'kd_x', 'slips').close();"
        "assert not {'django', 'extraction'} & set(sys.modules)"
    )
    python("-c", f"import sys; sys.path.insert(0, {str(wheel)!r}); {script}", cwd=tmp_path)


def python(*arguments: str, cwd: Path) -> None:
    done = subprocess.run([sys.executable, *arguments], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
