"""Groups: roles by group beside one's own, by pages, commands and the claim of a provider."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from extraction.models import AuditEntry, Project, Role, Scope, User
from extraction.services.errors import Invalid
from extraction.services.identity import groups
from extraction.services.identity.oidc import Identity
from extraction.services.projects import memberships, projects, tokens
from extraction.services.review import assignments
from tests.support import builders
from tests.support.commands import Command

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann() -> User:
    return builders.user("ann")


@pytest.fixture
def rita() -> User:
    return builders.user("rita")


@pytest.fixture
def project(ann: User) -> Project:
    return builders.project("receipts", owner=ann)


def clerks(project: Project, user: User, role: Role = Role.REVIEWER, name: str = "clerks") -> None:
    group = groups.create(name)
    groups.add(group, user)
    groups.give(project, group, role)


def actions(*kept: str) -> list[tuple[str, str, str]]:
    rows = AuditEntry.objects.filter(action__in=kept).order_by("pk")
    return [(row.action, row.name, row.project) for row in rows]


class TestRoles:
    def test_the_role_of_a_group_opens_the_project(self, client: Client, project: Project, rita: User) -> None:
        client.force_login(rita)
        assert client.get("/projects/receipts/").status_code == 404
        clerks(project, rita)
        assert client.get("/projects/receipts/review/").status_code in (200, 302)
        assert client.post("/projects/receipts/fields/", {}).status_code == 403
        assert [row.project for row in client.get("/").context["summaries"]] == [project]

    @pytest.mark.parametrize(
        ("own", "of_group", "counts"),
        [
            ("viewer", "owner", {"owner"}),
            ("owner", "auditor", {"owner"}),
            ("viewer", "reviewer", {"reviewer"}),
            ("reviewer", "auditor", {"reviewer", "auditor"}),
        ],
    )
    def test_both_roles_count(
        self, client: Client, project: Project, rita: User, own: str, of_group: str, counts: set[str]
    ) -> None:
        projects.add_member(project, rita, own)
        clerks(project, rita, Role(of_group))
        clerks(project, rita, Role.VIEWER, "all")
        held = memberships.roles_in(project, rita)
        assert held == counts
        assert held.includes(Role.OWNER) == ("owner" in counts)
        client.force_login(rita)
        assert all(role.title() in client.get("/").content.decode() for role in counts)

    def test_more_groups_are_no_more_queries(self, client: Client, project: Project, rita: User) -> None:
        clerks(project, rita)
        client.force_login(rita)
        client.get("/projects/receipts/documents/")
        with CaptureQueriesContext(connection) as one:
            client.get("/projects/receipts/documents/")
        for number in range(5):
            clerks(project, rita, Role.VIEWER, f"group {number}")
        with CaptureQueriesContext(connection) as many:
            client.get("/projects/receipts/documents/")
        assert len(many) == len(one)

    def test_documents_are_assigned_to_reviewers_by_group_too(self, project: Project, rita: User) -> None:
        document = builders.document(project)
        with pytest.raises(Invalid):
            assignments.assign([document], rita)
        clerks(project, rita)
        assert rita in assignments.reviewers(project)
        assert assignments.assign([document], rita) == 1

    def test_a_group_does_not_stand_in_for_the_last_owner(self, project: Project, ann: User, rita: User) -> None:
        clerks(project, rita, Role.OWNER)
        with pytest.raises(Exception, match="last owner"):
            projects.remove_member(project, ann)


class TestTokens:
    def test_they_end_for_good_where_no_role_is_left(self, project: Project, rita: User) -> None:
        clerks(project, rita)
        _, token = tokens.create(project, rita, name="till", scopes=[Scope.UPLOAD])
        assert tokens.authenticate(token)
        group = groups.find("clerks")
        groups.remove(group, rita)
        assert tokens.authenticate(token) is None
        groups.add(group, rita)
        assert tokens.authenticate(token) is None

    def test_another_role_keeps_them(self, project: Project, rita: User) -> None:
        clerks(project, rita)
        projects.add_member(project, rita, Role.VIEWER)
        _, token = tokens.create(project, rita, name="till", scopes=[Scope.UPLOAD])
        [row] = groups.of_project(project)
        groups.take(row)
        kept = tokens.authenticate(token)
        assert kept is not None
        assert not tokens.allows(kept, Scope.UPLOAD)

    def test_they_end_with_the_group(self, project: Project, rita: User) -> None:
        clerks(project, rita)
        _, token = tokens.create(project, rita, name="till", scopes=[Scope.READ])
        groups.delete(groups.find("clerks"))
        assert tokens.authenticate(token) is None
        told = actions("token_revoked", "member_removed", "group_deleted")
        assert [(action, project) for action, _, project in told] == [
            ("token_revoked", "receipts"),
            ("member_removed", "receipts"),
            ("group_deleted", ""),
        ]


class TestPages:
    def test_administrators_make_groups_and_owners_give_roles(
        self, client: Client, project: Project, ann: User, rita: User
    ) -> None:
        boss = builders.user("boss")
        User.objects.filter(pk=boss.pk).update(is_superuser=True)
        admin = Client()
        admin.force_login(boss)
        admin.post("/groups/", {"name": "clerks"})
        group = groups.find("clerks")
        assert admin.post("/groups/", {"name": "clerks"}).status_code == 400
        assert admin.post("/groups/", {"name": " "}).status_code == 400
        admin.post(f"/groups/{group.pk}/add/", {"name": "rita"})
        assert admin.post(f"/groups/{group.pk}/add/", {"name": "nobody"}).status_code == 400
        client.force_login(ann)
        assert client.get("/groups/").status_code == 403
        add = "/projects/receipts/members/groups/"
        client.post(add, {"group": "clerks", "role": "reviewer"})
        for wrong in ({"group": "nothing", "role": "viewer"}, {"group": "clerks", "role": "king"}, {}):
            assert client.post(add, wrong).status_code == 400
        [row] = groups.of_project(project)
        assert (row.role, row.members) == ("reviewer", 1)
        assert "clerks" in client.get("/projects/receipts/members/").content.decode()
        client.post(f"{add}{row.pk}/", {"role": "owner"})
        assert memberships.roles_in(project, rita) == {Role.OWNER}
        assert "rita" in admin.get("/groups/").content.decode()
        client.post(f"{add}{row.pk}/remove/")
        assert not memberships.roles_in(project, rita)
        admin.post(f"/groups/{group.pk}/users/{rita.pk}/remove/")
        admin.post(f"/groups/{group.pk}/delete/")
        assert admin.get("/groups/").status_code == 200
        assert actions("member_added", "member_changed", "member_removed") == [
            ("member_added", "clerks", "receipts"),
            ("member_changed", "clerks", "receipts"),
            ("member_removed", "clerks", "receipts"),
        ]

    def test_the_page_asks_the_database_as_often_for_many_groups(self, client: Client, project: Project) -> None:
        boss = builders.user("boss")
        User.objects.filter(pk=boss.pk).update(is_superuser=True)
        client.force_login(boss)
        counts = []
        for number in range(3):
            clerks(project, builders.user(), name=f"group {number}")
            with CaptureQueriesContext(connection) as asked:
                client.get("/groups/")
            counts.append(len(asked))
        assert counts[1] == counts[2]


@dataclass(frozen=True)
class Provider:
    groups_claim: str = "groups"


class TestClaim:
    def told(self, rita: User, **claims: object) -> list[str]:
        groups.synchronise(rita, Identity("1", claims))
        return sorted(group.name for group in rita.groups.all())

    def test_groups_follow_it_at_each_login(self, rita: User, settings: Settings) -> None:
        settings.KD_OIDC = Provider()
        for name in ("clerks", "owners", "by hand"):
            groups.create(name)
        groups.add(groups.find("by hand"), rita)
        assert self.told(rita, groups=["clerks", "unknown", 7]) == ["clerks"]
        assert self.told(rita, groups="owners") == ["owners"]
        assert self.told(rita) == []
        assert not groups.listed().filter(name="unknown").exists()

    def test_without_the_setting_it_says_nothing(self, rita: User, settings: Settings) -> None:
        settings.KD_OIDC = Provider(groups_claim="")
        clerks(builders.project("others"), rita)
        assert self.told(rita, groups=[]) == ["clerks"]


def test_commands_make_groups(command: Command, project: Project, rita: User) -> None:
    code, made = command("create_group", "clerks", "--user", "rita", "--project", "receipts", "--role", "viewer")
    assert (code, made["users"]) == (0, ["rita"])
    assert memberships.roles_in(project, rita) == {Role.VIEWER}
    assert command("create_group", "clerks")[0] == 2
    assert command("create_group", "others", "--user", "nobody")[0] == 2
    with pytest.raises(Invalid):
        groups.find("others")
    command("create_user", "olga", "--group", "clerks", "--email", "olga@example.com")
    assert memberships.roles_in(project, User.objects.get(email="olga@example.com")) == {Role.VIEWER}
