"""Pages, calls and the command: who may do what, secrets shown once, refusals in a sentence."""

from __future__ import annotations

import json
import re
from html import unescape
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.fixtures import Settings

from extraction.management.base import Error
from extraction.models import IdempotentCall, Job, Project, Role, Scope, User, WebhookDelivery, WebhookEndpoint
from extraction.services.projects import tokens
from extraction.services.webhooks import endpoints, outbox, secrets
from extraction.services.webhooks.jobs import DELIVER
from tests.support import builders
from tests.webhooks.receivers import Receiver, answers
from tests.webhooks.working import happens, states, work

pytestmark = pytest.mark.django_db
URL = "https://example.com/hook"
FORM = {"url": URL, "kinds": ["report.ended"], "every_seconds": "0"}
HTMX = {"HX-Request": "true"}
SECRET = re.compile(r"whsec_[A-Za-z0-9+/]{43}=")


@pytest.fixture
def page(client: Client, owner: User) -> Client:
    client.force_login(owner)
    return client


@pytest.fixture
def row(project: Project) -> WebhookEndpoint:
    return endpoints.create(project, endpoints.Settings(URL, ["report.ended"]))[0]


def url(name: str, *arguments: object) -> str:
    return reverse(name, args=["receipts", *arguments])


def shown(response: Any) -> str:
    return unescape(str(response.content.decode()))


def secret_in(text: str) -> str:
    [found] = SECRET.findall(text)
    return str(found)


class TestPages:
    def test_a_webhook_is_made_and_its_secret_shown_once(self, page: Client, project: Project) -> None:
        assert "No program is told yet" in shown(page.get(url("webhooks")))
        response = page.post(url("webhooks"), FORM, headers=HTMX)
        assert "no-store" in response.headers["Cache-Control"]
        row = WebhookEndpoint.objects.get()
        assert secret_in(shown(response)) == secrets.shown(row)
        assert (row.url, row.kinds, row.every_seconds, row.active) == (URL, ["report.ended"], 0, True)
        for later in (page.get(url("webhooks")), page.get(url("webhook", row.pk))):
            assert URL in shown(later)
            assert SECRET.search(shown(later)) is None

    @pytest.mark.parametrize(
        ("wrong", "words"),
        [
            ({"url": "ftp://example.com/"}, "The address must be such as"),
            ({"url": "https://example.com:99999/"}, "The address must be such as"),
            ({"url": "https:///hook"}, "The address must be such as"),
            ({"url": "https://exämple.com/"}, "The address must be such as"),
            ({"url": "https://example.com/a b"}, "The address must be such as"),
            ({"url": "https://[::1/"}, "The address must be such as"),
            ({"url": "https://ann:secret@example.com/"}, "no user name and no password"),
            ({"url": "http://example.com/"}, "must begin with https://"),
            ({"kinds": []}, "This field is required"),
            ({"kinds": ["no.kind"]}, "not one of the available choices"),
            ({"every_seconds": "-1"}, "greater than or equal to 0"),
        ],
    )
    def test_what_cannot_be_made_is_said_and_kept_as_typed(
        self, page: Client, project: Project, wrong: dict[str, object], words: str
    ) -> None:
        response = page.post(url("webhooks"), {**FORM, **wrong}, headers=HTMX)
        assert response.status_code == 200
        assert words in shown(response)
        assert str(wrong.get("url", URL)) in shown(response)
        assert not WebhookEndpoint.objects.exists()

    def test_a_project_has_at_most_twenty(self, page: Client, project: Project) -> None:
        for _ in range(endpoints.MOST_ENDPOINTS):
            endpoints.create(project, endpoints.Settings(URL, ["report.ended"]))
        assert "at most 20 webhooks" in shown(page.post(url("webhooks"), FORM, headers=HTMX))

    def test_settings_are_changed(self, page: Client, row: WebhookEndpoint) -> None:
        changed = {"url": f"{URL}/2", "kinds": ["model.promoted", "report.ended"], "every_seconds": "60"}
        assert page.post(url("webhook", row.pk), changed).status_code == 302
        row.refresh_from_db()
        assert (row.url, row.kinds, row.every_seconds) == (f"{URL}/2", ["model.promoted", "report.ended"], 60)
        assert row.state == WebhookEndpoint.State.OFF
        assert "Switched off" in shown(page.get(url("webhook", row.pk)))
        page.post(url("webhook", row.pk), {**changed, "active": "on"})
        row.refresh_from_db()
        assert row.active
        assert page.post(url("webhook", row.pk), {**changed, "url": "gopher://x"}).status_code == 400

    def test_the_secret_is_replaced(self, page: Client, row: WebhookEndpoint) -> None:
        before = secrets.shown(row)
        response = page.post(url("webhook_secret", row.pk), headers=HTMX)
        new = secret_in(shown(response))
        assert new != before
        assert "The secret of before signs too" in shown(response)
        row.refresh_from_db()
        assert len(secrets.keys(row)) == 2
        page.post(url("webhook_secret", row.pk), {"at_once": "on"}, headers=HTMX)
        row.refresh_from_db()
        assert len(secrets.keys(row)) == 1

    def test_the_log_shows_what_came_of_each_event(
        self, page: Client, project: Project, endpoint: WebhookEndpoint, receiver: Receiver
    ) -> None:
        receiver.script = [answers(500, b"<b>out of paper</b>")]
        happens(project)
        assert page.post(url("webhook_test", endpoint.pk)).status_code == 302
        work()
        text = page.get(url("webhook", endpoint.pk)).content.decode()
        assert "&lt;b&gt;out of paper&lt;/b&gt;" in text
        assert "The receiver answered with an error." in text
        assert "Test event" in text
        assert "Next attempt:" in text
        waiting = shown(page.get(url("webhook", endpoint.pk) + "?state=waiting", headers=HTMX))
        assert "Report ended" in waiting
        assert "Test event" not in waiting
        delivered = endpoint.deliveries.get(state="delivered")
        assert page.post(url("webhook_resend", endpoint.pk, delivered.pk)).status_code == 302
        assert states(endpoint) == ["waiting", "waiting"]

    def test_the_log_comes_in_parts(self, page: Client, row: WebhookEndpoint) -> None:
        delivery = outbox.send_test(row)
        for _ in range(119):
            delivery.pk = None
            delivery.save()
        address, seen = url("webhook", row.pk), []
        while True:
            text = page.get(address).content.decode()
            seen.append(text.count('<th scope="row">'))
            older = re.search(r'href="(\?before=\d+)#log"', text)
            if older is None:
                break
            address = url("webhook", row.pk) + older[1]
        assert seen == [50, 50, 20]
        assert page.get(url("webhook", row.pk) + "?before=x&state=y").status_code == 200

    def test_pages_take_a_fixed_number_of_queries(self, page: Client, project: Project, row: WebhookEndpoint) -> None:
        def count(address: str) -> int:
            with CaptureQueriesContext(connection) as queries:
                assert page.get(address).status_code == 200
            return len(queries)

        addresses = [url("webhooks"), url("webhook", row.pk)]
        few = [count(address) for address in addresses]
        for _ in range(5):
            endpoints.create(project, endpoints.Settings(URL, ["report.ended"]))
            happens(project)
        assert [count(address) for address in addresses] == few

    def test_it_is_deleted_with_its_log_and_its_job(self, page: Client, project: Project, row: WebhookEndpoint) -> None:
        happens(project)
        assert page.post(url("webhook_delete", row.pk)).status_code == 302
        assert not WebhookDelivery.objects.exists()
        assert Job.objects.get(kind=DELIVER.name).state == Job.State.CANCELLED
        assert page.get(url("webhook", row.pk)).status_code == 404

    def test_of_another_project_nothing_is_found(self, page: Client, owner: User, row: WebhookEndpoint) -> None:
        builders.project("other", owner=owner)
        delivery = outbox.send_test(row)
        assert page.get(reverse("webhook", args=["other", row.pk])).status_code == 404
        other = reverse("webhook_resend", args=["other", row.pk, delivery.pk])
        assert page.post(other).status_code == 404

    def test_only_owners_see_them(self, client: Client, project: Project, row: WebhookEndpoint) -> None:
        client.force_login(builders.member(project, Role.REVIEWER))
        assert client.get(url("webhooks")).status_code == 403
        assert url("webhooks") not in shown(client.get(url("api")))

    def test_one_that_is_gone_is_told_on_the_overview(self, page: Client, row: WebhookEndpoint) -> None:
        assert url("webhooks") not in shown(page.get(url("project")))
        WebhookEndpoint.objects.update(state=WebhookEndpoint.State.GONE)
        assert url("webhooks") in shown(page.get(url("project")))
        assert "The receiver answered 410" in shown(page.get(url("webhooks")))

    def test_sending_does_not_show_as_work_that_somebody_waits_for(
        self, page: Client, project: Project, row: WebhookEndpoint
    ) -> None:
        happens(project)
        assert "Send webhooks" not in shown(page.get(url("project")))


class TestCalls:
    @pytest.fixture
    def caller(self, project: Project, owner: User) -> Client:
        _, token = tokens.create(project, owner, name="test", scopes=[Scope.MANAGE])
        return Client(headers={"Authorization": f"Bearer {token}"})

    API = "/api/v1/projects/receipts/webhooks"

    def send(self, caller: Client, method: str, path: str = "", body: object = None) -> Any:
        call = getattr(caller, method)
        return call(f"{self.API}{path}", data=json.dumps(body), content_type="application/json")

    def test_a_webhook_lives(self, caller: Client, project: Project) -> None:
        made = self.send(caller, "post", body={"url": URL, "kinds": ["report.ended"]})
        assert made.status_code == 201
        value = made.json()
        row = WebhookEndpoint.objects.get()
        assert made.headers["Location"] == f"{self.API}/{row.pk}"
        assert value.pop("secret") == secrets.shown(row)
        assert caller.get(made.headers["Location"]).json() == value
        assert caller.get(self.API).json() == {"results": [value], "next": None}
        changed = self.send(caller, "patch", f"/{row.pk}", {"active": False, "every_seconds": 60}).json()
        assert changed == {**value, "active": False, "state": "off", "every_seconds": 60}
        assert self.send(caller, "post", f"/{row.pk}/test").status_code == 409
        self.send(caller, "patch", f"/{row.pk}", {"active": True})
        rotated = self.send(caller, "post", f"/{row.pk}/secret", {"at_once": False}).json()
        row.refresh_from_db()
        assert rotated["secret"] == secrets.shown(row)
        assert rotated["overlap_ends"]
        assert caller.delete(f"{self.API}/{row.pk}").status_code == 204
        assert caller.get(f"{self.API}/{row.pk}").status_code == 404

    @pytest.mark.parametrize("path", ["", "/{pk}/secret"])
    def test_a_repeated_call_makes_nothing_and_its_secret_is_stored_nowhere(
        self, caller: Client, row: WebhookEndpoint, path: str
    ) -> None:
        url, body = self.API + path.format(pk=row.pk), {} if path else {"url": URL, "kinds": ["report.ended"]}
        first, again = (
            caller.post(url, body, content_type="application/json", headers={"Idempotency-Key": "one"}) for _ in "ab"
        )
        assert SECRET.fullmatch(first.json()["secret"])
        assert (again.status_code, again.headers["Idempotent-Replayed"]) == (409, "true")
        assert again.headers["Content-Type"] == "application/problem+json"
        assert first.json()["secret"] not in str(list(IdempotentCall.objects.values()))
        row.refresh_from_db()
        made = row if path else WebhookEndpoint.objects.exclude(pk=row.pk).get()
        assert secrets.shown(made) == first.json()["secret"]

    def test_deliveries_are_listed_and_sent_again(
        self, caller: Client, project: Project, endpoint: WebhookEndpoint, receiver: Receiver
    ) -> None:
        tried = self.send(caller, "post", f"/{endpoint.pk}/test")
        assert (tried.status_code, tried.json()["state"]) == (202, "waiting")
        work()
        happens(project)
        path = f"{self.API}/{endpoint.pk}/deliveries"
        assert [each["type"] for each in caller.get(path).json()["results"]] == ["report.ended", "webhook.test"]
        [done] = caller.get(f"{path}?state=delivered").json()["results"]
        assert (done["outcome"], done["status"], done["attempts"]) == ("delivered", 204, 1)
        assert done["message"] == receiver.requests[0].id
        again = caller.post(f"{path}/{done['id']}/resend")
        assert (again.status_code, again.json()["state"]) == (202, "waiting")
        work()
        assert [request.id for request in receiver.requests].count(done["message"]) == 2

    @pytest.mark.parametrize(
        "body",
        [
            {"url": "ftp://x", "kinds": ["report.ended"]},
            {"url": URL, "kinds": []},
            {"url": URL, "kinds": ["no.kind"]},
            {"url": URL, "kinds": ["report.ended"], "every_seconds": 10**6},
            {"url": URL, "kinds": ["report.ended"], "secret": "mine"},
        ],
    )
    def test_what_cannot_be_made_is_refused(self, caller: Client, body: object) -> None:
        assert self.send(caller, "post", body=body).status_code == 422
        assert not WebhookEndpoint.objects.exists()


class TestCommand:
    def call(self, *arguments: str) -> str:
        out = StringIO()
        call_command("webhooks", "receipts", *arguments, stdout=out, stderr=StringIO())
        return out.getvalue()

    def test_adds_lists_and_switches(self, project: Project) -> None:
        secret = self.call("--add", URL, "--kind", "report.ended", "--every", "30").strip()
        row = WebhookEndpoint.objects.get()
        assert (secret, row.every_seconds, row.kinds) == (secrets.shown(row), 30, ["report.ended"])
        assert URL in self.call()
        assert json.loads(self.call("--off", str(row.pk), "--json"))["webhooks"][0]["state"] == "off"
        assert json.loads(self.call("--on", str(row.pk), "--json"))["webhooks"][0]["state"] == "active"
        assert self.call("--rotate", str(row.pk)).strip() not in ("", secret)
        assert json.loads(self.call("--delete", str(row.pk), "--json"))["webhooks"] == []

    def test_shows_the_log_and_sends_again(
        self, project: Project, endpoint: WebhookEndpoint, receiver: Receiver
    ) -> None:
        assert "Nothing went to it" in self.call("--log", str(endpoint.pk))
        happens(project)
        work()
        [delivery] = json.loads(self.call("--log", str(endpoint.pk), "--json"))["deliveries"]
        assert (delivery["type"], delivery["state"], delivery["status"]) == ("report.ended", "delivered", 204)
        assert "report.ended" in self.call("--log", str(endpoint.pk))
        self.call("--resend", str(delivery["id"]))
        assert states(endpoint) == ["waiting"]

    @pytest.mark.parametrize(
        "arguments",
        [("--add", "ftp://x"), ("--log", "99"), ("--resend", "99"), ("--every", "5"), ("--add", URL, "--kind", "x")],
    )
    def test_refuses_in_a_sentence(self, project: Project, arguments: tuple[str, ...]) -> None:
        with pytest.raises(Error) as refused:
            self.call(*arguments)
        assert refused.value.returncode == 2


def test_another_secret_key_replaces_all_secrets(row: WebhookEndpoint, settings: Settings) -> None:
    before = secrets.shown(row)
    settings.SECRET_KEY = "another"
    assert secrets.shown(row) != before
    assert row.nonce not in before
