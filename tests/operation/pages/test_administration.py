"""The administration: who opens which of its URLs, what it never shows, and what it leaves to the services."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from extraction.models import ApiToken, Job, Label, Membership, Project, Role, Scope, Source, User
from extraction.services.documents.jobs import READ
from extraction.services.jobs import execution, queue
from extraction.services.labels import store
from extraction.services.projects import tokens
from extraction.web.operation.administration import site
from tests.support import builders

pytestmark = pytest.mark.django_db

TABLES = {"user", "membership", "apitoken", "job", "label", "logentry"}


@pytest.fixture
def project() -> Project:
    return builders.project("receipts")


@pytest.fixture
def operator(client: Client, django_user_model: type[User]) -> User:
    user = django_user_model.objects.create_superuser("root", password="a good long password")
    client.force_login(user)
    return user


@pytest.fixture
def rows(project: Project, operator: User) -> dict[str, Any]:
    """One row of each table."""
    document = builders.document(project)
    store.write(document, "total", "3.30", source=Source.TRUTH)
    token, _ = tokens.create(project, operator, name="till", scopes=[Scope.READ])
    return {
        "user": operator,
        "membership": Membership.objects.get(user=builders.member(project, Role.VIEWER)),
        "apitoken": token,
        "job": queue.enqueue(READ, project=project, subject=document.pk),
        "label": Label.objects.get(),
        "logentry": LogEntry.objects.create(
            user=operator, action_flag=CHANGE, object_repr="ann", change_message="Changed."
        ),
    }


def patterns(under: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for pattern in under:
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern.url_patterns)
        elif pattern.name:
            yield pattern


def addresses(rows: dict[str, Any]) -> dict[str, str]:
    """Every URL of the administration by its name."""
    found = {}
    for pattern in patterns(site.urls[0]):
        table = next((name for name in TABLES if str(pattern.name).split("_")[1:2] == [name]), "user")
        names = list(pattern.pattern.converters) or list(pattern.pattern.regex.groupindex)
        values = {
            "object_id": rows[table].pk,
            "id": rows[table].pk,
            "app_label": "extraction",
            "content_type_id": 1,
            "url": "nowhere/",
        }
        found[str(pattern.name)] = reverse(f"admin:{pattern.name}", kwargs={key: values[key] for key in names})
    return found


def test_the_installation_answers_the_api_the_administration_and_the_pages() -> None:
    assert [str(pattern.pattern) for pattern in get_resolver().url_patterns] == ["admin/", "api/v1/", ""]


class TestAccess:
    def test_every_url_is_for_superusers_alone(self, client: Client, rows: dict[str, Any], project: Project) -> None:
        staff, owner = builders.user(), builders.member(project, Role.OWNER)
        User.objects.filter(pk=staff.pk).update(is_staff=True)
        urls = addresses(rows)
        assert {"index", "login", "extraction_job_changelist", "extraction_user_change"} <= set(urls)
        for name, url in urls.items():
            visited = Client().get(url, follow=True).redirect_chain
            assert visited[-1][0].startswith(reverse("login")), name
            for person in (staff, owner):
                stranger = Client()
                stranger.force_login(person)
                if name != "login":
                    assert stranger.get(url).status_code == stranger.post(url).status_code == 403, (name, person)

    def test_a_login_that_is_missing_is_that_of_all_pages(self, client: Client) -> None:
        builders.user()
        answer = client.get(reverse("admin:login"), follow=True)
        assert answer.redirect_chain[-1][0].startswith(reverse("login"))

    def test_it_is_linked_where_superusers_look(self, client: Client, operator: User) -> None:
        assert reverse("admin:index") in client.get(reverse("status")).content.decode()

    @pytest.mark.parametrize("table", sorted(TABLES))
    def test_tables_are_only_shown(self, client: Client, rows: dict[str, Any], table: str) -> None:
        app = "admin" if table == "logentry" else "extraction"
        shown = client.get(reverse(f"admin:{app}_{table}_changelist"))
        assert shown.status_code == 200
        row = rows[table].pk
        assert client.get(reverse(f"admin:{app}_{table}_change", args=[row])).status_code == 200
        assert client.post(reverse(f"admin:{app}_{table}_change", args=[row]), {}).status_code == 403
        assert client.get(reverse(f"admin:{app}_{table}_add")).status_code == 403
        assert client.post(reverse(f"admin:{app}_{table}_delete", args=[row]), {"post": "yes"}).status_code == 403


def act(client: Client, table: str, action: str, row: Any) -> str:
    url = reverse(f"admin:extraction_{table}_changelist")
    return client.post(url, {"action": action, "_selected_action": [row.pk]}, follow=True).content.decode()


class TestTables:
    def test_a_tokens_digest_is_nowhere(self, client: Client, rows: dict[str, Any]) -> None:
        token: ApiToken = rows["apitoken"]
        for url in (
            reverse("admin:extraction_apitoken_changelist"),
            reverse("admin:extraction_apitoken_change", args=[token.pk]),
        ):
            page = client.get(url).content.decode()
            assert token.prefix in page
            assert token.digest not in page

    def test_a_token_is_revoked(self, client: Client, rows: dict[str, Any]) -> None:
        act(client, "apitoken", "revoke", rows["apitoken"])
        rows["apitoken"].refresh_from_db()
        assert rows["apitoken"].revoked

    def test_accounts_are_changed_on_their_page(self, client: Client, rows: dict[str, Any]) -> None:
        page = client.get(reverse("admin:extraction_user_changelist")).content.decode()
        assert reverse("accounts") in page

    def test_members_are_changed_on_their_page(self, client: Client, rows: dict[str, Any]) -> None:
        page = client.get(reverse("admin:extraction_membership_changelist")).content.decode()
        assert reverse("members", args=["receipts"]) in page


class TestJobs:
    def test_a_failed_job_is_tried_again(self, client: Client, rows: dict[str, Any]) -> None:
        job: Job = rows["job"]
        execution.end(Job.objects.filter(pk=job.pk), Job.State.FAILED, "The disk was full.")
        page = act(client, "job", "try_again", job)
        assert f"Job {job.pk} waits for a worker." in page
        job.refresh_from_db()
        assert (job.state, job.error) == (Job.State.QUEUED, "")

    def test_what_cannot_be_tried_again_says_why(self, client: Client, rows: dict[str, Any]) -> None:
        page = act(client, "job", "try_again", rows["job"])
        assert f"Job {rows['job'].pk}: Only work that failed or was cancelled can be tried again." in page

    def test_a_job_is_cancelled(self, client: Client, rows: dict[str, Any]) -> None:
        job: Job = rows["job"]
        assert f"Job {job.pk} is cancelled." in act(client, "job", "cancel", job)
        job.refresh_from_db()
        assert job.state == Job.State.CANCELLED

    def test_a_running_job_is_asked_to_stop(self, client: Client, rows: dict[str, Any]) -> None:
        job: Job = rows["job"]
        assert execution.claim(job.pk)
        assert f"Job {job.pk} stops at its next step." in act(client, "job", "cancel", job)
        job.refresh_from_db()
        assert job.cancel_requested

    def test_jobs_are_filtered_by_kind(self, client: Client, rows: dict[str, Any]) -> None:
        url = reverse("admin:extraction_job_changelist")
        assert "1 job" in client.get(url, {"kind": "read"}).content.decode()
        assert "0 jobs" in client.get(url, {"kind": "train"}).content.decode()


def test_every_answer_has_the_policy_of_all_pages(client: Client, rows: dict[str, Any]) -> None:
    for name in ("index", "extraction_job_changelist", "extraction_user_changelist"):
        answer = client.get(reverse(f"admin:{name}"))
        assert "'unsafe-inline'" not in answer.headers["Content-Security-Policy"]
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
