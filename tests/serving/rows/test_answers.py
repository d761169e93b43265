"""Rows from a student that learned them to whoever asks: at once, from a worker, on the pages, by the command."""

import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from extraction.domain.line_items.rows import rows_of
from extraction.domain.progress import Silent
from extraction.domain.results.extraction import fields_from_json, fields_to_json
from extraction.models import Extraction, ModelVersion, Project, Role, User
from extraction.services import storage
from extraction.services.jobs import execution
from extraction.services.labels.rows import rows_of_label
from extraction.services.projects import projects
from extraction.services.serving import prelabel
from tests.support import builders
from tests.support.badfiles import text_pdf
from tests.support.programs import ROOT, model
from tests.support.tiny_tables import ITEMS, SCHEMA, bill, printed

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

URL = f"{ROOT}/projects/bills/extract"
LINES, LABELS = printed(200)
ROWS = rows_of(ITEMS, LABELS["items"]) or ()


@pytest.fixture
def project(owner: User) -> Project:
    return projects.create("bills", SCHEMA, owner=owner)


@pytest.fixture
def served(project: Project, tabled: Path) -> ModelVersion:
    """The project serves a tiny student that learned rows."""
    row = model(project, "small", "production")
    shutil.copytree(tabled, storage.path(row.folder), dirs_exist_ok=True)
    return row


@pytest.fixture
def before(served: ModelVersion) -> ModelVersion:
    """The project serves a model of before rows were learned: it has no calibration of them."""
    path = storage.path(served.folder) / "student.json"
    description = json.loads(path.read_text())
    del description["tables"]
    path.write_text(json.dumps(description))
    served.sha256 = "before"
    served.save()
    return served


def file() -> SimpleUploadedFile:
    return SimpleUploadedFile("bill.pdf", text_pdf(LINES), "application/pdf")


def asked(caller: Client, mode: str = "sync") -> dict[str, Any]:
    answer: dict[str, Any] = caller.post(f"{URL}?mode={mode}", {"file": file()}).json()
    return answer


def test_rows_are_answered_with_places_confidences_and_checks(caller: Client, served: ModelVersion) -> None:
    fields = asked(caller)["fields"]
    assert set(fields) == {"date", "total", "items"}
    assert fields["total"]["value"] == LABELS["total"]
    assert "rows" not in fields["total"]
    assert "checks" not in fields["total"]
    items = fields["items"]
    assert set(items) == {"value", "normalized", "confidence", "boxes", "source", "accepted", "rows", "checks"}
    assert set(items["checks"]) == {"sum"}
    assert 0 < items["confidence"] < 1
    assert items["rows"]
    for row in items["rows"]:
        assert set(row) == {"cells", "confidence", "checks"}
        assert set(row["checks"]) == {"product"}
        assert 0 < row["confidence"] < 1
        for name, cell in row["cells"].items():
            assert name in [part.name for part in ITEMS.fields]
            assert set(cell) == {"value", "normalized", "confidence", "boxes"}
            assert 0 < cell["confidence"] < 1
            assert all(set(box) == {"page", "x0", "y0", "x1", "y1"} for box in cell["boxes"])
            assert cell["boxes"]
    found = [row["cells"]["article"]["value"] for row in items["rows"] if "article" in row["cells"]]
    assert set(found) & {row["article"] for row in ROWS}


def test_the_value_of_a_group_holds_the_rows_as_labels_do(caller: Client, served: ModelVersion) -> None:
    items = asked(caller)["fields"]["items"]
    assert [{name: cell["value"] for name, cell in row["cells"].items()} for row in items["rows"]] == [
        {name: value for name, value in row.items() if value} for row in rows_of(ITEMS, items["value"]) or ()
    ]


def test_a_worker_answers_the_same_and_it_is_kept(caller: Client, served: ModelVersion) -> None:
    at_once = asked(caller)
    queued = Extraction.objects.get(public_id=asked(caller, "async")["id"])
    assert queued.job
    execution.run(queued.job.pk)
    for answer in (at_once, caller.get(f"{ROOT}/extractions/{queued.public_id}").json()):
        assert answer["fields"] == at_once["fields"]
        stored = Extraction.objects.get(public_id=answer["id"]).fields
        assert stored == answer["fields"]
        assert stored
        assert fields_to_json(fields_from_json(stored)) == stored


def test_what_was_answered_before_rows_is_read_again(caller: Client, project: Project, served: ModelVersion) -> None:
    answer = asked(caller)
    kept = {name: field for name, field in answer["fields"].items() if name != "items"}
    kept["items"] = {"value": None, "normalized": None, "confidence": 0.5, "boxes": [], "source": "student"}
    Extraction.objects.update(fields=kept)
    again = caller.get(f"{ROOT}/extractions/{answer['id']}").json()["fields"]
    assert again == {**kept, "items": {**kept["items"], "accepted": None}}


@pytest.mark.parametrize(("language", "said"), [("en", "Confidence"), ("de", "Sicherheit")])
def test_a_preview_shows_the_rows(
    client: Client, project: Project, served: ModelVersion, language: str, said: str
) -> None:
    client.force_login(builders.member(project, Role.VIEWER))
    url = reverse("model_try", args=["bills"])
    page = client.post(url, {"file": file()}, headers={"Accept-Language": language}).content.decode()
    assert '<table class="table" aria-label="items">' in page
    assert said in page
    for row in ROWS:
        assert f"{row['amount']}" in page
    # A frame for each cell, not for the flat fields alone.
    assert page.count("<rect") > 2 + len(ROWS)


def test_a_call_that_is_tried_on_the_page_shows_rows_and_stands_in_the_history(
    client: Client, project: Project, served: ModelVersion
) -> None:
    client.force_login(builders.member(project, Role.REVIEWER))
    tried = client.post(reverse("api_try", args=["bills"]), {"file": file()}).content.decode()
    assert "&quot;rows&quot;" in tried
    assert "bill.pdf" in client.get(reverse("api", args=["bills"])).content.decode()


def test_the_command_prints_rows(served: ModelVersion, tmp_path: Path) -> None:
    counts = {"one": "items: 1 row  (", "several": "items: 2 rows  (", "none": "items: —"}
    bodies = {"one": LINES[2:-2], "several": [*LINES[2:-2], "3 Milk    4.50"], "none": []}
    for name, count in counts.items():
        path = tmp_path / f"{name}.pdf"
        path.write_bytes(text_pdf([*LINES[:2], *bodies[name], *LINES[-2:]]))
        out = io.StringIO()
        call_command("extract", "bills", str(path), stdout=out)
        assert count in out.getvalue()
        assert out.getvalue().count("amount: ") == len(bodies[name])


def test_prelabels_keep_what_the_student_knows_of_rows(project: Project, served: ModelVersion) -> None:
    document = builders.document(project, pages=bill(200).pages)
    prelabel.run(served.pk, Silent())
    rows = rows_of_label(document.labels.get(field="items"))
    assert rows
    pages = document.domain_pages()
    for row in rows:
        assert row.confidence
        for cell in row.cells.values():
            assert cell.confidence
            assert " ".join(span.text(pages) for span in cell.spans) == cell.value


def test_a_model_of_before_rows_answers_its_flat_fields(
    caller: Client, project: Project, owner: User, before: ModelVersion, tmp_path: Path
) -> None:
    fields = asked(caller)["fields"]
    assert set(fields) == {"date", "total"}
    assert fields["total"]["value"] == LABELS["total"]
    caller.force_login(owner)
    tried = caller.post(reverse("model_try", args=["bills"]), {"file": file()})
    assert LABELS["total"] in tried.content.decode()
    document = builders.document(project, pages=bill(200).pages)
    prelabel.run(before.pk, Silent())
    assert {label.field for label in document.labels.all()} == {"date", "total"}


@pytest.mark.parametrize("order", ["dmy", "mdy"])
def test_a_column_that_is_gone_since_the_training_harms_no_answer(
    caller: Client, project: Project, served: ModelVersion, order: str
) -> None:
    parts = [{"name": "article"}, {"name": "day", "type": "date"}]
    fields = [{"name": "total", "type": "money"}, {"name": "items", "type": "group", "fields": parts}]
    projects.change_schema(project, type(SCHEMA).from_json({"name": "Bills", "document": "bill", "field": fields}))
    project.date_order = order
    project.save()
    assert asked(caller)["fields"]["items"]["rows"]
    document = builders.document(project, pages=bill(200).pages)
    prelabel.run(served.pk, Silent())
    label = document.labels.get(field="items")
    assert {name for row in rows_of_label(label) for name in row.cells} == {"article"}
