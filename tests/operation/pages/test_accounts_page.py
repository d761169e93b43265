"""The page of accounts: what administrators do there, and what keeps an installation in somebody's hands."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from extraction.models import Role, User
from extraction.services.errors import Conflict
from extraction.services.projects import accounts, tokens
from extraction.services.projects.accounts import Rights
from tests.support import builders
from tests.support.servers.backends import on_both

EVERYTHING = ("active", "superuser", "creator")


@pytest.fixture
def root(db: None, django_user_model: type[User]) -> User:
    return django_user_model.objects.create_superuser("root", password="a good long password")


@pytest.fixture
def page(client: Client, root: User) -> Client:
    client.force_login(root)
    return client


def change(page: Client, user: User, *rights: str) -> HttpResponse:
    return page.post(reverse("account_change", args=[user.pk]), dict.fromkeys(rights, "on"), follow=True)


def shown_password(answer: HttpResponse) -> str:
    [password] = re.findall(r'id="password-value">([^<]+)<', answer.content.decode())
    return str(password)


class TestList:
    def test_it_shows_roles_last_logins_and_who_is_disabled(self, page: Client) -> None:
        project = builders.project("receipts")
        member = builders.member(project, Role.REVIEWER)
        User.objects.filter(pk=member.pk).update(is_active=False)
        text = page.get(reverse("accounts")).content.decode()
        for expected in (member.username, "Disabled", project.name, "reviewer", "Can create projects"):
            assert expected in text

    def test_it_is_for_superusers_alone(self, client: Client, root: User) -> None:
        ann = builders.user("ann")
        client.force_login(ann)
        assert client.get(reverse("accounts")).status_code == 403
        for name in ("account_change", "account_password"):
            assert client.post(reverse(name, args=[root.pk])).status_code == 403


class TestMaking:
    def test_the_password_is_shown_once_and_opens(self, page: Client) -> None:
        password = shown_password(page.post(reverse("accounts"), {"name": "ann"}))
        assert Client().post(reverse("login"), {"username": "ann", "password": password}).status_code == 302
        assert password not in page.get(reverse("accounts")).content.decode()
        assert not User.objects.get(username="ann").is_superuser

    @pytest.mark.parametrize("name", ["", "root", "a b"])
    def test_a_name_that_does_not_do_says_so(self, page: Client, name: str) -> None:
        answer = page.post(reverse("accounts"), {"name": name})
        assert answer.status_code == 400
        assert 'aria-invalid="true"' in answer.content.decode()
        assert User.objects.count() == 1


class TestPassword:
    def test_a_new_one_ends_the_sessions_of_the_old_one(self, page: Client) -> None:
        ann, browser = builders.user("ann"), Client()
        browser.force_login(ann)
        password = shown_password(page.post(reverse("account_password", args=[ann.pk])))
        assert browser.get(reverse("projects")).status_code == 302
        assert Client().post(reverse("login"), {"username": "ann", "password": password}).status_code == 302

    def test_ones_own_is_changed_where_the_old_one_is_asked_for(self, page: Client, root: User) -> None:
        answer = page.post(reverse("account_password", args=[root.pk]))
        assert answer.headers["Location"] == reverse("password")


class TestRights:
    def test_a_disabled_account_is_out_at_once_and_for_good(self, page: Client) -> None:
        project = builders.project("receipts")
        ann, browser = builders.member(project, Role.OWNER), Client()
        browser.force_login(ann)
        _, token = tokens.create(project, ann, name="till", scopes=["read"])
        change(page, ann)
        for _ in range(2):
            assert browser.get(reverse("projects")).status_code == 302
            assert tokens.authenticate(token) is None
            # Enabled again, nothing of before counts.
            change(page, ann, "active")

    def test_rights_are_given_and_taken(self, page: Client) -> None:
        ann = builders.user("ann")
        change(page, ann, *EVERYTHING)
        ann = User.objects.get(pk=ann.pk)
        assert ann.is_superuser
        change(page, ann, "active", "creator")
        ann = User.objects.get(pk=ann.pk)
        assert (ann.is_superuser, ann.has_perm("extraction.add_project")) == (False, True)
        change(page, ann, "active")
        assert not User.objects.get(pk=ann.pk).has_perm("extraction.add_project")

    @pytest.mark.parametrize("rights", [(), ("active",), ("superuser",)])
    def test_nobody_takes_them_from_themselves(self, page: Client, root: User, rights: tuple[str, ...]) -> None:
        accounts.create_user("other", superuser=True)
        assert change(page, root, *rights).status_code == 409
        root.refresh_from_db()
        assert (root.is_active, root.is_superuser) == (True, True)


@on_both
@pytest.mark.django_db(transaction=True)
def test_of_two_who_demote_each_other_one_stays(backend: object) -> None:
    ann, bob = (accounts.create_user(name, superuser=True)[0] for name in ("ann", "bob"))

    def demote(pair: tuple[User, User]) -> None:
        try:
            accounts.change_rights(pair[0], by=pair[1], rights=Rights(active=True, superuser=False, creator=False))
        except Conflict:
            return
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(demote, [(ann, bob), (bob, ann)]))
    assert User.objects.filter(is_superuser=True, is_active=True).count() == 1
