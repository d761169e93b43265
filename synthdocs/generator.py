"""Makes one document: content, print, paper, picture, and the truth that was known from the start."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Literal

import numpy as np
from PIL import Image

from extraction.domain.line_items.rows import Row
from extraction.domain.pages import Box, Page, Span, Word
from synthdocs.content import content, invoices, receipts
from synthdocs.content.rows import Owner, RowField
from synthdocs.content.tables.sheet import sheet as invoice_tables
from synthdocs.content.tables.till import till as receipt_tables
from synthdocs.languages import LANGUAGES, MIXED
from synthdocs.rendering import capture, degradation, fonts, pdf
from synthdocs.rendering.renderer import Printed, Sheet, Stock, print_pages

Kind = Literal["receipt", "invoice"]
KindOrMixed = Literal["receipt", "invoice", "mixed"]
# Of items: each kind of document in its usual layouts, or in every one that occurs, over two pages too.
Tables = Literal["usual", "varied"]
FIELDS = ("company", "date", "address", "total")
ROW_FIELDS = ("description", "quantity", "unit_price", "amount")
FLAT = capture.Shot("lid", border=0, turn=0, tilt=0, bend=0, shadow=0, blur=0, noise=0)


@dataclass(frozen=True, slots=True)
class Sample:
    """A document with its truth.

    `pages` hold every printed word where it stands in the picture, as a perfect reader would find it; `spans` says on
    which of them each true value stands, `cells` the same for each row of items. `truth` is the text of the spans,
    `None` for what is not on the document, `items` the rows. `data` is the file, `jpegs` the pictures of its pages: the
    same but for PDFs.
    """

    name: str
    kind: Kind
    language: str
    data: bytes
    jpegs: tuple[bytes, ...]
    pages: tuple[Page, ...]
    truth: dict[str, str | None]
    spans: dict[str, tuple[Span, ...]]
    items: tuple[Row, ...] = field(default=())
    cells: tuple[Mapping[str, tuple[Span, ...]], ...] = field(default=())

    @property
    def page(self) -> Page:
        """The first page."""
        return self.pages[0]

    @property
    def image(self) -> Image.Image:
        """The picture of the first page as it stands in the file."""
        return Image.open(io.BytesIO(self.jpegs[0])).convert("RGB")


def generate(
    kind: KindOrMixed,
    count: int,
    seed: int,
    languages: Sequence[str] = MIXED,
    tables: Tables = "usual",
    shot: capture.Shot | None = None,
) -> Iterator[Sample]:
    """`count` documents; each depends on `seed` and its number only. `shot` takes all of their pictures alike."""
    for number in range(1, count + 1):
        rng = Random(f"{seed}/{number}")
        chosen: Kind = ("invoice" if rng.random() < 0.35 else "receipt") if kind == "mixed" else kind
        yield make(chosen, rng.choice(languages), rng, number, tables, shot)


def make(
    kind: Kind,
    language: str,
    rng: Random,
    number: int = 1,
    tables: Tables = "usual",
    given: capture.Shot | None = None,
) -> Sample:
    """One document of the numbered file name `kind-0001.jpg`; some invoices are PDFs with a layer of text, none where a
    `given` shot takes the picture.

    What has two pages is a PDF, with a layer of text or of pictures alone.
    """
    varied = tables == "varied"
    sheets = [_receipt(rng, language, varied)] if kind == "receipt" else _invoice(rng, language, varied)
    digital = kind == "invoice" and rng.random() < 0.15
    shot, wear = (FLAT, degradation.Wear(grain=0)) if digital else (_shot(rng, kind), _wear(rng, kind))
    if given:
        digital, shot = False, given
    noise = np.random.default_rng(rng.getrandbits(64))
    taken = [capture.take(degradation.lay_down(sheet, wear, noise), shot, noise) for sheet in sheets]
    grey, quality = rng.random() < 0.12, rng.choice((55, 70, 80, 88, 92))
    jpegs = tuple(_jpeg(picture, grey, quality) for picture, _ in taken)
    found = defaultdict[Owner, list[Span]](list)
    pages = tuple(
        _page(sheet.words, lens, place, found)
        for place, (sheet, (_, lens)) in enumerate(zip(sheets, taken, strict=True))
    )
    name, data = f"{kind}-{number:04}.jpg", jpegs[0]
    if digital or len(pages) > 1:
        layers = pages if digital else tuple(Page(page.width, page.height, ()) for page in pages)
        name, data = f"{kind}-{number:04}.pdf", pdf.document(list(zip(jpegs, layers, strict=True)))
    spans = {name: tuple(some) for name, some in found.items() if isinstance(name, str)}
    truth = {name: _text(pages, spans.get(name, ())) for name in FIELDS}
    cells = _cells(found)
    items = tuple({name: _text(pages, row.get(name, ())) for name in ROW_FIELDS} for row in cells)
    return Sample(name, kind, language, data, jpegs, pages, truth, spans, items, cells)


def _jpeg(picture: Image.Image, grey: bool, quality: int) -> bytes:
    file = io.BytesIO()
    (picture.convert("L").convert("RGB") if grey else picture).save(file, "JPEG", quality=quality)
    return file.getvalue()


def _text(pages: Sequence[Page], spans: Sequence[Span]) -> str | None:
    return " ".join(span.text(pages) for span in spans) or None


def _cells(found: Mapping[Owner, Sequence[Span]]) -> tuple[Mapping[str, tuple[Span, ...]], ...]:
    """The printed rows, in their order."""
    rows = defaultdict[int, dict[str, tuple[Span, ...]]](dict)
    for owner, spans in found.items():
        if isinstance(owner, RowField):
            rows[owner.row][owner.name] = tuple(spans)
    return tuple(rows[number] for number in sorted(rows))


def _receipt(rng: Random, language: str, varied: bool) -> Sheet:
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
    table = receipt_tables if varied else receipts.items
    bought = content.receipt(rng, LANGUAGES[language], varied=varied)
    [sheet] = print_pages(receipts.rows(bought, face, size, table), stock)
    return _stretched(sheet, rng.choice((1.0, 1.0, 1.12, 1.25)))


def _invoice(rng: Random, language: str, varied: bool) -> list[Sheet]:
    face = rng.choice(fonts.available(fonts.typefaces(LANGUAGES[language].script).text))
    size = rng.randint(17, 20)
    margin = rng.randint(80, 120)
    stock = Stock(1130, margin, face, size, rng.uniform(1.25, 1.45), height=1598, top=rng.randint(70, 110))
    table = invoice_tables if varied else invoices.items
    sold = content.invoice(rng, LANGUAGES[language], varied=varied)
    return print_pages(invoices.rows(sold, face, size, table), stock)


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


def _page(printed: tuple[Printed, ...], lens: capture.Lens, number: int, found: dict[Owner, list[Span]]) -> Page:
    """The page of that number; the places of what is true are added to `found`."""
    width, height = lens.size
    words = list[Word]()
    for index, word in enumerate(printed):
        left, top, right, bottom = word.box
        corners = lens.project(np.array([(left, top), (right, top), (right, bottom), (left, bottom)], float)) / (
            width,
            height,
        )
        (x0, y0), (x1, y1) = corners.min(axis=0), corners.max(axis=0)
        words.append(Word(word.text, Box.clamped(float(x0), float(y0), float(x1), float(y1)), 1.0, word.line))
        for mark in word.marks:
            end = mark.end if mark.end < len(word.text) else None
            _extend(found[mark.field], Span(number, index, index, mark.start, end), words)
    return Page(width, height, tuple(words))


def _extend(found: list[Span], span: Span, words: list[Word]) -> None:
    """Words that follow each other on a line are one span."""
    last = found[-1] if found else None
    if (
        last
        and (last.page, last.last) == (span.page, span.first - 1)
        and last.end is None
        and words[span.first].line == words[span.first - 1].line
        and span.start == 0
    ):
        found[-1] = Span(span.page, last.first, span.last, last.start, span.end)
    else:
        found.append(span)
