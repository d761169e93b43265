"""Coming in: wrong passwords are counted by name and address, sessions are renewed, nobody is led elsewhere."""

import re
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.conf import settings as django_settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django.fixtures import Settings

from extraction.models import User
from extraction.web.identity.addresses import client_address
from tests.support import builders

pytestmark = pytest.mark.django_db
PASSWORD = "a good long password"
LIMIT = django_settings.AXES_FAILURE_LIMIT


@pytest.fixture
def olga() -> User:
    return builders.user("olga")


def log_in(client: Client, name: str = "olga", password: str = PASSWORD, **named: object) -> HttpResponse:
    return client.post(reverse("login"), {"username": name, "password": password, **named})


def fail(client: Client, times: int, name: str = "olga") -> HttpResponse:
    return [log_in(client, name, f"wrong {number}") for number in range(times)][-1]


def text(response: HttpResponse) -> str:
    return " ".join(response.content.decode().split())


def test_too_many_failures_are_told_with_the_time_to_wait(client: Client, olga: User) -> None:
    assert "do not match an account" in text(fail(client, LIMIT - 1))
    refused = fail(client, 1)
    assert refused.status_code == 429
    assert "try again in 15 minutes." in text(refused)
    assert 890 <= int(refused.headers["Retry-After"]) <= 900
    assert "identity/login.html" in [template.name for template in refused.templates]


def test_the_right_password_does_not_help_until_the_time_is_over(client: Client, olga: User) -> None:
    fail(client, LIMIT)
    AccessAttempt.objects.update(attempt_time=AccessAttempt.objects.get().attempt_time - timedelta(minutes=12))
    assert "try again in 3 minutes." in text(log_in(client))
    # Trying meanwhile does not make the wait longer.
    assert "try again in 3 minutes." in text(log_in(client))
    AccessAttempt.objects.update(attempt_time=AccessAttempt.objects.get().attempt_time - timedelta(minutes=4))
    assert log_in(client).status_code == 302


def test_a_name_that_nobody_has_is_answered_in_the_same_way(client: Client, olga: User) -> None:
    for times in (1, LIMIT - 1, 1):
        known, unknown = (text(fail(client, times, name)).replace(name, "") for name in ("olga", "nobody"))
        assert without_token(known) == without_token(unknown)


def without_token(page: str) -> str:
    return re.sub(r'(value="|X-CSRFToken": ")\w{64}', "", page)


def test_others_still_come_in(client: Client, olga: User) -> None:
    builders.user("rita")
    fail(client, LIMIT)
    assert log_in(client, "rita").status_code == 302
    elsewhere = Client(REMOTE_ADDR="198.51.100.7")
    assert log_in(elsewhere).status_code == 302


def test_another_browser_at_the_same_address_is_not_another_caller(olga: User) -> None:
    for number in range(LIMIT):
        answer = log_in(Client(HTTP_USER_AGENT=f"browser {number}"), password="wrong")
    assert answer.status_code == 429


def test_a_login_that_works_forgives(client: Client, olga: User) -> None:
    fail(client, LIMIT - 1)
    assert log_in(client).status_code == 302
    client.logout()
    assert fail(client, LIMIT - 1).status_code == 200


def test_a_header_is_not_believed_unless_a_proxy_writes_it(olga: User) -> None:
    for number in range(LIMIT):
        answer = log_in(Client(HTTP_X_FORWARDED_FOR=f"203.0.113.{number}"), password="wrong")
    assert answer.status_code == 429


@pytest.mark.parametrize(
    ("proxies", "header", "address"),
    [
        (0, "203.0.113.9", "127.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        (2, "6.6.6.6, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
        (2, "203.0.113.9", "127.0.0.1"),
        (1, "", "127.0.0.1"),
        (1, "unknown", "127.0.0.1"),
        (1, "2001:DB8::1", "2001:db8::1"),
    ],
)
def test_behind_proxies_the_address_is_the_one_that_they_saw(
    settings: Settings, proxies: int, header: str, address: str
) -> None:
    settings.KD_PROXIES = proxies
    assert client_address(RequestFactory().get("/", HTTP_X_FORWARDED_FOR=header)) == address


def test_neither_names_nor_passwords_are_logged(client: Client, olga: User, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("DEBUG"):
        log_in(client, "hunter2 in the wrong field", "a secret password")
        fail(client, LIMIT)
    logged = caplog.text
    assert "hunter2" not in logged
    assert "secret password" not in logged
    assert "Locking out" in logged


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "http:///evil"]
)
def test_after_the_login_nobody_is_led_elsewhere(client: Client, olga: User, elsewhere: str) -> None:
    assert log_in(client, next=elsewhere).headers["Location"] == reverse("projects")
    assert client.get(reverse("login"), {"next": elsewhere}).headers["Location"] == reverse("projects")


def test_after_the_login_the_page_that_was_asked_for_comes(client: Client, olga: User) -> None:
    asked = client.get(reverse("project_create"))
    assert log_in(client, next="/new/").headers["Location"] == "/new/"
    assert asked.headers["Location"] == "/login/?next=/new/"


def test_a_session_that_was_planted_is_not_the_one_that_is_logged_in(client: Client, olga: User) -> None:
    client.session.save()
    planted = client.session.session_key
    log_in(client)
    assert client.session.session_key != planted
    stolen = Client()
    stolen.cookies[django_settings.SESSION_COOKIE_NAME] = planted or ""
    assert stolen.get(reverse("projects")).status_code == 302


def test_another_password_ends_the_other_sessions(client: Client, olga: User) -> None:
    other = Client()
    log_in(client)
    log_in(other)
    new = "quite another long password"
    client.post(reverse("password"), {"old_password": PASSWORD, "new_password1": new, "new_password2": new})
    assert client.get(reverse("projects")).status_code == 200
    assert other.get(reverse("projects")).status_code == 302


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(client: Client, olga: User) -> None:
    client.get(reverse("login"))
    log_in(client)
    for name in (django_settings.SESSION_COOKIE_NAME, django_settings.CSRF_COOKIE_NAME):
        assert client.cookies[name]["httponly"]
        assert client.cookies[name]["samesite"] == "Lax"
        # On this machine kdweb speaks plain HTTP.
        assert not client.cookies[name]["secure"]


def test_a_host_that_is_not_ours_is_not_answered(client: Client) -> None:
    assert client.get(reverse("login"), headers={"host": "evil.example"}).status_code == 400


def test_after_a_logout_pages_ask_for_the_login(client: Client, olga: User) -> None:
    log_in(client)
    assert client.get(reverse("projects")).status_code == 200
    assert client.post(reverse("logout")).headers["Location"] == reverse("login")
    assert client.get(reverse("projects")).status_code == 302


def test_a_wrong_password_says_so_and_keeps_the_name(client: Client) -> None:
    page = client.post(reverse("login"), {"username": "olga", "password": "wrong"}).content.decode()
    assert "do not match an account" in page
    assert 'value="olga"' in page


def test_the_password_can_be_changed_and_is_asked_for_first(client: Client) -> None:
    someone = builders.user()
    client.force_login(someone)
    form = {"old_password": "wrong", "new_password1": "another good one", "new_password2": "another good one"}
    assert "incorrectly" in client.post("/password/", form).content.decode()
    assert client.post("/password/", {**form, "old_password": "a good long password"}).headers["Location"] == "/"
    someone.refresh_from_db()
    assert someone.check_password("another good one")
    assert "The password is changed." in client.get("/").content.decode()


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The passwords that were compared with a hash, which takes most of a login's time."""
    compared: list[str] = []
    compare = User.check_password

    def note(self: User, raw_password: str) -> bool:
        compared.append(raw_password)
        return compare(self, raw_password)

    monkeypatch.setattr(User, "check_password", note)
    return compared


def test_many_names_from_one_address_are_one_attack(olga: User, hashed: list[str]) -> None:
    """One common password tried on every name never reaches the limit of any of them."""
    answers = [log_in(Client(), f"name-{number}", "Summer2026!") for number in range(35)]
    assert [answer.status_code for answer in answers[-5:]] == [429] * 5
    refused = log_in(Client())
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 800
    assert hashed == []
    assert log_in(Client(REMOTE_ADDR="198.51.100.7")).status_code == 302


def test_one_name_from_many_addresses_is_one_attack(olga: User) -> None:
    for number in range(65):
        answer = log_in(Client(REMOTE_ADDR=f"198.51.100.{number}"), password="wrong")
    assert answer.status_code == 429
    builders.user("rita")
    assert log_in(Client(REMOTE_ADDR="198.51.100.1"), "rita").status_code == 302


def test_one_success_does_not_forgive_the_attempts_on_others(olga: User) -> None:
    for number in range(29):
        log_in(Client(), f"name-{number}", "wrong")
    assert log_in(Client()).status_code == 302
    log_in(Client(), "name-30", "wrong")
    assert log_in(Client(), "name-31", "wrong").status_code == 429


@pytest.mark.parametrize("password", ["83726154", "8372615483726154", "short1", "password123", "olga-olga"])
def test_a_password_that_is_soon_guessed_is_refused(olga: User, password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password, olga)
