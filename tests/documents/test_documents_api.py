"""Documents by program: in, listed in parts, read, with their labels."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from extraction.domain.pages import Page
from extraction.models import Document, Job, Project, Source
from extraction.services.labels import store
from tests.support import builders
from tests.support.badfiles import archive, text_pdf
from tests.support.programs import AUTHORISING, ROOT, slip

URL = f"{ROOT}/projects/slips/documents"


def upload(caller: Client, *files: object, **query: str) -> list[dict[str, object]]:
    response = caller.post(URL, {"file": list(files)}, query_params=query)
    assert response.status_code == 200
    results: list[dict[str, object]] = response.json()["results"]
    return results


def test_files_come_in_and_wait_to_be_read(caller: Client, project: Project) -> None:
    other = slip("b.pdf", text_pdf(("Total 1.00",)))
    first, second = upload(caller, slip("a.pdf"), other, split="test")
    assert (first["name"], first["created"], first["error"]) == ("a.pdf", True, None)
    assert {first["document"], second["document"]} == set(project.documents.values_list("pk", flat=True))
    assert set(project.documents.values_list("split", "author__username")) == {("test", "olga")}
    assert Job.objects.filter(kind="read").count() == 2


def test_one_bad_file_harms_no_other(caller: Client, project: Project) -> None:
    bad, good = upload(caller, slip("bad.pdf", b"MZ"), slip("good.pdf"))
    assert (bad["document"], bad["created"]) == (None, False)
    assert str(bad["error"]).endswith(".")
    assert good["created"]
    assert project.documents.count() == 1


def test_the_same_content_is_stored_once(caller: Client, project: Project) -> None:
    first, again = upload(caller, slip("a.pdf"), slip("b.pdf"))
    assert (again["document"], again["created"]) == (first["document"], False)
    (conflict,) = upload(caller, slip("a.pdf"), split="test" if Document.objects.get().split != "test" else "train")
    assert "already in split" in str(conflict["error"])


def test_an_archive_is_taken_file_by_file(caller: Client, project: Project) -> None:
    content = archive({"march/a.pdf": text_pdf(("Total 1.00",)), "march/b.pdf": b"MZ"})
    first, second = upload(caller, slip("slips.zip", content))
    assert (first["name"], first["created"], first["error"]) == ("slips.zip/march/a.pdf", True, None)
    assert (second["name"], second["document"]) == ("slips.zip/march/b.pdf", None)
    assert str(second["error"]).endswith(".")
    assert project.documents.get().name == "a.pdf"


def test_documents_on_which_nothing_was_read_are_told_apart(caller: Client, project: Project) -> None:
    blank = builders.document(project, pages=[builders.page("Total 1.00"), Page(100, 100, ())])
    full = builders.document(project)
    assert caller.get(f"{URL}/{blank.pk}").json()["empty_pages"] == 1
    for asked, found in (("true", [blank.pk]), ("false", [full.pk])):
        results = caller.get(URL, query_params={"empty": asked}).json()["results"]
        assert [row["id"] for row in results] == found


def test_lists_are_cut_into_parts_and_nothing_comes_twice(caller: Client, project: Project) -> None:
    rows = [builders.document(project).pk for _ in range(5)]
    found: list[int] = []
    cursor: int | None = None
    while True:
        query = {"limit": 2, **({"cursor": cursor} if cursor else {})}
        answer = caller.get(URL, query).json()
        found += [row["id"] for row in answer["results"]]
        cursor = answer["next"]
        builders.document(project)
        if cursor is None:
            break
    assert found == rows[::-1]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL plans by the size of its tables")
@pytest.mark.parametrize(
    "query", [{"state": "failed"}, {"split": "test"}, {"review": "waiting"}, {"origin": "unsure"}], ids=str
)
def test_a_narrowed_list_is_read_from_an_index(caller: Client, project: Project, query: dict[str, str]) -> None:
    with CaptureQueriesContext(connection) as queries:
        caller.get(URL, query)
    [listed] = [each["sql"] for each in queries if "extraction_document" in each["sql"] and "ORDER BY" in each["sql"]]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {listed}")
        plan = " ".join(row[3] for row in cursor.fetchall())
    assert f"project_id=? AND {next(iter(query))}=?" in plan
    assert "TEMP B-TREE" not in plan


def test_lists_are_narrowed(caller: Client, project: Project) -> None:
    failed = builders.document(project, state=Document.State.FAILED)
    test = builders.document(project, split="test")
    store.write(builders.document(project), "total", "1.00", source=Source.TEACHER, teacher="rules")

    def found(**query: str) -> list[int]:
        return [row["id"] for row in caller.get(URL, query).json()["results"]]

    assert found(state="failed") == [failed.pk]
    assert found(split="test") == [test.pk]
    assert found(review="unlabelled", state="ready") == [test.pk]
    assert caller.get(URL, {"state": "odd"}).status_code == 422


def test_lists_are_searched_sorted_and_narrowed_like_the_page(caller: Client, project: Project) -> None:
    totals = ["9.00", "34,73", None, "9.00", "-1.00"]
    rows = [builders.document(project) for _ in totals]
    for row, total in zip(rows, totals, strict=True):
        if total:
            store.write(row, "total", total, source=Source.TEACHER, teacher="rules", confidence=0.5)

    def found(**query: str) -> list[int]:
        places, cursor = [], ""
        while True:
            answer = caller.get(URL, {"limit": 2, **query, **({"cursor": cursor} if cursor else {})}).json()
            places += [rows.index(Document(pk=row["id"])) for row in answer["results"]]
            if (cursor := answer["next"]) is None:
                return places

    assert found(sort="field.total") == [4, 3, 0, 1, 2]
    assert found(sort="-field.total") == [1, 3, 0, 4, 2]
    assert found(sort="added") == [0, 1, 2, 3, 4]
    assert found(search="34.73") == [1]
    assert found(search=rows[2].name.upper()) == [2]
    assert found(lacks="total") == [2]
    assert found(source="teacher", below="60", sort="added") == [0, 1, 3, 4]
    assert found(below="50") == []


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"sort": "field.nothing"}, 422),
        ({"lacks": "nothing"}, 422),
        ({"sort": "confidence", "cursor": "1~x"}, 422),
        ({"cursor": str(2**63)}, 422),
        ({"cursor": "x"}, 422),
        ({"below": "0"}, 422),
        ({"source": "nobody"}, 422),
        ({"search": "\x00"}, 200),
    ],
)
def test_parameters_that_mean_nothing_are_refused(
    caller: Client, project: Project, query: dict[str, str], status: int
) -> None:
    response = caller.get(URL, query)
    assert response.status_code == status
    if status != 200:
        assert response.headers["Content-Type"] == "application/problem+json"


def test_a_list_costs_the_same_however_long_it_is(
    caller: Client, project: Project, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(12):
        store.write(builders.document(project), "total", "1.00", source=Source.TEACHER, teacher="rules")
    with django_assert_max_num_queries(AUTHORISING + 1):
        assert len(caller.get(URL).json()["results"]) == 12


def test_a_document_and_what_was_said_about_it(
    caller: Client, project: Project, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    row = builders.document(project)
    store.write(row, "total", "3.00", source=Source.TEACHER, teacher="rules")
    store.write(row, "total", "3.30", source=Source.REVIEWER)
    held = caller.get(f"{URL}/{row.pk}").json()
    assert (held["id"], held["sha256"], held["pages"], held["source"]) == (row.pk, row.sha256, 1, "reviewer")
    with django_assert_max_num_queries(AUTHORISING + 3):
        said = caller.get(f"{URL}/{row.pk}/labels").json()
    assert said["document"] == row.pk
    assert said["fields"]["company"] is None
    assert (said["fields"]["total"]["value"], said["fields"]["total"]["source"]) == ("3.30", "reviewer")
    assert set(said["fields"]["total"]["boxes"][0]) == {"page", "x0", "y0", "x1", "y1"}
    assert [label["value"] for label in said["history"]] == ["3.30", "3.00"]
    [other] = said["alternatives"]["total"]
    assert (other["value"], other["said_by"], len(other["boxes"])) == ("3.00", ["rules"], 1)
    assert set(said["alternatives"]) == {"total"}


@pytest.mark.parametrize("path", ["", "/labels"])
def test_a_document_of_another_project_is_not_found(caller: Client, project: Project, path: str) -> None:
    other = builders.document(builders.project())
    response = caller.get(f"{URL}/{other.pk}{path}")
    assert response.status_code == 404
    assert response.headers["Content-Type"] == "application/problem+json"
    assert caller.get(f"{URL}/{2**80}{path}").status_code == 422
