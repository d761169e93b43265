"""The OCR engine Tesseract, a program, through pytesseract."""

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytesseract
from PIL import Image, ImageFilter, ImageOps

from extraction.domain.errors import gettext_noop
from extraction.domain.languages import Language
from extraction.domain.pages import Word
from extraction.engines.ingest.ocr.base import OcrUnavailable
from extraction.engines.ingest.ocr.lines import Line, Piece, confidence_of, joined, words_of

# Page segmentation modes: a receipt is one column of text of varying sizes; a picture of one line.
ONE_COLUMN, ONE_LINE = "--psm 4", "--psm 7"
# Height in pixels at which a line is read, and margin around it.
LINE, MARGIN = 48, 8
# Mean confidence (0–1) below which a line is read once more, at another height and width, as till printers'
# letters are tall, and mostly with the data of English too.
DOUBTFUL, SECOND_LOOK, WIDENED = 0.8, 40, 1.4
# Shade of the paper once shadows are taken off.
WHITE = 235
# Data of the language that comes with the program.
ENGLISH = "eng"
TIMEOUT_SECONDS = 120
# Marks of direction, which the program puts between scripts.
_DIRECTIONS = dict.fromkeys([0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
# The program's measure of how certain it is of a script; English text has up to 30.
CERTAIN = 1.0


class Tesseract:
    """The engine `tesseract`, see `base.OcrEngine`. Thread-safe."""

    name = "tesseract"
    # A receipt was read with 0.80 upright and with 0.32 upside down.
    doubtful = 0.6

    def __init__(
        self, threads: int | None, data: Sequence[str] = (ENGLISH,), *, second_look: Sequence[str] = (ENGLISH,)
    ) -> None:
        """With `threads` None the program chooses, more than two cores can carry. `data` names that of languages.

        `second_look` are data that doubtful lines are read with besides. Raises `OcrUnavailable`.
        """
        try:
            pytesseract.get_tesseract_version()
        except (pytesseract.TesseractNotFoundError, SystemExit):
            raise OcrUnavailable(
                gettext_noop(
                    "Tesseract is not installed; install the system package tesseract-ocr or choose the "
                    "engine rapidocr."
                )
            ) from None
        self._threads = threads
        self._data = "+".join(data)
        self._second_data = "+".join(dict.fromkeys((*data, *second_look)))
        if self._data != ENGLISH:
            self.name = f"tesseract {self._data}"
        self._lock = threading.Lock()

    def read(self, image: Image.Image) -> tuple[Word, ...]:
        """The words of a picture in reading order, boxes as fractions of its size.

        Raises `RuntimeError` where the program takes longer than `TIMEOUT_SECONDS`.
        """
        return words_of(self._words(image, ONE_COLUMN), image.width, image.height)

    def recognise(self, lines: Sequence[Image.Image]) -> list[tuple[str, float]]:
        """Texts and confidences of pictures of one word or line each."""
        return [joined(words) for words in self.words_of(lines)]

    def words_of(self, lines: Sequence[Image.Image]) -> list[list[Piece]]:
        """The words of pictures of one line each from left to right."""
        read = self._read_lines([_scaled(line, LINE, MARGIN) for line in lines], self._data)
        doubtful = [number for number, words in enumerate(read) if confidence_of(words) < DOUBTFUL]
        pictures = [_scaled(lines[number], SECOND_LOOK, 0, WIDENED) for number in doubtful]
        again = self._read_lines(pictures, self._second_data)
        for number, words in zip(doubtful, again, strict=True):
            read[number] = max(read[number], words, key=confidence_of)
        return read

    def _read_lines(self, pictures: Sequence[Image.Image], data: str) -> list[list[Piece]]:
        """One call of the program reads all pictures: to start it takes longer than to read one."""
        if not pictures:
            return []
        found: list[list[Piece]] = [[] for _ in pictures]
        with TemporaryDirectory(prefix="kdweb-lines-") as folder:
            names = [f"{folder}/{number}.pgm" for number in range(len(pictures))]
            for name, picture in zip(names, pictures, strict=True):
                picture.save(name)
            listing = Path(folder, "lines.txt")
            listing.write_text("\n".join(names))
            for number, word in self._rows(str(listing), ONE_LINE, data):
                found[number - 1].append(_piece(word, pictures[number - 1].width))
        return [sorted(words, key=lambda word: word.start) for words in found]

    def _words(self, image: Image.Image, config: str) -> list[Line]:
        return [word for _, word in self._rows(image, config, self._data)]

    def _rows(self, image: Image.Image | str, config: str, data: str) -> list[tuple[int, Line]]:
        """The words of a picture, or of the pictures that a file lists, with the number of their picture."""
        with self._lock, _environment(self._threads):
            rows: dict[str, list[Any]] = pytesseract.image_to_data(
                image, data, config, output_type=pytesseract.Output.DICT, timeout=TIMEOUT_SECONDS
            )
        columns = (rows[name] for name in ("page_num", "text", "conf", "left", "top", "width", "height"))
        return [
            (int(page), _line(*row))
            for page, *row in zip(*columns, strict=True)
            if str(row[0]).translate(_DIRECTIONS).strip()
        ]


def of_languages(threads: int, languages: Sequence[Language]) -> Tesseract:
    """The engine for pages in these languages, and English. Raises `OcrUnavailable`."""
    return Tesseract(threads, (*(language.tesseract for language in languages), ENGLISH))


def installed_data() -> frozenset[str]:
    """The languages whose data are installed; none where the program is missing."""
    try:
        return frozenset(pytesseract.get_languages())
    except (pytesseract.TesseractNotFoundError, SystemExit):
        return frozenset()


def script_in(image: Image.Image) -> str:
    """Unicode's name of the script of a picture; empty where the program is not certain."""
    try:
        found = pytesseract.image_to_osd(image, output_type=pytesseract.Output.DICT, timeout=TIMEOUT_SECONDS)
    except (pytesseract.TesseractError, RuntimeError):
        return ""  # too few characters, or no data for scripts
    return str(found["script"]) if float(found["script_conf"]) >= CERTAIN else ""


def _scaled(line: Image.Image, height: int, margin: int, widened: float = 1.0) -> Image.Image:
    """The picture of a line at that height, in black on white paper without shadows."""
    width = max(round(line.width * widened * height / line.height), 1)
    grey = line.convert("L").resize((width, height), Image.Resampling.BICUBIC)
    paper = grey.filter(ImageFilter.MaxFilter(5)).filter(ImageFilter.GaussianBlur(0.7 * height))
    even = np.asarray(grey, dtype=np.float32) / np.maximum(np.asarray(paper, dtype=np.float32), 1)
    clean = ImageOps.autocontrast(Image.fromarray(np.clip(WHITE * even, 0, 255).astype(np.uint8)), cutoff=1)
    return ImageOps.expand(clean, margin, fill=int(np.percentile(np.asarray(clean), 85))) if margin else clean


def _piece(word: Line, width: int) -> Piece:
    """A word of a line's picture of that width in pixels."""
    (left, _), (right, _) = word.corners[:2]
    return Piece(word.text, word.confidence, left / width, right / width)


def _line(text: str, confidence: float, left: int, top: int, width: int, height: int) -> Line:
    right, bottom = left + width, top + height
    corners = ((left, top), (right, top), (right, bottom), (left, bottom))
    return Line(str(text).translate(_DIRECTIONS).strip(), max(float(confidence), 0.0) / 100, corners)


@contextmanager
def _environment(threads: int | None) -> Iterator[None]:
    """Set the OpenMP variables that the program inherits from this process.

    The passive waiting of threads, which suits the student, makes Tesseract five times slower.
    """
    before = {name: os.environ.pop(name, None) for name in ("OMP_THREAD_LIMIT", "OMP_WAIT_POLICY")}
    if threads is not None:
        os.environ["OMP_THREAD_LIMIT"] = str(threads)
    try:
        yield
    finally:
        os.environ.pop("OMP_THREAD_LIMIT", None)
        os.environ.update({name: value for name, value in before.items() if value is not None})
