"""Files into a project, their pages read, and out again."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from extraction.domain.fields import Schema
from extraction.domain.learning.splits import split_of
from extraction.domain.progress import Cancelled, Silent
from extraction.engines.ingest.limits import ArchiveLimits, Limits, Refused
from extraction.models import Document, Job, Page, Project
from extraction.services import storage
from extraction.services.documents import intake, reading, staging
from extraction.services.errors import Conflict, Invalid
from extraction.services.projects import projects
from tests.support.badfiles import BAD_WHEN_READ, archive
from tests.support.drawing import RECEIPT, encoded, receipt

pytestmark = pytest.mark.django_db

SCHEMA = Schema.from_json({"name": "Receipts", "document": "receipt", "field": [{"name": "total", "type": "money"}]})
OTHER_PURCHASE = ("Date: 02/01/2019 17:05", "Bread rolls 3.10", "Tea 4.20", "TOTAL 7.30", "CARD 7.30", *RECEIPT[-1:])


@pytest.fixture
def project() -> Project:
    return projects.create("receipts", SCHEMA)


def add(project: Project, data: bytes, name: str = "a.jpg", **options: object) -> Document:
    return intake.add_document(project, name, BytesIO(data), **options)[0]  # type: ignore[arg-type]


def stored(data_dir: Path) -> list[Path]:
    return [path for path in (data_dir / "files").rglob("*") if path.is_file()]


def test_a_new_file_is_stored_as_it_came_and_waits_to_be_read(project: Project) -> None:
    data = encoded(receipt())
    document, created = intake.add_document(project, "a.jpg", BytesIO(data))
    assert created
    assert document.state == Document.State.QUEUED
    assert storage.path(document.original).read_bytes() == data
    assert (document.media_type, document.bytes, document.split) == ("image/jpeg", len(data), split_of(document.sha256))
    job = Job.objects.get()
    assert (job.kind, job.subject, job.state) == ("read", document.pk, Job.State.QUEUED)


def test_the_same_content_is_known_whatever_its_name(project: Project, data_dir: Path) -> None:
    data = encoded(receipt())
    first = add(project, data)
    again, created = intake.add_document(project, "b.jpg", BytesIO(data))
    assert (again, created) == (first, False)
    assert Document.objects.count() == Job.objects.count() == len(stored(data_dir)) == 1


def test_a_file_may_come_from_a_path(project: Project, tmp_path: Path) -> None:
    path = tmp_path / "scan.png"
    path.write_bytes(encoded(receipt(), "PNG"))
    document, created = intake.add_document(project, path.name, path, enqueue=False)
    assert created
    assert path.exists()
    assert document.name == "scan.png"
    assert not Job.objects.exists()


def test_an_explicit_split_wins_and_another_one_later_is_refused(project: Project) -> None:
    data = encoded(receipt())
    document = add(project, data, split="test")
    assert document.split == "test"
    assert add(project, data) == add(project, data, split="test") == document
    with pytest.raises(Conflict, match=r"^a\.jpg is already in split test"):
        add(project, data, split="train")
    with pytest.raises(Invalid, match="known are train"):
        add(project, encoded(receipt(), "PNG"), split="dev")


def test_a_refused_file_leaves_nothing_behind(project: Project, data_dir: Path) -> None:
    with pytest.raises(Refused, match="web page"):
        add(project, b"<!DOCTYPE html><html>")
    assert not stored(data_dir)
    assert not Document.objects.exists()


@pytest.mark.parametrize(
    ("name", "kept"), [("../../etc/passwd", "passwd"), ("a\x00b\n.jpg", "ab.jpg"), ("", "document")]
)
def test_a_name_is_only_a_name(project: Project, name: str, kept: str) -> None:
    assert add(project, encoded(receipt()), name).name == kept


def test_reading_writes_pages_with_words(project: Project) -> None:
    document = add(project, encoded(receipt()))
    reading.read(document.pk, Silent())
    document.refresh_from_db()
    page = document.pages.get()
    assert (document.state, document.error, document.page_count) == (Document.State.READY, "", 1)
    assert [row.split() for row in page.as_domain().text.splitlines()][7] == ["TOTAL", "11.95"]
    assert (page.reader, page.rotation) == ("rapidocr", 0)
    assert document.focus == page.focus > 0
    with Image.open(storage.path(page.image)) as image, Image.open(storage.path(page.thumbnail)) as thumbnail:
        assert image.size == (page.width, page.height)
        assert max(thumbnail.size) == 320


@pytest.mark.parametrize(("lines", "empty"), [((), 1), (RECEIPT, 0)], ids=["blank", "printed"])
def test_a_page_without_a_word_is_counted(lines: tuple[str, ...], empty: int, project: Project) -> None:
    document = add(project, encoded(receipt(lines)))
    reading.read(document.pk, Silent())
    document.refresh_from_db()
    assert (document.state, document.empty_pages) == (Document.State.READY, empty)


def test_reading_again_replaces_half_written_pages(project: Project, data_dir: Path) -> None:
    document = add(project, encoded(receipt()))
    Page.objects.create(document=document, number=0, width=1, height=1, focus=0, reader="", seconds=0, words=[])
    reading.read(document.pk, Silent())
    files = stored(data_dir)
    reading.read(document.pk, Silent())
    assert document.pages.get().reader == "rapidocr"
    assert sorted(stored(data_dir)) == sorted(files)
    assert len(files) == 3


def test_what_cannot_be_read_fails_with_a_sentence_and_is_tried_again_when_it_comes_again(project: Project) -> None:
    data = encoded(receipt())
    document = add(project, data)
    storage.path(document.original).write_bytes(data[: len(data) // 2])
    with pytest.raises(Refused):
        reading.read(document.pk, Silent())
    document.refresh_from_db()
    assert (document.state, document.error) == (Document.State.FAILED, "The picture is damaged or cut off.")
    again = add(project, data)
    assert (again, again.state, Job.objects.count()) == (document, Document.State.QUEUED, 2)


def test_reading_stops_when_cancelled(project: Project) -> None:
    class Cancelling(Silent):
        def cancelled(self) -> bool:
            return True

    document = add(project, encoded(receipt()))
    with pytest.raises(Cancelled):
        reading.read(document.pk, Cancelling())
    assert not document.pages.exists()


def test_a_document_deleted_before_it_is_read_is_no_error(project: Project) -> None:
    reading.read(12345, Silent())


def test_another_picture_of_a_document_is_flagged_and_another_receipt_of_the_shop_is_not(project: Project) -> None:
    first = add(project, encoded(receipt()))
    copy = add(project, encoded(receipt().resize((500, 520)), quality=60))
    other = add(project, encoded(receipt((*RECEIPT[:3], *OTHER_PURCHASE))))
    for document in (first, copy, other):
        reading.read(document.pk, Silent())
        document.refresh_from_db()
    assert (first.duplicate_of, copy.duplicate_of, other.duplicate_of) == (None, first, None)


def test_deleting_removes_rows_and_files(project: Project, data_dir: Path) -> None:
    document = add(project, encoded(receipt()))
    reading.read(document.pk, Silent())
    intake.delete(document)
    assert not Document.objects.exists()
    assert not Page.objects.exists()
    assert not stored(data_dir)


@pytest.mark.slow
def test_what_only_reading_finds_out_is_told_by_the_document(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "LIMITS", Limits(seconds=2))
    for bad in BAD_WHEN_READ:
        document = add(project, bad.build(), bad.name)
        with pytest.raises(Refused):
            reading.read(document.pk, Silent())
        document.refresh_from_db()
        assert document.state == Document.State.FAILED
        assert bad.expected in document.error


def test_an_upload_that_is_one_file_gives_one_result(project: Project) -> None:
    [added] = intake.add_upload(project, "folder/a.jpg", BytesIO(encoded(receipt())))
    assert (added.name, added.created, added.error) == ("folder/a.jpg", True, None)
    assert added.document is not None
    assert added.document.name == "a.jpg"
    [again] = intake.add_upload(project, "b.jpg", BytesIO(encoded(receipt())))
    assert (again.document, again.created) == (added.document, False)
    [bad] = intake.add_upload(project, "c.jpg", BytesIO(b"<html>"))
    assert bad.document is None
    assert "web page" in str(bad.error)


def test_each_file_of_an_archive_goes_in_by_itself(project: Project, data_dir: Path) -> None:
    known = add(project, encoded(receipt()))
    data = archive(
        {
            "../../outside.png": encoded(receipt(), "PNG"),
            "inner/known.jpg": encoded(receipt()),
            "notes.txt": b"Total 12.50",
            "inner.zip": archive({"a.jpg": encoded(receipt(RECEIPT[:4]))}),
            ".DS_Store": b"",
        }
    )
    new, old, text, nested = intake.add_upload(project, "june.zip", BytesIO(data), split=known.split)
    assert (new.name, new.created) == ("june.zip/outside.png", True)
    assert new.document is not None
    assert (new.document.name, new.document.split, new.document.media_type) == ("outside.png", known.split, "image/png")
    assert (old.name, old.document, old.created) == ("june.zip/inner/known.jpg", known, False)
    assert (text.name, text.document) == ("june.zip/notes.txt", None)
    assert "is a ZIP archive" in str(nested.error)
    assert project.documents.count() == Job.objects.count() == 2
    assert sorted(path.name for path in data_dir.rglob("*") if path.is_file()) == ["original.jpg", "original.png"]


def test_an_archive_may_be_larger_than_a_document_and_its_files_may_not(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staging, "LIMITS", Limits(bytes=20_000))
    small, large = encoded(Image.new("L", (100, 100))), encoded(Image.effect_noise((300, 300), 90), "PNG")
    data = archive({"large.png": large, "small.jpg": small})
    assert len(data) > 20_000
    refused, taken = intake.add_upload(project, "a.zip", BytesIO(data))
    assert "too large" in str(refused.error)
    assert taken.created
    monkeypatch.setattr(staging, "ARCHIVE", ArchiveLimits(bytes=1000))
    [whole] = intake.add_upload(project, "a.zip", BytesIO(data))
    assert "too large" in str(whole.error)


def test_an_unknown_split_refuses_the_upload(project: Project) -> None:
    with pytest.raises(Invalid):
        intake.add_upload(project, "a.zip", BytesIO(archive({"a.jpg": encoded(receipt())})), split="holdout")
