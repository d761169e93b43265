"""German, as it is printed in Germany, Austria and Switzerland."""

from decimal import Decimal

from synthdocs.languages.base import Language, Market, Money, Wording, cities, listed
from synthdocs.languages.northern.german_trades import RESTAURANTS, SHOPS, SUPPLIERS

WORDING = Wording(
    receipt=("RECHNUNG", "Kassenbon", "Quittung", "KUNDENBELEG", "BAR-VERKAUF", ""),
    invoice=("Rechnung", "RECHNUNG"),
    receipt_number=("Bon-Nr.", "Beleg-Nr.", "Belegnr", "Rechnung Nr.", "RG-Nr."),
    invoice_number=("Rechnungsnummer", "Rechnungs-Nr.", "Rechnung Nr."),
    order_number=("Bestellnummer", "Ihre Bestellung", "Auftrags-Nr."),
    customer_number=("Kundennummer", "Kunden-Nr."),
    date=("Datum", "DATUM", "Datum/Zeit", ""),
    invoice_date=("Rechnungsdatum", "Datum"),
    due_date=("Fällig am", "Zahlbar bis", "Fälligkeit"),
    delivery_date=("Lieferdatum", "Leistungsdatum", "Leistung vom"),
    time=("Uhrzeit", "Zeit"),
    cashier=("Es bediente Sie", "Kassierer", "Bediener", "Verkäufer"),
    till=("Kasse", "KASSE", "Terminal", "Filiale"),
    table=("Tisch", "TISCH"),
    guests=("Gäste", "Personen"),
    item=("Artikel", "Bezeichnung", "Beschreibung"),
    quantity=("Menge", "Anz.", "Anzahl"),
    price=("Einzelpreis", "E-Preis", "Preis"),
    amount=("Betrag", "Gesamt", "Summe"),
    item_count=("Anzahl Artikel", "Posten", "Artikelanzahl"),
    subtotal=("Zwischensumme", "ZW-SUMME", "Zw.-Summe"),
    total=("SUMME", "Summe", "Gesamtbetrag", "TOTAL", "Zu zahlen", "GESAMT", "Endbetrag", "Rechnungsbetrag"),
    invoice_total=("Gesamtbetrag", "Rechnungsbetrag", "Zu zahlen", "Bruttobetrag", "Endbetrag"),
    discount=("Rabatt", "Kundenrabatt", "Aktion"),
    service=("Bedienung {rate}%",),
    net=("Netto", "Nettobetrag"),
    gross=("Brutto",),
    includes=("inkl. {rate}% {tax}", "enthält {rate}% {tax}", "{tax} {rate}%"),
    rounding=("Rundung", "Rundungsdifferenz"),
    cash=("BAR", "Bar", "Gegeben", "Gegeben bar"),
    change=("Rückgeld", "ZURÜCK", "Zurück"),
    card=("EC-Karte", "girocard", "Mastercard", "VISA", "Kartenzahlung"),
    approved=("Zahlung erfolgt", "Genehmigt", "** Kundenbeleg **", "Betrag dankend erhalten"),
    phone=("Tel.", "Telefon", "Tel"),
    bill_to=("Rechnung an", "Kunde", ""),
    ship_to=("Lieferanschrift", "Lieferung an"),
    terms=(
        "Zahlbar innerhalb von {days} Tagen ohne Abzug.",
        "Zahlungsziel: {days} Tage netto.",
        "Bitte überweisen Sie den Betrag innerhalb von {days} Tagen.",
    ),
    bank=("Bankverbindung", "Überweisung an"),
    thanks=(
        "Vielen Dank für Ihren Einkauf!",
        "Vielen Dank für Ihren Besuch",
        "DANKE UND AUF WIEDERSEHEN",
        "Beehren Sie uns bald wieder",
        "Wir wünschen einen schönen Tag",
        "Herzlichen Dank",
    ),
    small_print=(
        "Umtausch innerhalb von 14 Tagen nur mit Kassenbon.",
        "Bitte bewahren Sie den Beleg auf.",
        "Reduzierte Ware ist vom Umtausch ausgeschlossen.",
        "Jetzt Stammkunde werden und Punkte sammeln.",
        "Es gelten unsere AGB.",
    ),
    letter=(
        "Wir erlauben uns, wie folgt zu berechnen:",
        "Vielen Dank für Ihren Auftrag. Wir berechnen Ihnen:",
        "Für unsere Leistungen stellen wir in Rechnung:",
        "",
    ),
    paid=("BEZAHLT", "ERLEDIGT", "GEBUCHT", "EINGEGANGEN"),
)

MONTHS = listed("Januar, Februar, März, April, Mai, Juni, Juli, August, September, Oktober, November, Dezember")
SHORT_MONTHS = ("Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sep.", "Okt.", "Nov.", "Dez.")

_STREETS = (
    "Hauptstr.",
    "Bahnhofstraße",
    "Gartenstr.",
    "Schulstraße",
    "Lindenallee",
    "Kirchplatz",
    "Marktplatz",
    "Goethestraße",
    "Am Mühlbach",
    "Ringstr.",
    "Bergstraße",
    "Wilhelmstr.",
)
_DATES = ("{dd}.{mm}.{yyyy}", "{dd}.{mm}.{yy}", "{d}. {month} {yyyy}", "{d}.{m}.{yyyy}")
_ADDRESS = (("{street} {number}", "{code} {city}"), ("{street} {number}, {code} {city}",))

MARKETS = (
    Market(
        code="DE",
        faker="de_DE",
        money=Money((" €", " EUR", "", " €"), ",", ".", after=True),
        dates=(*_DATES, "{dd}.{mm}.{yyyy}", "{yyyy}-{mm}-{dd}"),
        times=("{hh}:{min} Uhr", "{hh}:{min}", "{hh}:{min}:{sec}"),
        tax=("MwSt.", "MwSt", "USt."),
        rates=(Decimal("19"), Decimal("7")),
        inclusive=True,
        suffixes=("GmbH", "GmbH & Co. KG", "e.K.", "KG", "OHG", "UG (haftungsbeschränkt)", "", ""),
        streets=_STREETS,
        address=_ADDRESS,
        cities=cities(
            "Berlin | 10###; Hamburg | 20###; München | 80###; Köln | 50###; "
            "Leipzig | 04###; Freiburg | 79###; Münster | 48###; Würzburg | 97###; "
            "Kassel | 34###; Lübeck | 23###"
        ),
        phone=("0## / ######", "0###-######", "+49 ### #######"),
        tax_number=("USt-IdNr. DE#########", "St.-Nr. ##/###/#####", "Steuer-Nr. ###/####/####"),
        weight=5,
    ),
    Market(
        code="AT",
        faker="de_AT",
        money=Money((" €", " EUR", "€ ", "EUR "), ",", ".", after=True),
        dates=_DATES,
        times=("{hh}:{min}", "{hh}:{min}:{sec}"),
        tax=("USt", "MwSt."),
        rates=(Decimal("20"), Decimal("10")),
        inclusive=True,
        suffixes=("GmbH", "Ges.m.b.H.", "e.U.", "KG", ""),
        streets=_STREETS,
        address=_ADDRESS,
        cities=cities("Wien | 10#0; Graz | 80##; Linz | 40##; Salzburg | 50##; Innsbruck | 60##; Klagenfurt | 90##"),
        phone=("+43 ### #######", "0### / ######"),
        tax_number=("UID-Nr. ATU########", "ATU########"),
        weight=2,
    ),
    Market(
        code="CH",
        faker="de_CH",
        money=Money(("CHF ", "Fr. ", ""), ".", "'"),
        dates=_DATES[:3],
        times=("{hh}:{min}", "{hh}:{min} Uhr"),
        tax=("MWST", "MwSt"),
        rates=(Decimal("8.1"), Decimal("2.6")),
        inclusive=True,
        suffixes=("AG", "GmbH", "& Co.", ""),
        streets=(
            "Bahnhofstrasse",
            "Dorfstrasse",
            "Seestrasse",
            "Kirchgasse",
            "Hauptstrasse",
            "Bergstrasse",
            "Im Winkel",
        ),
        address=_ADDRESS,
        cities=cities("Zürich | 80##; Bern | 30##; Basel | 40##; Luzern | 60##; St. Gallen | 90##; Chur | 70##"),
        phone=("0## ### ## ##", "+41 ## ### ## ##"),
        tax_number=("CHE-###.###.### MWST",),
        cash_step=Decimal("0.05"),
        scale=1.3,
        weight=2,
    ),
)

LANGUAGE = Language(
    code="de",
    wording=WORDING,
    months=MONTHS,
    short_months=SHORT_MONTHS,
    shops=SHOPS,
    restaurants=RESTAURANTS,
    suppliers=SUPPLIERS,
    markets=MARKETS,
)
