"""A data folder that kdweb filled before its migration 0005 loses nothing on the way to the present version.

Commands and HTTP alone are used: neither modules nor tables are a promise to whoever upgrades.
"""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest

FOLDER = Path(__file__).parent
ROOT = FOLDER.parent.parent
EXPECTED: Mapping[str, Any] = json.loads((FOLDER / "expected.json").read_text("utf-8"))
# Tables that a migration has renamed since: old name → new name.
RENAMED: Mapping[str, str] = {}
OUR_VARIABLES = ("SECRET_KEY", "DATABASE_URL", "CELERY_BROKER_URL", "CACHE_URL", "DJANGO_SETTINGS_MODULE")

API, PROJECT = "/api/v1", "/projects/slips"
# What had been cancelled, and what was under way when the old version was stopped.
STOPPED_RUN, LOST_RUN, QUEUED_DOCUMENT = 3, 4, 13
CONFIG = 'base = "tiny"\nepochs = 1\npretrain = 1\nmix = 0\n'

# `extract` prints four digits: another processor may round the last one the other way.
CONFIDENCE = 1.001e-4
EXACT = 1e-9

# Promoting the model that serves changes nothing.
PROMOTION = {"post": f"{PROJECT}/models/first/promote/"}


@dataclass(frozen=True)
class Installation:
    """An unpacked data folder and the files beside it."""

    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """Nothing of this process's settings: the secret, the database and the broker are those of the data folder."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("KD_")}
        data = {"KD_DATA_DIR": str(self.folder / "data"), "KD_THREADS": "1", "PYTHONPATH": str(ROOT)}
        # The extractions of the old installation get older every day, and would expire.
        data["KD_EXTRACTION_DAYS"] = "36500"
        return {name: value for name, value in kept.items() if name not in OUR_VARIABLES} | data

    def manage(self, *arguments: str) -> None:
        subprocess.run([sys.executable, ROOT / "manage.py", *arguments], env=self.environment, check=True)

    def ask(self, asked: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """The answers of `client.py` to commands and requests."""
        done = subprocess.run(
            [sys.executable, FOLDER / "client.py"],
            cwd=self.folder / "files",
            env=self.environment,
            input=json.dumps(asked),
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        answers: list[dict[str, Any]] = json.loads(done.stdout)
        return answers

    def rows(self) -> dict[str, int]:
        with closing(sqlite3.connect(self.folder / "data" / "db.sqlite3")) as database:
            names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            return {name: database.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0] for name in names}

    @contextmanager
    def worker(self) -> Iterator[None]:
        """The default worker, as `manage.py run` starts it."""
        command = [sys.executable, str(ROOT / "manage.py"), "run", "--only=default"]
        process = subprocess.Popen(command, env=self.environment)
        try:
            yield
        finally:
            process.terminate()
            process.wait()


def login(user: str) -> dict[str, Any]:
    return {"post": "/login/", "data": {"username": user, "password": EXPECTED["passwords"][user]}}


def authorized(path: str) -> dict[str, Any]:
    return {"get": path, "token": EXPECTED["token"]}


@pytest.fixture(scope="module")
def upgraded(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """For tests that change nothing."""
    folder = tmp_path_factory.mktemp("upgrade")
    with tarfile.open(FOLDER / "before-0005.tar.xz") as archive:
        archive.extractall(folder)
    installation = Installation(folder)
    installation.manage("migrate", "--noinput", "--verbosity=0")
    return installation


@pytest.fixture
def copy(upgraded: Installation, tmp_path: Path) -> Installation:
    shutil.copytree(upgraded.folder, tmp_path / "copy")
    return Installation(tmp_path / "copy")


@dataclass(frozen=True)
class Answers:
    """Of programs' requests and of the owner's in a browser by path, of commands in their order."""

    api: Mapping[str, Any]
    login: Mapping[str, Any]
    pages: Mapping[str, Any]
    files: Mapping[str, Any]
    commands: Sequence[Any]
    access: Sequence[Any]


@pytest.fixture(scope="module")
def answers(upgraded: Installation) -> Answers:
    """One process answers all: each would begin by loading Django."""
    paths = [EXPECTED[part] for part in ("api", "pages", "files")]
    asked = [authorized(path) for path in EXPECTED["api"]]
    asked += [{"get": path} for path in (*EXPECTED["pages"], *EXPECTED["files"])]
    asked += [{"command": command["arguments"]} for command in EXPECTED["commands"]]
    revoked = {"get": f"{API}{PROJECT}/documents", "token": EXPECTED["revoked"]}
    others = [
        {"post": "/logout/"},
        login("reviewer"),
        PROMOTION,
        {"post": "/logout/"},
        login("root"),
        PROMOTION,
        revoked,
    ]
    first, *rest = upgraded.ask([login("owner"), *asked, *others])
    answered = iter(rest)
    api, pages, files = ({path: next(answered) for path in part} for part in paths)
    commands = [next(answered) for _ in EXPECTED["commands"]]
    return Answers(api, first, pages, files, commands, list(answered))


def assert_holds(found: Any, expected: Any, where: str, *, confidence: float = EXACT) -> None:
    """All of `expected` is in `found`; objects may have got further keys since. `confidence` is how far values of that
    name may differ."""
    if isinstance(expected, dict):
        assert isinstance(found, dict), where
        assert set(expected) <= set(found), where
        for name, value in expected.items():
            assert_holds(found[name], value, f"{where}/{name}", confidence=confidence)
    elif isinstance(expected, list):
        assert isinstance(found, list), where
        assert len(found) == len(expected), where
        for number, value in enumerate(expected):
            assert_holds(found[number], value, f"{where}/{number}", confidence=confidence)
    elif isinstance(expected, float):
        tolerance = confidence if where.endswith("/confidence") else EXACT
        assert found == pytest.approx(expected, abs=tolerance), where
    else:
        assert found == expected, where


def test_no_row_is_lost(upgraded: Installation) -> None:
    rows = upgraded.rows()
    # The owner of a project is given the right to make projects.
    assert rows.pop("extraction_user_user_permissions") == 1
    kept = {name: count for name, count in EXPECTED["tables"].items() if name != "extraction_user_user_permissions"}
    assert {name: rows.get(RENAMED.get(name, name)) for name in kept} == kept


@pytest.mark.slow
def test_programs_with_the_old_token_get_what_they_got(answers: Answers) -> None:
    """Documents, every label that was ever said of them, models, reports, training runs and extractions."""
    for path, expected in EXPECTED["api"].items():
        assert answers.api[path]["status"] == expected["status"], path
        assert_holds(json.loads(answers.api[path]["text"]), expected["answer"], path)


@pytest.mark.slow
def test_the_owner_comes_in_with_the_old_password_and_sees_every_page_and_file(answers: Answers) -> None:
    assert answers.login["status"] == 302
    assert {path: answer["status"] for path, answer in answers.pages.items()} == dict.fromkeys(EXPECTED["pages"], 200)
    assert {path: answer["sha256"] for path, answer in answers.files.items()} == EXPECTED["files"]


@pytest.mark.slow
def test_the_model_and_the_other_systems_answer_as_before(answers: Answers) -> None:
    for found, command in zip(answers.commands, EXPECTED["commands"], strict=True):
        arguments = command["arguments"]
        assert found["code"] == 0, arguments
        expected = of_flat_fields(command["answer"]) if arguments[0] == "evaluate" else command["answer"]
        assert_holds(found["answer"], expected, " ".join(arguments), confidence=CONFIDENCE)


def of_flat_fields(evaluation: Mapping[str, Any]) -> dict[str, Any]:
    """What an evaluation says since groups have figures of their own; intervals are drawn anew."""
    fields = {name: score for name, score in evaluation["fields"].items() if name != "goods"}
    kept = {name: value for name, value in evaluation.items() if name not in ("mean_anls_ci95", "all_fields")}
    return {**kept, "fields": fields, "mean_anls": fmean(score["anls"] for score in fields.values())}


@pytest.mark.slow
def test_roles_and_revoked_tokens_are_what_they_were(answers: Answers) -> None:
    _, _, reviewer, _, _, root, revoked = answers.access
    assert (reviewer["status"], root["status"], revoked["status"]) == (403, 302, 401)


@pytest.mark.slow
def test_what_was_under_way_goes_on(copy: Installation) -> None:
    """A cancelled run, a run whose process was killed, a queued document and a queued extraction."""
    (copy.folder / "files" / "tiny.toml").write_text(CONFIG)
    stopped, lost = (f"{API}{PROJECT}/training-runs/{number}" for number in (STOPPED_RUN, LOST_RUN))
    document = f"{API}{PROJECT}/documents/{QUEUED_DOCUMENT}"
    extraction = next(path for path, answer in EXPECTED["api"].items() if answer["status"] == 202)
    train = ["train", "slips", "--name=stopped", "--config=tiny.toml", "--minutes=10", "--seed=2"]
    with copy.worker():
        _, again, waiting, trained, done, requeued, read, extracted = copy.ask(
            [
                login("owner"),
                {"post": f"{PROJECT}/training/{STOPPED_RUN}/again/"},
                authorized(stopped),
                {"command": train},
                authorized(stopped),
                {**authorized(lost), "until": {"state": "queued"}},
                {**authorized(document), "until": {"state": "ready"}},
                {**authorized(extraction), "until": {"state": "done"}},
            ]
        )
    assert (again["status"], json.loads(waiting["text"])["state"]) == (302, "queued")
    assert (trained["code"], trained["answer"]["state"]) == (0, "done")
    assert json.loads(done["text"])["model"] == "stopped"
    assert json.loads(requeued["text"])["state"] == "queued"
    assert json.loads(read["text"])["state"] == "ready"
    # The same file stands in the second row of the first command.
    known = EXPECTED["commands"][0]["answer"]["results"][1]["fields"]
    assert_holds(json.loads(extracted["text"])["fields"], known, extraction, confidence=CONFIDENCE)
