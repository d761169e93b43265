"""The language of a page that says little: by its own letters, and by what data of languages read in its lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from PIL import Image

from extraction.domain.pages import Box, Word
from extraction.engines.ingest.ocr import identification, registry
from extraction.engines.ingest.ocr.identification import by_letters, language_of, language_on
from extraction.engines.ingest.ocr.lines import Line

PAGE = Image.new("RGB", (400, 400), "white")
HEIGHT = 20

RUSSIAN = "Кассовый чек Молоко Хлеб Итог Наличными Сдача"
UKRAINIAN = "Сума до сплати Дякуємо Решта Готівка Хліб"
# What data of the other language read on the same lines.
AS_UKRAINIAN = "Кассовьій чек Молоко Хлеб Итог Наличньюми Сдача"
AS_RUSSIAN = "Сума до сплати Дякуемо Решта Готвка Хлб"


def words(text: str, confidence: float = 0.95) -> tuple[Word, ...]:
    return tuple(Word(each, Box(0, 0, 0.5, 0.1), confidence, at) for at, each in enumerate(text.split()))


class Installed:
    """Data of languages with what they read, and the lines that the first engine finds."""

    def __init__(self) -> None:
        self.readings: Mapping[str, tuple[Word, ...]] = {}
        self.found: list[Line] = []

    def lines(self, image: Image.Image, *, unread: bool = False) -> list[Line]:
        return self.found

    def reads(self, *lines: tuple[str, int], confidence: float = 0.95) -> tuple[Word, ...]:
        """What the first engine makes of lines of so many characters."""
        self.found = [
            Line(text, confidence, ((0, 0), (length * HEIGHT / 2, 0), (length * HEIGHT / 2, HEIGHT), (0, HEIGHT)))
            for text, length in lines
        ]
        return words(" ".join(text for text, _ in lines), confidence)


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Installed:
    data = Installed()

    class Reader:
        def __init__(self, threads: int, names: Sequence[str]) -> None:
            self.words = data.readings[names[0]]

        def words_of(self, lines: Sequence[Image.Image]) -> list[tuple[Word, ...]]:
            return [self.words]

    monkeypatch.setattr(identification.tesseract, "Tesseract", Reader)
    monkeypatch.setattr(identification.tesseract, "script_in", lambda image: "")
    monkeypatch.setattr(registry, "installed_data", lambda: frozenset(data.readings))
    monkeypatch.setattr(registry, "engine", lambda name, threads: data)
    return data


def on_page(installed: Installed, readings: Mapping[str, str], confidence: float = 0.95) -> str | None:
    """The language of a page of which the first engine reads the amounts and little else."""
    installed.readings = {name: words(text, confidence) for name, text in readings.items()}
    found = language_on(PAGE, installed.reads(("OOO", 12), ("89,90", 12), ("45,50", 12), ("200,00", 14)), 1)
    return found.code if found else None


@pytest.mark.parametrize(
    ("russian", "ukrainian", "code"),
    [
        (RUSSIAN, AS_UKRAINIAN, "ru"),
        (AS_RUSSIAN, UKRAINIAN, "uk"),
        # Nothing separates them: the more frequent one.
        ("Молоко Сметана Масло Итого Сдача", "Молоко Сметана Масло Итого Сдача", "ru"),
        ("ЛИДЛ БЪЛГАРИЯ Касов бон Мляко", "ЛИДЛ БЬЛГАРИЯ Касов бон Мляко", "bg"),
        ("ОБЪЕКТ Молоко Масло Итого", "ОБЬЕКТ Молоко Масло Итого", "ru"),
    ],
)
def test_letters_of_one_alphabet_tell_languages_of_a_script(
    installed: Installed, russian: str, ukrainian: str, code: str
) -> None:
    assert on_page(installed, {"rus": russian, "ukr": ukrainian}) == code


def test_letters_of_two_alphabets_tell_none(installed: Installed) -> None:
    both = {"rus": "Молоко Сыр Рынок Мёд Итого", "ukr": "Молоко Сир Хліб Олія Мій Разом"}
    assert on_page(installed, both) is None


def test_words_unlike_the_frequent_language_are_of_none(installed: Installed) -> None:
    serbian = "Макси Београд Фискални рачун Млеко Хлеб Укупан износ Плачено готовина Хвала на посети"
    assert on_page(installed, {"rus": serbian, "ukr": serbian}) is None


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("ara", "شركة النور فاتورة ضريبية الإجمالي", "ar"),
        ("heb", "סופר פארם חשבונית מס חלב לחם", "he"),
        ("tha", "ใบเสร็จรับเงิน ยอดสุทธิ เงินสด", "th"),
        ("hin", "शर्मा किराना स्टोर कुल राशि", "hi"),
    ],
)
def test_a_short_page_of_a_script_that_the_engine_lacks(installed: Installed, name: str, text: str, code: str) -> None:
    assert on_page(installed, {name: text}) == code
    assert on_page(installed, {name: text}, confidence=0.5) is None


@pytest.mark.parametrize("text", ["ท ท ท ท ท ท ท ท", "х 4.50 х 12", "Coffee Total Cash"])
def test_readings_that_are_no_text_tell_nothing(installed: Installed, text: str) -> None:
    assert on_page(installed, {"tha": text, "rus": text}) is None


def test_a_page_that_the_engine_reads_is_tried_with_no_data(installed: Installed) -> None:
    installed.readings = {"rus": words("Соffее Тотаl САFЕ Молоко")}
    assert language_on(PAGE, installed.reads(("CAFE", 4), ("Coffee 2.50", 11), ("Total 2.50", 10)), 1) is None


@pytest.mark.parametrize(
    "text",
    [
        "株式会社山田商店 2023年3月14日 コーヒー¥450 合計¥450",
        "山田商店 コーヒー 合計 領収書",
        "ラーメン 餃子 合計",
    ],
)
def test_kana_tell_a_short_page(text: str) -> None:
    found = language_of(words(text))
    assert found is not None
    assert found.code == "ja"


@pytest.mark.parametrize("text", ["υ", "☑ 0000", "Σ τ 12.50", "の"])
def test_single_letters_tell_nothing(text: str) -> None:
    assert language_of(words(text)) is None


@pytest.mark.parametrize(
    ("text", "code"), [("Дякуємо", "uk"), ("сыр", "ru"), ("Бълг", "bg"), ("чек", None), ("рачуна љубав", "sr")]
)
def test_by_letters(text: str, code: str | None) -> None:
    found = by_letters(dict.fromkeys(("ru", "uk", "bg", "sr"), text))
    assert (found and found.code) == code
