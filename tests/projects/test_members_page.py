"""Who belongs to a project: adding, changing, removing, and never the last owner."""

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from extraction.models import Project, Role, User
from tests.support import builders

pytestmark = pytest.mark.django_db
URL = "/projects/receipts/members/"


@pytest.fixture
def olga() -> User:
    return builders.user("olga")


@pytest.fixture
def project(olga: User) -> Project:
    return builders.project("receipts", owner=olga)


@pytest.fixture
def page(client: Client, olga: User, project: Project) -> Client:
    client.force_login(olga)
    return client


def roles(project: Project) -> dict[str, str]:
    return dict(project.memberships.values_list("user__username", "role"))


def post(page: Client, name: str, project: Project, user: User, **values: str) -> HttpResponse:
    return page.post(reverse(name, args=[project.slug, project.memberships.get(user=user).pk]), values)


def test_an_owner_adds_changes_and_removes_members(page: Client, project: Project) -> None:
    rita = builders.user("rita")
    page.post(URL, {"name": "rita", "role": "viewer"})
    assert roles(project) == {"olga": "owner", "rita": "viewer"}
    post(page, "member_change", project, rita, role="reviewer")
    assert roles(project)["rita"] == "reviewer"
    post(page, "member_remove", project, rita)
    assert roles(project) == {"olga": "owner"}


@pytest.mark.parametrize(("name", "role"), [("nobody", "viewer"), ("", "viewer"), ("olga", "viewer"), ("rita", "king")])
def test_who_cannot_be_added_is_named(page: Client, project: Project, name: str, role: str) -> None:
    builders.user("rita")
    response = page.post(URL, {"name": name, "role": role})
    assert response.status_code == 400
    assert response.context["form"].errors
    assert roles(project) == {"olga": "owner"}


def test_the_last_owner_stays(page: Client, project: Project, olga: User) -> None:
    for response in (
        post(page, "member_remove", project, olga),
        post(page, "member_change", project, olga, role="viewer"),
    ):
        assert response.status_code == 409
        assert "last owner" in response.content.decode()
    assert roles(project) == {"olga": "owner"}


def test_an_owner_who_leaves_is_led_out(page: Client, project: Project, olga: User) -> None:
    builders.member(project, Role.OWNER)
    response = post(page, "member_remove", project, olga)
    assert response.headers["Location"] == reverse("projects")  # type: ignore[index]


def test_an_unknown_role_changes_nothing(page: Client, project: Project) -> None:
    rita = builders.member(project, Role.VIEWER)
    assert post(page, "member_change", project, rita, role="king").status_code == 400
    assert roles(project)[rita.username] == "viewer"
