"""Entries: written with what they are about, never changed, chained."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.test import Client

from extraction.models import AuditAction, AuditEntry, Door, Project, Role, User
from extraction.models.audit_log import append_only
from extraction.services.audit_log import chain, log
from extraction.services.audit_log.actors import Actor, acting
from extraction.services.audit_log.chain import Fault
from extraction.services.documents import intake
from extraction.services.errors import Conflict
from extraction.services.projects import accounts, projects, tokens
from extraction.services.webhooks import endpoints
from tests.support import builders

pytestmark = pytest.mark.django_db
TABLE = AuditEntry._meta.db_table


@pytest.fixture
def project() -> Project:
    return builders.project("receipts", owner=builders.user("ann"))


def newest(count: int = 1) -> list[tuple[str, str]]:
    """Actions with the names of their subjects, the newest first."""
    return [(entry.action, entry.name) for entry in AuditEntry.objects.order_by("-pk")[:count]]


def rewrite(pk: int, **columns: object) -> None:
    """What somebody with the database in their hands can do."""
    with connection.cursor() as cursor:
        for column, value in columns.items():
            cursor.execute(f"UPDATE {TABLE} SET {column} = %s WHERE id = %s", [value, pk])


def three() -> list[AuditEntry]:
    for name in ("one", "two", "three"):
        log.record(AuditAction.PROJECT_CHANGED, name=name)
    return list(AuditEntry.objects.order_by("pk"))


class TestWriting:
    def test_it_says_who_did_what_to_whom_by_which_way_in(self, project: Project) -> None:
        ann, rita = User.objects.get(username="ann"), builders.user("rita")
        with acting(Actor.of(Door.API, "till (kd_abc…)", ann)):
            projects.add_member(project, rita, Role.VIEWER)
            projects.add_member(project, rita, Role.OWNER)
        entry = AuditEntry.objects.order_by("-pk").first()
        assert entry is not None
        assert (entry.actor, entry.actor_number, entry.door, entry.means) == ("ann", ann.pk, "api", "till (kd_abc…)")
        assert (entry.project, entry.kind, entry.subject, entry.name) == ("receipts", "user", str(rita.pk), "rita")
        assert entry.changes == {"role": {"from": "viewer", "to": "owner"}}

    def test_what_changes_nothing_is_no_entry(self, project: Project) -> None:
        rita = builders.user("rita")
        projects.add_member(project, rita, Role.VIEWER)
        before = AuditEntry.objects.count()
        projects.add_member(project, rita, Role.VIEWER)
        assert AuditEntry.objects.count() == before

    def test_what_is_undone_is_no_entry(self, project: Project) -> None:
        before = AuditEntry.objects.count()
        with pytest.raises(Conflict):
            projects.remove_member(project, User.objects.get(username="ann"))
        with transaction.atomic():
            projects.add_member(project, builders.user(), Role.VIEWER)
            transaction.set_rollback(True)
        assert AuditEntry.objects.count() == before

    def test_entries_outlive_what_they_are_about(self, project: Project) -> None:
        rita = builders.user("rita")
        projects.add_member(project, rita, Role.REVIEWER)
        tokens.create(project, rita, name="till", scopes=["read"])
        intake.delete(builders.document(project))
        number = project.pk
        projects.delete(project)
        rita.delete()
        rows = AuditEntry.objects.filter(project_number=number).order_by("pk")
        assert [row.action for row in rows] == [
            "project_created",
            "member_added",
            "token_created",
            "document_deleted",
            "project_deleted",
        ]
        assert {row.project for row in rows} == {"receipts"}

    def test_neither_a_documents_name_nor_a_secret_is_kept(self, project: Project) -> None:
        document = builders.document(project)
        ann = User.objects.get(username="ann")
        row, secret = tokens.create(project, ann, name="till", scopes=["read"])
        replaced = tokens.replace(row)
        wanted = endpoints.Settings("https://example.com/hook?key=hidden", ["report.ended"])
        _, signing = endpoints.create(project, wanted)
        password = accounts.reset_password(ann)
        intake.delete(document)
        text = " ".join(str(entry.to_json()) for entry in AuditEntry.objects.all())
        assert "example.com" in text
        assert not any(kept in text for kept in (document.name, secret, replaced, signing, password, "hidden"))

    def test_several_services_at_once_are_all_or_nothing(self, project: Project) -> None:
        before = AuditEntry.objects.count()
        with suppress(RuntimeError), log.together():
            accounts.create_user("rita")
            raise RuntimeError
        assert AuditEntry.objects.count() == before
        with log.together():
            user, _ = accounts.create_user("rita")
            projects.add_member(project, user, Role.VIEWER)
        assert newest(2) == [("member_added", "rita"), ("account_created", "rita")]
        assert chain.verify().fault is None


class TestChain:
    def test_it_holds_over_what_was_written(self) -> None:
        rows = three()
        found = chain.verify()
        assert (found.entries, found.digest, found.fault) == (3, rows[-1].digest, None)
        assert [row.previous for row in rows[1:]] == [row.digest for row in rows[:-1]]

    @pytest.mark.parametrize("column", ["actor", "action", "name", "project", "moment", "changes"])
    def test_a_changed_entry_is_found(self, column: str) -> None:
        rows = three()
        value = {"moment": "2020-01-01 00:00:00+00:00", "changes": '{"role": "owner"}'}.get(column, "else")
        rewrite(rows[1].pk, **{column: value})
        found = chain.verify()
        assert (found.fault, found.entry, found.entries) == (Fault.CHANGED, rows[1].pk, 1)

    @pytest.mark.parametrize("gone", [0, 1])
    def test_a_missing_entry_is_found(self, gone: int) -> None:
        rows = three()
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {TABLE} WHERE id = %s", [rows[gone].pk])
        found = chain.verify()
        assert (found.fault, found.entry) == (Fault.MISSING, rows[gone + 1].pk)

    def test_a_cut_off_end_is_found_by_a_digest_that_was_noted(self) -> None:
        rows = three()
        assert chain.verify(rows[1].digest).fault is None
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {TABLE} WHERE id = %s", [rows[2].pk])
        assert chain.verify().fault is None
        assert chain.verify(rows[2].digest).fault == Fault.CUT_OFF


class TestAppendOnly:
    def test_the_model_refuses_every_change(self) -> None:
        entry = three()[0]
        entry.actor = "else"
        for attempt in (
            entry.save,
            entry.delete,
            AuditEntry.objects.all().delete,
            lambda: AuditEntry.objects.update(actor="else"),
            lambda: AuditEntry.objects.bulk_update([entry], ["actor"]),
        ):
            with pytest.raises(append_only.Unchangeable):
                attempt()

    @pytest.fixture
    def _triggers(self) -> Iterator[None]:
        append_only.create_triggers(connection, TABLE)
        yield
        append_only.drop_triggers(connection, TABLE)

    @pytest.mark.usefixtures("_triggers")
    @pytest.mark.parametrize("statement", [f"UPDATE {TABLE} SET actor = ''", f"DELETE FROM {TABLE}"])
    def test_the_database_refuses_it_too(self, statement: str) -> None:
        three()
        refused = pytest.raises(DatabaseError, match="never changed or deleted")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
        log.record(AuditAction.PROJECT_CHANGED, name="four")
        assert chain.verify().entries == 4


class TestLogins:
    def test_they_are_recorded_until_the_limit(self, client: Client) -> None:
        builders.user("ann")

        def attempt(name: str, password: str) -> None:
            client.post("/login/", {"username": name, "password": password})

        attempt("ann", "a good long password")
        client.post("/logout/")
        assert newest(2) == [("logout", "ann"), ("login", "ann")]
        attempt("ann", "wrong")
        attempt("my secret password", "")
        attempt("my secret password", "wrong")
        assert newest(2) == [("login_failed", ""), ("login_failed", "ann")]
        for _ in range(15):
            attempt("ann", "wrong")
        assert AuditEntry.objects.filter(action="login_failed", name="ann").count() == 10


@pytest.mark.django_db(transaction=True)
def test_many_at_once_make_one_chain() -> None:
    """Each transaction waits for the one before, whichever database it is."""

    def write(number: int) -> None:
        try:
            for _ in range(5):
                log.record(AuditAction.PROJECT_CHANGED, name=f"thread {number}")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    found = chain.verify()
    assert (found.entries, found.fault) == (20, None)
