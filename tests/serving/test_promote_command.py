"""`promote`: one sentence and exit code 2 on bad input."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from tests.support import builders
from tests.support.commands import Command

pytestmark = pytest.mark.django_db


def test_unknown_projects_and_models_are_named(command: Command) -> None:
    code, sentence = command("promote", "nowhere", "first")
    assert (code, "'nowhere'" in sentence) == (2, True)
    builders.project("receipts")
    code, sentence = command("promote", "receipts", "first")
    assert (code, "'first'" in sentence) == (2, True)


@pytest.mark.slow
def test_on_a_new_data_folder_the_shell_sees_one_line_and_exit_code_2(tmp_path: Path) -> None:
    environment = {"PATH": "/usr/bin:/bin", "KD_DATA_DIR": str(tmp_path / "data")}
    manage = [sys.executable, str(settings.BASE_DIR / "manage.py")]
    done = subprocess.run([*manage, "promote", "nowhere", "x"], env=environment, capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr == "Error: There is no project named 'nowhere'.\n"
    assert done.stdout == ""
