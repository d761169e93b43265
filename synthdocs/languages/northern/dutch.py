"""Dutch, as it is printed in the Netherlands and Flanders."""

from decimal import Decimal

from synthdocs.languages.base import Language, Market, Money, Trade, Wording, cities, listed, variants, wares

WORDING = Wording(
    receipt=variants("KASSABON | Bon | BEWIJS VAN AANKOOP | Kassaticket | KLANTTICKET |"),
    invoice=variants("Factuur | FACTUUR"),
    receipt_number=variants("Bonnr. | Bonnummer | Transactie | Ticketnr. | Bon nr"),
    invoice_number=variants("Factuurnummer | Factuurnr. | Factuur nr."),
    order_number=variants("Ordernummer | Uw bestelling | Bestelnr."),
    customer_number=variants("Klantnummer | Klantnr. | Debiteurnummer"),
    date=variants("Datum | DATUM | Datum/tijd |"),
    invoice_date=variants("Factuurdatum | Datum | Datum factuur"),
    due_date=variants("Vervaldatum | Te betalen voor | Uiterste betaaldatum | Betalen vóór"),
    delivery_date=variants("Leverdatum | Geleverd op | Datum levering"),
    time=variants("Tijd | TIJD | Tijdstip"),
    cashier=variants("Kassier | Caissière | Medewerker | U werd geholpen door | Bediening"),
    till=variants("Kassa | KASSA | Terminal | Filiaal"),
    table=variants("Tafel | TAFEL"),
    guests=variants("Gasten | Personen"),
    item=variants("Artikel | Omschrijving | Product"),
    quantity=variants("Aantal | Aant. | Stuks"),
    price=variants("Prijs | Stuksprijs | Prijs p/st"),
    amount=variants("Bedrag | BEDRAG | Regeltotaal"),
    item_count=variants("Aantal artikelen | Aantal stuks | Artikelen"),
    subtotal=variants("Subtotaal | SUBTOTAAL | Tussentotaal"),
    total=variants("TOTAAL | Totaal | Te betalen | TE BETALEN | Totaalbedrag | TOTAAL EUR | Eindtotaal"),
    invoice_total=variants("Totaal incl. btw | Te betalen | Totaalbedrag | Totaal | Factuurbedrag"),
    discount=variants("Korting | KORTING | Klantenkorting | Actie"),
    service=variants("Bediening {rate}%"),
    net=variants("Excl. btw | Netto | Grondslag"),
    gross=variants("Incl. btw | Bruto"),
    includes=variants("waarvan {tax} {rate}% | incl. {rate}% {tax} | {tax} {rate}%"),
    rounding=variants("Afronding | AFRONDING"),
    cash=variants("CONTANT | Contant | Contant ontvangen | Ontvangen"),
    change=variants("WISSELGELD | Wisselgeld | Terug | Retour"),
    card=variants("PINNEN | PIN | Bankpas | Bancontact | Maestro | Betaalkaart"),
    approved=variants("AKKOORD | Betaling geslaagd | Kopie kaarthouder | Transactie goedgekeurd"),
    phone=variants("Tel. | Telefoon | Tel"),
    bill_to=variants("Factuur aan | Klant | Factuuradres |"),
    ship_to=variants("Afleveradres | Leveren aan"),
    terms=variants(
        "Betalingstermijn: {days} dagen. | Gelieve te betalen binnen {days} dagen. | "
        "Wij verzoeken u het bedrag binnen {days} dagen over te maken."
    ),
    bank=variants("Bankrekening | Rekeningnummer | IBAN"),
    thanks=variants("Bedankt voor uw bezoek! | BEDANKT EN TOT ZIENS | Dank u wel | Fijne dag verder | Graag tot ziens"),
    small_print=variants(
        "Ruilen binnen 14 dagen met kassabon. | Bewaar deze bon voor de garantie. | "
        "Afgeprijsde artikelen niet ruilen. | "
        "Spaar mee met onze klantenkaart. | Vertel ons wat u vond."
    ),
    letter=variants(
        "Hierbij brengen wij in rekening: | Voor de uitgevoerde werkzaamheden: | Volgens uw bestelling leverden wij: |"
    ),
    paid=variants("BETAALD | VOLDAAN | ONTVANGEN | GEBOEKT"),
)

SHOPS = (
    Trade(
        variants("Buurtwinkel {last} | Kaashandel {last} | Groenteboer {last} | Slagerij {last} | Versmarkt {city}"),
        wares(
            """
            Halfvolle melk 1L     | 1 | 1.6 | reduced
            Volkorenbrood         | 1.8 | 3.4 | reduced
            Eieren 10 st          | 2.2 | 3.9 | reduced
            Goudse kaas 500g      | 4.5 | 8 | reduced
            Trostomaten           | 1.4 | 3 | reduced
            Stroopwafels          | 1.5 | 3 | reduced
            Hagelslag puur        | 1.8 | 3.2 | reduced
            Afwasmiddel           | 1.2 | 3
            Keukenrol 4 st        | 2 | 4
            Draagtas              | 0.1 | 0.5
            """
        ),
    ),
    Trade(
        variants("IJzerhandel {last} | Bouwmarkt {last} | Verfwinkel {last} | Gereedschap {last}"),
        wares(
            """
            Schroeven 4x40 100 st | 4 | 9
            Afplaktape 50m        | 2 | 5
            Ledlamp E27           | 3 | 8
            Kwast 50mm            | 3 | 7
            Hamer 500g            | 9 | 20
            Kit wit               | 4 | 8
            Muurverf 5L           | 22 | 50
            Verlengsnoer 5m       | 8 | 18
            """
        ),
    ),
    Trade(
        variants("Apotheek {last} | Drogisterij {last} | Apotheek Centrum"),
        wares(
            """
            Paracetamol 50 st   | 1.2 | 3 | reduced
            Zonnebrand SPF50    | 8 | 17
            Pleisters 20 st     | 2 | 5
            Tandpasta 75ml      | 1.5 | 4
            Shampoo 250ml       | 2.5 | 7
            Hoestdrank 150ml    | 4 | 8 | reduced
            Vitamine C 60 st    | 4 | 9
            Handcrème           | 2.5 | 7
            """
        ),
    ),
    Trade(
        variants("Boekhandel {last} | Kantoorwinkel {last} | De Leesplank"),
        wares(
            """
            Pocketboek         | 9 | 15 | reduced
            Notitieboek A5     | 3 | 9
            Balpennen 4 st     | 2 | 5
            Agenda             | 8 | 20
            Wenskaart          | 1.5 | 3.5
            Printpapier 500 vel| 4 | 8
            Etui               | 5 | 14
            Stiften 12 st      | 4 | 9
            """
        ),
    ),
)
RESTAURANTS = (
    Trade(
        variants("Restaurant {last} | Eetcafé {last} | Bistro De Linde | Pannenkoekenhuis {last} | Bij {first}"),
        wares(
            """
            Bitterballen 8 st  | 7 | 10 | reduced
            Pannenkoek spek    | 9 | 13 | reduced
            Saté met friet     | 14 | 20 | reduced
            Uitsmijter         | 8 | 12 | reduced
            Tomatensoep        | 5 | 8 | reduced
            Mosselen           | 18 | 27 | reduced
            Biefstuk           | 19 | 27 | reduced
            Bier 25cl          | 2.8 | 4
            Huiswijn glas      | 4 | 6
            Koffie             | 2.4 | 3.5 | reduced
            """
        ),
        table=True,
    ),
    Trade(
        variants("Bakkerij {last} | Lunchroom {last} | Koffiehuis {last} | Banketbakkerij {last}"),
        wares(
            """
            Appeltaart         | 3 | 5 | reduced
            Cappuccino         | 2.8 | 4 | reduced
            Broodje kaas       | 3.5 | 5.5 | reduced
            Saucijzenbroodje   | 1.8 | 3 | reduced
            Krentenbol         | 0.8 | 1.5 | reduced
            Verse jus          | 3 | 5 | reduced
            Tompouce           | 2 | 3.4 | reduced
            Croissant          | 1.2 | 2.2 | reduced
            """
        ),
        table=True,
    ),
)
SUPPLIERS = (
    Trade(
        variants("{last} Advies | {last} Automatisering | Adviesbureau {last} | {last} en {last} Ingenieurs"),
        wares(
            """
            Advies (uren)              | 75 | 140
            Ontwikkeling (uren)        | 65 | 120
            Webhosting per maand       | 10 | 70
            Softwarelicentie per jaar  | 120 | 900
            Training, halve dag        | 350 | 1000
            Dataconversie              | 300 | 2200
            Onderhoudscontract         | 120 | 700
            Reiskosten                 | 30 | 250
            """
        ),
    ),
    Trade(
        variants("Loodgietersbedrijf {last} | Garage {last} | Timmerbedrijf {last} | Schildersbedrijf {last}"),
        wares(
            """
            Arbeid (uren)           | 42 | 75
            Voorrijkosten           | 25 | 55
            Klein materiaal         | 8 | 90
            Onderhoud cv-ketel      | 80 | 150
            Remblokken voor         | 45 | 130
            Schilderwerk per m²     | 9 | 20
            Glasbewassing           | 30 | 140
            Afvoer puin             | 40 | 160
            """
        ),
    ),
)

MARKETS = (
    Market(
        code="NL",
        faker="nl_NL",
        money=Money(("€ ", "€", "EUR ", ""), ",", "."),
        dates=variants("{dd}-{mm}-{yyyy} | {d}-{m}-{yyyy} | {d} {month} {yyyy} | {dd}/{mm}/{yyyy} | {dd}-{mm}-{yy}"),
        times=variants("{hh}:{min} | {hh}:{min} uur | {hh}:{min}:{sec}"),
        tax=variants("btw | BTW"),
        rates=(Decimal(21), Decimal(9)),
        inclusive=True,
        suffixes=variants("B.V. | BV | V.O.F. | N.V. | & Zn. | | VOF"),
        streets=variants(
            "Kerkstraat | Dorpsstraat | Molenweg | Prinsengracht | Marktplein | Stationslaan | Nieuwe Haven | "
            "Lindelaan | "
            "Oude Dijk | Hoogstraat | Julianakade"
        ),
        address=(
            ("{street} {number}", "{code} {city}"),
            ("{street} {number}", "{code}  {city}"),
            ("{street} {number}, {code} {city}",),
        ),
        cities=cities(
            "Utrecht | 35## @@; Rotterdam | 30## @@; Amsterdam | 10## @@; Groningen | 97## @@; Zwolle | 80## @@; "
            "Leiden | 23## @@; Breda | 48## @@; Haarlem | 20## @@; Arnhem | 68## @@"
        ),
        phone=variants("0##-####### | 0## ### ## ## | +31 ## #######"),
        tax_number=variants("KvK ######## | BTW NL#########B## | KvK-nr. ######## | btw-nr. NL#########B##"),
        cash_step=Decimal("0.05"),
        weight=3,
    ),
    Market(
        code="BE-NL",
        faker="nl_BE",
        money=Money((" €", "€ ", " EUR", ""), ",", ".", after=True),
        dates=variants("{dd}/{mm}/{yyyy} | {dd}-{mm}-{yyyy} | {d} {month} {yyyy}"),
        times=variants("{hh}:{min} | {hh}u{min}"),
        tax=variants("BTW | btw"),
        rates=(Decimal(21), Decimal(6)),
        inclusive=True,
        suffixes=variants("BV | NV | bvba | CV |"),
        streets=variants("Meir | Veldstraat | Bondgenotenlaan | Grote Markt | Steenweg | Kapellestraat | Tiensevest"),
        address=(("{street} {number}", "{code} {city}"), ("{street} {number}, {code} {city}",)),
        cities=cities("Gent | 90##; Antwerpen | 20##; Brugge | 80##; Leuven | 30##; Hasselt | 35##"),
        phone=variants("0# ### ## ## | +32 # ### ## ##"),
        tax_number=variants("BTW BE 0###.###.### | Ondernemingsnr. 0###.###.###"),
        cash_step=Decimal("0.05"),
    ),
)

LANGUAGE = Language(
    code="nl",
    wording=WORDING,
    months=listed("januari, februari, maart, april, mei, juni, juli, augustus, september, oktober, november, december"),
    short_months=listed("jan, feb, mrt, apr, mei, jun, jul, aug, sep, okt, nov, dec"),
    shops=SHOPS,
    restaurants=RESTAURANTS,
    suppliers=SUPPLIERS,
    markets=MARKETS,
    script="accented",
)
