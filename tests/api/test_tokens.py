"""Tokens in use: replaced with an overlap, counted by month, and held to their quota."""

from __future__ import annotations

import io
import json
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from extraction.models import (
    ApiToken,
    AuditAction,
    AuditEntry,
    Door,
    Extraction,
    IdempotentCall,
    ModelVersion,
    Project,
    Role,
    TokenUsage,
    User,
)
from extraction.services.errors import Conflict, Invalid
from extraction.services.projects import projects, token_usage, tokens
from extraction.services.projects.token_usage import QuotaReached
from tests.support import builders
from tests.support.badfiles import text_pdf
from tests.support.programs import ROOT, model, slip

pytestmark = pytest.mark.django_db

EXTRACT = f"{ROOT}/projects/slips/extract?mode=async"
MODELS = f"{ROOT}/projects/slips/models"


@pytest.fixture(autouse=True)
def serving(project: Project) -> ModelVersion:
    return model(project, "first", "production")


def bearer(token: str) -> Client:
    return Client(headers={"Authorization": f"Bearer {token}"}, raise_request_exception=False)


@pytest.fixture
def made(project: Project, owner: User) -> tuple[ApiToken, str]:
    return tokens.create(project, owner, name="till", scopes=["extract", "read", "upload"])


def used(row: ApiToken) -> tuple[int, int]:
    usage = TokenUsage.objects.get(token=row)
    return usage.calls, usage.documents


def test_both_tokens_count_for_some_hours_and_then_the_new_one_alone(made: tuple[ApiToken, str]) -> None:
    row, old = made
    new = tokens.replace(row, hours=2)
    assert [bearer(token).get(MODELS).status_code for token in (old, new)] == [200, 200]
    assert used(row)[0] == 2
    ApiToken.objects.update(replaced_until=timezone.now() - timedelta(seconds=1))
    assert [bearer(token).get(MODELS).status_code for token in (old, new)] == [401, 200]


def test_without_hours_the_old_one_is_gone_at_once(made: tuple[ApiToken, str]) -> None:
    row, old = made
    tokens.replace(row, hours=0)
    assert bearer(old).get(MODELS).status_code == 401


def test_replaced_twice_the_first_is_gone(made: tuple[ApiToken, str]) -> None:
    row, first = made
    second = tokens.replace(row)
    third = tokens.replace(row)
    assert [bearer(token).get(MODELS).status_code for token in (first, second, third)] == [401, 200, 200]


def test_revoked_none_counts(made: tuple[ApiToken, str]) -> None:
    row, old = made
    new = tokens.replace(row)
    tokens.revoke(row)
    assert [bearer(token).get(MODELS).status_code for token in (old, new)] == [401, 401]


def test_of_two_who_replace_it_at_once_one_is_told(made: tuple[ApiToken, str]) -> None:
    row = made[0]
    tokens.replace(ApiToken.objects.get(pk=row.pk))
    with pytest.raises(Conflict):
        tokens.replace(row)


@pytest.mark.parametrize("hours", [-1, tokens.LONGEST_OVERLAP + 1])
def test_hours_have_limits(made: tuple[ApiToken, str], hours: int) -> None:
    with pytest.raises(Invalid):
        tokens.replace(made[0], hours=hours)


def test_calls_and_documents_are_counted(made: tuple[ApiToken, str]) -> None:
    row, token = made
    caller = bearer(token)
    caller.get(MODELS)
    caller.post(EXTRACT, {"file": slip()})
    caller.post(f"{ROOT}/projects/slips/documents", {"file": [slip("a.pdf"), slip("b.pdf")]})
    # Both files are one document, and a refused one is none.
    assert used(row) == (3, 2)
    caller.post(EXTRACT, {"file": slip(content=b"no picture")})
    assert used(row) == (4, 2)
    caller.post(f"{ROOT}/projects/slips/batches", {"file": [slip("a.pdf"), slip("b.pdf")]})
    assert used(row) == (5, 4)


def test_a_repeated_call_with_a_key_sends_no_document_twice(made: tuple[ApiToken, str]) -> None:
    row, token = made
    for _ in range(2):
        bearer(token).post(EXTRACT, {"file": slip()}, headers={"Idempotency-Key": "k"})
    assert used(row) == (2, 1)


@pytest.mark.parametrize("path", ["extract?mode=async", "batches", "documents"])
def test_beyond_the_quota_it_is_refused_until_the_next_month(
    made: tuple[ApiToken, str], monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    row, token = made
    now = datetime(2026, 12, 31, 23, 0, tzinfo=UTC)
    monkeypatch.setattr("extraction.services.projects.token_usage.timezone.now", lambda: now)
    tokens.limit(row, 1)
    url = f"{ROOT}/projects/slips/{path}"
    assert bearer(token).post(url, {"file": slip()}).status_code in (200, 202)
    refused = bearer(token).post(url, {"file": slip()})
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "3600")
    assert refused["Content-Type"] == "application/problem+json"
    assert bearer(token).get(MODELS).status_code == 200
    now += timedelta(hours=1)
    assert bearer(token).post(url, {"file": slip()}).status_code in (200, 202)
    assert row.usage.get(month=date(2026, 12, 1)).documents == 1


def test_a_batch_beyond_the_quota_stores_nothing(made: tuple[ApiToken, str], project: Project) -> None:
    row, token = made
    tokens.limit(row, 2)
    files = [slip(f"{number}.pdf") for number in range(3)]
    assert bearer(token).post(f"{ROOT}/projects/slips/batches", {"file": files}).status_code == 429
    assert not project.extraction_batches.exists()
    assert used(row)[1] == 0


def test_no_two_take_the_last_document(made: tuple[ApiToken, str]) -> None:
    row = made[0]
    tokens.limit(row, 1)
    row.refresh_from_db()
    with token_usage.spending(row, 1), pytest.raises(QuotaReached), token_usage.spending(row, 1):
        raise AssertionError
    assert used(row)[1] == 1


def test_a_quota_of_nothing(made: tuple[ApiToken, str]) -> None:
    row, token = made
    tokens.limit(row, 0)
    assert bearer(token).post(EXTRACT, {"file": slip()}).status_code == 429
    assert not Extraction.objects.exists()


def command(*arguments: str) -> dict[str, Any]:
    out = io.StringIO()
    call_command(*arguments, "--json", stdout=out, stderr=io.StringIO())
    return dict(json.loads(out.getvalue()))


def test_the_commands_make_and_replace_tokens(project: Project, owner: User) -> None:
    first = command("create_token", "slips", "--user", "olga", "--quota", "5")
    assert ApiToken.objects.get().quota == 5
    second = command("replace_token", "slips", first["prefix"], "--hours", "3")
    assert second["prefix"] != first["prefix"]
    assert [bearer(each["token"]).get(MODELS).status_code for each in (first, second)] == [200, 200]
    with pytest.raises(CommandError, match="has no token"):
        call_command("replace_token", "slips", first["prefix"])
    with pytest.raises(CommandError, match="quota"):
        call_command("create_token", "slips", "--user", "olga", "--quota", "-3")


OWN = f"{ROOT}/token"


def test_a_program_reads_its_own_token_whatever_its_scopes(project: Project, owner: User) -> None:
    row, token = tokens.create(project, owner, name="till", scopes=["extract"], quota=3)
    bearer(token).post(EXTRACT, {"file": slip()})
    answer = bearer(token).get(OWN)
    told = answer.json()
    assert (told["name"], told["prefix"], told["project"], told["user"]) == ("till", row.prefix, "slips", "olga")
    assert (told["scopes"], told["allowed"]) == (["extract"], ["extract"])
    assert (told["replaced"], told["expires"], told["overlap_ends"]) == (False, None, None)
    month = told["month"]
    assert (month["calls"], month["documents"], month["quota"], month["left"]) == (2, 1, 3, 2)
    assert datetime.fromisoformat(month["resets"]).day == 1
    assert token not in answer.content.decode()


def test_it_reads_what_its_user_s_role_still_allows(project: Project, made: tuple[ApiToken, str]) -> None:
    projects.add_member(project, builders.member(project, Role.OWNER), Role.OWNER)
    projects.add_member(project, made[0].user, Role.VIEWER)
    assert bearer(made[1]).get(OWN).json()["allowed"] == ["extract", "read"]


def test_a_program_replaces_its_own_token(made: tuple[ApiToken, str]) -> None:
    _, old = made
    answer = bearer(old).post(f"{OWN}/replace", {"hours": 2}, content_type="application/json")
    told, new = answer.json(), answer.json()["secret"]
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert (told["name"], new.startswith(told["prefix"])) == ("till", True)
    before, after = bearer(old).get(OWN).json(), bearer(new).get(OWN).json()
    assert (before["replaced"], before["expires"]) == (True, told["overlap_ends"])
    assert (after["replaced"], after["expires"], after["overlap_ends"]) == (False, None, told["overlap_ends"])
    entry = AuditEntry.objects.get(action=AuditAction.TOKEN_REPLACED)
    assert (entry.door, entry.changes) == (Door.API, {"hours": 2})
    assert new not in str(AuditEntry.objects.values())


def test_a_token_that_was_replaced_replaces_nothing(made: tuple[ApiToken, str]) -> None:
    row, old = made
    new = tokens.replace(row)
    refused = bearer(old).post(f"{OWN}/replace", {}, content_type="application/json")
    assert refused.status_code == 409
    assert bearer(new).post(f"{OWN}/replace", {"hours": 0}, content_type="application/json").status_code == 200
    assert [bearer(token).get(OWN).status_code for token in (old, new)] == [401, 401]


def test_a_replacement_with_a_key_is_made_once_and_its_secret_not_kept(made: tuple[ApiToken, str]) -> None:
    _, old = made
    sent: dict[str, Any] = {"content_type": "application/json", "headers": {"Idempotency-Key": "k"}}
    first, second = (bearer(old).post(f"{OWN}/replace", {}, **sent) for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 409)
    assert "shown once" in second.json()["detail"]
    assert bearer(first.json()["secret"]).get(OWN).status_code == 200
    assert first.json()["secret"] not in str(IdempotentCall.objects.values())


@pytest.mark.parametrize("hours", [-1, tokens.LONGEST_OVERLAP + 1, "2", None])
def test_hours_of_a_call_have_limits(made: tuple[ApiToken, str], hours: Any) -> None:
    refused = bearer(made[1]).post(f"{OWN}/replace", {"hours": hours}, content_type="application/json")
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/body/hours")


@pytest.mark.parametrize("path", ["extract?mode=async", "batches", "documents"])
def test_calls_that_spend_quota_tell_what_is_left(made: tuple[ApiToken, str], path: str) -> None:
    row, token = made
    url = f"{ROOT}/projects/slips/{path}"
    assert "RateLimit" not in bearer(token).post(url, {"file": slip()}).headers
    tokens.limit(row, 2)
    key = {"Idempotency-Key": "k"}
    answers = [
        bearer(token).post(url, {"file": slip(content=text_pdf(("Another receipt",)))}, headers=key) for _ in range(2)
    ]
    answers += [bearer(token).post(url, {"file": slip()})]
    assert {answer["RateLimit-Policy"] for answer in answers} == {'"documents";q=2;qu="documents"'}
    left = [answer["RateLimit"].split(";t=") for answer in answers]
    assert [before for before, _ in left] == ['"documents";r=0'] * 3
    assert answers[-1].status_code == 429
    assert abs(int(left[-1][1]) - int(answers[-1]["Retry-After"])) <= 1
    assert "RateLimit" not in bearer(token).get(MODELS).headers


def test_a_command_lists_them(project: Project, made: tuple[ApiToken, str]) -> None:
    row, old = made
    tokens.limit(row, 4)
    bearer(old).post(EXTRACT, {"file": slip()})
    tokens.replace(row, hours=1)
    gone, _ = tokens.create(project, row.user, name="gone", scopes=["read"])
    tokens.revoke(gone)
    [listed] = command("tokens", "slips")["tokens"]
    assert (listed["name"], listed["prefix"], listed["scopes"]) == ("till", row.prefix, row.scopes)
    month = listed["month"]
    assert (month["calls"], month["documents"], month["quota"], month["left"]) == (1, 1, 4, 3)
    assert listed["last_used"]
    assert listed["overlap_ends"]
    out = io.StringIO()
    call_command("tokens", "slips", stdout=out)
    assert "1 of 4 documents, 1 calls this month" in out.getvalue()
    assert "the one before it counts until" in out.getvalue()
    with pytest.raises(CommandError, match="nowhere"):
        call_command("tokens", "nowhere")


def shown(response: Any) -> str:
    return unescape(response.content.decode())


def test_the_page_replaces_limits_and_says_what_was_used(
    client: Client, owner: User, made: tuple[ApiToken, str]
) -> None:
    row, old = made
    client.force_login(owner)
    bearer(old).get(MODELS)
    tokens_url = f"/projects/slips/api/tokens/{row.pk}"
    assert client.post(f"{tokens_url}/quota/", {"quota": "1200"})["Location"] == "/projects/slips/api/"
    page = shown(client.get("/projects/slips/api/"))
    assert "0 of 1,200 documents" in page
    assert "1 call" in page
    fragment = client.post(f"{tokens_url}/replace/", {"hours": "5"})
    assert "no-store" in fragment["Cache-Control"]
    new = shown(fragment).split("KD_TOKEN=")[1].split("<")[0]
    assert bearer(new).get(MODELS).status_code == 200
    row.refresh_from_db()
    assert row.has_overlap
    assert new not in shown(client.get("/projects/slips/api/"))
    for bad in ("", "x", "-1", "9999"):
        assert 'role="alert"' in shown(client.post(f"{tokens_url}/replace/", {"hours": bad}))
    client.post(f"{tokens_url}/quota/", {"quota": "many"})
    row.refresh_from_db()
    assert row.quota == 1200
    client.post(f"{tokens_url}/quota/", {"quota": ""})
    row.refresh_from_db()
    assert row.quota is None


def test_a_token_is_made_with_a_quota(client: Client, owner: User, project: Project) -> None:
    client.force_login(owner)
    client.post("/projects/slips/api/", {"name": "till", "scope": "extract", "quota": "7"})
    assert ApiToken.objects.get().quota == 7
    refused = shown(client.post("/projects/slips/api/", {"name": "till", "scope": "extract", "quota": "lots"}))
    assert 'role="alert"' in refused
    assert 'value="lots"' in refused
    assert ApiToken.objects.count() == 1
