"""Commands whose reader goes before they have printed everything, as `head` does."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from kdweb.environment import BASE_DIR
from tests.support import builders


@pytest.mark.parametrize(
    "command",
    [
        ["help"],
        ["samples", "{folder}/samples", "--count", "1", "--json"],
        ["samples", "{folder}/samples", "--count", "1"],
    ],
)
def test_a_command_without_a_reader_ends_quietly(command: list[str], tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, BASE_DIR / "manage.py", *(part.format(folder=tmp_path) for part in command)],
        env={**os.environ, "KD_DATA_DIR": str(tmp_path / "data")},
        stdout=writer,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(writer)
    assert done.returncode == 128 + signal.SIGPIPE
    assert "pipe" not in done.stderr.lower()
    assert "Traceback" not in done.stderr


@pytest.mark.django_db
def test_a_command_leaves_the_ending_to_the_process(tmp_path: Path) -> None:
    builders.document(builders.project("receipts"))
    reader, writer = os.pipe()
    os.close(reader)
    with pytest.raises(BrokenPipeError), os.fdopen(writer, "w", buffering=1, newline="") as out:
        call_command("export", "receipts", "--format", "csv", stdout=out)
