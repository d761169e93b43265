"""Projects: their fields have versions, their last owner stays, and deletion leaves nothing."""

from dataclasses import replace

import pytest

from extraction.domain.fields import Field
from extraction.models import Document, Label, Project, Role, SchemaVersion, Source
from extraction.services import storage
from extraction.services.errors import Conflict, Invalid, NotFound
from extraction.services.labels import store
from extraction.services.projects import projects
from tests.support import builders

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("slug", ["", "Upper", "two words", "-edge", "a" * 51, "üml"])
def test_a_bad_slug_is_refused(slug: str) -> None:
    with pytest.raises(Invalid, match="lower-case"):
        projects.create(slug, builders.RECEIPT)


def test_a_slug_is_used_once() -> None:
    builders.project("receipts")
    with pytest.raises(Conflict, match="already a project named receipts"):
        builders.project("receipts")


def test_an_unknown_project_is_named() -> None:
    with pytest.raises(NotFound, match="'nowhere'"):
        projects.find("nowhere")


def test_changed_fields_make_a_version_and_old_labels_keep_theirs() -> None:
    project = builders.project()
    label = store.write(builders.document(project), "total", "3.30", source=Source.TEACHER, teacher="rules")
    changed = replace(builders.RECEIPT, fields=(*builders.RECEIPT.fields, Field("tip")))
    version = projects.change_schema(project, changed)
    label.refresh_from_db()
    project.refresh_from_db()
    assert (version.number, label.schema_version.number) == (2, 1)
    assert project.schema == changed


def test_the_same_fields_change_nothing() -> None:
    project = builders.project()
    projects.change_schema(project, builders.RECEIPT)
    assert SchemaVersion.objects.count() == 1


def test_the_last_owner_stays() -> None:
    owner = builders.user()
    project = builders.project(owner=owner)
    with pytest.raises(Conflict, match="last owner"):
        projects.remove_member(project, owner)
    with pytest.raises(Conflict, match="last owner"):
        projects.add_member(project, owner, Role.VIEWER)
    projects.add_member(project, builders.user(), Role.OWNER)
    projects.remove_member(project, owner)
    assert not project.memberships.filter(user=owner).exists()


def test_deletion_leaves_neither_rows_nor_files() -> None:
    project, other = builders.project(), builders.project()
    kept = builders.document(other)
    document = builders.document(project)
    store.write(document, "total", "3.30", source=Source.TRUTH)
    folder = storage.document_folder(document)
    folder.mkdir(parents=True)
    (folder / "original.jpg").write_bytes(b"picture")
    projects.delete(project)
    assert not folder.exists()
    assert list(Document.objects.all()) == [kept]
    assert list(Project.objects.all()) == [other]
    assert not Label.objects.exists()
