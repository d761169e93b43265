"""Every language that the rules know: its words are complete, its documents understood, and none is in the way."""

from random import Random
from statistics import fmean

import pytest

import synthdocs
from extraction.domain.default_schemas import RECEIPT
from extraction.domain.evaluation.similarity import anls
from extraction.domain.fields import Schema
from extraction.engines.teacher.protocol import Answer, Reading
from extraction.engines.teacher.registry import teacher
from extraction.engines.teacher.rules.vocabulary import (
    Meaning,
    Numbered,
    Vocabulary,
    distinct,
    has,
    places,
    unaccented,
    vocabularies,
    without,
)
from synthdocs.languages import LANGUAGES, printable
from tests.support.builders import page

# What a language must have words for: any one of each group.
NEEDED: tuple[tuple[Meaning, ...], ...] = (
    *((Meaning.TOTAL_DUE,), (Meaning.TOTAL,), (Meaning.SUBTOTAL,), (Meaning.BEFORE_TAX, Meaning.NET)),
    *((Meaning.TAX,), (Meaning.DISCOUNT,), (Meaning.ROUNDING,), (Meaning.TENDERED,), (Meaning.CASH,), (Meaning.CARD,)),
    *((Meaning.CHANGE,), (Meaning.SERVICE,), (Meaning.COUNT,), (Meaning.DATE,), (Meaning.ISSUED,), (Meaning.DUE,)),
    *((Meaning.DELIVERY,), (Meaning.LEGAL_FORM,), (Meaning.TRADE,), (Meaning.STREET,), (Meaning.REGION,)),
    *((Meaning.CONTACT,), (Meaning.REGISTRATION,), (Meaning.TITLE,), (Meaning.RECIPIENT,), (Meaning.ISSUER,)),
    *((Meaning.AMOUNT_DUE,), (Meaning.PREPAID,), (Meaning.TIP,), (Meaning.TIME,), (Meaning.PHONE,), (Meaning.FAX,)),
    (Meaning.TAX_ID,),
)
# Documents of a language that the rules are asked about.
ENOUGH = 6
VOCABULARIES = {vocabulary.code: vocabulary for vocabulary in vocabularies()}
generated = pytest.mark.parametrize("code", LANGUAGES)


def ask(name: str, kind: str, *lines: str) -> Answer:
    schema = Schema.from_json({"name": "Test", "document": "receipt", "field": [{"name": name, "type": kind}]})
    return teacher("rules").label(Reading((page(*lines),)), schema).answers[name]


def test_no_language_is_registered_twice() -> None:
    assert len(VOCABULARIES) == len(vocabularies())


@generated
def test_a_language_of_documents_has_every_list_of_words(code: str) -> None:
    vocabulary = VOCABULARIES[code]
    known = {*vocabulary.phrases, *vocabulary.patterns}
    assert [group for group in NEEDED if known.isdisjoint(group)] == []
    assert set(vocabulary.numbered) == set(Numbered)
    assert {"cashier", "payment method", "reference"} <= set(vocabulary.labels)


@pytest.mark.parametrize("vocabulary", VOCABULARIES.values(), ids=VOCABULARIES)
def test_every_phrase_is_found_as_it_is_written_in_capitals_and_without_accents(vocabulary: Vocabulary) -> None:
    for meaning, listed in vocabulary.phrases.items():
        for phrase in (part.strip() for part in listed.split(",")):
            word = phrase.replace("*", "abc")
            assert has(word, meaning), (meaning, phrase)
            assert has(f"{word.upper()}: 12", meaning), (meaning, phrase)
            assert has(unaccented(word).upper(), meaning), (meaning, phrase)


@generated
def test_the_rules_understand_its_documents(code: str) -> None:
    if code not in printable():
        pytest.skip(f"No typeface for {LANGUAGES[code].script} is installed.")
    rules, scores = teacher("rules"), []
    for number in range(ENOUGH):
        sample = synthdocs.make("invoice" if number % 3 == 0 else "receipt", code, Random(f"rules/{code}/{number}"))
        answers = rules.label(Reading((sample.page,)), RECEIPT).answers
        scores += [anls(truth, answers[name].value) for name, truth in sample.truth.items()]
    assert fmean(scores) >= 0.7


def test_places_are_those_of_the_printed_text() -> None:
    text = "Résumé — NET À PAYER : 12,00 €"
    ((start, end),) = places(text, Meaning.TOTAL_DUE)
    assert text[start:end] == "NET À PAYER"
    assert without("Plomberie Meyer S.A.R.L.", Meaning.LEGAL_FORM).startswith("Plomberie Meyer ")
    assert distinct("rue Haute, RUE Basse, quai Nord", Meaning.STREET) == {"rue", "quai"}


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("合 計", Meaning.TOTAL),  # printed and read with a space between
        ("（株）山田", Meaning.LEGAL_FORM),  # full-width brackets
        ("ΣΥΝΟΛΟ", Meaning.TOTAL),  # capitals without accents
        ("TONG CONG", Meaning.TOTAL_DUE),  # accents that were not read
        ("Kerkstraat 5", Meaning.STREET),  # the end of a compound
        ("Sp. z o. o.", Meaning.LEGAL_FORM),
    ],
)
def test_words_are_found_in_the_ways_they_are_printed(text: str, meaning: Meaning) -> None:
    assert has(text, meaning)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("it's a gift", Meaning.LEGAL_FORM),
        ("totality", Meaning.SUBTOTAL),
        ("お会計", Meaning.SUBTOTAL),
        ("合計点数", Meaning.TOTAL),
        ("netto a pagare", Meaning.BEFORE_TAX),
        ("the pin on the map", Meaning.CARD),
        ("98 Quay Street", Meaning.TITLE),  # a till in Vietnamese
        ("BAN SENG TRADING", Meaning.TITLE),  # a table in Vietnamese
        ("Glenelg SA 5048", Meaning.LEGAL_FORM),
    ],
)
def test_a_longer_phrase_or_an_ordinary_word_means_something_else(text: str, meaning: Meaning) -> None:
    assert not has(text, meaning)


@pytest.mark.parametrize(
    ("label", "value"),
    [
        *(
            ("Facture N°", "F-2024-7"),
            ("N° de facture :", "F-2024-7"),
            ("Factura Nº", "A-118"),
            ("Fattura N.", "118/A"),
        ),
        *(("Factuurnummer:", "2024118"), ("Fatura N.º", "FT-118"), ("Faktura nr", "FV/118"), ("No. Faktur:", "J-118")),
        *(("Số hóa đơn:", "HD118"), ("Αρ. τιμολογίου:", "118"), ("請求書番号:", "T-118"), ("Rechnung Nr.", "R-118")),
    ],
)
def test_the_number_of_an_invoice_is_known_by_its_label(label: str, value: str) -> None:
    assert ask("invoice_number", "text", f"{label} {value}").value == value


@pytest.mark.parametrize(
    ("lines", "subtotal", "tax", "due"),
    [
        (("Total HT 100,00 €", "TVA 20% 20,00 €", "Net à payer 120,00 €", "Échéance 01/02/2024"), "100,00", "20,00", 3),
        (
            ("Base imponible 100,00", "IVA 21% 21,00", "Total factura 121,00", "Vencimiento 01/02/2024"),
            "100,00",
            "21,00",
            3,
        ),
        (("Imponibile 100,00", "IVA 22% 22,00", "Netto a pagare 122,00", "Scadenza 01/02/2024"), "100,00", "22,00", 3),
        (("Subtotaal 100,00", "btw 21% 21,00", "Te betalen 121,00", "Vervaldatum 01-02-2024"), "100,00", "21,00", 3),
        (("Netto 100,00", "PTU 23% 23,00", "DO ZAPŁATY 123,00", "Termin płatności 01.02.2024"), "100,00", "23,00", 3),
        (("ΚΑΘΑΡΗ ΑΞΙΑ 100,00", "ΦΠΑ 24% 24,00", "ΠΛΗΡΩΤΕΟ 124,00", "ΛΗΞΗ 01/02/2024"), "100,00", "24,00", 3),
        (("小計 ¥1,000", "消費税 ¥100", "合計 ¥1,100", "お支払期限 2024年2月1日"), "¥1,000", "¥100", 3),
    ],
)
def test_amounts_and_dates_are_told_apart(lines: tuple[str, ...], subtotal: str, tax: str, due: int) -> None:
    assert ask("subtotal", "money", *lines).value == subtotal
    assert ask("tax", "money", *lines).value == tax
    total = ask("total", "money", *lines).value
    assert total is not None
    assert total in lines[2]
    printed = ask("due_date", "date", *lines).value
    assert printed is not None
    assert printed in lines[due]


def test_a_field_is_known_by_its_name_before_its_instruction() -> None:
    field = {"name": "phone", "type": "text", "instruction": "the store's telephone number"}
    schema = Schema.from_json({"name": "Test", "document": "receipt", "field": [field]})
    lines = ("Green Store Ltd", "Tel: 01632 960123", "Total 4.00")
    assert teacher("rules").label(Reading((page(*lines),)), schema).answers["phone"].value == "01632 960123"
