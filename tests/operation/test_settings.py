"""Settings: loaded without the application, which checks what they name once it is loaded."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


def python(script: str, data_dir: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    values = {**os.environ, "DJANGO_SETTINGS_MODULE": "kdweb.settings", "KD_DATA_DIR": str(data_dir), **environment}
    return subprocess.run([sys.executable, "-c", script], env=values, capture_output=True, text=True, check=False)


def test_settings_are_loaded_without_the_application(tmp_path: Path) -> None:
    script = "import sys, kdweb.settings; print([name for name in sys.modules if name.startswith('extraction')])"
    assert python(script, tmp_path).stdout == "[]\n"


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("KD_TEACHER", "oracle", "KD_TEACHER: There is no teacher 'oracle'; known are rules"),
        ("KD_TEACHER_TIMEOUT", "soon", "KD_TEACHER_TIMEOUT must be a whole number"),
        ("KD_OCR", "abbyy", "KD_OCR must be one of rapidocr, tesseract, not 'abbyy'."),
    ],
)
def test_a_bad_value_stops_the_start_with_a_sentence(tmp_path: Path, name: str, value: str, sentence: str) -> None:
    process = python("import django; django.setup()", tmp_path, **{name: value})
    assert process.returncode == 1
    assert process.stderr.splitlines()[-1].startswith(f"django.core.exceptions.ImproperlyConfigured: {sentence}")
