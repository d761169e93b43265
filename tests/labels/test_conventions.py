"""Amounts that can be read in two ways are read as the project's other amounts, or the document's, prove."""

import pytest

from extraction.domain.field_types import Certainty, Conventions, normalize, read
from extraction.domain.fields import Field, Schema
from extraction.models import Document, Label, Project, Source
from extraction.services.labels import conventions, store
from tests.support import builders

pytestmark = pytest.mark.django_db
TOTAL = Field("total", "money")


def meanings(project: Project) -> list[str | None]:
    labels = Label.objects.filter(document__project=project, field="total").order_by("pk")
    return list(labels.values_list("normalized", flat=True))


def write(project: Project, *values: str) -> list[Document]:
    documents = [builders.document(project, f"Total {value}") for value in values]
    for document, value in zip(documents, values, strict=True):
        store.write(document, "total", value, source=Source.TEACHER, teacher="rules")
    return documents


@pytest.mark.parametrize(
    ("others", "meant"),
    [
        (("12,50", "9,99"), "60000.00"),
        (("12.50", "9.99"), "60.00"),
        (("23.000", "8,000", "31.000"), "60000.00"),
        (("12,50", "9.99"), None),
        ((), None),
    ],
)
def test_the_projects_amounts_tell_what_a_lone_sign_means(others: tuple[str, ...], meant: str | None) -> None:
    project = builders.project()
    write(project, *others, "60.000")
    assert meanings(project)[-1] == meant


def test_what_was_not_read_is_read_when_others_tell() -> None:
    project = builders.project()
    write(project, "60.000")
    assert meanings(project) == [None]
    write(project, "1.234,50")
    assert conventions.read_unread(project) == 1
    assert conventions.read_unread(project) == 0
    assert meanings(project) == ["60000.00", "1234.50"]


def test_a_document_tells_what_the_project_does_not() -> None:
    project = builders.project()
    store.write(
        builders.document(project, "Net 50.000,00", "Total 60.000"),
        "total",
        "60.000",
        source=Source.TEACHER,
        teacher="rules",
    )
    assert meanings(project) == ["60000.00"]


def test_labels_in_plain_digits_tell_nothing_about_printed_ones() -> None:
    project = builders.project(
        schema=Schema("R", "receipt", (Field("total", "money", format="plain"), Field("tax", "money")))
    )
    write(project, "12.50", "9.99")
    assert conventions.of(project).decimal_sign is None


def test_an_amount_in_doubt_is_a_question_and_no_invalid_value() -> None:
    reading = read(TOTAL, "60.000")
    assert reading.certainty is Certainty.AMBIGUOUS
    assert [meaning.normalized for meaning in reading.meanings] == ["60000.00", "60.00"]
    assert read(TOTAL, "6x").certainty is Certainty.INVALID
    assert read(TOTAL, "60.000", conventions=Conventions(decimal_sign=",")).certainty is Certainty.READ
    assert normalize(TOTAL, "60.000") is None


THAI = ("ร้านอาหาร สวัสดี", "วันที่ 14/03/66", "รวม 120.00 บาท")


@pytest.mark.parametrize("located", [None, ()])
@pytest.mark.parametrize(
    ("value", "on_thai", "elsewhere"),
    [
        *(("14/03/66", None, "1966-03-14"), ("25-07-68", None, "1968-07-25"), ("๑๔/๐๓/๖๖", None, None)),
        *(("14/03/2566", "2023-03-14", "2023-03-14"), ("14/03/2023", "2023-03-14", "2023-03-14")),
    ],
)
def test_a_short_year_on_a_thai_document_is_of_no_era(
    value: str, on_thai: str | None, elsewhere: str | None, located: tuple[()] | None
) -> None:
    held = builders.project()
    for lines, meant in ((THAI, on_thai), (("Cafe", "Date 14/03/66"), elsewhere)):
        given = store.LabelInput(
            builders.document(held, *lines), "date", value, source=Source.TEACHER, teacher="x", spans=located
        )
        [label] = store.write_many(held, [given])
        assert label.normalized == meant
