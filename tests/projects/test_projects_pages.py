"""The list of projects, making one, its overview and its end."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from extraction.domain.default_schemas import RECEIPT
from extraction.domain.fields import Field
from extraction.models import Document, Membership, ModelVersion, Project, Report, Role, Source, TrainingRun, User
from extraction.services import storage
from extraction.services.labels import store
from extraction.services.projects import accounts, projects, tokens
from extraction.services.review import actions
from tests.support import builders

DEFAULT_FIELDS = RECEIPT.to_toml()
pytestmark = pytest.mark.django_db


@pytest.fixture
def olga() -> User:
    return builders.user("olga")


@pytest.fixture
def page(client: Client, olga: User) -> Client:
    accounts.let_create_projects(olga)
    client.force_login(olga)
    return client


def listing(page: Client) -> str:
    return page.get(reverse("projects")).content.decode()


def test_nobody_sees_the_projects_of_others(page: Client, olga: User) -> None:
    builders.project("secret-plan")
    assert "No projects yet" in listing(page)
    builders.project("mine", owner=olga)
    assert "secret-plan" not in listing(page)
    assert "mine" in listing(page)


def test_a_superuser_sees_them_all(page: Client, olga: User) -> None:
    builders.project("secret-plan")
    User.objects.filter(pk=olga.pk).update(is_superuser=True)
    assert "secret-plan" in listing(page)


def test_the_list_tells_what_waits_and_how_good_the_systems_are(page: Client, olga: User) -> None:
    project = builders.project("receipts", owner=olga)
    store.write(builders.document(project), "total", "3.30", source=Source.TEACHER, teacher="rules")
    builders.document(project, state=Document.State.QUEUED)
    value = builders.report_value(
        builders.reported("rules", "teacher", 0.875), builders.reported("first", "student", 0.5, 2.0)
    )
    Report.objects.create(project=project, value=value.to_json())
    Report.objects.create(project=project)
    text = listing(page)
    assert "1 to review" in text
    assert "1 being read" in text
    assert "1 without labels" in text
    assert "87.5 %" in text
    assert "50.0 %" in text
    assert "$1.39 a year" in text


@pytest.mark.parametrize("count", [1, 12])
def test_the_list_takes_the_same_queries_whatever_there_is(
    page: Client, olga: User, count: int, django_assert_num_queries: Callable[..., Any]
) -> None:
    for _ in range(count):
        builders.document(builders.project(owner=olga))
    # Session, user, memberships, projects, documents, labels, tokens, jobs, models, reports, two of the right to make
    # projects.
    with django_assert_num_queries(13):
        page.get(reverse("projects"))


def test_the_list_says_what_the_figures_were_compared_with(page: Client, olga: User) -> None:
    """A teacher that was compared with itself has 100 %, which is no quality."""
    value = builders.report_value(builders.reported("rules", "teacher", 1.0))
    note = "Nothing is reviewed yet: compared with the teacher's own labels, so this is agreement, not quality."
    project = builders.project("receipts", owner=olga)
    Report.objects.create(project=project, value={**value.to_json(), "note": note})
    assert "this is agreement, not quality" in listing(page)


def test_making_a_project_is_a_right(client: Client) -> None:
    """Whoever owns a project spends with the installation's teacher."""
    client.force_login(builders.user())
    assert "Make a project" not in listing(client)
    for response in (client.get(reverse("project_create")), client.post(reverse("project_create"), {"name": "Mine"})):
        assert response.status_code == 403
        assert "can give you the right to make projects" in response.content.decode()
    assert not Project.objects.exists()


def test_a_project_is_made_from_a_name_and_the_usual_fields(page: Client, olga: User) -> None:
    response = page.post(reverse("project_create"), {"name": "Müller & Söhne 2026", "toml": DEFAULT_FIELDS})
    project = Project.objects.get()
    assert response.headers["Location"] == reverse("documents", args=[project.slug])
    assert (project.slug, project.name) == ("muller-sohne-2026", "Müller & Söhne 2026")
    assert project.schema.names == RECEIPT.names == ("company", "date", "address", "total")
    assert Membership.objects.get(project=project).user == olga


def test_an_uploaded_schema_wins(page: Client) -> None:
    file = SimpleUploadedFile("schema.toml", b'name = "x"\ndocument = "bill"\n[[field]]\nname = "sum"\n')
    page.post(reverse("project_create"), {"name": "Bills", "toml": DEFAULT_FIELDS, "file": file})
    assert Project.objects.get().schema.names == ("sum",)
    assert Project.objects.get().name == "Bills"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "!!!"}, "slug"),
        ({"slug": "Not A Slug"}, "slug"),
        ({"slug": "taken"}, "slug"),
        ({"toml": "name = "}, "toml"),
        ({"file": SimpleUploadedFile("s.toml", b"\xff\xfe")}, "file"),
        ({"file": SimpleUploadedFile("s.toml", b"name = 3")}, "file"),
    ],
)
def test_what_is_wrong_stands_where_it_is_wrong(page: Client, values: dict[str, Any], field: str) -> None:
    builders.project("taken")
    response = page.post(reverse("project_create"), {"name": "Bills", "toml": DEFAULT_FIELDS, **values})
    assert response.status_code == 400
    assert list(response.context["form"].errors) == [field]
    assert Project.objects.count() == 1
    assert "Bills" in response.content.decode() or field == "name" or values["name"] == "!!!"


@pytest.mark.parametrize(
    ("role", "sentence"),
    [(Role.OWNER, "Drop receipts"), (Role.REVIEWER, "Drop receipts"), (Role.VIEWER, "An owner or reviewer")],
)
def test_the_overview_names_the_next_step_for_the_role(client: Client, role: Role, sentence: str) -> None:
    project = builders.project("receipts")
    client.force_login(builders.member(project, role))
    assert sentence in client.get(reverse("project", args=["receipts"])).content.decode()


def next_of(page: Client, name: str = "project") -> str:
    """The title and the links of the next step, as a page of the project shows them."""
    text = page.get(reverse(name, args=["receipts"])).content.decode()
    shown = text.split('<div class="steps-next">')[1].split("</nav>")[0]
    return " ".join(shown.split())


def test_the_next_steps_follow_the_loop_and_never_go_in_circles(page: Client, olga: User) -> None:
    project = builders.project("receipts", owner=olga)
    documents = [builders.document(project) for _ in range(2)]
    assert "Label 2 documents" in next_of(page)
    assert f'href="{reverse("teacher", args=["receipts"])}"' in next_of(page)
    for document in documents:
        for name in project.schema.names:
            store.write(document, name, "3.30", source=Source.TEACHER, teacher="rules")
    assert "Review 2 documents" in next_of(page)
    project.documents.update(review=Document.Review.ACCEPTED, reviewed=timezone.now())
    assert "Train a student" in next_of(page)
    run = TrainingRun.objects.create(project=project, name="student-1")
    model = ModelVersion.objects.create(project=project, run=run, name="student-1", folder="x", sha256="0", bytes=1)
    assert "Promote student-1" in next_of(page)
    assert f'href="{reverse("models", args=["receipts"])}"' in next_of(page)
    ModelVersion.objects.filter(pk=model.pk).update(stage=ModelVersion.Stage.PRODUCTION)
    assert "Use it from a program" in next_of(page)
    tokens.create(project, olga, name="till", scopes=["extract"])
    assert "Everything is done" in next_of(page)
    builders.document(project)
    assert "Label 1 document" in next_of(page)


def ticked(page: Client) -> set[str]:
    """The steps that a page of the project shows as done."""
    text = page.get(reverse("documents", args=["receipts"])).content.decode()
    steps = text.split('<nav class="steps"')[1].split("</ol>")[0].split("<li")[1:]
    return {re.findall(r">([A-Z][a-z]+)</a>", step)[0] for step in steps if "(done)" in step}


def test_a_new_project_has_only_its_fields(page: Client, olga: User) -> None:
    builders.project("receipts", owner=olga)
    assert ticked(page) == {"Fields"}


def test_a_token_is_no_use_before_a_model_serves(page: Client, olga: User) -> None:
    project = builders.project("receipts", owner=olga)
    token = tokens.create(project, olga, name="till", scopes=["extract"])[0]
    assert "Use" not in ticked(page)
    run = TrainingRun.objects.create(project=project, name="student-1")
    model = ModelVersion.objects.create(project=project, run=run, name="student-1", folder="x", sha256="0", bytes=1)
    for stage in (ModelVersion.Stage.PRODUCTION, ModelVersion.Stage.ARCHIVED):
        ModelVersion.objects.filter(pk=model.pk).update(stage=stage)
        assert ("Use" in ticked(page)) is (stage == ModelVersion.Stage.PRODUCTION)
    ModelVersion.objects.filter(pk=model.pk).update(stage=ModelVersion.Stage.PRODUCTION)
    tokens.revoke(token)
    assert "Use" not in ticked(page)


def test_a_page_does_not_lead_to_itself(page: Client, olga: User) -> None:
    project = builders.project("receipts", owner=olga)
    link = f'href="{reverse("documents", args=["receipts"])}"'
    assert link in next_of(page)
    assert link not in next_of(page, "documents")
    document = builders.document(project)
    for name in project.schema.names:
        store.write(document, name, "3.30", source=Source.TEACHER, teacher="rules")
    link = f'href="{reverse("review", args=["receipts"])}"'
    assert link in next_of(page)
    shown = page.get(reverse("review_document", args=["receipts", document.pk])).content.decode()
    assert link not in shown.split('<div class="steps-next">')[1].split("</nav>")[0]


@pytest.mark.parametrize("waiting", [0, 1])
def test_review_is_ticked_by_what_people_decided_only(page: Client, olga: User, waiting: int) -> None:
    """Truth accepts its documents without anybody's review. Where nothing waits, it holds up nothing either."""
    project = builders.project("receipts", owner=olga)
    for source in [Source.TRUTH] * 12 + [Source.TEACHER] * waiting:
        document = builders.document(project)
        for name in project.schema.names:
            store.write(document, name, "3.30", source=source)
    assert ticked(page) == {"Fields", "Documents", "Labels"}
    assert ("Review 1 document" if waiting else "Train a student") in next_of(page)
    if waiting:
        actions.reject(document, actor=olga)
        assert "Review" in ticked(page)
        assert "Train a student" in next_of(page)


def test_a_field_that_only_people_fill_in_does_not_hold_up_the_rest(page: Client, olga: User) -> None:
    """The rules write no rows: the next step after their labels is review, not rows by hand."""
    rows = Field("rows", "group", fields=(Field("amount", "money"),))
    schema = replace(builders.RECEIPT, fields=(*builders.RECEIPT.fields, rows))
    project = builders.project("receipts", owner=olga, schema=schema)
    document = builders.document(project)
    for field in builders.RECEIPT.names:
        store.write(document, field, None, source=Source.TEACHER, teacher="rules")
    text = page.get(reverse("project", args=["receipts"])).content.decode()
    assert "Review 1 document" in text
    assert "Label rows on 1 document" not in text


def test_a_new_field_is_the_next_step_on_every_document(page: Client, olga: User) -> None:
    project = builders.project("receipts", owner=olga)
    for _ in range(2):
        for name in project.schema.names:
            store.write(builders.document(project) if name == "company" else project.documents.latest("pk"), name, "1",
                        source=Source.REVIEWER)  # fmt: skip
    project.documents.update(review=Document.Review.ACCEPTED, reviewed=timezone.now())
    extended = replace(project.schema, fields=(*project.schema.fields, Field("due_date", "date")))
    projects.change_schema(project, extended)
    for name in ("project", "documents", "teacher", "training", "models", "fields"):
        shown = next_of(page, name)
        assert "Label due_date on 2 documents" in shown
        by_hand = f"{reverse('review', args=['receipts'])}?field=due_date&amp;reason=no_label"
        assert by_hand in shown
        assert page.get(by_hand.replace("&amp;", "&")).status_code == 302


def test_a_field_that_no_teacher_answers_is_for_people(page: Client, olga: User) -> None:
    project = builders.project("receipts", owner=olga, schema=replace(
        builders.RECEIPT, fields=(Field("items", "group", fields=(Field("description"),)),)
    ))  # fmt: skip
    builders.document(project)
    assert "?field=items" in next_of(page)
    assert f'href="{reverse("teacher", args=["receipts"])}"' not in next_of(page)


@pytest.mark.parametrize("stage", ["empty", "unlabelled", "waiting", "accepted"])
def test_a_viewer_gets_no_link_that_leads_nowhere(client: Client, stage: str) -> None:
    project = builders.project("receipts")
    if stage != "empty":
        document = builders.document(project)
        for name in project.schema.names if stage != "unlabelled" else ():
            store.write(document, name, "1", source=Source.TRUTH if stage == "accepted" else Source.TEACHER)
    client.force_login(builders.member(project, Role.VIEWER))
    for name in ("project", "documents", "teacher", "training", "models", "fields", "api"):
        text = client.get(reverse(name, args=["receipts"])).content.decode()
        strip = text.split('<nav class="steps"')[1].split("</nav>")[0]
        assert strip.count("<li") == 7
        for url in re.findall(r'href="([^"]+)"', strip):
            assert client.get(url).status_code == 200


def test_the_note_of_an_upgrade_is_read_once(page: Client, olga: User) -> None:
    project = builders.project("receipts", owner=olga)
    Project.objects.filter(pk=project.pk).update(withdrawn_absences=12)
    url = reverse("project", args=["receipts"])
    shown = " ".join(page.get(url).content.decode().split())
    assert "12 labels “not on the document” were withdrawn, as nobody had been asked." in shown
    page.post(reverse("note_dismiss", args=["receipts"]))
    assert "were withdrawn" not in page.get(url).content.decode()


def test_only_what_people_decided_counts_as_reviewed(page: Client, olga: User) -> None:
    project = builders.project("receipts", owner=olga)
    for document in [builders.document(project) for _ in range(3)]:
        store.write(document, "total", "3.30", source=Source.TRUTH)
    actions.reject(builders.document(project), actor=olga)
    assert "1 of 4 reviewed by people" in page.get(reverse("project", args=["receipts"])).content.decode()


def test_deleting_a_project_needs_its_name_and_takes_its_files_along(page: Client, olga: User) -> None:
    project = builders.project("receipts", owner=olga)
    store.write(builders.document(project), "total", "3.30", source=Source.TEACHER, teacher="rules")
    folder = storage.project_folder(project)
    folder.mkdir(parents=True)
    url = reverse("project_delete", args=["receipts"])
    refused = page.post(url, {"confirmation": "receipt"})
    assert refused.status_code == 400
    assert "type receipts to confirm" in refused.content.decode()
    assert folder.exists()
    page.post(url, {"confirmation": "receipts"})
    assert not Project.objects.exists()
    assert not folder.exists()
