"""Words of PDF pages: those of the text layer that are printed, and by OCR whatever is printed besides them."""

from __future__ import annotations

import string
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from PIL import Image

from extraction.domain.pages import Page
from extraction.domain.progress import Silent
from extraction.engines.ingest.limits import Limits, Refused
from extraction.engines.ingest.ocr.registry import engine
from extraction.engines.ingest.reading import TEXT_LAYER, ReadPage, read_document
from tests.support.badfiles import pdf, scanned_pdf, text_pdf
from tests.support.badfiles.layers import INVOICE, SIZE, Blind, appearance, lines, page, text
from tests.support.drawing import RECEIPT, receipt

Read = Callable[[bytes], ReadPage]


@pytest.fixture
def layer(tmp_path: Path) -> Read:
    """Reads a page by its text layer alone."""
    return lambda data: _read(tmp_path, data, Blind())


@pytest.fixture
def both(tmp_path: Path) -> Read:
    """Reads a page as the product does."""
    return lambda data: _read(tmp_path, data, engine("rapidocr", 1))


def _read(folder: Path, data: bytes, reader: object) -> ReadPage:
    path = folder / "page.pdf"
    path.write_bytes(data)
    [read] = read_document(path, reader, Limits(), Silent())  # type: ignore[arg-type]
    return read


def rows(read: Page) -> list[str]:
    return read.text.splitlines()


def squeezed(read: Page) -> str:
    """The text without spaces, which engines place as they like."""
    return "".join(read.text.split())


def test_words_of_a_good_layer_have_their_places(layer: Read) -> None:
    read = layer(text_pdf(RECEIPT))
    assert read.reader == TEXT_LAYER
    assert rows(read.page) == list(RECEIPT)
    total = next(word for word in read.page.words if word.text == "TOTAL")
    assert total.confidence == 1
    assert total.box.x0 == pytest.approx(20 / 300, abs=0.01)
    assert total.box.center[1] == pytest.approx((40 + 7 * 18 - 4) / 400, abs=0.02)


@pytest.mark.parametrize("rotate", [90, 180, 270])
def test_a_page_that_shows_its_text_turned_is_put_upright(rotate: int, both: Read) -> None:
    read = both(text_pdf(RECEIPT, rotate=rotate))
    assert read.reader == "rapidocr"
    assert read.rotation == 360 - rotate
    assert "TOTAL 11.95" in rows(read.page)


@pytest.mark.parametrize(
    "data",
    [
        lambda: text_pdf(RECEIPT, mode=3),
        lambda: text_pdf(("Page 1",)),
        lambda: text_pdf(tuple("\x80\x81\x90\x8d" * 4 + "-" * 9 for _ in range(9))),
        lambda: scanned_pdf(receipt()),
        lambda: pdf(1),
    ],
    ids=["invisible", "only a footer", "no letters", "a scan", "blank"],
)
def test_a_page_without_a_layer_of_use_is_read_by_ocr(data: Callable[[], bytes], layer: Read) -> None:
    read = layer(data())
    assert read.reader == "blind"
    assert read.page.words == ()


GROUP_OFF = b"/OCProperties << /OCGs [9 0 R] /D << /Order [9 0 R] /OFF [9 0 R] >> >>"
GROUP = b"<< /Type /OCG /Name (hidden) >>"
PALE = "Summe EUR 999,99"
UNSEEN = {
    "white on white": lambda: page(lines() + "1 g " + text(PALE, 40, 200)),
    "nearly white": lambda: page(lines() + "0.97 g " + text(PALE, 40, 200)),
    "invisible": lambda: page(lines() + text(PALE, 40, 200, state="3 Tr")),
    "tiny": lambda: page(lines() + text(PALE, 40, 200, size=1)),
    "below a patch": lambda: page(lines() + text(PALE, 40, 200) + "1 g 30 190 300 30 re f"),
    "below a picture": lambda: page(lines() + text(PALE, 40, 200) + "q 300 0 0 30 30 190 cm /P Do Q"),
    "outside the page": lambda: page(lines() + text(PALE, 40, -80)),
    "outside the clipping path": lambda: page(lines() + "q 0 0 10 10 re W n " + text(PALE, 40, 200) + " Q"),
    "in a layer that is off": lambda: page(
        lines() + "/OC /L BDC " + text(PALE, 40, 200) + " EMC",
        catalogue=GROUP_OFF,
        resources=b"/Properties << /L 9 0 R >>",
        objects=(GROUP,),
    ),
    "inside a form, white": lambda: page(
        lines() + "1 0 0 1 40 200 cm /X Do",
        resources=b"/XObject << /X 9 0 R >>",
        objects=(appearance("1 g " + text(PALE, 0, 5), 300, 30),),
    ),
}


@pytest.mark.parametrize("kind", UNSEEN)
def test_text_that_nobody_sees_is_no_word(kind: str, layer: Read) -> None:
    read = layer(UNSEEN[kind]())
    assert "999" not in read.page.text
    assert rows(read.page) == list(INVOICE)


def test_white_text_on_a_dark_ground_is_seen(layer: Read) -> None:
    read = layer(page(lines() + "0 g 30 190 300 30 re f 1 g " + text(PALE, 40, 200)))
    assert rows(read.page) == [*INVOICE, PALE]


def test_of_text_on_text_the_upper_one_counts(both: Read) -> None:
    patched = text("Summe EUR 999,99", 40, 200) + "1 g 30 190 300 30 re f 0 g " + text("Summe EUR 123,45", 40, 200)
    read = both(page(lines() + patched))
    assert "999" not in read.page.text
    assert squeezed(read.page).endswith("SummeEUR123,45")


PRINTED_TWICE = {"at the same place": (0.0, 0.0), "to the right": (0.4, 0.0), "as a shadow": (0.6, -0.6)}


def doubled(line: str) -> str:
    """Each character printed twice before the next one, as some programs make bold."""
    at = 40.0
    drawn = ""
    for character in line:
        drawn += text(character, at, 200) + text(character, at + 0.4, 200)
        at += SIZE * 0.556  # the width of a digit
    return drawn


def test_characters_that_are_printed_twice_each_are_read_once(layer: Read) -> None:
    assert rows(layer(page(lines() + doubled("447700"))).page)[-1] == "447700"


@pytest.mark.parametrize("kind", PRINTED_TWICE)
def test_text_that_is_printed_twice_is_read_once(kind: str, layer: Read) -> None:
    across, up = PRINTED_TWICE[kind]
    assert rows(layer(page(lines() + f"1 0 0 1 {across} {up} cm " + lines())).page) == list(INVOICE)


def test_ligatures_keep_all_their_letters(layer: Read) -> None:
    read = layer(page(lines() + text("O\xabce Co\xaaee", 40, 200, font="F2"), maps={"\xab": "ffi", "\xaa": "ff"}))
    assert rows(read.page)[-1] == "Office Coffee"


INNER = {
    "soft hyphen": ("Mineral\xadwasser 1\xad2,50", {"\xad": "\xad"}),
    "zero-width space": ("Mineral\xa4wasser 1\xa42,50", {"\xa4": "\u200b"}),
    "joiner": ("Mineral\xa4wasser 1\xa42,50", {"\xa4": "\u2060"}),
    "byte order mark": ("Mineral\xa4wasser 1\xa42,50", {"\xa4": "\ufeff"}),
}


@pytest.mark.parametrize("kind", INNER)
def test_characters_without_width_do_not_split_words(kind: str, layer: Read) -> None:
    printed, maps = INNER[kind]
    read = layer(page(lines() + text(printed, 40, 200, font="F2"), maps=maps))
    assert rows(read.page)[-1] == "Mineralwasser 12,50"


SPACED = {
    "character spacing": lambda line: text(line, 40, 200, state="5 Tc"),
    "wider": lambda line: text(line, 40, 200, state="8 Tc"),
    "typed spaces": lambda line: text("   ".join(" ".join(word) for word in line.split()), 40, 200),
}


@pytest.mark.parametrize("kind", SPACED)
def test_letters_that_are_spaced_wide_are_words(kind: str, layer: Read) -> None:
    read = layer(page(lines() + SPACED[kind]("RECHNUNG 14.03.2023")))
    assert rows(read.page)[-1] == "RECHNUNG 14.03.2023"


@pytest.mark.parametrize("line", ["Seite 1 / 1", "1 x 2", "A B C"])
def test_single_characters_of_a_sentence_stay_apart(line: str, layer: Read) -> None:
    assert rows(layer(page(lines() + text(line, 40, 200))).page)[-1] == line


def test_raised_cents_are_a_word_of_their_own(layer: Read) -> None:
    raised = text("12", 40, 200, size=30) + text("50", 74, 210) + text("EUR", 100, 200)
    assert rows(layer(page(lines() + raised)).page)[-1] == "12 50 EUR"


HEBREW = dict(zip("abcdefghijklmnopqrstuvwxyzA", "אבגדהוזחטיךכלםמןנסעףפץצקרשת", strict=True))


def shown(words: str) -> str:
    """A line of Hebrew in the codes of F2, as it stands on paper from left to right."""
    codes = {letter: code for code, letter in HEBREW.items()}
    return "".join(codes.get(character, character) for character in reversed(words))


@pytest.mark.parametrize(
    ("line", "reads"),
    [
        (shown("קבלה מספר"), "קבלה מספר"),
        (shown("סך הכל לתשלום"), "סך הכל לתשלום"),
        ("12.50 " + shown("סך הכל לתשלום"), "סך הכל לתשלום 12.50"),
        (shown("סך הכל לתשלום")[::-1], "סך הכל לתשלום"),
    ],
    ids=["two words", "three words", "with an amount", "drawn from left to right"],
)
def test_right_to_left_lines_are_words_in_reading_order(line: str, reads: str, layer: Read) -> None:
    read = layer(page(lines() + text(line, 40, 200, font="F2"), maps=HEBREW))
    assert rows(read.page)[-1] == reads


def test_shapes_of_arabic_letters_are_letters(layer: Read) -> None:
    # Seen, heh, lam-alef and meem in the shapes that stand on paper.
    read = layer(page(lines() + text("mLs", 40, 200, font="F2"), maps={"s": "\ufeb3", "L": "\ufefc", "m": "\ufee2"}))
    assert rows(read.page)[-1] == "سلام"


def shifted(by: int) -> dict[str, str]:
    known = string.ascii_letters + string.digits
    return {code: chr(ord(code) + by) for code in known}


WRONG_MAPS = {
    "shifted": shifted(1),
    "digits swapped": dict(zip("0123456789", "5017839264", strict=True)),
    "two digits swapped": {"5": "3", "3": "5"},
    "a digit missing": {"5": ""},
    "a digit without Unicode": {"5": "\ufffe"},
    "a letter that is half a pair": {"E": "\ud835"},
    "all the same": dict.fromkeys(string.ascii_letters + string.digits, "X"),
    "another alphabet": {code: chr(ord(code) << 8) for code in string.ascii_letters + string.digits},
    "a digit as a space": {"5": " "},
    "digits as signs": dict(zip("0123456789", "!#$%&*+/=?", strict=True)),
    "a pair of letters swapped": {"e": "a", "a": "e"},
    "Arabic letters": {code: chr(0x621 + number) for number, code in enumerate(string.ascii_lowercase)},
    "Cyrillic letters": {code: chr(0x430 + number) for number, code in enumerate(string.ascii_lowercase)},
    "Greek letters": {code: chr(0x3B1 + number) for number, code in enumerate(string.ascii_lowercase)},
    "letters with accents": {code: chr(0xC0 + number) for number, code in enumerate(string.ascii_letters)},
    "arrows": {code: chr(0x2190 + number) for number, code in enumerate(string.ascii_lowercase + string.digits)},
    "private": {code: chr(0xE000 + ord(code)) for code in string.ascii_letters + string.digits},
}


@pytest.mark.parametrize("kind", WRONG_MAPS)
def test_a_layer_that_says_something_else_is_read_by_ocr(kind: str, both: Read) -> None:
    read = both(page(lines(font="F2"), maps=WRONG_MAPS[kind]))
    assert squeezed(read.page) == "".join("".join(INVOICE).split())


WRONG_DIGITS = {"one digit": {"5": "3"}, "sixes": {"6": "8", "8": "6"}, "noughts": {"0": "8", "8": "0"}}


@pytest.mark.parametrize("kind", WRONG_DIGITS)
@pytest.mark.parametrize("line", ["Summe EUR 50,68", "Summe EUR 68,50"])
def test_a_font_with_a_wrong_digit_in_its_only_amount_is_noticed(line: str, kind: str, both: Read) -> None:
    read = both(page(lines() + text(line, 40, 200, font="F2"), maps=WRONG_DIGITS[kind]))
    assert squeezed(read.page) == "".join("".join([*INVOICE, line]).split())


@pytest.mark.parametrize("columns", [1, 2, 3, 4])
def test_a_wrong_digit_is_noticed_in_every_column_of_a_long_table(columns: int, both: Read) -> None:
    table = [("Ware " * columns + f"{number % 9},{number % 7}5").strip() for number in range(60)]
    content = "".join(text(row, 40, 580 - 9 * number, font="F2", size=8) for number, row in enumerate(table))
    read = both(page(content, maps={"5": "3"}))
    assert [row.split()[-1][-2:] for row in rows(read.page)] == [row[-2:] for row in table]


class Latin(Blind):
    """An engine that takes every letter it does not know for a Latin one now and then."""

    def recognise(self, lines: Sequence[Image.Image]) -> list[tuple[str, float]]:
        return [("pls", 0.97) if number == 0 else ("", 0.0) for number in range(len(lines))]


def test_a_script_that_the_engine_lacks_is_believed(tmp_path: Path) -> None:
    printed = [shown(line) for line in ("קבלה מספר", "סך הכל לתשלום", "רחוב הרצל תל אביב")]
    content = "".join(text(line, 40, 500 - 24 * number, font="F2") for number, line in enumerate(printed))
    read = _read(tmp_path, page(content, maps=HEBREW), Latin())
    assert rows(read.page) == ["קבלה מספר", "סך הכל לתשלום", "רחוב הרצל תל אביב"]


def test_only_the_font_with_the_wrong_map_is_read_by_ocr(both: Read) -> None:
    read = both(page(lines() + lines(("Betrag 345,67", "Steuer 89,12"), top=300, font="F2"), maps=shifted(1)))
    assert squeezed(read.page) == "".join("".join(INVOICE).split()) + "Betrag345,67Steuer89,12"
    confidence = {word.text: word.confidence for word in read.page.words}
    assert confidence["Espresso"] == 1 > confidence["Betrag"]


def test_codes_beyond_unicode_do_not_end_the_reading(both: Read) -> None:
    beyond = page(lines() + text("Trinkgeld 0,40", 40, 200, font="F2"), maps={"T": "MARK"})
    beyond = beyond.replace("MARK".encode("utf-16-be").hex().encode(), b"d8ffdfffdbff" + b"00" * 2)
    assert "0,40" in both(beyond).page.text


FIELD = (
    b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (amount) /V (345,67) /DA (/F1 14 Tf 0 g) /Rect [200 190 330 215] "
    b"/F 4 /P 3 0 R /AP << /N 10 0 R >> >>"
)
NOTE = (
    b"<< /Type /Annot /Subtype /Stamp /Contents (345,67) /Rect [200 190 330 215] /F 4 /P 3 0 R /AP << /N 10 0 R >> >>"
)
FORM = b"/AcroForm << /Fields [9 0 R] /DR << /Font << /F1 5 0 R >> >> /DA (/F1 14 Tf 0 g) >>"


def scan(line: str) -> Image.Image:
    return receipt((line,), size=40)


BESIDE = {
    "a form's value": lambda: page(
        lines(),
        page=b"/Annots [9 0 R]",
        catalogue=FORM,
        objects=(FIELD, appearance(text("345,67", 2, 6), 130, 25)),
    ),
    "a stamp": lambda: page(
        lines(), page=b"/Annots [9 0 R]", objects=(NOTE, appearance(text("345,67", 2, 6), 130, 25))
    ),
    "a logo": lambda: page(lines() + "q 300 0 0 60 100 190 cm /P Do Q", picture=scan("Betrag 345,67")),
    "half a page": lambda: page(
        lines() + "q 400 0 0 200 10 40 cm /P Do Q", picture=receipt(("Rechnung 4711", "Betrag 345,67"), size=40)
    ),
}


@pytest.mark.parametrize("kind", BESIDE)
def test_print_that_the_layer_lacks_is_read_by_ocr_and_joined(kind: str, both: Read) -> None:
    read = both(BESIDE[kind]())
    assert read.reader == f"{TEXT_LAYER}, rapidocr"
    assert rows(read.page)[: len(INVOICE)] == list(INVOICE)
    assert squeezed(read.page).count("345,67") == 1


def test_rules_and_frames_cost_no_reading(both: Read) -> None:
    frame = "30 400 360 170 re S 30 430 m 390 430 l S 200 400 m 200 570 l S "
    read = both(page(frame + lines()))
    assert read.reader == TEXT_LAYER
    assert rows(read.page) == list(INVOICE)


PORTFOLIO = b"/Collection << /Type /Collection >> /Names << /EmbeddedFiles << /Names [(a.pdf) 9 0 R] >> >>"
ATTACHED = (
    b"<< /Type /Filespec /F (a.pdf) /UF (a.pdf) /EF << /F 10 0 R >> >>",
    b"<< /Type /EmbeddedFile /Length 5 >>\nstream\n%PDF-\nendstream",
)
XFA = b"<< /Length 11 >>\nstream\n<xdp></xdp>\nendstream"
WAIT = lines(("Please wait...", "If this message is not replaced, your viewer cannot show it.", "Get Adobe Reader."))
STAND_INS = {
    "portfolio": (lambda: page(lines(), catalogue=PORTFOLIO, objects=ATTACHED), "portfolio"),
    "form that is drawn by Adobe Reader": (
        lambda: page(WAIT, catalogue=b"/NeedsRendering true /AcroForm << /Fields [] /XFA 9 0 R >>", objects=(XFA,)),
        "only Adobe Reader",
    ),
    "form with a notice": (
        lambda: page(WAIT, catalogue=b"/AcroForm << /Fields [] /XFA 9 0 R >>", objects=(XFA,)),
        "only Adobe Reader",
    ),
}


@pytest.mark.parametrize("kind", STAND_INS)
def test_a_page_that_only_stands_in_for_the_contents_is_refused(kind: str, layer: Read) -> None:
    build, sentence = STAND_INS[kind]
    with pytest.raises(Refused, match=sentence):
        layer(build())


@pytest.mark.parametrize(
    "data",
    [
        lambda: page(lines(), catalogue=PORTFOLIO.partition(b">>")[2], objects=ATTACHED),
        lambda: page(lines(), catalogue=b"/AcroForm << /Fields [] /XFA 9 0 R >>", objects=(XFA,)),
    ],
    ids=["attachments", "a form with its pages"],
)
def test_a_page_with_contents_of_its_own_is_read(data: Callable[[], bytes], layer: Read) -> None:
    assert rows(layer(data()).page) == list(INVOICE)
