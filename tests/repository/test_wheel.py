"""The wheel: it holds every module, template and static file, and the engines work out of it without Django."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.support import drawing
from tests.support.tiny_student import SCHEMA

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ("kdweb", "extraction", "synthdocs", "templates", "docs", "locale")
NEEDED = ("pyproject.toml", "README.md", "LICENSE")

pytestmark = pytest.mark.slow

# Before and after the example of the document.
CHECKED = """
import sys
import extraction.domain, extraction.engines
assert extraction.domain.__file__.startswith({installed!r}), extraction.domain.__file__
{example}
assert not [name for name in sys.modules if name.split(".")[0] in ("django", "celery", "torch")]
print(*sorted(fields))
"""


def environment(**variables: str) -> dict[str, str]:
    """No path to the checkout, no settings of Django, no package index."""
    kept = {name: os.environ[name] for name in ("HOME", "PATH", "TMPDIR") if name in os.environ}
    return {**kept, "PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1", **variables}


def python(*arguments: str | Path, cwd: Path, variables: Mapping[str, str] | None = None) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        env=environment(**(variables or {})),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def files(folder: Path) -> set[str]:
    """What lies below the shipped folders."""
    paths = (path for name in SHIPPED for path in (folder / name).rglob("*") if path.is_file())
    return {str(path.relative_to(folder)) for path in paths if "__pycache__" not in path.parts}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder into which the wheel is installed, without its dependencies."""
    folder = tmp_path_factory.mktemp("wheel")
    source, target = folder / "source", folder / "target"
    # A copy: building leaves files beside what it builds.
    for name in SHIPPED:
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in NEEDED:
        shutil.copy(ROOT / name, source)
    python("-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", folder, ".", cwd=source)
    [wheel] = folder.glob("kdweb-*.whl")
    python("-m", "pip", "install", "--quiet", "--no-deps", "--no-compile", "--target", target, wheel, cwd=folder)
    return target


def test_it_holds_every_module_template_and_static_file(installed: Path) -> None:
    assert files(installed) == files(ROOT)


def test_the_site_can_be_checked_out_of_it(installed: Path, tmp_path: Path) -> None:
    variables = {"PYTHONPATH": str(installed), "KD_DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "kdweb.settings"}
    python("-m", "django", "check", "--fail-level=ERROR", cwd=tmp_path, variables=variables)
    found = "from django.template.loader import get_template; import django; django.setup(); get_template('base.html')"
    python("-c", found, cwd=tmp_path, variables=variables)


def example() -> str:
    """The notebook of the document on the architecture."""
    [code] = re.findall(r"```python\n(.*?)```", (ROOT / "docs/architecture.md").read_text("utf-8"), re.DOTALL)
    return str(code)


def test_the_example_of_the_documentation_runs_without_django(
    installed: Path, tmp_path: Path, trained: tuple[Path, Any, list[Any], list[str]]
) -> None:
    drawing.receipt().save(tmp_path / "receipt.jpg")
    shutil.copytree(trained[0], tmp_path / "models" / "first")
    script = CHECKED.format(installed=str(installed), example=example())
    printed = python("-c", script, cwd=tmp_path, variables={"PYTHONPATH": str(installed)})
    assert set(printed.split()) == {field.name for field in SCHEMA.fields}
