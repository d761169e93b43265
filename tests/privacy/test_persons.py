"""Everything of one person: what is found, exported, and left under a pseudonym."""

from __future__ import annotations

import json

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from axes.models import AccessAttempt
from django.apps import apps
from django.core import serializers
from django.test import Client
from django.urls import reverse

from extraction.models import (
    ApiToken,
    Assignment,
    AuditEntry,
    BestLabel,
    Claim,
    ClaimImport,
    Label,
    Membership,
    Project,
    Role,
    Source,
    User,
)
from extraction.services import pseudonyms, storage
from extraction.services.errors import Conflict, Invalid, NotFound
from extraction.services.identity import groups
from extraction.services.labels import store
from extraction.services.privacy import settings
from extraction.services.privacy.persons import persons
from extraction.services.projects import projects, tokens
from tests.support import builders
from tests.support.commands import Command

pytestmark = pytest.mark.django_db
NAME = "marie.curie"


@pytest.fixture
def project() -> Project:
    return builders.project("receipts", owner=builders.user("boss"))


@pytest.fixture
def marie(project: Project) -> User:
    """A reviewer who has done something."""
    user = builders.user(NAME)
    user.first_name, user.email = "Marie", "marie@example.org"
    user.save()
    projects.add_member(project, user, Role.REVIEWER)
    tokens.create(project, user, name="till", scopes=["read"])
    document = builders.document(project)
    store.write(document, "total", "3.30", source=Source.REVIEWER, author=user)
    document.reviewer = user
    document.save()
    Assignment.objects.create(document=document, user=user)
    AccessAttempt.objects.create(username=NAME, ip_address="192.0.2.1", failures_since_start=2)
    return user


def everything() -> str:
    """All rows of all tables, but for the audit log, which nobody changes."""
    models = [model for model in apps.get_models() if model is not AuditEntry]
    rows = [row for model in models for row in model._default_manager.all()]
    return serializers.serialize("json", rows)


class TestAccounts:
    def test_an_export_holds_what_the_person_did_and_no_secret(self, marie: User) -> None:
        told = persons.export(NAME)
        assert told["account"]["email"] == "marie@example.org"
        assert [(label["field"], label["value"]) for label in told["labels"]] == [("total", "3.30")]
        assert {row["table"] for row in told["records"]} >= {"membership", "apitoken", "assignment", "document"}
        assert told["logins"][0]["address"] == "192.0.2.1"
        text = json.dumps(told)
        assert marie.password not in text
        assert ApiToken.objects.get().digest not in text

    def test_a_deletion_keeps_labels_and_leaves_no_name(self, project: Project, marie: User) -> None:
        erased = persons.delete(NAME)
        label = Label.objects.get()
        assert label.author is not None
        assert label.author.username == erased.pseudonym == pseudonyms.of(NAME)
        assert not label.author.is_active
        assert not label.author.has_usable_password()
        for model in (ApiToken, Assignment, AccessAttempt):
            assert not model.objects.exists()
        assert not Membership.objects.filter(user=marie).exists()
        assert "marie" not in everything().casefold()

    def test_the_second_step_groups_and_identity_go_too(self, marie: User) -> None:
        Authenticator.objects.create(user=marie, type="totp", data={"secret": "JBSW"})
        SocialAccount.objects.create(user=marie, provider="oidc", uid="1")
        groups.add(groups.create("curators"), marie)
        assert persons.export(NAME)["account"]["groups"] == ["curators"]
        persons.delete(NAME)
        assert not any(model.objects.exists() for model in (Authenticator, SocialAccount))
        assert not marie.groups.exists()

    def test_the_log_says_so_without_the_name(self, marie: User) -> None:
        told = persons.export(NAME)["audit_log"]
        assert [entry["action"] for entry in told] == ["member_added", "person_exported"]
        persons.delete(NAME)
        entries = AuditEntry.objects.filter(action__startswith="person_").order_by("pk")
        assert [entry.action for entry in entries] == ["person_exported", "person_deleted"]
        assert {entry.name for entry in entries} == {pseudonyms.of(NAME)}

    def test_a_deletion_that_was_killed_is_done_again(self, marie: User, monkeypatch: pytest.MonkeyPatch) -> None:
        def killed(*arguments: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(persons, "_erase_account", killed)
        with pytest.raises(KeyboardInterrupt):
            persons.delete(NAME)
        monkeypatch.undo()
        persons.delete(NAME)
        assert "marie" not in everything().casefold()
        with pytest.raises(NotFound):
            persons.delete(NAME)

    def test_the_last_owner_stays(self, project: Project) -> None:
        with pytest.raises(Conflict, match="last owner of receipts"):
            persons.delete("boss")
        assert User.objects.filter(username="boss", is_active=True).exists()
        projects.add_member(project, builders.user("other"), Role.OWNER)
        persons.delete("boss")

    def test_the_last_administrator_stays(self, marie: User) -> None:
        User.objects.filter(pk=marie.pk).update(is_superuser=True)
        with pytest.raises(Conflict, match="last account"):
            persons.delete(NAME)
        builders.user("admin")
        User.objects.filter(username="admin").update(is_superuser=True)
        with pytest.raises(Conflict, match="own account"):
            persons.delete(NAME, by=marie)

    def test_the_pseudonym_of_a_name_is_always_the_same(self) -> None:
        assert pseudonyms.of("Marie  Curie") == pseudonyms.of("marie curie ")
        assert pseudonyms.of("Marie Curie") != pseudonyms.of("Pierre Curie")


class TestEmployees:
    @pytest.fixture
    def claimed(self, project: Project) -> ClaimImport:
        """A claim of an employee, whose name is a field, from a finished table."""
        document = builders.document(project)
        table = storage.claims_folder(project) / "table"
        table.parent.mkdir(parents=True)
        table.write_text("file,company,total\nreceipt.jpg,Marie Curie,3.30\n")
        row = ClaimImport.objects.create(
            project=project,
            name="claims.csv",
            sha256="0" * 64,
            file=storage.relative(table),
            columns=["file", "company", "total"],
            first_lines=[["receipt.jpg", "Marie Curie", "3.30"]],
            mapping={},
            state=ClaimImport.State.IMPORTED,
        )
        for field, value in (("company", "Marie Curie"), ("total", "3.30")):
            store.write(document, field, value, source=Source.CLAIM)
        return row

    def test_all_claims_about_the_documents_are_exported(self, claimed: ClaimImport) -> None:
        told = persons.export("marie curie")
        assert {(row["field"], row["value"]) for row in told["claims"]} == {
            ("company", "Marie Curie"),
            ("total", "3.30"),
        }
        assert told["account"] is None

    def test_claims_stay_without_the_name(self, claimed: ClaimImport) -> None:
        table = storage.path(claimed.file)
        erased = persons.delete("marie curie")
        assert erased.claims == 1
        assert BestLabel.objects.get(field="company").text == erased.pseudonym
        assert Label.objects.get(field="total").value == "3.30"
        assert "marie" not in everything().casefold()
        assert not table.exists()

    def test_a_table_that_is_being_imported_comes_first(self, claimed: ClaimImport) -> None:
        ClaimImport.objects.update(state=ClaimImport.State.IMPORTING)
        with pytest.raises(Conflict, match="not imported to its end"):
            persons.delete("marie curie")

    def test_a_legal_hold_keeps_what_names_them(self, claimed: ClaimImport) -> None:
        settings.hold(claimed.project, True)
        with pytest.raises(Conflict, match="legal hold"):
            persons.delete("marie curie")
        assert storage.path(claimed.file).exists()


class TestExpenses:
    def test_claims_of_the_employee_are_exported_and_keep_the_pseudonym(self, project: Project) -> None:
        builders.claim(project, employee="Marie Curie", name="Marie Curie", merchant="Bean")
        builders.claim(project, employee="Ann", comment="Lunch with Marie Curie, not Marie Curieuse")
        told = persons.export("marie curie")
        assert [(row["merchant"], row["amount"]) for row in told["expense_claims"]] == [("Bean", "3.3")]
        erased = persons.delete("marie curie")
        assert erased.claims == 2
        rows = Claim.objects.order_by("pk")
        assert (rows[0].name, rows[0].employee) == ("", erased.pseudonym)
        assert rows[1].comment == f"Lunch with {erased.pseudonym}, not Marie Curieuse"
        assert persons.delete("marie curie").claims == 0

    def test_a_legal_hold_keeps_the_name(self, project: Project) -> None:
        builders.claim(project, employee="Marie Curie", name="Marie Curie")
        settings.hold(project, True)
        with pytest.raises(Conflict, match="legal hold"):
            persons.delete("Marie Curie")


class TestEntryPoints:
    def test_commands(self, marie: User, command: Command) -> None:
        assert command("person", "show", NAME)[1]["labels"] == 1
        assert command("person", "export", NAME)[1]["person"] == NAME
        assert command("person", "delete", NAME)[0] == 2
        assert command("person", "delete", NAME, "--yes")[1]["pseudonym"] == pseudonyms.of(NAME)
        assert command("person", "show", NAME)[0] == 2

    def test_pages(self, marie: User, client: Client) -> None:
        admin = builders.user("admin")
        User.objects.filter(pk=admin.pk).update(is_superuser=True)
        client.force_login(admin)
        assert client.get(reverse("persons")).status_code == 200
        assert client.post(reverse("persons"), {"name": NAME}).context["person"].labels == 1
        assert client.post(reverse("persons"), {"name": "nobody"}).status_code == 400
        assert client.post(reverse("persons_export"), {"name": NAME}).json()["person"] == NAME
        assert client.post(reverse("persons_delete"), {"name": NAME}).status_code == 400
        assert client.post(reverse("persons_delete"), {"name": NAME, "confirmation": NAME}).status_code == 302
        assert not User.objects.filter(username=NAME).exists()

    def test_others_see_no_person(self, marie: User, client: Client) -> None:
        client.force_login(marie)
        for name in ("persons", "persons_export", "persons_delete"):
            assert client.post(reverse(name), {"name": NAME}).status_code == 403

    @pytest.mark.parametrize("name", ["", " ", "x" * 201, "a\0b"])
    def test_what_is_no_name(self, name: str) -> None:
        with pytest.raises(Invalid):
            persons.find(name)
