"""Polish, as it is printed in Poland."""

from decimal import Decimal

from synthdocs.languages.base import Language, Market, Money, Trade, Wording, cities, listed, variants, wares

WORDING = Wording(
    receipt=variants("PARAGON FISKALNY | PARAGON | POTWIERDZENIE SPRZEDAŻY | Rachunek |"),
    invoice=variants("Faktura | FAKTURA VAT | Faktura VAT"),
    receipt_number=variants("Nr paragonu | Paragon nr | Nr wydruku | Nr rachunku | Nr sys."),
    invoice_number=variants("Faktura nr | Numer faktury | Nr faktury"),
    order_number=variants("Nr zamówienia | Zamówienie nr"),
    customer_number=variants("Nr klienta | Kod klienta"),
    date=variants("Data | DATA | Data i godz. |"),
    invoice_date=variants("Data wystawienia | Data | Wystawiono dnia | Data faktury"),
    due_date=variants("Termin płatności | Płatne do | Termin zapłaty"),
    delivery_date=variants("Data dostawy | Data sprzedaży | Data wykonania usługi"),
    time=variants("Godzina | Godz. | CZAS"),
    cashier=variants("Kasjer | KASJER | Obsługiwał | Sprzedawca | Kelner"),
    till=variants("Kasa | KASA | Stanowisko | Sklep"),
    table=variants("Stolik | STOLIK"),
    guests=variants("Osoby | Liczba osób"),
    item=variants("Nazwa | Towar | Nazwa towaru | Opis"),
    quantity=variants("Ilość | Il. | Szt."),
    price=variants("Cena | Cena jedn. | Cena netto"),
    amount=variants("Wartość | Kwota | Wartość netto"),
    item_count=variants("Liczba pozycji | Ilość towarów | Pozycje"),
    subtotal=variants("Suma częściowa | PODSUMA | Razem przed rabatem"),
    total=variants("SUMA PLN | SUMA | RAZEM | DO ZAPŁATY | Suma | Razem do zapłaty | Do zapłaty"),
    invoice_total=variants("Razem do zapłaty | Do zapłaty | Wartość brutto | Razem brutto | DO ZAPŁATY"),
    discount=variants("Rabat | RABAT | Upust | Promocja"),
    service=variants("Serwis {rate}%"),
    net=variants("Netto | Wartość netto | Sprzed. netto"),
    gross=variants("Brutto | Wartość brutto"),
    includes=variants("w tym {tax} {rate}% | zawiera {tax} {rate}% | {tax} {rate}%"),
    rounding=variants("Zaokrąglenie"),
    cash=variants("GOTÓWKA | Gotówka | Zapłacono gotówką | Wpłata"),
    change=variants("RESZTA | Reszta | Reszta gotówka"),
    card=variants("KARTA PŁATNICZA | Karta | Karta kredytowa | Płatność kartą | VISA"),
    approved=variants("TRANSAKCJA PRZYJĘTA | Kopia dla klienta | Zaakceptowano | Podpis niewymagany"),
    phone=variants("Tel. | Telefon | tel."),
    bill_to=variants("Nabywca | Klient | Kupujący |"),
    ship_to=variants("Odbiorca | Adres dostawy"),
    terms=variants(
        "Termin płatności: {days} dni. | Prosimy o zapłatę w ciągu {days} dni. | Płatność przelewem, {days} dni."
    ),
    bank=variants("Nr konta | Rachunek bankowy | Przelew na konto"),
    thanks=variants("Dziękujemy za zakupy! | DZIĘKUJEMY I ZAPRASZAMY | Dziękujemy | Miłego dnia | Do zobaczenia"),
    small_print=variants(
        "Zwrot w ciągu 14 dni z paragonem. | Paragon zachowaj do reklamacji. | Zapytaj o kartę klienta. | "
        "Towar przeceniony nie podlega wymianie. | Oceń nasz sklep."
    ),
    letter=variants("Za wykonane prace wystawiamy: | Zgodnie z zamówieniem: | Zestawienie towarów i usług: |"),
    paid=variants("ZAPŁACONO | OPŁACONE | ROZLICZONO | PRZYJĘTO"),
)

SHOPS = (
    Trade(
        variants("Delikatesy {last} | Sklep Spożywczy {last} | Warzywniak {last} | Market {city} | Społem {city}"),
        wares(
            """
            Mleko 2% 1L        | 0.8 | 1.3 | reduced
            Chleb żytni        | 1 | 2 | reduced
            Jaja 10 szt        | 2 | 3.6 | reduced
            Ser gouda 300g     | 2.5 | 5 | reduced
            Pomidory kg        | 1.5 | 3.5 | reduced
            Kiełbasa śląska kg | 5 | 9 | reduced
            Masło 200g         | 1.4 | 2.4 | reduced
            Płyn do naczyń     | 1.2 | 3
            Ręcznik papierowy  | 1 | 2.5
            Torba zakupowa     | 0.1 | 0.5
            """
        ),
    ),
    Trade(
        variants("Narzędzia {last} | Market Budowlany {last} | Artykuły Metalowe {last} | Farby {last}"),
        wares(
            """
            Wkręty 4x40 100 szt | 3 | 7
            Taśma malarska 50m  | 2 | 4
            Żarówka LED E27     | 2 | 6
            Pędzel 50 mm        | 2 | 5
            Młotek 500g         | 6 | 15
            Silikon biały       | 3 | 7
            Farba biała 5L      | 15 | 35
            Przedłużacz 5m      | 6 | 14
            """
        ),
    ),
    Trade(
        variants("Apteka {last} | Drogeria {last} | Apteka Pod Lwem | Apteka Rodzinna"),
        wares(
            """
            Ibuprofen 20 tabl   | 2 | 4 | reduced
            Krem z filtrem 50   | 8 | 16
            Plastry 20 szt      | 1.5 | 4
            Pasta do zębów      | 1.5 | 4
            Szampon 250ml       | 2 | 6
            Syrop na kaszel     | 4 | 8 | reduced
            Witamina C 60 tabl  | 3 | 7
            Krem do rąk         | 2 | 6
            """
        ),
    ),
    Trade(
        variants("Księgarnia {last} | Papiernik {last} | Art. Papiernicze {last}"),
        wares(
            """
            Powieść             | 8 | 13 | reduced
            Zeszyt A5           | 0.8 | 2
            Długopisy 4 szt     | 2 | 4
            Kalendarz książkowy | 7 | 16
            Pocztówka           | 0.5 | 1.2
            Papier ksero A4     | 4 | 7
            Piórnik             | 5 | 13
            Flamastry 12 szt    | 3 | 8
            """
        ),
    ),
)
RESTAURANTS = (
    Trade(
        variants(
            "Restauracja {last} | Karczma {last} | Bar Mleczny {city} | Gospoda Pod Dębem | Pierogarnia u {first}"
        ),
        wares(
            """
            Pierogi ruskie     | 5 | 9 | reduced
            Żurek              | 3.5 | 6 | reduced
            Kotlet schabowy    | 7 | 12 | reduced
            Barszcz czerwony   | 3 | 5 | reduced
            Placki ziemniaczane| 5 | 9 | reduced
            Bigos              | 5 | 8 | reduced
            Kompot             | 1.5 | 2.5 | reduced
            Piwo 0,5L          | 2.5 | 4.5
            Sernik             | 3 | 5 | reduced
            Herbata            | 1.5 | 3 | reduced
            """
        ),
        table=True,
    ),
    Trade(
        variants("Kawiarnia {last} | Piekarnia {last} | Cukiernia {last} | Lodziarnia {last}"),
        wares(
            """
            Kawa czarna        | 1.8 | 3 | reduced
            Latte              | 2.5 | 4 | reduced
            Drożdżówka         | 0.8 | 1.6 | reduced
            Pączek             | 0.7 | 1.4 | reduced
            Szarlotka          | 2.5 | 4 | reduced
            Kanapka z serem    | 2 | 3.8 | reduced
            Sok jabłkowy       | 1.2 | 2.4 | reduced
            Bułka kajzerka     | 0.2 | 0.5 | reduced
            """
        ),
        table=True,
    ),
)
SUPPLIERS = (
    Trade(
        variants("{last} Doradztwo | Biuro Rachunkowe {last} | {last} Informatyka | Pracownia {last}"),
        wares(
            """
            Konsultacje (godz.)       | 30 | 80
            Programowanie (godz.)     | 25 | 70
            Hosting miesięczny        | 6 | 40
            Licencja roczna           | 80 | 600
            Szkolenie, pół dnia       | 200 | 700
            Migracja danych           | 200 | 1800
            Abonament serwisowy       | 60 | 400
            Koszty dojazdu            | 20 | 150
            """
        ),
    ),
    Trade(
        variants("Hydraulika {last} | Auto Serwis {last} | Stolarnia {last} | Usługi Remontowe {last}"),
        wares(
            """
            Robocizna (godz.)       | 15 | 35
            Dojazd do klienta       | 10 | 30
            Materiały drobne        | 8 | 90
            Przegląd pieca          | 40 | 90
            Klocki hamulcowe        | 30 | 90
            Malowanie ścian, m²     | 4 | 10
            Mycie okien             | 20 | 100
            Wywóz gruzu             | 40 | 150
            """
        ),
    ),
)

MARKETS = (
    Market(
        code="PL",
        faker="pl_PL",
        money=Money((" zł", " PLN", "", " zł"), ",", " ", after=True),
        dates=variants(
            "{yyyy}-{mm}-{dd} | {dd}.{mm}.{yyyy} | {dd}-{mm}-{yyyy} | {d} {month} {yyyy} | {dd}.{mm}.{yy} | "
            "{dd}/{mm}/{yyyy}"
        ),
        times=variants("{hh}:{min} | {hh}:{min}:{sec}"),
        tax=variants("VAT | PTU | Podatek VAT"),
        rates=(Decimal(23), Decimal(8)),
        inclusive=True,
        suffixes=variants("Sp. z o.o. | S.A. | sp. j. | s.c. | Spółka z o.o. | Sp. k. |"),
        streets=variants(
            "ul. Długa | ul. Kościuszki | al. Jerozolimskie | pl. Wolności | ul. Mickiewicza | ul. Polna | "
            "os. Słoneczne | "
            "ul. Św. Jana | ul. Warszawska | ul. 3 Maja | al. Niepodległości"
        ),
        address=(
            ("{street} {number}", "{code} {city}"),
            ("{street} {number}/{unit}", "{code} {city}"),
            ("{street} {number}, {code} {city}",),
            ("{code} {city}", "{street} {number}"),
        ),
        cities=cities(
            "Warszawa | 0#-###; Kraków | 3#-###; Gdańsk | 80-###; Wrocław | 5#-###; Poznań | 6#-###; Łódź | 9#-###; "
            "Lublin | 20-###; Toruń | 87-###; Rzeszów | 35-###"
        ),
        phone=variants("## ### ## ## | +48 ### ### ### | ###-###-###"),
        tax_number=variants("NIP ###-###-##-## | NIP: ########## | NIP ########## REGON #########"),
        scale=3.6,
        notes=(10, 20, 50, 100, 200),
    ),
)

LANGUAGE = Language(
    code="pl",
    wording=WORDING,
    months=listed(
        "stycznia, lutego, marca, kwietnia, maja, czerwca, lipca, sierpnia, września, października, listopada, grudnia"
    ),
    short_months=listed("sty, lut, mar, kwi, maj, cze, lip, sie, wrz, paź, lis, gru"),
    shops=SHOPS,
    restaurants=RESTAURANTS,
    suppliers=SUPPLIERS,
    markets=MARKETS,
    script="accented",
)
