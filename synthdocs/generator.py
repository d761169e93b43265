"""Makes one document: content, print, paper, picture, and the truth that was known from the start."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Literal

import numpy as np
from PIL import Image

from extraction.domain.pages import Box, Page, Span, Word
from synthdocs.content import content, invoices, receipts
from synthdocs.languages import LANGUAGES, MIXED
from synthdocs.rendering import capture, degradation, fonts, pdf
from synthdocs.rendering.renderer import Printed, Sheet, Stock, print_rows

Kind = Literal["receipt", "invoice"]
KindOrMixed = Literal["receipt", "invoice", "mixed"]
FIELDS = ("company", "date", "address", "total")
FLAT = capture.Shot("lid", border=0, turn=0, tilt=0, bend=0, shadow=0, blur=0, noise=0)


@dataclass(frozen=True, slots=True)
class Sample:
    """A document with its truth.

    `page` holds every printed word where it stands in the picture, as a perfect reader would find it; `spans` says on
    which of them each true value stands. `truth` is the text of the spans, `None` for what is not on the document.
    `data` is the file, `jpeg` its picture: the same but for PDFs.
    """

    name: str
    kind: Kind
    language: str
    data: bytes
    jpeg: bytes
    page: Page
    truth: dict[str, str | None]
    spans: dict[str, tuple[Span, ...]]

    @property
    def image(self) -> Image.Image:
        """The picture as it stands in the file."""
        return Image.open(io.BytesIO(self.jpeg)).convert("RGB")


def generate(kind: KindOrMixed, count: int, seed: int, languages: Sequence[str] = MIXED) -> Iterator[Sample]:
    """`count` documents; each depends on `seed` and its number only."""
    for number in range(1, count + 1):
        rng = Random(f"{seed}/{number}")
        chosen: Kind = ("invoice" if rng.random() < 0.35 else "receipt") if kind == "mixed" else kind
        yield make(chosen, rng.choice(languages), rng, number)


def make(kind: Kind, language: str, rng: Random, number: int = 1) -> Sample:
    """One document of the numbered file name `kind-0001.jpg`; some invoices are PDFs with a layer of text."""
    sheet = _receipt(rng, language) if kind == "receipt" else _invoice(rng, language)
    digital = kind == "invoice" and rng.random() < 0.15
    shot, wear = (FLAT, degradation.Wear(grain=0)) if digital else (_shot(rng, kind), _wear(rng, kind))
    noise = np.random.default_rng(rng.getrandbits(64))
    picture, lens = capture.take(degradation.lay_down(sheet, wear, noise), shot, noise)
    if rng.random() < 0.12:
        picture = picture.convert("L").convert("RGB")
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=rng.choice((55, 70, 80, 88, 92)))
    page, spans = _page(sheet.words, lens)
    jpeg = file.getvalue()
    name, data = (f"{number:04}.pdf", pdf.document(jpeg, page)) if digital else (f"{number:04}.jpg", jpeg)
    return Sample(f"{kind}-{name}", kind, language, data, jpeg, page, _truth(page, spans), spans)


def _truth(page: Page, spans: Mapping[str, Sequence[Span]]) -> dict[str, str | None]:
    return {name: " ".join(span.text([page]) for span in spans.get(name, ())) or None for name in FIELDS}


def _receipt(rng: Random, language: str) -> Sheet:
    faces = fonts.typefaces(LANGUAGES[language].script)
    face = rng.choice(fonts.available(faces.till if rng.random() < 0.75 else faces.text[:3]))
    size = rng.randint(19, 25)
    columns = rng.choice((32, 36, 40, 42, 46))
    advance = fonts.font(face, size).getlength("0" * 10) / 10
    margin = rng.randint(14, 44)
    stock = Stock(
        width=round(columns * advance) + 2 * margin,
        margin=margin,
        face=face,
        size=size,
        leading=rng.uniform(1.08, 1.34),
        top=rng.randint(20, 70),
        bold=rng.random() < 0.2,
    )
    sheet = print_rows(receipts.rows(content.receipt(rng, LANGUAGES[language]), face, size), stock)
    return _stretched(sheet, rng.choice((1.0, 1.0, 1.12, 1.25)))


def _invoice(rng: Random, language: str) -> Sheet:
    face = rng.choice(fonts.available(fonts.typefaces(LANGUAGES[language].script).text))
    size = rng.randint(17, 20)
    margin = rng.randint(80, 120)
    stock = Stock(1130, margin, face, size, rng.uniform(1.25, 1.45), height=1598, top=rng.randint(70, 110))
    return print_rows(invoices.rows(content.invoice(rng, LANGUAGES[language]), face, size), stock)


def _stretched(sheet: Sheet, factor: float) -> Sheet:
    """Till printers' characters are taller than a typeface's."""
    if factor == 1:
        return sheet
    size = (sheet.ink.width, round(sheet.ink.height * factor))
    words = tuple(
        Printed(
            word.text, (word.box[0], word.box[1] * factor, word.box[2], word.box[3] * factor), word.line, word.marks
        )
        for word in sheet.words
    )
    ink, accent = (layer.resize(size, Image.Resampling.BILINEAR) for layer in (sheet.ink, sheet.accent))
    return Sheet(ink, accent, words)


def _shot(rng: Random, kind: Kind) -> capture.Shot:
    if rng.random() < (0.45 if kind == "receipt" else 0.7):
        return capture.Shot(
            "lid", rng.choice((0, 0.02, 0.05, 0.15)), rng.gauss(0, 0.8), 0, 0, 0, rng.uniform(0, 0.7), rng.uniform(0, 4)
        )
    return capture.Shot(
        scene=rng.choice(("wood", "dark wood", "table", "cloth", "stone")),
        border=rng.uniform(0.03, 0.2),
        turn=rng.gauss(0, 2.5),
        tilt=rng.uniform(0, 0.035),
        bend=rng.choice((0, 0, rng.uniform(0.003, 0.012))) if kind == "receipt" else 0,
        shadow=rng.uniform(0.1, 0.5),
        blur=rng.choice((0.3, 0.6, 0.8, 1.0, rng.uniform(0.5, 1.5))),
        noise=rng.uniform(1.5, 8),
        tint=rng.choice(((1, 1, 1), (1, 0.97, 0.9), (0.95, 0.98, 1), (1, 0.95, 0.84))),
        torn=kind == "receipt",
    )


def _wear(rng: Random, kind: Kind) -> degradation.Wear:
    if kind == "invoice":
        return degradation.Wear(
            creases=rng.choice((0, 0, 0.2)), folds=rng.choice((0, 0, 0, 1, 2)), grain=rng.uniform(0.1, 0.5)
        )
    return degradation.Wear(
        fade=rng.choice((0, 0.15, 0.3, 0.5)),
        streaks=rng.choice((0, 0.2, 0.5, 0.9)),
        creases=rng.choice((0, 0, rng.uniform(0.2, 0.9))),
        folds=rng.choice((0, 0, 0, 1, 2)),
        grain=rng.uniform(0.2, 1),
    )


def _page(printed: tuple[Printed, ...], lens: capture.Lens) -> tuple[Page, dict[str, tuple[Span, ...]]]:
    width, height = lens.size
    words, spans = [], dict[str, list[Span]]()
    for index, word in enumerate(printed):
        left, top, right, bottom = word.box
        corners = lens.project(np.array([(left, top), (right, top), (right, bottom), (left, bottom)], float)) / (
            width,
            height,
        )
        (x0, y0), (x1, y1) = corners.min(axis=0), corners.max(axis=0)
        words.append(Word(word.text, Box.clamped(float(x0), float(y0), float(x1), float(y1)), 1.0, word.line))
        for mark in word.marks:
            _extend(
                spans.setdefault(mark.field, []),
                index,
                mark.start,
                mark.end if mark.end < len(word.text) else None,
                words,
            )
    return Page(width, height, tuple(words)), {name: tuple(found) for name, found in spans.items()}


def _extend(found: list[Span], index: int, start: int, end: int | None, words: list[Word]) -> None:
    """Words that follow each other on a line are one span."""
    last = found[-1] if found else None
    if (
        last
        and last.last == index - 1
        and last.end is None
        and words[index].line == words[index - 1].line
        and start == 0
    ):
        found[-1] = Span(0, last.first, index, last.start, end)
    else:
        found.append(Span(0, index, index, start, end))
