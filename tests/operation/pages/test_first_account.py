"""The first visit of an empty installation: who may make the first account, and that there is only one of it."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connections
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from extraction.models import User
from extraction.services.operation import first_account
from kdweb.processes import welcome
from tests.support import builders
from tests.support.servers.backends import on_both

PASSWORD = "a good long password"
ADDRESS = "http://127.0.0.1:8000"


def local(**named: str) -> Client:
    return Client(headers={"host": "localhost", **named})


def remote() -> Client:
    return Client(headers={"host": "localhost"}, REMOTE_ADDR="198.51.100.7")


def make(client: Client, name: str = "ann", **changed: str) -> HttpResponse:
    return client.post(reverse("first_account"), {"name": name, "password": PASSWORD, "again": PASSWORD, **changed})


def printed_code() -> str:
    return welcome.lines(ADDRESS).rpartition(" ")[2]


@pytest.mark.django_db
class TestEmptyInstallation:
    @pytest.mark.parametrize("page", ["projects", "project_create", "password", "status", "admin:index", "login"])
    def test_every_page_leads_to_the_first_account(self, page: str) -> None:
        answer = local().get(reverse(page), follow=True)
        assert answer.redirect_chain[-1][0] == reverse("first_account")
        assert "Make the first account" in answer.content.decode()

    def test_the_account_is_a_superuser_and_logged_in(self) -> None:
        client = local()
        assert make(client).headers["Location"] == reverse("projects")
        ann = User.objects.get()
        assert ann.is_superuser
        assert ann.check_password(PASSWORD)
        assert client.get(reverse("status")).status_code == 200

    @pytest.mark.parametrize(
        "changed", [{"again": "another"}, {"password": "short", "again": "short"}, {"name": ""}, {"name": "a b"}]
    )
    def test_what_does_not_do_is_refused_and_makes_nothing(self, changed: dict[str, str]) -> None:
        assert make(local(), **changed).status_code == 400
        assert not User.objects.exists()

    def test_with_an_account_the_page_is_closed(self) -> None:
        builders.user()
        assert local().get(reverse("first_account")).headers["Location"] == reverse("login")
        assert make(local()).headers["Location"] == reverse("login")
        assert User.objects.count() == 1


@pytest.mark.django_db
class TestOtherMachines:
    @pytest.mark.parametrize(
        "header", ["X-Forwarded-For", "X-Real-IP", "Forwarded", "Via", "X-Forwarded-Host", "X-Forwarded-Proto"]
    )
    def test_a_proxys_header_takes_the_privilege_away(self, header: str) -> None:
        assert make(local(**{header: "127.0.0.1"})).status_code == 400
        assert not User.objects.exists()

    def test_so_do_a_proxy_in_the_settings_and_a_public_name(self, settings: Settings) -> None:
        settings.ALLOWED_HOSTS = ["localhost", "kdweb.example.org"]
        assert make(Client(headers={"host": "kdweb.example.org"})).status_code == 400
        settings.KD_PROXIES = 1
        assert make(local()).status_code == 400
        assert not User.objects.exists()

    def test_without_a_code_nothing_is_made(self) -> None:
        for code in ("", "2222-2222-2222-2222"):
            assert make(remote(), code=code).status_code == 400
        assert not User.objects.exists()

    def test_the_printed_code_opens_once_however_it_is_typed(self) -> None:
        code = printed_code()
        assert make(remote(), code=code.replace("-", " ").upper()).status_code == 302
        User.objects.all().delete()
        assert make(remote(), name="mallory", code=code).status_code == 400

    def test_a_later_code_replaces_the_earlier_one(self) -> None:
        earlier, later = printed_code(), printed_code()
        assert make(remote(), code=earlier).status_code == 400
        assert make(remote(), code=later).status_code == 302

    def test_attempts_are_counted(self) -> None:
        code = printed_code()
        for _ in range(first_account.ATTEMPTS):
            assert make(remote(), code="2222-2222-2222-2222").status_code == 400
        assert "too often" in make(remote(), code=code).content.decode()
        assert not User.objects.exists()

    def test_the_code_is_stored_for_nobody_to_read(self, data_dir: Path) -> None:
        code = printed_code()
        for path in data_dir.glob("first-account*"):
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
            assert code not in path.read_text()


@pytest.mark.django_db
class TestWelcome:
    def test_an_empty_installation_says_what_to_do(self) -> None:
        address, *rest = welcome.lines(ADDRESS).splitlines()
        assert address == ADDRESS
        assert "the first page makes one" in rest[0]

    def test_one_with_accounts_tells_its_address_only(self) -> None:
        builders.user()
        assert welcome.lines(ADDRESS) == ADDRESS

    def test_the_login_names_no_command(self) -> None:
        builders.user()
        assert "manage.py" not in local().get(reverse("login")).content.decode()


@on_both
@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_is_made(backend: object) -> None:
    def at_once(name: str) -> int:
        try:
            return make(local(), name).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(at_once, ["ann", "bob"]))
    assert answers == [302, 302]
    assert User.objects.filter(is_superuser=True).count() == 1
