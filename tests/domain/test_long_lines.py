"""Long lines: whatever a document prints, reading it takes time in proportion to its length."""

import subprocess
import sys

# Units of which hostile lines are made.
UNITS = (
    *("1 ", "1,", "1.", "11,", "111 ", "111,", "111.", "111'", "RM", "RM1 ", "1RM ", "$", "$1 ", "1- ", "(1 ", "1%"),
    *("9", "12 34,", "1 .", "01/02/2018 ", "1/1/", "1 Jan ", "2019 ", "Jan ", "de ", " ", "total gst ", "total 1.00 "),
    *("合計", "合 ", "net à payer ", "s.", "de la ", "sp. z o.o. ", "no ", "¥1,000 "),
    *("12 zł 50 gr ", "1,234 ", "(1.00) "),
)
# A program that reads 4,000 and 32,000 characters of each unit by every reader and prints where the time grows faster
# than the length; its time is limited, as that of some patterns doubles with each character.
PROGRAM = """
import resource, sys, time
resource.setrlimit(resource.RLIMIT_CPU, (150, 150))
from extraction.domain.default_schemas import RECEIPT
from extraction.domain.field_types import normalize, registry
from extraction.domain.fields import Field
from extraction.domain.pages import Box, Page, Word
from extraction.engines.teacher.protocol import Reading
from extraction.engines.teacher.registry import teacher

rules = teacher("rules")

def label(line):
    words = line.split() or ["-"]
    width = 1 / len(words)
    boxes = (Box(at * width, 0.1, (at + 0.9) * width, 0.12) for at in range(len(words)))
    rules.label(Reading((Page(800, 1200, tuple(Word(text, box, 1.0, 0) for text, box in zip(words, boxes))),)), RECEIPT)

def normalised(name):
    def read(line):
        for text in (line, "2019" + line + "x", "1" + line + "x"):
            normalize(Field("value", name), text)
    return read

NAMES = ("text", "date", "money", "number")
READERS = {"label": label}
READERS |= {"find " + name: registry.get(name).find for name in NAMES}
READERS |= {"normalise " + name: normalised(name) for name in NAMES}

def seconds(read, unit, length):
    began = time.process_time()
    read(unit * (length // len(unit)))
    return time.process_time() - began

def in_proportion(read, unit):
    # What else the machine does disturbs one measurement, hardly three.
    return any((long := seconds(read, unit, 32_000)) < 0.3 or long < 14 * seconds(read, unit, 4_000) for _ in range(3))

for read in READERS.values():
    read("1 Jan 2019 RM 1.00 ")  # compiles the patterns
for unit in sys.argv[1:]:
    for name, read in READERS.items():
        if not in_proportion(read, unit):
            print(name, repr(unit))
"""


def test_reading_a_long_line_takes_time_in_proportion() -> None:
    ended = subprocess.run([sys.executable, "-c", PROGRAM, *UNITS], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (0, ""), ended.stderr[-2000:]
