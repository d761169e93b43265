"""`create_token`: a token on stdout, once, or one sentence."""

import io

import pytest
from django.core.management import call_command

from extraction.models import ApiToken, Project, Role
from extraction.services.projects import projects, tokens
from tests.support import builders
from tests.support.commands import Command

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    held = builders.project("receipts", owner=builders.user("olga"))
    projects.add_member(held, builders.user("rita"), Role.REVIEWER)
    return held


@pytest.mark.parametrize(
    ("user", "scopes"),
    [
        ("olga", ["extract", "read", "upload", "review", "audit", "manage"]),
        ("rita", ["extract", "read", "upload", "review"]),
    ],
)
def test_without_scopes_a_token_may_what_its_user_may(
    command: Command, project: Project, user: str, scopes: list[str]
) -> None:
    code, told = command("create_token", "receipts", "--user", user)
    assert code == 0
    assert told["scopes"] == scopes
    row = tokens.authenticate(told["token"])
    assert row is not None
    assert (row.user.username, row.project, row.scopes) == (user, project, scopes)


def test_name_and_scopes_are_as_asked(command: Command, project: Project) -> None:
    asked = ["--name", "till 3", "--scope", "read", "--scope", "extract"]
    code, told = command("create_token", "receipts", "--user", "rita", *asked)
    assert (code, told["name"], told["scopes"], told["project"]) == (0, "till 3", ["extract", "read"], "receipts")
    assert told["token"].startswith(told["prefix"])


def test_for_a_shell_the_token_is_all_of_stdout(project: Project) -> None:
    out, err = io.StringIO(), io.StringIO()
    call_command("create_token", "receipts", "--user", "olga", stdout=out, stderr=err)
    token = out.getvalue().removesuffix("\n")
    assert tokens.authenticate(token)
    assert token not in err.getvalue()
    assert "not shown again." in err.getvalue()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nowhere", "--user", "olga"), "no project named 'nowhere'"),
        (("receipts", "--user", "nobody"), "no user named 'nobody'"),
        (("receipts", "--user", "sam"), "sam is no member of the project receipts"),
        (("receipts", "--user", "rita", "--scope", "manage"), "does not allow the scope manage"),
        (("receipts", "--user", "rita", "--name", " "), "Name the program"),
    ],
)
def test_what_cannot_be_made_is_refused(
    command: Command, project: Project, arguments: tuple[str, ...], words: str
) -> None:
    builders.user("sam")
    code, sentence = command("create_token", *arguments)
    assert code == 2
    assert words in sentence
    assert not ApiToken.objects.exists()
