"""Shops, restaurants and suppliers with German names, and what they sell."""

from synthdocs.languages.base import Trade, wares

SHOPS = (
    Trade(
        ("Feinkost {last}", "Frischmarkt {last}", "Lebensmittel {last}", "Biomarkt {city}", "Hofladen {last}"),
        wares(
            """
            Vollmilch 3,5% 1L  | 0.9 | 1.8 | reduced
            Bauernbrot 750g    | 2.4 | 4.9 | reduced
            Eier Freiland 10er | 2 | 4 | reduced
            Bananen lose       | 0.9 | 2.4 | reduced
            Gouda jung 400g    | 2.5 | 5 | reduced
            Rispentomaten      | 1.2 | 3.4 | reduced
            Basmatireis 1kg    | 1.9 | 3.9 | reduced
            Hähnchenbrust      | 4 | 9 | reduced
            Orangensaft 1L     | 1.3 | 3.2
            Spülmittel         | 0.9 | 2.5
            Küchenrolle 4er    | 1.9 | 4
            Rapsöl 1L          | 2 | 5 | reduced
            Mineralwasser 6er  | 2 | 5
            Pfand 6x0,25       | 1.5 | 1.5
            Tragetasche        | 0.1 | 0.5
            """
        ),
    ),
    Trade(
        ("Eisenwaren {last}", "Baumarkt {last}", "{last} Werkzeuge", "Holz & Bau {city}"),
        wares(
            """
            Spax 4x40 100 St.  | 4 | 9
            Kreppband 50m      | 2 | 5
            Wandfarbe weiß 10L | 25 | 60
            Farbroller Set     | 6 | 14
            LED E27 9W         | 2 | 7
            Hammer 500g        | 9 | 22
            Silikon transp.    | 4 | 9
            Dübel 8mm 50er     | 2 | 5
            Kabeltrommel 25m   | 25 | 60
            Schleifpapier      | 2 | 6
            """
        ),
    ),
    Trade(
        ("Apotheke {last}", "Stadt-Apotheke {city}", "Drogerie {last}", "Rosen-Apotheke"),
        wares(
            """
            Ibuprofen 400 20St | 2.5 | 6
            Vitamin C Brause   | 3 | 8
            Sonnenmilch LSF50  | 6 | 15
            Pflaster 20 St.    | 2 | 5
            Zahncreme 75ml     | 1 | 4
            Shampoo 250ml      | 2 | 7
            Handcreme          | 2 | 7
            Hustensaft 100ml   | 5 | 10
            """
        ),
    ),
    Trade(
        ("Buchhandlung {last}", "{last} Bücher", "Papier & Büro {last}", "Schreibwaren {last}"),
        wares(
            """
            Taschenbuch        | 9 | 16 | reduced
            Notizbuch A5       | 4 | 14
            Gelschreiber 3er   | 3 | 7
            Grußkarte          | 2 | 4.5
            Stadtplan          | 5 | 9 | reduced
            Kopierpapier 500Bl | 4 | 8
            Klebestift         | 1 | 3
            Geschenkpapier     | 2 | 5
            """
        ),
    ),
    Trade(
        ("Tankstelle {last}", "{last} Mineralöle", "Autohof {city}"),
        wares(
            """
            Super E10        | 30 | 90
            Diesel           | 35 | 110
            Scheibenreiniger | 3 | 8
            Kaffee Crema     | 2 | 4
            Autowäsche Basis | 7 | 13
            Motoröl 1L       | 9 | 20
            Kaugummi         | 0.9 | 2
            """
        ),
    ),
    Trade(
        ("Modehaus {last}", "Schuhhaus {last}", "{last} Moden", "Textil {last}"),
        wares(
            """
            T-Shirt Baumwolle | 9 | 25
            Socken 3er        | 5 | 13
            Jeans 32/32       | 30 | 90
            Ledergürtel       | 15 | 45
            Schal Wolle       | 12 | 40
            Sneaker Gr. 42    | 40 | 120
            """
        ),
    ),
)

RESTAURANTS = (
    Trade(
        (
            "Gasthaus {last}",
            "Restaurant {last}",
            "Gasthof zur Post",
            "Zum goldenen Hirschen",
            "Ristorante Da {first}",
            "Wirtshaus {last}",
        ),
        wares(
            """
            Wiener Schnitzel | 14 | 26
            Schweinebraten   | 11 | 18
            Käsespätzle      | 9 | 16
            Gem. Salat       | 4 | 9
            Pizza Margherita | 8 | 14
            Tagessuppe       | 4 | 8
            Helles 0,5l      | 3.5 | 6
            Apfelschorle 0,4 | 3 | 5
            Grüner Veltliner | 4 | 8
            Mineralwasser    | 2.5 | 5
            Apfelstrudel     | 4 | 8
            Espresso         | 2 | 3.5
            """
        ),
        table=True,
    ),
    Trade(
        ("Café {last}", "Bäckerei {last}", "Konditorei {last}", "Backhaus {last}", "Bäckerei-Café {last}"),
        wares(
            """
            Breze          | 0.7 | 1.4 | reduced
            Croissant      | 1.4 | 2.8 | reduced
            Cappuccino     | 2.8 | 4.5
            Milchkaffee    | 3 | 5
            Käsebrötchen   | 2.5 | 4.5 | reduced
            Apfelkuchen    | 2.6 | 4.6 | reduced
            Roggenbrot 1kg | 3.5 | 6 | reduced
            Nussschnecke   | 1.9 | 3.4 | reduced
            """
        ),
        table=True,
    ),
)

SUPPLIERS = (
    Trade(
        ("{last} Unternehmensberatung", "{last} & {last} Ingenieure", "{last} IT-Service", "Nordlicht Software"),
        wares(
            """
            Beratung Senior (Std.)   | 90 | 180
            Projektleitung (Std.)    | 75 | 140
            Webhosting, monatlich    | 10 | 80
            Softwarelizenz, jährlich | 120 | 900
            Schulung, halber Tag     | 400 | 1200
            Datenübernahme           | 300 | 2500
            Wartungspauschale        | 120 | 700
            Reisekosten              | 40 | 400
            """
        ),
    ),
    Trade(
        ("{last} Bürobedarf", "Großhandel {last}", "{last} Verpackungen", "Elektro {last}"),
        wares(
            """
            Kopierpapier A4, Karton 5x500 | 18 | 36
            Toner schwarz                 | 45 | 140
            Archivboxen, 10 Stück         | 12 | 30
            Bürostuhl Netzrücken          | 90 | 320
            Stretchfolie 500 mm           | 6 | 14
            Netzwerkkabel CAT6, 305 m     | 70 | 160
            Leitungsschutzschalter B16    | 4 | 14
            LED-Panel 62 x 62             | 25 | 60
            Versandkosten                 | 5 | 20
            """
        ),
    ),
    Trade(
        (
            "{last} Heizung & Sanitär",
            "Malerbetrieb {last}",
            "Autohaus {last}",
            "Tischlerei {last}",
            "Gebäudereinigung {last}",
        ),
        wares(
            """
            Arbeitszeit (Std.)  | 45 | 85
            Anfahrtspauschale   | 25 | 60
            Kleinmaterial       | 8 | 90
            Wartung Heizung     | 90 | 180
            Bremsbeläge vorne   | 50 | 140
            Innenanstrich je m² | 6 | 14
            Fensterreinigung    | 30 | 140
            Entsorgung          | 20 | 90
            """
        ),
    ),
)
