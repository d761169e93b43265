"""What goes by the names of fields follows a rename, refuses it, or says what the field is called now."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from extraction.domain.fields import Field, Schema
from extraction.models import BestLabel, Document, Job, LabelRun, Project, Response, Role, Source
from extraction.services.errors import Conflict, Invalid
from extraction.services.jobs import kinds, queue
from extraction.services.labels import ranking, store
from extraction.services.labels.label_files import jsonl
from extraction.services.labels.store import LabelInput
from extraction.services.projects import projects, schema_versions
from extraction.services.review import filters
from extraction.services.teaching import missing
from extraction.services.training import snapshots
from tests.support import builders

pytestmark = pytest.mark.django_db


def schema(*names: str) -> Schema:
    return replace(builders.RECEIPT, fields=tuple(Field(name) for name in names))


@pytest.fixture
def project() -> Project:
    return builders.project("receipts", schema=schema("a", "b"))


@pytest.fixture
def document(project: Project) -> Document:
    document = builders.document(project)
    store.write(document, "a", "one", source=Source.TEACHER, teacher="rules", confidence=0.4)
    store.write(document, "b", "two", source=Source.TEACHER, teacher="rules", confidence=0.5)
    return document


@pytest.fixture
def owner(client: Client, project: Project) -> Client:
    client.force_login(builders.member(project, Role.OWNER))
    return client


def rename(names: str = "cb", **renames: str) -> Project:
    """In another request: whoever has the project loaded knows nothing of it."""
    found = projects.find("receipts")
    schema_versions.change(found, schema(*names), renames=renames or {"a": "c"})
    return projects.find("receipts")


def best_rows(project: Project) -> dict[str, str]:
    return dict(BestLabel.objects.filter(project=project).values_list("field", "text"))


@pytest.mark.parametrize(
    ("names", "renames", "expected"),
    [
        ("cb", {"a": "c"}, {"c": "one", "b": "two"}),
        ("ab", {"a": "b", "b": "a"}, {"b": "one", "a": "two"}),
        ("bc", {"a": "b", "b": "c"}, {"b": "one", "c": "two"}),
    ],
    ids=["renamed", "exchanged in place", "shifted"],
)
def test_best_labels_follow_at_once(
    project: Project, document: Document, names: str, renames: dict[str, str], expected: dict[str, str]
) -> None:
    rename(names, **renames)
    assert best_rows(project) == expected
    ranking.refresh(projects.find("receipts"), [document.pk])
    assert best_rows(project) == expected
    assert {label.field for label in ranking.best(Document.objects.get(pk=document.pk)).values()} == set(expected)


def writes_one(project: Project, document: Document) -> None:
    store.write(document, "a", "three", source=Source.REVIEWER)


def writes_many(project: Project, document: Document) -> None:
    store.write_many(project, [LabelInput(document, "a", "three", Source.REVIEWER)])


def refreshes(project: Project, document: Document) -> None:
    ranking.refresh(project, [document.pk])


@pytest.mark.parametrize(("write", "text"), [(writes_one, "three"), (writes_many, "three"), (refreshes, "one")])
def test_whoever_loaded_the_project_before_loses_nothing(
    project: Project, document: Document, write: Callable[[Project, Document], None], text: str
) -> None:
    rename()
    write(project, document)
    assert best_rows(project) == {"c": text, "b": "two"}
    assert not document.labels.filter(field="a").exists()


def test_a_label_of_a_name_that_another_field_took_is_refused(project: Project, document: Document) -> None:
    document.labels.filter(field="a").delete()
    rename("a", b="a")
    with pytest.raises(Conflict, match="another one has its name"):
        store.write(document, "a", "three", source=Source.REVIEWER)


def test_a_snapshot_of_fields_that_change_at_this_moment_is_refused(project: Project, document: Document) -> None:
    rename()
    with pytest.raises(Conflict, match="start again"):
        snapshots.freeze(project)


NAMED = {"label", "load_labels", "report", "claims", "match", "audit", "compare", "forget"}


@pytest.mark.parametrize("kind", sorted(NAMED))
@pytest.mark.parametrize("state", Job.ACTIVE)
def test_work_that_goes_by_the_names_bars_a_rename_and_nothing_else(
    owner: Client, project: Project, document: Document, kind: str, state: str
) -> None:
    assert {each.name for each in kinds.registered() if each.holds_field_names} == NAMED
    job = queue.enqueue(kinds.find(kind), project=project, subject=1)
    Job.objects.filter(pk=job.pk).update(state=state)
    page = owner.post(reverse("fields", args=["receipts"]), posted("c", "b", before=("a", "b")))
    assert page.status_code == 409
    assert kinds.title(kind) in page.content.decode()
    assert projects.find("receipts").schema.names == ("a", "b")
    schema_versions.change(project, schema("a", "b", "d"))
    Job.objects.filter(pk=job.pk).update(state=Job.State.DONE)
    assert rename("cbd").schema.names == ("c", "b", "d")


def posted(*names: str, before: tuple[str, ...], **more: str) -> dict[str, str]:
    form = {"name": "Receipts", "document": "receipt", **more}
    for index, (name, old) in enumerate(zip(names, before, strict=True)):
        form |= {f"field-{index}-name": name, f"field-{index}-type": "text", f"field-{index}-before": old}
    return form


@pytest.mark.parametrize("text", [False, True], ids=["form", "schema file"])
def test_a_page_that_was_open_while_somebody_saved_overwrites_nothing(
    owner: Client, document: Document, text: bool
) -> None:
    rename()
    change = {"toml": schema("b").to_toml()} if text else posted("a", "d", before=("a", "b"))
    page = owner.post(reverse("fields", args=["receipts"]), {**change, "seen": "1"})
    assert page.status_code == 409
    assert "version 2" in page.content.decode()
    assert projects.find("receipts").schema.names == ("c", "b")


def test_a_label_file_with_the_old_name_is_told_the_new_one(
    project: Project, document: Document, tmp_path: Path
) -> None:
    renamed = rename()
    path = builders.write_jsonl(tmp_path / "labels.jsonl", [{"file": document.name, "a": "three"}])
    with pytest.raises(Invalid, match="unknown field 'a', which is called 'c' now"):
        jsonl.parse(renamed, path)


def test_a_reviewer_with_the_old_name_is_told_the_new_one(owner: Client, document: Document) -> None:
    rename()
    url = reverse("review_save", args=["receipts", document.pk])
    answer = owner.post(
        url,
        {"field": "a", "value": "three", "known": 0},
        content_type="application/json",
        headers={"accept": "application/json"},
    )
    assert answer.status_code == 400
    assert "called 'c' now" in answer.content.decode()


def test_a_filter_by_the_old_name_filters_by_the_new_one(document: Document) -> None:
    renamed = rename()
    assert list(filters.documents(renamed, filters.Filter(field="a"))) == [document]


def test_no_teacher_is_asked_twice_for_a_renamed_field(project: Project, document: Document) -> None:
    run = LabelRun.objects.create(project=project, schema_version=project.schema_version, teacher="acme")
    Response.objects.create(run=run, document=document, teacher="acme", prompt_sha256="0", raw="{}", seconds=1)
    store.write(document, "b", "two", source=Source.TEACHER, teacher="acme", run=run)
    renamed = rename("cbd")
    asked = missing.questions(renamed, renamed.schema, "acme", missing.labellable(renamed))
    assert [question.schema.names for question in asked] == [("d",)]


def test_a_run_that_asked_for_old_names_is_not_repeated(project: Project, document: Document) -> None:
    run = LabelRun.objects.create(project=project, schema_version=project.schema_version, teacher="rules")
    job = queue.enqueue(kinds.find("label"), project=project, subject=run.pk)
    Job.objects.filter(pk=job.pk).update(state=Job.State.FAILED)
    rename()
    with pytest.raises(Conflict, match="renamed since"):
        queue.retry(job)
