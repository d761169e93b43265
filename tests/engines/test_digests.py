"""The SHA-256 of a file is computed in one place."""

import hashlib
import io
import re
from pathlib import Path

from extraction.engines import digests

ROOT = Path(__file__).resolve().parents[2]


def test_the_same_for_a_file_and_for_what_is_read(tmp_path: Path) -> None:
    content = b"receipt" * 1000
    (tmp_path / "a").write_bytes(content)
    hashing = digests.Hashing(io.BytesIO(content))
    while hashing.read(999):
        pass
    expected = hashlib.sha256(content).hexdigest()
    assert digests.of_file(tmp_path / "a") == hashing.sha256 == expected
    assert hashing.bytes == len(content)


def test_nowhere_else() -> None:
    pattern = re.compile(r"file_digest|sha256\(\)|sha256\([\w.]+\.read_bytes")
    found = [path for path in (ROOT / "extraction").rglob("*.py") if pattern.search(path.read_text("utf-8"))]
    # Those of a whole request, for which its files count like its other parts, and of rows: no file is hashed there.
    others = ["comparing.py", "idempotency.py", "writing.py"]
    assert sorted(path.name for path in found) == sorted(["digests.py", *others])
