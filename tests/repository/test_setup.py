"""What stands around the program: locks, Makefile, licence."""

import importlib.metadata
import itertools
import re
import shutil
import socket
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
LOCKS = [ROOT / "requirements.txt", ROOT / ".ci/requirements-dev.txt"]
TORCH = ROOT / "requirements-torch.txt"


def logical_lines(lock: Path) -> list[str]:
    """Each pin on one line, with its hashes."""
    lines = lock.read_text().replace("\\\n", "").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def pins(lock: Path) -> dict[str, str]:
    return dict(re.split(" |$", line, maxsplit=1)[0].split("==") for line in logical_lines(lock))


def normal(requirement: str) -> str:
    name = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert name
    return re.sub(r"[._-]+", "-", name[0]).lower()


# A package with its version, perhaps the platforms that it is for, and the files that are taken for it.
LINE = re.compile(
    r"[a-z0-9-]+==[0-9][0-9a-z.]*"
    r"(?: ; \w+ == '\w+'(?: and \w+ == '\w+')*)?"
    r"(?:\s+--hash=sha256:[0-9a-f]{64})+"
)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_pins_every_package_by_hashes_and_names_no_host_and_no_file(lock: Path) -> None:
    assert [line for line in logical_lines(lock) if not LINE.fullmatch(line)] == []
    assert not re.search(r"://|file:|index|find-links|/tmp|/home|/root", lock.read_text())


def test_torch_is_pinned_apart_and_nothing_of_a_gpu_vendor_is() -> None:
    """Each index has a build of its own of torch, so a hash would choose the index."""
    assert logical_lines(TORCH) == ["torch==2.13.0"]
    for lock in LOCKS:
        assert "torch" not in pins(lock)
        assert not re.search(r"nvidia|cuda|triton", lock.read_text())


def test_every_dependency_is_locked_and_both_locks_agree() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    main, dev = (pins(lock) for lock in LOCKS)
    assert logical_lines(TORCH)[0] in project["dependencies"]
    assert {normal(requirement) for requirement in project["dependencies"]} <= {*main, "torch"}
    assert {normal(requirement) for requirement in project["optional-dependencies"]["dev"]} <= set(dev)
    assert {name: version for name, version in dev.items() if name in main} == main


def test_what_packages_need_on_another_python_is_locked_too() -> None:
    """Set-up resolves nothing, and one Python writes the locks for all. Debian 12 has Python 3.11.2."""
    locked = {name for lock in LOCKS for name in pins(lock)} | {"torch"}
    installed = {normal(found.name): found for found in importlib.metadata.distributions()}
    needed = set()
    for version, machine in itertools.product(("3.11.2", "3.12.3", "3.13.5", "3.14.0"), ("x86_64", "aarch64")):
        there = {
            "python_version": version.rpartition(".")[0],
            "python_full_version": version,
            "platform_machine": machine,
            "extra": "",
        }
        # The libraries of torch's GPU builds are the one thing that comes without being locked.
        for name in locked & installed.keys() - {"torch"}:
            requirements = [Requirement(text) for text in installed[name].requires or ()]
            needed |= {normal(each.name) for each in requirements if each.marker is None or each.marker.evaluate(there)}
    assert needed - locked == set()


def test_set_up_installs_only_files_whose_hashes_are_locked() -> None:
    """All but torch, which stands alone in a file without hashes."""
    makefile = (ROOT / "Makefile").read_text()
    [setup] = re.findall(r"^\$\(STAMP\):\n((?:\t.*\n)+)", makefile, re.MULTILINE)
    installs = re.findall(r"^\t@\$\(PIP_INSTALL\) (.*)$", setup, re.MULTILINE)
    lock, torch = installs
    assert lock == "--require-hashes --no-deps $(addprefix --requirement ,$(LOCKS))"
    assert torch.startswith("--requirement $(TORCH) $(if $(TORCH_INDEX_URL),")
    assert "pip install" not in setup
    assert re.search(r"^LOCKS := requirements.txt \.ci/requirements-dev.txt$", makefile, re.MULTILINE)
    assert re.search(r"^TORCH := requirements-torch.txt$", makefile, re.MULTILINE)
    assert "-m pip --disable-pip-version-check check)" in setup


def test_what_runs_on_servers_is_there() -> None:
    """A file that was renamed would end that part before its first test."""
    [listed] = re.findall(r"\(addprefix tests/,(.*?)\)", (ROOT / "Makefile").read_text(), re.DOTALL)
    assert [name for name in listed.replace("\\", " ").split() if not (ROOT / "tests" / name).exists()] == []


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["make", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
class TestMake:
    def test_it_lists_what_it_can_do(self) -> None:
        for target in ("setup", "demo", "run", "test", "test-fast", "lint", "bench"):
            assert f"make {target} " in make("help").stdout

    @pytest.mark.parametrize(
        "target",
        ["setup", "demo", "run", "test", "test-fast", "lint", "client", "bench", "soak", "audit", "sbom", "lock"],
    )
    def test_its_recipes_can_be_expanded(self, target: str) -> None:
        done = make("--dry-run", target, "DATA=some folder")
        assert done.returncode == 0, done.stderr

    @pytest.mark.parametrize("target", ["demo", "run"])
    def test_a_port_that_is_taken_is_said_before_any_work_starts(self, target: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            done = make(target, f"PORT={port}")
        assert done.returncode == 2
        assert f"Port {port} of 127.0.0.1 cannot be used" in done.stderr
        assert done.stdout == ""

    def test_another_python_is_refused_in_one_sentence(self, tmp_path: Path) -> None:
        python = tmp_path / "python"
        python.write_text("#!/bin/sh\nexit 1\n")
        python.chmod(0o755)
        stamp = next(iter(re.findall(r"\S+/\.installed-\w+", make("--dry-run", "--always-make", "setup").stdout)))
        done = make("--always-make", stamp, f"PYTHON={python}")
        assert "kdweb needs Python 3.11 or newer" in done.stderr
        assert done.returncode == 2


@pytest.mark.skipif(shutil.which("dpkg-query") is None, reason="not a Debian system")
def test_system_packages_that_are_there_are_not_installed_again() -> None:
    done = subprocess.run([ROOT / ".ci/system-packages", "dpkg"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_where_packages_cannot_be_installed_this_is_said_and_is_no_error(tmp_path: Path) -> None:
    script = ROOT / ".ci/system-packages"
    done = subprocess.run(
        ["/bin/sh", script, "no-such-package"], capture_output=True, text=True, check=False, env={"PATH": str(tmp_path)}
    )
    assert done.returncode == 0
    assert done.stderr.strip() == (
        "This machine has no apt. The system packages no-such-package are missing; kdweb goes on without them."
    )


def test_the_licence_is_apache_2() -> None:
    assert "Apache License" in (ROOT / "LICENSE").read_text()
    assert 'license = "Apache-2.0"' in (ROOT / "pyproject.toml").read_text()
