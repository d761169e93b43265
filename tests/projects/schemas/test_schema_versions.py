"""Fields are renamed, deleted and brought back without the loss of a label, and models follow."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from extraction.domain.fields import Field, Schema
from extraction.domain.pages import Page
from extraction.domain.prediction import FieldValue
from extraction.domain.schemas.changes import differences
from extraction.models import Document, ModelVersion, Project, Role, Snapshot, Source, TrainingRun
from extraction.services.errors import Conflict
from extraction.services.labels import ranking, store
from extraction.services.projects import schema_versions
from extraction.services.serving import registry
from tests.support import builders

pytestmark = pytest.mark.django_db


def schema(*names: str) -> Schema:
    return replace(builders.RECEIPT, fields=tuple(Field(name) for name in names))


def grouped(*columns: str) -> Schema:
    group = Field("items", "group", fields=tuple(Field(name) for name in columns))
    return replace(builders.RECEIPT, fields=(group,))


@pytest.fixture
def project() -> Project:
    return builders.project("receipts", schema=schema("a", "b"))


@pytest.fixture
def document(project: Project) -> Document:
    document = builders.document(project)
    store.write(document, "a", "one", source=Source.REVIEWER)
    store.write(document, "b", "two", source=Source.REVIEWER)
    return document


@pytest.fixture
def owner(client: Client, project: Project) -> Client:
    client.force_login(builders.member(project, Role.OWNER))
    return client


def values(document: Document) -> dict[str, str | None]:
    return {name: label.value for name, label in ranking.best(Document.objects.get(pk=document.pk)).items()}


class Knows:
    """A model of fields `a` and `b`."""

    def predict(self, pages: Sequence[Page]) -> dict[str, FieldValue]:
        return {name: FieldValue(name, None, 0.5) for name in "ab"}


def answers(project: Project) -> dict[str, str | None]:
    """Of a model that was trained on the first version, by the present names."""
    first = project.schema_versions.get(number=1)
    snapshot = Snapshot.objects.create(project=project, schema_version=first, labels="best", items=[], sha256="0")
    run = TrainingRun.objects.create(project=project, snapshot=snapshot, name="first")
    model = ModelVersion.objects.create(project=project, run=run, name="first", folder="none", bytes=1)
    return {name: answer.value for name, answer in registry.predictor(model).predict(()).items()}


@pytest.mark.parametrize(
    ("steps", "labels", "predicted"),
    [
        ([(("c", "b"), {"a": "c"})], {"c": "one", "b": "two"}, {"c": "a", "b": "b"}),
        ([(("c", "b"), {"a": "c"}), (("d", "b"), {"c": "d"})], {"d": "one", "b": "two"}, {"d": "a", "b": "b"}),
        ([(("b", "a"), {"a": "b", "b": "a"})], {"b": "one", "a": "two"}, {"b": "a", "a": "b"}),
        ([(("b", "c"), {"a": "b", "b": "c"})], {"b": "one", "c": "two"}, {"b": "a", "c": "b"}),
        ([(("c", "b"), {"a": "c"}), (("a", "b"), {"c": "a"})], {"a": "one", "b": "two"}, {"a": "a", "b": "b"}),
    ],
    ids=["once", "twice", "exchanged", "shifted", "there and back"],
)
def test_labels_and_models_follow_a_rename(
    project: Project,
    document: Document,
    monkeypatch: pytest.MonkeyPatch,
    steps: list[tuple[tuple[str, ...], dict[str, str]]],
    labels: dict[str, str],
    predicted: dict[str, str],
) -> None:
    monkeypatch.setattr(registry.students, "load", lambda *arguments, **named: Knows())
    registry._load.cache_clear()
    for names, renames in steps:
        schema_versions.change(project, schema(*names), renames=renames)
    assert values(document) == labels
    assert answers(project) == predicted
    registry._load.cache_clear()


def test_a_name_with_labels_of_a_deleted_field_is_refused(project: Project, document: Document) -> None:
    schema_versions.change(project, schema("a"))
    with pytest.raises(Conflict, match="deleted field"):
        schema_versions.change(project, schema("b"), renames={"a": "b"})
    assert values(document) == {"a": "one", "b": "two"}
    assert Project.objects.get(pk=project.pk).schema.names == ("a",)


def row(index: int, name: str, before: str = "") -> dict[str, str]:
    return {f"field-{index}-name": name, f"field-{index}-type": "text", f"field-{index}-before": before}


def save(owner: Client, *rows: dict[str, str]) -> str:
    form = {"name": "Receipts", "document": "receipt"}
    for each in rows:
        form |= each
    return owner.post(reverse("fields", args=["receipts"]), form, follow=True).content.decode()


def test_the_form_renames_and_writes_names_as_they_are_used(owner: Client, document: Document) -> None:
    save(owner, row(0, "Vendor Name", "a"), row(1, "b", "b"))
    assert values(document) == {"vendor_name": "one", "b": "two"}


def test_two_names_that_become_equal_are_refused(owner: Client, project: Project) -> None:
    text = save(owner, row(0, "Vendor Name"), row(1, "vendor-name"))
    assert "is used twice" in text
    assert project.schema_versions.count() == 1


def test_a_deleted_field_says_what_it_keeps_and_comes_back(owner: Client, document: Document) -> None:
    assert "b is deleted and keeps 1 label" in save(owner, row(0, "a", "a"))
    owner.post(reverse("fields_bring_back", args=["receipts", 1]))
    project = Project.objects.get(slug="receipts")
    assert project.schema.names == ("a", "b")
    assert project.schema_versions.count() == 3
    assert values(document) == {"a": "one", "b": "two"}


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (["what", "amount"], None),
        (["what", "amount", "count"], None),
        (["amount", "what"], None),
        (["what"], "Cells of amount are kept"),
        (["name", "sum"], "Cells of what, amount are kept"),
    ],
)
def test_columns_that_are_gone_say_that_their_cells_are_kept(
    owner: Client, project: Project, document: Document, columns: list[str], said: str | None
) -> None:
    parts = {f"field-0-part-{at}-name": name for at, name in enumerate(columns)}
    group = {**row(0, "items", "items"), "field-0-type": "group", **parts}
    group |= dict.fromkeys((f"field-0-part-{at}-type" for at in range(len(columns))), "text")
    for labelled in (False, True):
        schema_versions.change(project, grouped("what", "amount"))
        if labelled:
            shown = Document.objects.get(pk=document.pk)
            store.write(shown, "items", '[{"what": "Tea", "amount": "3.00"}]', source=Source.REVIEWER)
        text = save(owner, group)
        assert ("are kept, and there again" in text) == (labelled and said is not None)
        assert not labelled or said is None or said in text
    assert "3.00" in (document.labels.get(field="items").value or "")


def test_an_older_version_brings_the_older_names_back(owner: Client, document: Document) -> None:
    save(owner, row(0, "c", "a"), row(1, "b", "b"))
    owner.post(reverse("fields_bring_back", args=["receipts", 1]))
    assert values(document) == {"a": "one", "b": "two"}


def test_versions_are_listed_and_compared_in_words(owner: Client, project: Project) -> None:
    save(owner, row(0, "c", "a"), row(1, "b", "b"))
    changed = replace(schema("c", "d"), fields=(Field("c", "date", "the day"), Field("d")))
    schema_versions.change(Project.objects.get(pk=project.pk), changed)
    page = owner.get(reverse("fields_versions", args=["receipts"]), {"left": "3", "right": "1"})
    assert page.context["changes"] == [
        "Added d (text).",
        "Deleted b.",
        "Renamed a to c.",
        "c is a date, before a text.",
        "Instruction of c: “the day”, before none.",
    ]
    assert [row.changes[0] for row in page.context["rows"]][1:] == ["Renamed a to c.", "The first fields."]


def test_changes_within_a_group_are_told_by_its_fields() -> None:
    before = (Field("what"), Field("amount", "money", "of the line"), Field("count", "number"), Field("unit"))
    after = (
        Field("unit"),
        Field("what", "text", "the article"),
        Field("amount", "text", "of the line"),
        Field("price"),
    )
    old, new = (Schema("Receipts", "receipt", (Field("rows", "group", fields=parts),)) for parts in (before, after))
    assert differences(old, new, {}) == [
        "Added rows/price (text).",
        "Deleted rows/count.",
        "Instruction of rows/what: “the article”, before none.",
        "rows/amount is a text, before a money.",
        "The order of the fields of rows changed.",
    ]
    formatted = Field(
        "rows", "group", required=True, fields=(replace(before[1], format="plain"), *before[:1], *before[2:])
    )
    assert differences(old, Schema("Receipts", "receipt", (formatted,)), {}) == [
        "Other settings of rows/amount changed.",
        "The order of the fields of rows changed.",
        "Other settings of rows changed.",
    ]
    text = Schema("Receipts", "receipt", (Field("rows"),))
    assert differences(old, text, {})[0] == "rows is a text, before a group."
