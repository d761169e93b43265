"""Polish."""

from extraction.engines.teacher.rules.vocabulary.meanings import Meaning, Numbered, Vocabulary

VOCABULARY = Vocabulary(
    code="pl",
    phrases={
        Meaning.TOTAL_DUE: (
            "do zapłaty, razem do zapłaty, suma pln, wartość brutto, razem brutto, kwota do zapłaty, "
            "należność ogółem, do zapłaty razem, ogółem do zapłaty, suma zł, suma brutto"
        ),
        Meaning.TOTAL: "suma, razem, ogółem",
        Meaning.PAYABLE: "kwota, należność, wartość",
        Meaning.SUBTOTAL: "suma częściowa, podsuma, razem przed rabatem, suma netto, razem netto, suma pośrednia",
        Meaning.BEFORE_TAX: "netto, wartość netto, sprzed. netto, sprzedaż netto",
        Meaning.NET: "netto, wartość netto, sprzed. netto",
        Meaning.TAX: "ptu, podatek, podatek vat, kwota vat, suma ptu, w tym vat, w tym ptu, vat",
        Meaning.TAX_TOTAL: "suma ptu, kwota vat, razem vat, kwota ptu, łączna kwota ptu",
        Meaning.TAX_LINE: "suma ptu",
        Meaning.TAX_ELSEWHERE: "nip",
        Meaning.DISCOUNT: "rabat, upust, promocja, zniżka, opust",
        Meaning.ROUNDING: "zaokrąglenie",
        Meaning.TENDERED: "zapłacono gotówką, wpłata, wpłacono, otrzymano, zapłacono",
        Meaning.CASH: "gotówka, gotówką",
        Meaning.CARD: "karta, karta płatnicza, karta kredytowa, płatność kartą, kartą, blik",
        Meaning.CHANGE: "reszta, reszta gotówka, wydano",
        Meaning.SERVICE: "napiwek, serwis, obsługa",
        Meaning.COUNT: "ilość, szt, liczba pozycji, ilość towarów, pozycje",
        Meaning.OTHER_AMOUNT: (
            "punkty, cena, cena jedn, cena netto, saldo, zaliczka, sprzed. opod, sprzedaż opodatkowana"
        ),
        Meaning.DATE: "data, data i godz, dnia",
        Meaning.ISSUED: "data wystawienia, wystawiono dnia, data faktury, data wyst",
        Meaning.DUE: "termin płatności, płatne do, termin zapłaty",
        Meaning.DELIVERY: "data dostawy, data sprzedaży, data wykonania usługi, data dokonania dostawy",
        Meaning.ORDERED: "data zamówienia",
        Meaning.OTHER_DATE: "ważne do, wydrukowano, urodzenia, od dnia",
        Meaning.LEGAL_FORM: (
            "sp. z o.o., spółka z o.o., s.a., sp. j., sp. k., s.c., sp. z o. o., spółka jawna, spółka cywilna, "
            "spółka akcyjna, p.p.h.u., PPHU, FHU"
        ),
        Meaning.TRADE: (
            "delikatesy, sklep, sklep spożywczy, warzywniak, market, społem, narzędzia, artykuły, farby, "
            "apteka, drogeria, księgarnia, papiernik, art. papiernicze, restauracja, karczma, bar mleczny, "
            "bar, gospoda, pierogarnia, kawiarnia, piekarnia, cukiernia, lodziarnia, doradztwo, biuro, "
            "informatyka, pracownia, hydraulika, auto serwis, stolarnia, usługi, hurtownia, supermarket, "
            "hotel, stacja paliw, kwiaciarnia, zakład"
        ),
        Meaning.STREET: "ul, ulica, aleja, aleje, plac, osiedle, rondo",
        Meaning.UNIT: "lokal, piętro, skr. poczt.",
        Meaning.REGION: "polska, woj.",
        Meaning.CONTACT: "tel, telefon, faks",
        Meaning.REGISTRATION: "nip, regon, krs, bdo",
        Meaning.TITLE: (
            "paragon, paragon fiskalny, faktura, faktura vat, rachunek, potwierdzenie sprzedaży, kasjer, kasa, "
            "obsługiwał, sprzedawca, kelner, stanowisko, stolik, osoby, godzina, godz, czas, nazwa, towar, "
            "opis, dziękujemy, zapraszamy, kopia, nr wydruku, zamówienie, niefiskalny, data"
        ),
        Meaning.RECIPIENT: "nabywca, klient, kupujący, odbiorca, adres dostawy, płatnik",
        Meaning.AMOUNT_DUE: "do zapłaty, pozostało do zapłaty, do zapłaty razem, razem do zapłaty, kwota do zapłaty",
        Meaning.PREPAID: "zaliczka, przedpłata, zapłacono, wpłacono",
        Meaning.TIP: "napiwek",
        Meaning.TIME: "godzina, godz, czas",
        Meaning.PHONE: "tel, telefon, kom, tel. kom.",
        Meaning.FAX: "faks, fax",
        Meaning.TAX_ID: "nip, nip ue, vat ue, nr nip, numer nip, regon",
        Meaning.ISSUER: "sprzedawca, wystawca, dostawca",
    },
    patterns={
        Meaning.STREET: r"\b(?:al|pl|os)\. ?[a-z]{3}",
    },
    postcodes=(r"(?<![\d-])\d{2}-\d{3}(?=\s[^\W\d_]|$)",),
    numbered={
        Numbered.CUSTOMER: "klienta?",
        Numbered.ORDER: "zamowieni[ae]",
        Numbered.TAX: "nip|regon",
        Numbered.TABLE: "stolik",
        Numbered.DOCUMENT: "faktur[ay]|paragonu?|rachunku?|wydruku",
    },
    labels={
        "cashier": "kasjer, kasjerka, sprzedawca",
        "server": "kelner, obsługa, obsługiwał",
        "payment method": "forma płatności, sposób płatności, sposób zapłaty, forma zapłaty",
        "payment terms": "warunki płatności",
        "reference": "numer referencyjny, referencja, tytuł przelewu",
        "project": "projekt",
        "contact": "osoba kontaktowa, kontakt",
        "bank": "bank, nazwa banku",
        "guests": "osoby, liczba gości",
        "store": "sklep, oddział",
        "place of issue": "miejsce wystawienia",
        "period": "okres",
    },
)
