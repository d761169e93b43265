"""Dockerfile and compose.yaml, as far as they can be tried without a container engine.

Executed: the commands of the build stage, in a clean folder and a fresh virtual environment that finds this machine's
packages, so that pip checks the lock against what is installed but downloads nothing; then `check`, `migrate` and
`collectstatic` in a tree of just those files that COPY names, with just the variables that ENV sets. Read but not
executed: apt-get, useradd, the base images, compose itself. Nothing here shows that an image can be built.
"""

from __future__ import annotations

import ast
import fnmatch
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from kdweb import servers
from kdweb.environment import BASE_DIR

COMPOSE = yaml.safe_load((BASE_DIR / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
# Variables that compose.yaml does not pass on, and why.
LEFT_OUT = {
    "DEBUG": "never where others can reach it",
    "KD_DATA_DIR": "the image's volume",
    "KD_TOKEN": "for manage.py mcp, which is started by hand",
    "KD_CORPORA_DIR": "for manage.py bench, which is not in the image",
    "KD_SROIE_DIR": "for manage.py bench, which is not in the image",
    "TORCH_INDEX_URL": "an argument of the build",
}
OURS = {name: service for name, service in SERVICES.items() if service["image"] == "kdweb"}


@dataclass
class Stage:
    image: str
    name: str = ""
    steps: list[tuple[str, str]] = field(default_factory=list)

    def of(self, word: str) -> list[str]:
        return [rest for kind, rest in self.steps if kind == word]


def stages() -> list[Stage]:
    """The Dockerfile's instructions, each on one line."""
    text = re.sub(r"^\s*#.*\n", "", (BASE_DIR / "Dockerfile").read_text(), flags=re.MULTILINE)
    found: list[Stage] = []
    for line in re.sub(r"\\\n\s*", " ", text).splitlines():
        word, _, rest = line.strip().partition(" ")
        if word == "FROM":
            image, _, name = rest.partition(" AS ")
            found.append(Stage(image, name))
        elif word:
            found[-1].steps.append((word, rest.strip()))
    return found


BUILD, FINAL = stages()


def copied(stage: Stage) -> Iterator[tuple[str, str]]:
    """Sources in the checkout and where they go."""
    for rest in stage.of("COPY"):
        *sources, target = rest.split()
        if not sources[0].startswith("--from"):
            yield from ((source, target) for source in sources)


class TestDockerfile:
    def test_it_has_a_stage_to_build_and_one_to_run(self) -> None:
        words = {"ARG", "CMD", "COPY", "ENV", "EXPOSE", "HEALTHCHECK", "RUN", "USER", "VOLUME", "WORKDIR"}
        assert {word for stage in (BUILD, FINAL) for word, _ in stage.steps} <= words
        assert (BUILD.image, BUILD.name, FINAL.image) == ("python:3.11-slim", "build", "python:3.11-slim")
        assert "--from=build /opt/venv /opt/venv" in FINAL.of("COPY")

    def test_what_it_copies_is_there_and_nothing_else_is_sent_to_the_builder(self) -> None:
        patterns = [line for line in (BASE_DIR / ".dockerignore").read_text().splitlines() if line[:1] not in ("", "#")]
        assert patterns[0] == "*"
        allowed = {line[1:] for line in patterns if line.startswith("!")}
        sources = {source for stage in (BUILD, FINAL) for source, _ in copied(stage)}
        assert sources == allowed
        assert all((BASE_DIR / source).exists() for source in sources)
        assert not any(fnmatch.fnmatch(name, pattern) for name in (".venv", "var", "secrets") for pattern in allowed)

    def test_it_installs_only_files_whose_hashes_are_locked(self) -> None:
        """All but torch, which each index has another build of."""
        lock, torch = [command for command in BUILD.of("RUN") if "pip install" in command]
        assert lock == "/opt/venv/bin/pip install --quiet --require-hashes --no-deps --requirement requirements.txt"
        assert re.match(
            r"/opt/venv/bin/pip install --quiet --requirement requirements-torch.txt +\$\{TORCH_INDEX", torch
        )
        assert torch.endswith("} && /opt/venv/bin/pip check")

    def test_it_is_not_root_that_runs_it_and_a_probe_watches(self) -> None:
        kinds = [word for word, _ in FINAL.steps]
        assert FINAL.of("USER") == ["kdweb"]
        assert kinds.index("USER") > max(index for index, word in enumerate(kinds) if word in ("RUN", "COPY"))
        assert "http://127.0.0.1:8000/healthz" in FINAL.of("HEALTHCHECK")[0]
        assert FINAL.of("EXPOSE") == ["8000"]

    def test_no_layer_holds_a_secret(self) -> None:
        named = " ".join(rest for stage in (BUILD, FINAL) for kind in ("ARG", "ENV") for rest in stage.of(kind))
        assert not re.search(r"KEY|PASSWORD|TOKEN|SECRET|DATABASE_URL", named)
        assert not FINAL.of("ARG")

    def test_it_installs_the_system_packages_that_set_up_installs(self) -> None:
        makefile = (BASE_DIR / "Makefile").read_text()
        fonts = re.search(r"^FONTS := (.*)$", makefile, re.MULTILINE)
        assert fonts
        (command,) = [line for line in FINAL.of("RUN") if "apt-get" in line]
        for package in ("tesseract-ocr", *fonts[1].split()):
            assert f" {package} " in command


@pytest.fixture(scope="module")
def container(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The build stage's commands carried out in a clean folder; the variables of a process in the container.

    `/opt/venv`, `/data` and `/app` lie below that folder.
    """
    root = tmp_path_factory.mktemp("container")
    build, app = root / "build", root / "app"
    for folder in (build, app, root / "data"):
        folder.mkdir()
    for stage, folder in ((BUILD, build), (FINAL, app)):
        for source, target in copied(stage):
            there = folder / (target if not target.endswith("/") else f"{target}{source}")
            if (BASE_DIR / source).is_dir():
                shutil.copytree(BASE_DIR / source, there, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(BASE_DIR / source, there)
    # Only what pip needs: no index, and the packages of this machine for the fresh environment.
    environment = {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin", "PIP_NO_INDEX": "1", "HOME": str(root)}
    for command in BUILD.of("RUN"):
        done = subprocess.run(
            ["/bin/sh", "-ec", command.replace("/opt/venv", f"{root}/opt/venv")],
            cwd=build,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        if "-m venv" in command:
            share_packages(root / "opt/venv")
    return {**variables(root), "HOME": str(root)}


def share_packages(venv: Path) -> None:
    folder = venv / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"
    # The fresh one is older than the lock wants, and pip could only download another.
    for old in folder.glob("setuptools*"):
        shutil.rmtree(old)
    (folder / "shared.pth").write_text(sysconfig.get_path("purelib"))


def variables(root: Path) -> dict[str, str]:
    found = {}
    for rest in FINAL.of("ENV"):
        for name, quoted in re.findall(r'(\w+)=("[^"]*"|\S+)', rest):
            value = quoted.strip('"').replace("$PATH", "/usr/bin:/bin")
            found[name] = re.sub(r"(^|:)(/opt/venv|/data)", rf"\1{root}\2", value)
    return found


@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments",
    [["check", "--fail-level=ERROR"], ["migrate", "--noinput", "--skip-checks"], ["collectstatic", "--noinput"]],
)
def test_the_files_of_the_image_are_all_that_a_command_needs(container: dict[str, str], arguments: list[str]) -> None:
    root = Path(container["HOME"])
    done = subprocess.run(
        [root / "opt/venv/bin/python", "manage.py", *arguments],
        cwd=root / "app",
        env=container,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


class TestCompose:
    def test_every_service_volume_and_secret_that_is_named_exists(self) -> None:
        for name, service in SERVICES.items():
            assert set(service.get("depends_on", {})) <= set(SERVICES), name
            assert {volume.split(":")[0] for volume in service.get("volumes", ())} <= set(COMPOSE["volumes"]), name
            assert set(service.get("secrets", ())) <= set(COMPOSE["secrets"]), name
            waited_for = [wanted["condition"] for wanted in service.get("depends_on", {}).values()]
            assert set(waited_for) <= {"service_healthy", "service_completed_successfully"}

    def test_who_is_waited_for_tells_when_it_is_healthy(self) -> None:
        for service in SERVICES.values():
            for wanted, how in service.get("depends_on", {}).items():
                if how["condition"] == "service_healthy":
                    assert SERVICES[wanted]["healthcheck"]["test"]

    def test_servers_are_reached_by_the_names_of_their_services(self) -> None:
        for service in OURS.values():
            for name in ("CELERY_BROKER_URL", "CACHE_URL"):
                assert urlsplit(service["environment"][name]).hostname in SERVICES

    def test_its_urls_can_be_meant(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        for name, value in OURS["web"]["environment"].items():
            if name.endswith("_BROKER_URL") or name == "CACHE_URL":
                monkeypatch.setenv(name, value)
        assert servers.broker(tmp_path)["url"] == "redis://redis:6379/0"
        assert servers.cache()["LOCATION"] == "redis://redis:6379/1"

    def test_every_variable_is_one_that_the_documentation_lists(self) -> None:
        told = (BASE_DIR / "docs/operation.md").read_text()
        for service in OURS.values():
            for name in service["environment"]:
                assert f"`{name.removesuffix('_FILE')}`" in told, name

    def test_what_the_settings_read_is_passed_on_or_left_out_on_purpose(self) -> None:
        files = [*(BASE_DIR / "kdweb").rglob("*.py"), BASE_DIR / "extraction/engines/teacher/lmm/configuration.py"]
        constants = (node for path in files for node in ast.walk(ast.parse(path.read_text())))
        texts = {node.value for node in constants if isinstance(node, ast.Constant) and isinstance(node.value, str)}
        read = {text for text in texts if re.fullmatch("KD_[A-Z_]+[A-Z]", text)}
        assert {"KD_OIDC_ISSUER", "KD_TEACHER_BASE_URL", "KD_API_RATE"} <= read
        # The first cell of each row.
        rows = re.findall(r"^\| (`[A-Z].*?) \|", (BASE_DIR / "docs/operation.md").read_text(), re.MULTILINE)
        documented = {name for row in rows for name in re.findall("`([A-Z]+(?:_[A-Z]+)*)`", row)}
        assert {"LOG_LEVEL", "KD_TOKEN", "KD_OIDC_CLIENT_SECRET"} <= documented
        for service in OURS.values():
            passed = {name.removesuffix("_FILE") for name in service["environment"]}
            assert (read | documented) - passed == set(LEFT_OUT)

    def test_a_variable_that_the_shell_lacks_is_unset_or_has_its_default(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        given = {name: value for name, value in OURS["web"]["environment"].items() if value.startswith("$")}
        environment = {name: re.sub(r"^\$\{[A-Z_]+:-(.*)\}$", r"\1", value) for name, value in given.items()}
        assert not any("$" in value for value in environment.values())
        done = subprocess.run(
            [sys.executable, BASE_DIR / "manage.py", "check"],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, **environment, "KD_DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "kdweb.settings"},
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def test_an_object_store_and_its_credentials_are_passed_on(self) -> None:
        names = ("KD_FILES_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "KD_BATCH_PREFIX")
        for service in OURS.values():
            # Empty where the shell has none: kdweb and boto3 take that for unset.
            assert {name: service["environment"][name] for name in names} == {name: f"${{{name}:-}}" for name in names}

    def test_secrets_come_as_files_only(self) -> None:
        for service in SERVICES.values():
            for name, value in service.get("environment", {}).items():
                secret = re.search("PASSWORD|SECRET_KEY|DATABASE_URL", name)
                assert not secret or value in {f"/run/secrets/{held}" for held in service["secrets"]}, name

    def test_each_command_is_one_of_ours(self) -> None:
        assert SERVICES["migrate"]["command"] == ["python", "manage.py", "migrate", "--noinput", "--skip-checks"]
        started = [
            service["command"][service["command"].index("--only") + 1]
            for service in OURS.values()
            if "--only" in service["command"]
        ]
        assert started == ["web", "default", "training"]
        helped = subprocess.run(
            [sys.executable, BASE_DIR / "manage.py", "run", "--help"],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "kdweb.settings"},
        )
        assert "--only {web,default,training,scheduler}" in helped.stdout

    def test_only_the_web_is_reached_from_outside_and_only_from_this_machine(self) -> None:
        ports = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
        assert list(ports) == ["web"]
        assert all(port.startswith("127.0.0.1:") and port.endswith(":8000") for port in ports["web"])
