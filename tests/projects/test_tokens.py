"""Tokens of programs: only a digest is kept, and none is stronger than its user is at that moment."""

from datetime import timedelta

import pytest
from django.core import serializers
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.fixtures import Settings

from extraction.models import ApiToken, Membership, Project, Role, Scope, User
from extraction.services.errors import Invalid
from extraction.services.projects import projects, tokens
from tests.support import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return builders.project("receipts", owner=builders.user("olga"))


@pytest.fixture
def olga(project: Project) -> User:
    return User.objects.get(username="olga")


def test_a_token_opens_its_project_and_cannot_be_read_from_the_database(project: Project, olga: User) -> None:
    row, token = tokens.create(project, olga, name=" till ", scopes=["read", "extract", "read"])
    found = tokens.authenticate(token)
    assert found == row
    assert found is not None
    assert (found.name, found.scopes, found.project) == ("till", ["extract", "read"], project)
    assert token.startswith(row.prefix)
    assert len(token) - len(row.prefix) >= 32
    stored = serializers.serialize("json", [ApiToken.objects.get()])
    assert token[len(row.prefix) :] not in stored


def test_two_tokens_are_two(project: Project, olga: User) -> None:
    first, second = (tokens.create(project, olga, name="till", scopes=["read"])[1] for _ in range(2))
    assert first != second


def test_who_authenticates_is_loaded_with_the_fields_at_once(project: Project, olga: User) -> None:
    _, token = tokens.create(project, olga, name="till", scopes=["read"])
    tokens.authenticate(token)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        row = tokens.authenticate(token)
        assert row is not None
        assert row.user.username == "olga"
        assert row.project.schema.names
    assert len(asked) == 2


@pytest.mark.parametrize("token", ["", "kd_", "kd_ä\udce4", "Bearer kd_x", "kd_" + "x" * 5000, "\x00"])
def test_what_is_no_token_opens_nothing(project: Project, olga: User, token: str) -> None:
    tokens.create(project, olga, name="till", scopes=["read"])
    assert tokens.authenticate(token) is None


def test_the_digest_hangs_on_the_secret_key(project: Project, olga: User, settings: Settings) -> None:
    _, token = tokens.create(project, olga, name="till", scopes=["read"])
    settings.SECRET_KEY = "another one"
    assert tokens.authenticate(token) is None


def test_a_revoked_token_is_dead_and_not_listed(project: Project, olga: User) -> None:
    row, token = tokens.create(project, olga, name="till", scopes=["read"])
    other, kept = tokens.create(project, olga, name="other", scopes=["read"])
    tokens.revoke(row)
    assert tokens.authenticate(token) is None
    assert tokens.authenticate(kept) == other
    assert list(tokens.of_project(project)) == [other]
    assert ApiToken.objects.get(pk=row.pk).revoked


def test_a_token_ends_with_its_user(project: Project) -> None:
    rita = builders.member(project, Role.REVIEWER)
    _, token = tokens.create(project, rita, name="till", scopes=["upload"])
    User.objects.filter(pk=rita.pk).update(is_active=False)
    assert tokens.authenticate(token) is None
    User.objects.filter(pk=rita.pk).update(is_active=True)
    assert tokens.authenticate(token)
    rita.delete()
    assert tokens.authenticate(token) is None


def test_a_token_ends_with_the_membership_and_does_not_come_back(project: Project) -> None:
    rita = builders.member(project, Role.REVIEWER)
    _, token = tokens.create(project, rita, name="till", scopes=["upload"])
    projects.remove_member(project, rita)
    assert tokens.authenticate(token) is None
    projects.add_member(project, rita, Role.REVIEWER)
    assert tokens.authenticate(token) is None


def test_a_membership_that_vanishes_otherwise_ends_the_token_too(project: Project) -> None:
    rita = builders.member(project, Role.REVIEWER)
    row, token = tokens.create(project, rita, name="till", scopes=["read"])
    Membership.objects.filter(user=rita).delete()
    assert tokens.authenticate(token) is None
    assert not tokens.allows(row, Scope.READ)


def test_a_token_follows_the_present_role(project: Project) -> None:
    rita = builders.member(project, Role.OWNER)
    row, _ = tokens.create(project, rita, name="till", scopes=["extract", "upload", "audit", "manage"])
    allowed = {}
    for role in Role:
        projects.add_member(project, rita, role)
        allowed[role.value] = [scope.value for scope in Scope if tokens.allows(row, scope)]
    assert allowed == {
        "owner": ["extract", "upload", "audit", "manage"],
        "reviewer": ["extract", "upload"],
        "auditor": ["extract", "audit"],
        "viewer": ["extract"],
    }


def test_a_superuser_is_an_owner_without_membership(project: Project, django_user_model: type[User]) -> None:
    root = django_user_model.objects.create_superuser("root")
    row, token = tokens.create(project, root, name="till", scopes=["manage"])
    assert tokens.authenticate(token) == row
    assert tokens.allows(row, Scope.MANAGE)
    django_user_model.objects.filter(pk=root.pk).update(is_superuser=False)
    assert tokens.authenticate(token) is None


@pytest.mark.parametrize(
    ("role", "scopes", "words"),
    [
        (Role.VIEWER, ["read", "upload"], "is viewer of receipts, which does not allow the scope upload"),
        (Role.REVIEWER, ["manage"], "is reviewer of receipts, which does not allow the scope manage"),
        (None, ["read"], "is no member of the project receipts"),
        (Role.OWNER, [], "at least one scope out of extract, read, upload, review, audit, manage"),
        (Role.OWNER, ["read", "everything"], "not 'everything'"),
    ],
)
def test_scopes_that_cannot_be_had_are_refused(
    project: Project, role: Role | None, scopes: list[str], words: str
) -> None:
    who = builders.member(project, role) if role else builders.user()
    with pytest.raises(Invalid, match=words) as refused:
        tokens.create(project, who, name="till", scopes=scopes)
    assert str(refused.value).endswith(".")
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize("name", ["", "   ", "x" * 101, "two\nlines", "nul\x00"])
def test_a_token_needs_a_name(project: Project, olga: User, name: str) -> None:
    with pytest.raises(Invalid, match="Name the program"):
        tokens.create(project, olga, name=name, scopes=["read"])


def test_scopes_of_a_role_are_what_a_token_may_have(project: Project, olga: User) -> None:
    assert tokens.scopes_of(project, olga) == list(Scope)
    assert tokens.scopes_of(project, builders.member(project, Role.VIEWER)) == [Scope.EXTRACT, Scope.READ]
    assert tokens.scopes_of(project, builders.user()) == []


def test_use_is_noted_at_most_once_a_minute(project: Project, olga: User) -> None:
    row, token = tokens.create(project, olga, name="till", scopes=["read"])
    tokens.authenticate(token)
    noted = ApiToken.objects.get().last_used
    assert noted is not None
    with CaptureQueriesContext(connection) as asked:
        tokens.authenticate(token)
    assert not [query for query in asked.captured_queries if query["sql"].startswith("UPDATE")]
    before = timezone.now() - timedelta(seconds=61)
    ApiToken.objects.update(last_used=before)
    tokens.authenticate(token)
    assert ApiToken.objects.get(pk=row.pk).last_used > before
