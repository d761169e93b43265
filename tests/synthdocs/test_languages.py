"""Every language in which documents are made: complete, printable, and true about what it prints."""

import dataclasses
import datetime
import re
from decimal import Decimal
from random import Random

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import synthdocs
from extraction.domain.errors import UserError
from extraction.domain.field_types.readers.amounts import parse_money
from extraction.domain.field_types.readers.candidates import DayOrder
from extraction.domain.field_types.readers.dates import find_dates, read_dates
from extraction.domain.field_types.readers.decimal_signs import infer_decimal_sign
from synthdocs.content import content
from synthdocs.languages import LANGUAGES, MIXED, chosen, printable
from synthdocs.languages.base import Language, Market
from synthdocs.rendering import fonts

TODAY = datetime.date(2026, 6, 1)
MARKETS = [
    pytest.param(language, market, id=f"{code}-{market.code}")
    for code, language in LANGUAGES.items()
    for market in language.markets
]
DAYS = [datetime.date(2019, 1, 5), datetime.date(2019, 11, 30), datetime.date(2024, 3, 14), datetime.date(2025, 12, 8)]
each = pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)


@each
def test_a_language_lacks_no_words_and_has_enough_trades(language: Language) -> None:
    for field in dataclasses.fields(language.wording):
        assert getattr(language.wording, field.name), f"no words for {field.name}"
    assert len(language.months) == len(language.short_months) == 12
    trades = (*language.shops, *language.restaurants, *language.suppliers)
    assert len(trades) >= 6
    assert all(len(trade.wares) >= 6 for trade in trades)
    assert language.markets


@each
def test_the_placeholders_of_its_words_are_known(language: Language) -> None:
    allowed = {"service": {"rate"}, "includes": {"tax", "rate"}, "terms": {"days"}}
    for field in dataclasses.fields(language.wording):
        used = {name for text in getattr(language.wording, field.name) for name in re.findall(r"{(\w*)}", text)}
        assert used <= allowed.get(field.name, set())


@pytest.mark.parametrize(("language", "market"), MARKETS)
def test_every_form_of_date_reads_back(language: Language, market: Market) -> None:
    order: DayOrder = "mdy" if market.code == "US" else "dmy"
    for pattern in market.dates:
        for day in DAYS:
            printed = language.date(day, pattern)
            assert _reads(printed, day, order), printed
            assert len(find_dates(f"x {printed} y")) == 1, printed


def _reads(printed: str, day: datetime.date, order: DayOrder) -> bool:
    """Listopad is November in Polish and October in Croatian: such a date keeps both readings."""
    readings = read_dates(printed, today=TODAY, day_order=order)
    return day in readings if "listopada" in printed.casefold() else readings == (day,)


@pytest.mark.parametrize(("language", "market"), MARKETS)
def test_every_form_of_amount_reads_back(language: Language, market: Market) -> None:
    money = market.money
    amounts = [Decimal(text).quantize(money.unit) for text in ("7.5", "60", "1234.56", "60000", "1234567.89")]
    lines = [f"x {money.format(amount)}" for amount in (*amounts, Decimal(98000), Decimal(45000))]
    sign = infer_decimal_sign(lines)
    for amount in amounts:
        for printed in (money.format(amount), *(_signed(market, money.format(amount), sign) for sign in money.signs)):
            assert parse_money(printed, decimal_sign=sign) == amount, printed


def _signed(market: Market, printed: str, sign: str) -> str:
    return f"{printed}{sign}" if market.money.after and not sign.endswith(" ") else f"{sign}{printed}"


@settings(max_examples=30)
@given(seed=st.integers(0, 2**32), code=st.sampled_from(sorted(LANGUAGES)))
def test_the_truth_of_a_document_is_what_was_meant(seed: int, code: str) -> None:
    made = content.receipt(Random(seed), LANGUAGES[code])
    order: DayOrder = "mdy" if made.market.code == "US" else "dmy"
    assert _reads(made.date(), made.moment.date(), order)
    sign = "none" if made.market.money.decimals == 0 else None
    assert parse_money(made.amount(made.purchase.total), decimal_sign=sign) == made.purchase.total


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("kind", ["receipt", "invoice"])
def test_documents_are_made_in_it(code: str, kind: synthdocs.Kind) -> None:
    if code not in printable():
        pytest.skip(f"No typeface for {LANGUAGES[code].script} is installed.")
    sample = synthdocs.make(kind, code, Random(f"{code}/{kind}/3"))
    assert sample.language == code
    assert all(sample.truth.values()), sample.truth


@pytest.mark.parametrize("code", [code for code in LANGUAGES if LANGUAGES[code].script != "latin"])
def test_its_typefaces_hold_its_letters(code: str) -> None:
    """A letter that a typeface lacks is drawn as one that no typeface has."""
    language = LANGUAGES[code]
    words = [word for field in dataclasses.fields(language.wording) for word in getattr(language.wording, field.name)]
    wares = [ware.name for trade in (*language.shops, *language.restaurants) for ware in trade.wares]
    letters = {letter for word in (*words, *wares) for letter in word + language.capitals(word) if letter.isalpha()}
    faces = fonts.TYPEFACES[language.script]
    installed = [face for face in (*faces.till, *faces.text) if face.regular in fonts.installed()]
    for face in installed:
        for bold in (False, True):
            drawn = fonts.font(face, 24, bold)
            missing = bytes(drawn.getmask("\uffff"))
            assert not {letter for letter in letters if bytes(drawn.getmask(letter)) == missing}, face


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_text_layer_of_a_pdf_holds_every_script(code: str) -> None:
    if code not in printable():
        pytest.skip(f"No typeface for {LANGUAGES[code].script} is installed.")
    made = (synthdocs.make("invoice", code, Random(f"{code}/{number}")) for number in range(60))
    sample = next(sample for sample in made if sample.name.endswith(".pdf"))
    text = " ".join(pypdfium2.PdfDocument(sample.data)[0].get_textpage().get_text_bounded().split())
    assert all(value in text for name, value in sample.truth.items() if value and name != "address")


def test_what_is_made_unless_asked_stays_english_and_german() -> None:
    assert chosen("mixed") == MIXED == ("en", "de")
    assert {sample.language for sample in synthdocs.generate("receipt", 4, seed=2)} <= set(MIXED)
    assert chosen("world") == printable()
    assert chosen("fr, nl") == ("fr", "nl")
    with pytest.raises(UserError, match="'xx'"):
        chosen("fr,xx")


def test_a_script_without_a_typeface_is_left_out_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "installed", dict)
    assert "ja" not in printable()
    assert set(MIXED) <= set(printable())
    with pytest.raises(UserError, match="fonts-vlgothic"):
        chosen("ja")
