"""`manage.py samples`: its flags and what it refuses."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from synthdocs.rendering import fonts

pytestmark = pytest.mark.django_db


def test_it_writes_as_many_documents_as_asked(tmp_path: Path) -> None:
    out = io.StringIO()
    folder = tmp_path / "made"
    call_command("samples", str(folder), "--count", "2", "--seed", "4", "--kind", "receipt", "--json", stdout=out)
    assert json.loads(out.getvalue()) == {"folder": str(folder), "documents": 2, "seed": 4}
    assert sorted(path.name for path in folder.iterdir()) == [
        "receipt-0001.jpg",
        "receipt-0002.jpg",
        "schema.toml",
        "truth.jsonl",
    ]


@pytest.mark.parametrize("count", ["0", "-3"])
def test_a_count_below_one_is_refused(tmp_path: Path, count: str) -> None:
    with pytest.raises(CommandError, match="at least 1") as caught:
        call_command("samples", str(tmp_path / "none"), f"--count={count}")
    assert caught.value.returncode == 2
    assert not (tmp_path / "none").exists()


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(CommandError) as caught:
        call_command("samples", str(tmp_path / "file/inside"), "--count=1")
    assert caught.value.returncode == 2


def test_it_writes_in_the_languages_asked_and_names_what_it_cannot_print(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    call_command("samples", str(tmp_path / "made"), "--count=1", "--languages=fr", "--kind=receipt")
    assert (tmp_path / "made/receipt-0001.jpg").exists()
    with pytest.raises(CommandError, match="'xx'") as caught:
        call_command("samples", str(tmp_path / "none"), "--languages=xx")
    assert caught.value.returncode == 2
    err = io.StringIO()
    monkeypatch.setattr(fonts, "installed", dict)
    call_command("samples", str(tmp_path / "world"), "--count=1", "--languages=world", stderr=err)
    assert "Without vi, el, ja" in err.getvalue()
