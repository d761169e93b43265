"""Snapshots: frozen, hashed, and without what must not be learned from."""

import pytest
from django.db import IntegrityError

from extraction.domain.fields import Schema
from extraction.models import Document, Project, Source
from extraction.services.errors import Invalid
from extraction.services.labels import store
from extraction.services.projects import projects
from extraction.services.training import snapshots
from tests.support import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return builders.project()


def labelled(project: Project, *, split: str = "train", source: Source = Source.TEACHER) -> Document:
    document = builders.document(project, split=split)
    store.write(document, "total", "3.30", source=source, teacher="rules" if source == Source.TEACHER else "")
    return document


def parts(project: Project, kind: str = "best") -> dict[int, str]:
    return {item["document"]: item["part"] for item in snapshots.freeze(project, kind).items}


def test_the_test_split_is_never_learned_from(project: Project) -> None:
    train, validation = labelled(project), labelled(project, split="validation")
    labelled(project, split="test")
    assert parts(project) == {train.pk: "train", validation.pk: "validation"}


def test_without_a_validation_split_a_part_of_train_takes_its_place(project: Project) -> None:
    for _ in range(30):
        labelled(project)
    found = list(parts(project).values())
    assert 1 <= found.count("validation") <= 10
    assert parts(project) == parts(project)


def test_a_single_document_trains(project: Project) -> None:
    document = labelled(project)
    assert parts(project) == {document.pk: "train"}


def test_rejected_and_unread_documents_and_the_student_s_own_answers_are_left_out(project: Project) -> None:
    good = labelled(project)
    Document.objects.filter(pk=labelled(project).pk).update(review=Document.Review.REJECTED)
    Document.objects.filter(pk=labelled(project).pk).update(state=Document.State.FAILED)
    labelled(project, source=Source.STUDENT)
    assert list(parts(project)) == [good.pk]


def test_one_source_alone(project: Project) -> None:
    document = labelled(project)
    store.write(document, "total", "4.00", source=Source.REVIEWER)
    teacher = snapshots.freeze(project, "teacher").items[0]["labels"]["total"]
    best = snapshots.freeze(project, "best").items[0]["labels"]["total"]
    held = {label.pk: label.value for label in document.labels.all()}
    assert (held[teacher], held[best]) == ("3.30", "4.00")


def test_equal_labels_share_a_snapshot_and_changed_ones_do_not(project: Project) -> None:
    document = labelled(project)
    first = snapshots.freeze(project)
    assert snapshots.freeze(project) == first
    store.write(document, "total", "4.00", source=Source.REVIEWER)
    assert snapshots.freeze(project).sha256 != first.sha256


class TestARemovedField:
    @pytest.fixture
    def removed(self, project: Project) -> Project:
        """A document of each part says the total, which is no field any more."""
        for split in ("train", "validation"):
            labelled(project, split=split)
        fields = [field for field in builders.RECEIPT.to_json()["field"] if field["name"] != "total"]
        projects.change_schema(project, Schema.from_json({**builders.RECEIPT.to_json(), "field": fields}))
        return project

    def test_leaves_nothing_to_learn_from_its_labels(self, removed: Project) -> None:
        assert snapshots.usable(removed)["best"] == 0
        with pytest.raises(Invalid, match="No document of the split train has labels of the kind 'best'"):
            snapshots.freeze(removed)

    def test_takes_nothing_from_the_documents_that_say_something_else(self, removed: Project) -> None:
        told = [builders.document(removed), builders.document(removed)]
        for document in told:
            store.write(document, "company", "BEAN THERE SDN BHD", source=Source.TRUTH)
        assert snapshots.usable(removed)["best"] == 2
        assert parts(removed).keys() == {document.pk for document in told}
        assert sorted(parts(removed).values()) == ["train", "validation"]


def test_two_at_once_cannot_store_the_same_labels_twice(project: Project) -> None:
    labelled(project)
    snapshot = snapshots.freeze(project)
    snapshot.pk = None
    with pytest.raises(IntegrityError):
        snapshot.save()


@pytest.mark.parametrize("kind", ["best", "truth", "wishes"])
def test_nothing_to_learn_from_is_said(project: Project, kind: str) -> None:
    with pytest.raises(Invalid, match=r"label|Labels"):
        snapshots.freeze(project, kind)


def test_each_choice_of_labels_is_counted(project: Project) -> None:
    labelled(project)
    labelled(project, source=Source.TRUTH)
    labelled(project, split="test")
    assert snapshots.usable(project) == {"best": 2, "truth": 1, "reviewer": 0, "teacher": 1, "claim": 0}
