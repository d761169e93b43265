"""The tools of the Model Context Protocol, driven by the SDK's own client."""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import anyio
import pytest
from django.core.management import CommandError, call_command
from mcp import Client, StdioServerParameters, stdio_client
from mcp.types import CallToolResult, TextContent
from pytest_django.fixtures import Settings

from extraction.management.mcp.callers import ByToken, ByUser, Caller
from extraction.management.mcp.server import server
from extraction.models import ApiToken, Extraction, ModelVersion, Project, Role, Scope, TokenUsage, User
from extraction.services.projects import projects, tokens
from extraction.services.serving import registry
from kdweb.environment import BASE_DIR
from tests.serving.stand_ins import Predictor, Reader, picture
from tests.support import builders
from tests.support.programs import ROOT, Program, model

# Tools run in threads, which see what is committed alone.
T = TypeVar("T")
pytestmark = pytest.mark.django_db(transaction=True)
PICTURE = base64.b64encode(picture().read()).decode()


def called(caller: Caller, tool: str, **arguments: Any) -> CallToolResult:
    async def call() -> CallToolResult:
        async with Client(server(caller)) as client:
            return await client.call_tool(tool, arguments)

    return run(call)


def run(call: Callable[[], Awaitable[T]]) -> T:
    """In a thread of its own: a browser that an earlier test of this process drove left a loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(anyio.run, call).result()


def answer(caller: Caller, tool: str, **arguments: Any) -> dict[str, Any]:
    result = called(caller, tool, **arguments)
    assert not result.is_error, result.content
    [content] = result.content
    assert isinstance(content, TextContent)
    assert result.structured_content == json.loads(content.text)
    return dict(result.structured_content)


def refusal(caller: Caller, tool: str, **arguments: Any) -> str:
    result = called(caller, tool, **arguments)
    assert result.is_error
    [content] = result.content
    assert isinstance(content, TextContent)
    return content.text.removeprefix(f"Error executing tool {tool}: ")


@pytest.fixture
def serving(project: Project, monkeypatch: pytest.MonkeyPatch) -> ModelVersion:
    monkeypatch.setattr("extraction.services.serving.field_extraction.read", lambda project, path: [Reader()])
    monkeypatch.setattr(registry, "predictor", lambda model: Predictor())
    monkeypatch.setattr(registry, "files", lambda model: [Path("model.onnx")])
    return model(project, "first", "production")


@pytest.fixture
def token(project: Project, owner: User) -> tuple[ApiToken, ByToken]:
    row, text = tokens.create(project, owner, name="assistant", scopes=[Scope.EXTRACT], quota=2)
    return row, ByToken(text)


def test_it_answers_as_the_api_does(serving: ModelVersion, token: tuple[ApiToken, ByToken], program: Program) -> None:
    found = answer(token[1], "extract", content=PICTURE, name="receipt.jpg")
    assert found["fields"]["total"]["normalized"] == "3.30"
    assert program().get(f"{ROOT}/extractions/{found['id']}").json() == found
    row = Extraction.objects.get()
    assert (row.name, row.token, row.author) == ("receipt.jpg", token[0], token[0].user)


def test_a_path_leads_to_a_file(serving: ModelVersion, owner: User, tmp_path: Path) -> None:
    (tmp_path / "receipt.jpg").write_bytes(base64.b64decode(PICTURE))
    caller = ByUser(owner.username)
    assert answer(caller, "extract", path=str(tmp_path / "receipt.jpg"))["state"] == "done"
    assert Extraction.objects.get().token is None
    assert refusal(caller, "extract", path=str(tmp_path / "gone.jpg")).endswith("No such file or directory.")
    assert refusal(caller, "extract", path=str(tmp_path)) == "The path leads to no file."


def test_fields_and_projects(serving: ModelVersion, owner: User) -> None:
    found = answer(ByUser(owner.username), "list_fields")
    assert (found["project"], found["model"]) == ("slips", "first")
    assert [field["name"] for field in found["fields"]] == ["company", "date", "total", "payment", "items"]
    builders.project("others")
    listed = answer(ByUser(owner.username), "list_projects")["projects"]
    assert [project["project"] for project in listed] == ["slips"]


def test_usage_and_quota_count_as_for_calls(serving: ModelVersion, token: tuple[ApiToken, ByToken]) -> None:
    row, caller = token
    for _ in range(2):
        answer(caller, "extract", content=PICTURE)
    assert "may send 2 documents a month" in refusal(caller, "extract", content=PICTURE)
    usage = TokenUsage.objects.get(token=row)
    assert (usage.calls, usage.documents) == (3, 2)


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"path": "a.jpg", "content": PICTURE},
        {"content": "no base64!"},
        {"content": ""},
        {"content": base64.b64encode(b"<html>").decode()},
        {"content": PICTURE, "model": "ghost"},
        {"content": PICTURE, "project": "ghost"},
    ],
)
def test_bad_input_gets_one_sentence(serving: ModelVersion, owner: User, arguments: dict[str, str]) -> None:
    sentence = refusal(ByUser(owner.username), "extract", **arguments)
    assert sentence.endswith(".")
    assert sentence.count(". ") == 0
    assert "\n" not in sentence
    assert not Extraction.objects.exists()


def test_without_a_serving_model_this_is_said(project: Project, owner: User) -> None:
    assert refusal(ByUser(owner.username), "extract", content=PICTURE).endswith(".")


class TestRights:
    def test_a_token_that_is_revoked_meanwhile_opens_nothing(self, token: tuple[ApiToken, ByToken]) -> None:
        answer(token[1], "list_projects")
        tokens.revoke(token[0])
        assert "revoked" in refusal(token[1], "list_projects")

    def test_a_token_needs_the_scope(self, project: Project, owner: User) -> None:
        _, text = tokens.create(project, owner, name="reader", scopes=[Scope.READ])
        assert "scope extract" in refusal(ByToken(text), "list_fields")

    def test_another_project_looks_like_none(self, serving: ModelVersion, token: tuple[ApiToken, ByToken]) -> None:
        builders.project("others")
        for slug in ("others", "ghost"):
            assert refusal(token[1], "extract", project=slug, content=PICTURE) == f"There is no project named '{slug}'."

    def test_a_member_who_leaves_sees_nothing(self, project: Project) -> None:
        viewer = builders.member(project, Role.VIEWER)
        caller = ByUser(viewer.username)
        assert len(answer(caller, "list_projects")["projects"]) == 1
        projects.remove_member(project, viewer)
        assert answer(caller, "list_projects")["projects"] == []

    def test_a_disabled_account_is_refused(self, owner: User) -> None:
        User.objects.update(is_active=False)
        assert refusal(ByUser(owner.username), "list_projects") == "This account is disabled."


@pytest.mark.parametrize("arguments", [[], ["--user", "nobody"]])
def test_the_command_says_who_is_missing(arguments: list[str], db: None) -> None:
    with pytest.raises(CommandError):
        call_command("mcp", *arguments)


def test_a_token_that_opens_nothing_is_refused_at_the_start(settings: Settings, db: None) -> None:
    settings.KD_TOKEN = "kd_nothing"
    with pytest.raises(CommandError, match="no such token"):
        call_command("mcp")


def test_it_is_spoken_on_stdin_and_stdout(
    serving: ModelVersion, owner: User, process_environment: dict[str, str], tmp_path: Path
) -> None:
    """By a process of its own; its log goes to stderr."""
    _, text = tokens.create(serving.project, owner, name="assistant", scopes=[Scope.EXTRACT])
    command = StdioServerParameters(
        command=sys.executable,
        args=[str(BASE_DIR / "manage.py"), "mcp"],
        env={**process_environment, "KD_TOKEN": text, "LOG_LEVEL": "DEBUG"},
        cwd=tmp_path,
    )

    async def call() -> tuple[set[str], CallToolResult, CallToolResult]:
        async with Client(stdio_client(command, errlog=log)) as client:
            tools = {tool.name for tool in (await client.list_tools()).tools}
            fields = await client.call_tool("list_fields", {})
            return tools, fields, await client.call_tool("extract", {"content": "secret!"})

    with (tmp_path / "log").open("w") as log:
        tools, fields, refused = run(call)
    assert tools == {"list_projects", "list_fields", "extract"}
    assert fields.structured_content is not None
    assert fields.structured_content["model"] == "first"
    assert refused.is_error
    assert "secret!" not in (tmp_path / "log").read_text()
