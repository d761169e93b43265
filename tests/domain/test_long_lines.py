"""Long lines: whatever a document prints, reading it takes time in proportion to its length."""

import subprocess
import sys

import pytest

# Units of which hostile lines are made.
UNITS = (
    *("1 ", "1,", "1.", "11,", "111 ", "111,", "111.", "111'", "RM", "RM1 ", "1RM ", "$", "$1 ", "1- ", "(1 ", "1%"),
    *("9", "12 34,", "1 .", "01/02/2018 ", "1/1/", "1 Jan ", "2019 ", "Jan ", "de ", " ", "total gst ", "total 1.00 "),
    *("合計", "合 ", "net à payer ", "s.", "de la ", "sp. z o.o. ", "no ", "¥1,000 "),
)
# A program that reads 100,000 characters of each unit. Quadratic time is minutes for one unit, linear is a second.
PROGRAM = """
import resource, sys
resource.setrlimit(resource.RLIMIT_CPU, (150, 150))
from extraction.domain.default_schemas import RECEIPT
from extraction.domain.field_types import normalize, registry
from extraction.domain.fields import Field
from extraction.domain.pages import Box, Page, Word
from extraction.engines.teacher.protocol import Reading
from extraction.engines.teacher.registry import teacher

rules = teacher("rules")
for unit in sys.argv[1:]:
    line = unit * (100_000 // len(unit))
    for name in ("text", "date", "money", "number"):
        kind = registry.get(name)
        kind.find(line)
        for text in (line, "2019" + line + "x", "1" + line + "x"):
            normalize(Field("value", name), text)
    words = line.split() or ["-"]
    width = 1 / len(words)
    boxes = (Box(at * width, 0.1, (at + 0.9) * width, 0.12) for at in range(len(words)))
    page = Page(800, 1200, tuple(Word(text, box, 1.0, 0) for text, box in zip(words, boxes)))
    rules.label(Reading((page,)), RECEIPT)
"""


@pytest.mark.parametrize("part", range(4))
def test_reading_a_long_line_takes_time_in_proportion(part: int) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM, *UNITS[part::4]], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr[-2000:]
