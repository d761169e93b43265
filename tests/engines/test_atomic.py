"""A file that is written is there as a whole or not at all."""

from pathlib import Path

import pytest

from extraction.engines.atomic import atomic_write


@pytest.fixture
def path(tmp_path: Path) -> Path:
    folder = tmp_path / "folder"
    folder.mkdir()
    return folder / "model.json"


def test_the_file_is_the_old_one_until_the_new_one_is_complete(path: Path) -> None:
    path.write_text("old")
    with atomic_write(path) as draft:
        draft.write_text("ne")
        assert path.read_text() == "old"
        draft.write_text("new")
    assert path.read_text() == "new"
    assert list(path.parent.iterdir()) == [path]


def test_what_fails_half_way_leaves_nothing_behind(path: Path) -> None:
    def write() -> None:
        with atomic_write(path) as draft:
            draft.write_text("half")
            raise OSError("The disk is full.")

    with pytest.raises(OSError, match="full"):
        write()
    assert list(path.parent.iterdir()) == []
