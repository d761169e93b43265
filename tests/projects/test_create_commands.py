"""`create_project` and `create_user`: the contract's flags, one sentence and exit code 2 on bad input."""

import io
import json
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from extraction.models import Membership, Project, User
from tests.support import builders

pytestmark = pytest.mark.django_db

SCHEMA = """
name = "Receipts"
document = "receipt"
[[field]]
name = "total"
type = "money"
"""


@pytest.fixture
def schema(tmp_path: Path) -> Path:
    path = tmp_path / "schema.toml"
    path.write_text(SCHEMA)
    return path


def printed(*arguments: str, **options: object) -> dict[str, object]:
    out = io.StringIO()
    call_command(*arguments, "--json", stdout=out, **options)
    value: dict[str, object] = json.loads(out.getvalue())
    return value


def refusal(*arguments: str) -> str:
    with pytest.raises(CommandError) as caught:
        call_command(*arguments)
    assert caught.value.returncode == 2
    return str(caught.value)


def test_a_project_is_made_from_a_schema_file(schema: Path) -> None:
    owner = builders.user("ann")
    assert printed("create_project", "receipts", "--schema", str(schema), "--owner", "ann")["fields"] == ["total"]
    assert Membership.objects.get(user=owner).role == "owner"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name = ", "not valid TOML"),
        ("name = 'x'\ndocument = 'y'", "at least one"),
        (SCHEMA.replace("money", "cash"), "unknown type 'cash'"),
        (SCHEMA.replace("total", "Total!"), "lower-case"),
        (SCHEMA + SCHEMA.split('receipt"')[1], "used twice"),
        (SCHEMA + "color = 'red'\n", "unknown key 'color'"),
        (SCHEMA + "format = 'roman'\n", "cannot have the format"),
        (SCHEMA + "options = ['a']\n", "has no options"),
    ],
)
def test_a_bad_schema_is_refused_and_nothing_is_made(schema: Path, text: str, words: str) -> None:
    schema.write_text(text)
    sentence = refusal("create_project", "receipts", "--schema", str(schema))
    assert words in sentence
    assert schema.name in sentence
    assert not Project.objects.exists()


def test_a_schema_that_is_not_text_or_not_there_is_named(tmp_path: Path) -> None:
    binary = tmp_path / "binary.toml"
    binary.write_bytes(b"\xff\xfe\x00")
    assert "not UTF-8" in refusal("create_project", "receipts", "--schema", str(binary))
    assert "missing.toml" in refusal("create_project", "receipts", "--schema", str(tmp_path / "missing.toml"))


def test_an_unknown_owner_makes_no_project(schema: Path) -> None:
    assert "'nobody'" in refusal("create_project", "receipts", "--schema", str(schema), "--owner", "nobody")
    assert not Project.objects.exists()


def test_a_user_gets_a_password_and_a_role() -> None:
    project = builders.project("receipts")
    told = printed("create_user", "bob", "--project", "receipts", "--role", "reviewer")
    user = User.objects.get(username="bob")
    assert user.check_password(str(told["password"]))
    assert project.memberships.get(user=user).role == "reviewer"


def test_a_user_for_an_unknown_project_is_not_made() -> None:
    assert "'nowhere'" in refusal("create_user", "bob", "--project", "nowhere", "--role", "viewer")
    assert "go together" in refusal("create_user", "bob", "--role", "viewer")
    assert not User.objects.exists()


def test_the_password_may_come_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("correct horse battery\n"))
    assert printed("create_user", "bob", "--password-stdin")["password"] is None
    assert User.objects.get(username="bob").check_password("correct horse battery")
