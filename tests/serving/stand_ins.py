"""A reader and a student that answer at once, and a picture to send."""

import io
from collections.abc import Sequence

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from extraction.domain.pages import Page, Span
from extraction.domain.prediction import FieldValue
from tests.support import builders

WORDS = builders.page(*builders.LINES)


class Reader:
    """A page as reading leaves it."""

    page = WORDS
    image = Image.new("RGB", (WORDS.width, WORDS.height), "white")
    ocr_seconds = 0.01


class Predictor:
    """Knows the total."""

    def predict(self, pages: Sequence[Page]) -> dict[str, FieldValue]:
        last = len(pages[0].words) - 1
        return {
            "total": FieldValue("3.30", "3.30", 0.93, (Span(0, last, last),)),
            "date": FieldValue("25/12/2018", "2018-12-25", 0.5, (Span(0, 9, 9, 5),)),
            "company": FieldValue(None, None, 0.1),
        }


def picture() -> SimpleUploadedFile:
    held = io.BytesIO()
    Image.effect_noise((400, 600), 40).convert("RGB").save(held, "JPEG")
    return SimpleUploadedFile("receipt.jpg", held.getvalue(), "image/jpeg")
