"""`load`: files, folders and labels go in once, bad ones are refused alone, bad label files as a whole."""

from pathlib import Path

import pytest

from extraction.models import AuditAction, AuditEntry, Document, Door, Label, Project
from tests.support import builders
from tests.support.badfiles import text_pdf
from tests.support.commands import Command

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return builders.project("receipts")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three documents with a sound text layer, and the truth about two of them."""
    made = tmp_path / "receipts"
    (made / "deep").mkdir(parents=True)
    for number, name in enumerate(["a.pdf", "b.pdf", "deep/c.pdf"]):
        (made / name).write_bytes(text_pdf(("BEAN THERE LIMITED", "Date: 25/12/2018", f"Total {number}.30", "Thanks")))
    (made / ".hidden.pdf").write_bytes(b"")
    builders.write_jsonl(
        made / "truth.jsonl",
        [{"file": "a.pdf", "total": "0.30", "date": None}, {"file": "deep/c.pdf", "total": "2.30"}],
    )
    return made


def test_a_folder_goes_in_once(project: Project, folder: Path, command: Command) -> None:
    code, told = command("load", "receipts", folder)
    assert (code, told["documents"]) == (0, {"new": 3, "known": 0, "refused": []})
    assert set(project.documents.values_list("state", flat=True)) == {Document.State.READY}
    assert command("load", "receipts", folder)[1]["documents"] == {"new": 0, "known": 3, "refused": []}


def test_a_label_file_brings_its_documents(project: Project, folder: Path, command: Command) -> None:
    arguments = ("load", "receipts", "--labels", folder / "truth.jsonl", "--source", "truth", "--split", "test")
    code, told = command(*arguments)
    assert (code, told["documents"]["new"], told["labels"]) == (0, 2, {"new": 3, "known": 0, "refused": []})
    assert set(project.documents.values_list("split", flat=True)) == {"test"}
    label = Label.objects.get(field="total", value="2.30")
    assert label.as_domain().spans
    assert Label.objects.get(field="date").value is None
    again = command(*arguments)[1]
    assert (again["documents"]["known"], again["labels"]) == (2, {"new": 0, "known": 3, "refused": []})
    entry = AuditEntry.objects.get(action=AuditAction.LABELS_LOADED)
    assert (entry.door, entry.changes) == (Door.COMMAND, {"source": "truth"})


def test_another_split_for_a_known_document_is_refused_by_name(
    project: Project, folder: Path, command: Command
) -> None:
    command("load", "receipts", folder / "a.pdf", "--split", "train")
    code, told = command("load", "receipts", folder / "a.pdf", "--split", "test")
    assert code == 1
    assert "train" in told["documents"]["refused"][0]["reason"]
    assert command("load", "receipts", folder / "a.pdf")[1]["documents"]["known"] == 1
    assert project.documents.get().split == "train"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{", "line 2 is not valid JSON"),
        ("[]", "line 2 is not a JSON object"),
        ('{"total": "1"}', "line 2 names no file"),
        ('{"file": "b.pdf", "colour": "red"}', "line 2 names the unknown field 'colour'"),
        ('{"file": "b.pdf", "total": ["1"]}', "line 2 must have a text, a number or null"),
        ('{"file": "a.pdf", "total": "1"}', "line 2 names the same file as line 1"),
    ],
)
def test_one_bad_line_refuses_the_whole_file(
    project: Project, folder: Path, command: Command, line: str, words: str
) -> None:
    path = folder / "bad.jsonl"
    path.write_text('{"file": "a.pdf", "total": "0.30"}\n' + line + "\n")
    code, sentence = command("load", "receipts", "--labels", path, "--source", "truth")
    assert code == 2
    assert words in sentence
    assert not Document.objects.exists()
    assert not Label.objects.exists()


def test_a_bad_file_refuses_its_own_line_only(project: Project, folder: Path, command: Command) -> None:
    (folder / "bad.jpg").write_bytes(b"<html>")
    rows: list[dict[str, object]] = [{"file": name, "total": "0.30"} for name in ("bad.jpg", "missing.jpg", "a.pdf")]
    code, told = command(
        "load", "receipts", "--labels", builders.write_jsonl(folder / "mixed.jsonl", rows), "--source", "teacher"
    )
    assert code == 1
    assert told["documents"]["new"] == 1
    assert len(told["documents"]["refused"]) == 2
    assert [row["line"] for row in told["labels"]["refused"]] == [1, 2]
    assert told["labels"]["new"] == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere", "x.jpg"], "no project named 'nowhere'"),
        (["receipts"], "Name files or folders"),
        (["receipts", "/no/such/folder"], "no file or folder"),
        (["receipts", "--labels", "x.jsonl"], "go together"),
        (["receipts", "--labels", "/no/such.jsonl", "--source", "truth"], "cannot be opened"),
    ],
)
def test_wrong_usage_is_one_sentence(project: Project, command: Command, arguments: list[str], words: str) -> None:
    code, sentence = command("load", *arguments)
    assert code == 2
    assert words in sentence
