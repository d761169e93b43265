"""A written folder is what `load` and `make demo DATA=` take."""

import json
from pathlib import Path

from PIL import Image

import synthdocs
from extraction.domain.fields import Schema


def test_the_folder_holds_pictures_truth_and_schema(tmp_path: Path) -> None:
    paths = synthdocs.write(tmp_path / "out", "receipt", 3, seed=5)
    assert [path.name for path in paths] == ["receipt-0001.jpg", "receipt-0002.jpg", "receipt-0003.jpg"]
    rows = [json.loads(line) for line in (tmp_path / "out/truth.jsonl").read_text("utf-8").splitlines()]
    assert [row["file"] for row in rows] == [path.name for path in paths]
    assert all(set(row) == {"file", "company", "date", "address", "total", "items"} for row in rows)
    assert Schema.from_toml((tmp_path / "out/schema.toml").read_text("utf-8")) == synthdocs.SCHEMA
    with Image.open(paths[0]) as image:
        assert image.format == "JPEG"


def test_writing_twice_writes_the_same_bytes(tmp_path: Path) -> None:
    one = synthdocs.write(tmp_path / "one", "mixed", 2, seed=9)
    two = synthdocs.write(tmp_path / "two", "mixed", 2, seed=9)
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in two]
    assert (tmp_path / "one/truth.jsonl").read_bytes() == (tmp_path / "two/truth.jsonl").read_bytes()
