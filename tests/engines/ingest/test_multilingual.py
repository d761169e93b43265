"""An engine of two: which of them reads which line, and where its words stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from PIL import Image, ImageDraw, ImageFont

from extraction.domain.languages import LANGUAGES, Script
from extraction.domain.pages import Box, Word
from extraction.engines.ingest.ocr import registry
from extraction.engines.ingest.ocr.lines import Line, Piece, words_of
from extraction.engines.ingest.ocr.lookalikes import in_script
from extraction.engines.ingest.ocr.multilingual import Multilingual, rapid_with_tesseract
from extraction.engines.ingest.textlayer.comparison import believed
from extraction.engines.ingest.textlayer.words import LayerWord
from synthdocs.rendering import fonts

PAGE = Image.new("RGB", (400, 200), "white")


def line(text: str, confidence: float, top: int = 0, width: int | None = None) -> Line:
    """A printed line of 20 pixels' height, as long as its letters are."""
    right = width or 10 * len(text)
    return Line(text, confidence, ((0, top), (right, top), (right, top + 20), (0, top + 20)))


@dataclass
class First:
    """Finds the lines that it was given."""

    found: list[Line]
    name: str = "first"
    doubtful: float = 0.8

    def lines(self, image: Image.Image, *, unread: bool = False) -> list[Line]:
        return self.found

    def read(self, image: Image.Image) -> tuple[Word, ...]:
        return words_of(self.found, *image.size)

    def recognise(self, lines: Sequence[Image.Image]) -> list[tuple[str, float]]:
        return [(line.text, line.confidence) for line in self.found]


@dataclass
class Second:
    """Reads the same in every line."""

    reading: list[Piece]
    name: str = "second ell"
    asked: list[tuple[int, int]] = field(default_factory=list)

    def words_of(self, lines: Sequence[Image.Image]) -> list[list[Piece]]:
        self.asked += [line.size for line in lines]
        return [list(self.reading) for _ in lines]


def read(found: list[Line], second: Second, *codes: str) -> list[Word]:
    engine = Multilingual(First(found), second, tuple(LANGUAGES[code] for code in codes or ("el",)))
    assert engine.name == "first, second ell"
    return list(engine.read(PAGE))


@pytest.mark.parametrize(
    "found",
    [line("COFFEE HOUSE BRANDS", 0.99), line("12,50", 0.99), line("6", 0.95, width=12), line("27/09/2021", 0.98)],
    ids=lambda found: found.text,
)
def test_a_latin_line_and_an_amount_stay_with_the_first(found: Line) -> None:
    second = Second([Piece("άλλο", 0.99, 0, 1)])
    assert " ".join(word.text for word in read([found], second)) == found.text
    assert second.asked == []


@pytest.mark.parametrize(
    "found",
    [
        line("BÉλoυ", 0.74),
        line("HM/NIA", 0.99),
        line("COFFEE HOUSE", 0.7),
        line("12,50", 0.6),
        line("12,50", 0.99, width=400),
        line("", 0.0, width=100),
    ],
    ids=["mixed", "alike", "doubtful", "doubtful amount", "letters left out", "nothing read"],
)
def test_what_the_first_lacks_is_read_by_the_second(found: Line) -> None:
    second = Second([Piece("Βενιζέλου", 0.95, 0, 1)])
    assert [word.text for word in read([found], second)] == ["Βενιζέλου"]
    assert len(second.asked) == 1


def test_a_language_with_marks_has_all_its_text_read_by_the_second() -> None:
    second = Second([Piece("Bánh", 0.95, 0, 0.4), Piece("quy", 0.95, 0.5, 1)])
    words = read([line("Banh quy", 0.99), line("176.000", 0.99, 40)], second, "vi")
    assert [word.text for word in words] == ["Bánh", "quy", "176.000"]


@pytest.mark.parametrize(
    ("printed", "confidence", "asked"),
    [
        ("2 x 53.000", 0.97, False),
        ("52.000 A", 1.0, False),
        ("8%", 0.95, False),
        ("2 x 53.000", 0.8, True),
        ("1.174.000 VND", 0.99, True),
        ("A", 0.99, True),
        ("MST 1805794042", 0.99, True),
    ],
)
def test_of_a_language_with_marks_only_words_are_read_by_the_second(
    printed: str, confidence: float, asked: bool
) -> None:
    second = Second([Piece("???", 0.1, 0, 1)])
    assert [word.text for word in read([line(printed, confidence)], second, "vi")] == printed.split()
    assert bool(second.asked) == asked


@pytest.mark.skipif(not registry.installed_data(), reason="no Tesseract")
@pytest.mark.parametrize(("codes", "data"), [(["vi"], ["vie", "vie"]), (["el"], ["ell", "ell+eng"])], ids=str)
def test_a_second_look_is_with_english_where_the_letters_are_others(
    codes: list[str], data: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def doubtful(image: object, names: str, config: str, **options: object) -> dict[str, list[object]]:
        asked.append(names)
        return {"page_num": [1], "text": ["TIÊN"], "conf": [50]} | {
            edge: [9] for edge in ("left", "top", "width", "height")
        }

    monkeypatch.setattr("pytesseract.image_to_data", doubtful)
    engine = rapid_with_tesseract(1, tuple(LANGUAGES[code] for code in codes))
    engine.second.words_of([Image.new("RGB", (100, 20), "white")])
    assert asked == data


@pytest.mark.parametrize("text", ["有限会社小林工具", "レシート", "合計 TOTAL 税込"])
@pytest.mark.parametrize("codes", [("el",), ("ru", "vi")])
def test_a_japanese_line_beside_other_languages_stays_with_the_first(text: str, codes: tuple[str, ...]) -> None:
    second = Second([Piece("AR BBS FE", 0.9, 0, 1)])
    assert "".join(word.text for word in read([line(text, 0.95)], second, *codes)) == text.replace(" ", "")
    assert second.asked == []


def test_words_stand_where_the_second_saw_them_within_the_line() -> None:
    second = Second([Piece("Σύνολο", 0.9, 0.0, 0.5), Piece("ποσό", 0.9, 0.6, 1.0)])
    words = read([line("?????", 0.3, 100, width=200)], second)
    assert [word.box.x0 for word in words] == pytest.approx([0.0, 0.3])
    assert [word.box.x1 for word in words] == pytest.approx([0.25, 0.5])
    assert {(word.box.y0, word.box.y1, word.line) for word in words} == {(0.5, 0.6, 0)}


def test_an_amount_in_a_foreign_line_is_the_firsts() -> None:
    second = Second([Piece("Σύνολο", 0.9, 0.0, 0.5), Piece("6,99", 0.9, 0.62, 1.0)])
    assert [word.text for word in read([line("Xuvoλo 0,99", 0.95)], second)] == ["Σύνολο", "0,99"]


@pytest.mark.parametrize(("code", "label"), [("ar", "الرقم"), ("he", "מספר"), ("ru", "ИНН"), ("el", "ΑΦΜ")])
@pytest.mark.parametrize(("read_as", "number"), [("300012345", "300012345"), (":12/05/2024", "12/05/2024")])
def test_a_label_that_the_first_left_out_beside_an_amount(read_as: str, number: str, code: str, label: str) -> None:
    seen = [Piece(number, 0.93, 0, 0.6), Piece(label, 0.9, 0.7, 1)]
    words = read([line(read_as, 0.99, width=170)], Second(seen), code)
    assert {word.text for word in words} == {label, number}
    assert next(word.box.x1 for word in words if word.text == number) == pytest.approx(0.6 * 170 / 400)


@pytest.mark.parametrize(
    ("first", "second", "right"),
    [
        ("3001234500", "300012345003", "300012345003"),
        ("12052024", "12/05/2024", "12/05/2024"),
        ("0,99", "6,99", "0,99"),
        ("12,50", "1250", "12,50"),
    ],
)
def test_digits_that_the_first_left_out_are_the_seconds(first: str, second: str, right: str) -> None:
    seen = [Piece(second, 0.93, 0, 0.6), Piece("رقم", 0.9, 0.7, 1)]
    assert {word.text for word in read([line(first, 0.95, width=250)], Second(seen), "ar")} == {right, "رقم"}


def test_a_grouped_amount_beside_its_currency_is_whole() -> None:
    first = line("1 200,00 py6.", 0.99)
    words = read([first], Second([Piece("1200,00", 0.9, 0, 0.6), Piece("руб.", 0.9, 0.7, 1)]), "ru")
    assert " ".join(word.text for word in words) == "1 200,00 руб."


@pytest.mark.parametrize("taken_for", ["2 Χ 5,68", "25.68", ""])
def test_an_amount_with_room_for_a_label_stays_where_none_is_seen(taken_for: str) -> None:
    seen = [Piece(part, 0.9, number / 3, number / 3 + 0.3) for number, part in enumerate(taken_for.split())]
    assert " ".join(word.text for word in read([line("2 × 5,68", 0.99, width=120)], Second(seen))) == "2 × 5,68"


@pytest.mark.parametrize("taken_for", ["03-5551234 :|970", '17.00 17% n"vn', "9911 on nn"])
def test_hebrew_letters_that_were_taken_for_digits_or_latin_ones(taken_for: str) -> None:
    second = Second([Piece("טלפון:", 0.9, 0, 1)])
    assert [word.text for word in read([line(taken_for, 0.99)], second, "he", "en")] == ["טלפון:"]


def test_a_doubtful_reading_of_the_second_counts_only_where_the_first_is_no_surer() -> None:
    second = Second([Piece("ζψχ", 0.2, 0, 1)])
    assert [word.text for word in read([line("AEGEAN", 0.9)], second)] == ["AEGEAN"]


def test_words_of_an_arabic_line_come_from_the_right() -> None:
    second = Second([Piece("ثانية", 0.9, 0.0, 0.4), Piece("أولى", 0.9, 0.5, 1.0)])
    assert [word.text for word in read([line("???", 0.2)], second, "ar")] == ["أولى", "ثانية"]


@pytest.mark.parametrize(
    ("read_as", "meant"),
    [("TIMH", "ΤΙΜΗ"), ("PEΣTA", "ΡΕΣΤΑ"), ("Hμ/via", "Ημ/νια"), ("0.Ε.", "Ο.Ε."), ("TOTAL", "TOTAL"), ("A12", "A12")],
)
def test_letters_that_look_alike_become_the_scripts_own(read_as: str, meant: str) -> None:
    assert in_script(read_as, Script.GREEK) == meant


LATIN_PAGE = [line("SUPERMARKT HOFFMANN GMBH", 0.99, 40), line("Rechnung 4711", 0.99, 80)]
OTHER_PAGE = [line("Tελó σoλ", 0.7, 40, 200), line("", 0.64, 80, 300)]


@pytest.mark.parametrize(
    ("printed", "confidence", "taken_for"),
    [
        ("ZEIT", 1.0, "ΖΕΙΤ"),
        ("NETTO", 0.99, "ΝΕΤΤΟ"),
        ("CAMPO", 1.0, "САМРО"),
        ("TAXI", 0.95, "ТАХІ"),
        ("12,50 EUR", 0.99, "12,50 ЕЧВ"),
        ("B", 0.99, "В"),
        ("2 x 5", 0.9, "2х5"),
        ("KAMERA OBJEKTIV", 0.96, "ΚΑΜΕΡΑ ΟΒΙΕΚΤΙΥ"),
    ],
)
@pytest.mark.parametrize("code", ["el", "ru", "uk", "bg"])
def test_words_of_a_latin_page_stay_latin(printed: str, confidence: float, taken_for: str, code: str) -> None:
    pieces = [Piece(part, 0.9, number / 2, number / 2 + 0.4) for number, part in enumerate(taken_for.split())]
    words = read([line(printed, confidence), *LATIN_PAGE], Second(pieces), code)
    assert " ".join(word.text for word in words if word.line == 0) == printed


@pytest.mark.parametrize("taken_for", ["BAKER", "ΒΑΚER", "ΒΑΚΕR"])
def test_look_alikes_in_a_latin_word_of_a_latin_page_become_latin(taken_for: str) -> None:
    words = read([line("BAκER", 0.7), *LATIN_PAGE], Second([Piece(taken_for, 0.9, 0, 1)]))
    assert words[0].text == "BAKER"


def test_a_line_in_another_script_on_a_latin_page_is_read_as_that() -> None:
    words = read([line("Tελó σoλ", 0.7), *LATIN_PAGE], Second([Piece("Σύνολο", 0.95, 0, 1)]))
    assert words[0].text == "Σύνολο"


@pytest.mark.parametrize(
    ("code", "taken_for"),
    [("EUR", "ΕΥΗ"), ("GmbH", "ΟΠΙΡΗ"), ("DE123456789", "ΌΕ123456789"), ("GR1601101250", "ΟΗ1601101250")],
)
def test_a_code_on_a_page_in_another_script_stays_latin(code: str, taken_for: str) -> None:
    found = [line(f"ΦΠA {code}", 0.98), *OTHER_PAGE]
    second = Second([Piece("ΦΠΑ", 0.9, 0, 0.2), Piece(taken_for, 0.9, 0.3, 1)])
    assert " ".join(word.text for word in read(found, second) if word.line == 0) == f"ΦΠΑ {code}"


@pytest.mark.parametrize(
    ("taken_for", "printed", "code"),
    [
        ("HM/NIA", "ΗΜ/ΝΙΑ", "el"),
        ("TIMH", "ΤΙΜΗ", "el"),
        ("COK", "СОК", "ru"),
        ("CYMA", "СУМА", "uk"),
        ("KACA", "КАСА", "bg"),
    ],
)
def test_capitals_of_a_page_in_another_script_do_not_become_latin(taken_for: str, printed: str, code: str) -> None:
    found = [line(taken_for, 1.0), line("COFFEE HOUSE BRANDS", 0.99, 120), *OTHER_PAGE]
    words = read(found, Second([Piece(taken_for, 0.9, 0, 1)]), code, "en")
    assert words[0].text == printed


def test_data_that_are_missing_are_named_and_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "installed_data", lambda: frozenset({"eng"}))
    assert [language.package for language in registry.missing("rapidocr", ("en", "el"))] == ["tesseract-ocr-ell"]
    assert registry.engine("rapidocr", 1, ("el",)) is registry.engine("rapidocr", 1)


def test_languages_that_the_engine_reads_change_nothing() -> None:
    assert registry.engine("rapidocr", 1, ("en", "de", "ja")) is registry.engine("rapidocr", 1)
    assert registry.missing("rapidocr", ("en", "pl", "ja")) == ()


@pytest.mark.skipif("ell" not in registry.installed_data(), reason="no Tesseract data for Greek")
def test_a_greek_page_is_read_with_its_latin_line() -> None:
    page = Image.new("RGB", (600, 260), "white")
    letters = ImageFont.truetype(fonts.installed()["DejaVuSans.ttf"], 28)
    for number, text in enumerate(("Φαρμακείο Παπαδόπουλος", "COCA COLA LIGHT DRINK", "Σύνολο 12,50", "27/09/2021")):
        ImageDraw.Draw(page).text((20, 20 + 60 * number), text, "black", letters)
    engine = registry.engine("rapidocr", 1, ("el",))
    rows: dict[int, list[str]] = {}
    for word in engine.read(page):
        rows.setdefault(word.line, []).append(word.text)
    read_lines = [" ".join(row) for row in rows.values()]
    assert engine.name == "rapidocr, tesseract ell"
    assert read_lines == ["Φαρμακείο Παπαδόπουλος", "COCA COLA LIGHT DRINK", "Σύνολο 12,50", "27/09/2021"]


@pytest.mark.parametrize("codes", [("ar",), ("ar", "en")], ids="-".join)
@pytest.mark.skipif("ara" not in registry.installed_data(), reason="no Tesseract data for Arabic")
def test_an_arabic_page_is_read_with_its_numbers(codes: tuple[str, ...]) -> None:
    printed = ["شركة النور للتجارة", "الرقم الضريبي 300012345600003", "التاريخ: 12/05/2024", "هاتف: 0501234567"]
    page = Image.new("RGB", (900, 60 * len(printed) + 20), "white")
    letters = ImageFont.truetype(fonts.installed()["DejaVuSans.ttf"], 28)
    for number, text in enumerate(printed):
        ImageDraw.Draw(page).text((840, 20 + 60 * number), text, "black", letters, "ra", direction="rtl")
    rows: dict[int, list[str]] = {}
    for word in registry.engine("rapidocr", 1, codes).read(page):
        rows.setdefault(word.line, []).append(word.text)
    assert [" ".join(row) for row in rows.values()] == printed


@pytest.mark.parametrize("code", ["el", "ru", "uk"])
def test_a_receipt_in_latin_capitals_is_read_as_such(code: str) -> None:
    if LANGUAGES[code].tesseract not in registry.installed_data():
        pytest.skip("no Tesseract data for the language")
    printed = ["SUPERMARKT HOFFMANN", "DATUM 12.03.2024", "ZEIT 10:45", "KAFFEE 3,40 A", "NETTO 3,18", "SUMME EUR 3,40"]
    page = Image.new("RGB", (600, 60 * len(printed) + 20), "white")
    letters = ImageFont.truetype(fonts.installed()["DejaVuSans.ttf"], 28)
    for number, text in enumerate(printed):
        ImageDraw.Draw(page).text((20, 20 + 60 * number), text, "black", letters)
    rows: dict[int, list[str]] = {}
    for word in registry.engine("rapidocr", 1, (code, "en")).read(page):
        rows.setdefault(word.line, []).append(word.text)
    assert [" ".join(row) for row in rows.values()] == printed


@pytest.mark.skipif("ell" not in registry.installed_data(), reason="no Tesseract data for Greek")
@pytest.mark.parametrize(("said", "kept"), [("", 8), ("αιο125ειυ637", 0)], ids=["right", "wrong"])
def test_a_greek_text_layer_is_believed_where_it_says_what_is_printed(said: str, kept: int) -> None:
    page = Image.new("RGB", (900, 200), "white")
    letters, pen = ImageFont.truetype(fonts.installed()["DejaVuSans.ttf"], 24), ImageDraw.Draw(page)
    half = len(said) // 2
    layer = []
    for number, text in enumerate(("Τιμολόγιο Πώλησης Βενιζέλου 125,40", "Ημερομηνία έκδοσης πληρωμής 27/09/2021")):
        left = 40.0
        for word in text.split():
            x0, y0, x1, y1 = pen.textbbox((left, 40 + 60 * number), word, letters)
            pen.text((left, 40 + 60 * number), word, "black", letters)
            box = Box(x0 / page.width, y0 / page.height, x1 / page.width, y1 / page.height)
            layer.append(LayerWord(word.translate(str.maketrans(said[:half], said[half:])), box, 1))
            left = x1 + 12
    assert len(believed(page, layer, registry.engine("rapidocr", 1, ("el",)))) == kept
