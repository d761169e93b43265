"""Italian, as it is printed in Italy."""

from decimal import Decimal

from synthdocs.languages.base import Language, Market, Money, Trade, Wording, cities, listed, variants, wares

WORDING = Wording(
    receipt=variants("DOCUMENTO COMMERCIALE | SCONTRINO | RICEVUTA FISCALE | Scontrino fiscale | COPIA CLIENTE |"),
    invoice=variants("Fattura | FATTURA"),
    receipt_number=variants("Documento N. | Scontrino N. | Doc. N. | Ricevuta n. | N. operazione"),
    invoice_number=variants("Fattura N. | Numero fattura | N. fattura"),
    order_number=variants("Ordine N. | Vostro ordine | N. ordine"),
    customer_number=variants("Codice cliente | Cliente N. | Cod. cliente"),
    date=variants("Data | DATA | Data/Ora |"),
    invoice_date=variants("Data fattura | Data | Data di emissione | Data documento"),
    due_date=variants("Scadenza | Data di scadenza | Da pagare entro il"),
    delivery_date=variants("Data di consegna | Consegnato il | Data della prestazione"),
    time=variants("Ora | ORA"),
    cashier=variants("Cassiere | Operatore | Servito da | Addetto | Cameriere"),
    till=variants("Cassa | CASSA | Terminale | Negozio"),
    table=variants("Tavolo | TAVOLO"),
    guests=variants("Coperti | Persone"),
    item=variants("Articolo | Descrizione | Prodotto | DESCRIZIONE"),
    quantity=variants("Q.tà | Quantità | Qta"),
    price=variants("Prezzo | Prezzo unit. | P. unitario"),
    amount=variants("Importo | Prezzo (€) | Valore"),
    item_count=variants("Numero pezzi | N. articoli | Pezzi"),
    subtotal=variants("Subtotale | SUBTOTALE | Sub-totale | Totale parziale"),
    total=variants("TOTALE | TOTALE COMPLESSIVO | Totale euro | TOTALE EURO | Totale da pagare | IMPORTO PAGATO"),
    invoice_total=variants("Totale fattura | Totale da pagare | TOTALE DOCUMENTO | Netto a pagare | Importo totale"),
    discount=variants("Sconto | SCONTO | Sconto fedeltà | Promozione"),
    service=variants("Servizio {rate}%"),
    net=variants("Imponibile | Netto | Totale imponibile"),
    gross=variants("Lordo | Importo"),
    includes=variants("di cui {tax} {rate}% | {tax} {rate}% inclusa | {tax} {rate}%"),
    rounding=variants("Arrotondamento | ARROT."),
    cash=variants("CONTANTI | Contanti | Pagamento contante | Contante ricevuto"),
    change=variants("RESTO | Resto | Resto contanti"),
    card=variants("CARTA DI CREDITO | Bancomat | Pagamento elettronico | Carta | VISA"),
    approved=variants("TRANSAZIONE ESEGUITA | Copia cliente | Firma non richiesta | Approvata"),
    phone=variants("Tel. | Telefono | TEL"),
    bill_to=variants("Spett.le | Cliente | Fatturare a |"),
    ship_to=variants("Destinazione merce | Luogo di consegna"),
    terms=variants(
        "Pagamento: bonifico a {days} giorni. | Pagamento a {days} giorni data fattura. | "
        "Vi preghiamo di saldare entro {days} giorni."
    ),
    bank=variants("Coordinate bancarie | Bonifico su | IBAN"),
    thanks=variants("Grazie e arrivederci! | GRAZIE PER LA VISITA | Grazie per l'acquisto | Buona giornata"),
    small_print=variants(
        "Cambio merce entro 14 giorni con scontrino. | Conservare lo scontrino per la garanzia. | "
        "Richiedi la carta fedeltà. | La merce in saldo non si cambia. | Lascia la tua opinione in cassa."
    ),
    letter=variants(
        "Vi fatturiamo quanto segue: | Per i lavori eseguiti presso di Voi: | Dettaglio della fornitura: |"
    ),
    paid=variants("PAGATO | SALDATO | INCASSATO | QUIETANZATO"),
)

SHOPS = (
    Trade(
        variants("Alimentari {last} | Salumeria {last} | Minimarket {last} | Bottega di {first} | Gastronomia {last}"),
        wares(
            """
            Latte fresco 1L       | 1.3 | 2 | reduced
            Pane casereccio       | 1.5 | 3.5 | reduced
            Uova bio 6pz          | 2 | 3.5 | reduced
            Parmigiano 300g       | 5 | 9 | reduced
            Pomodori ciliegini    | 1.8 | 4 | reduced
            Prosciutto crudo etto | 2.5 | 4.5 | reduced
            Pasta 500g            | 0.9 | 2 | reduced
            Olio extravergine     | 6 | 12 | reduced
            Detersivo piatti      | 1.3 | 3
            Shopper               | 0.1 | 0.2
            """
        ),
    ),
    Trade(
        variants("Ferramenta {last} | Colorificio {last} | Casalinghi {last} | Utensileria {last}"),
        wares(
            """
            Viti 4x40 100pz     | 3 | 8
            Nastro carta 50m    | 2 | 5
            Lampadina LED E27   | 2 | 7
            Pennello 50mm       | 3 | 7
            Martello 500g       | 8 | 20
            Silicone bianco     | 4 | 8
            Idropittura 4L      | 14 | 35
            Prolunga 5m         | 7 | 16
            """
        ),
    ),
    Trade(
        variants("Farmacia {last} | Erboristeria {last} | Profumeria {last} | Farmacia Centrale"),
        wares(
            """
            Ibuprofene 200 24cpr | 4 | 8 | reduced
            Crema solare SPF50   | 9 | 19
            Cerotti 20pz         | 2 | 5
            Dentifricio 75ml     | 1.5 | 4
            Shampoo 250ml        | 2.5 | 8
            Sciroppo tosse       | 6 | 11 | reduced
            Vitamina C 20cpr     | 4 | 9
            Crema mani           | 3 | 8
            """
        ),
    ),
    Trade(
        variants("Libreria {last} | Cartoleria {last} | Edicola {last} | Cartolibreria {last}"),
        wares(
            """
            Romanzo tascabile  | 9 | 14
            Quaderno A4        | 1.5 | 4
            Penne gel 3pz      | 2 | 5
            Agenda 12 mesi     | 9 | 22
            Biglietto auguri   | 1.5 | 4
            Risma carta A4     | 4 | 8
            Astuccio           | 5 | 15
            Evidenziatori 4pz  | 3 | 7
            """
        ),
    ),
)
RESTAURANTS = (
    Trade(
        variants("Trattoria {last} | Ristorante {last} | Osteria del Borgo | Pizzeria Da {first} | Taverna {last}"),
        wares(
            """
            Coperto            | 1.5 | 3 | reduced
            Pizza Margherita   | 5 | 9 | reduced
            Spaghetti vongole  | 11 | 18 | reduced
            Tagliata manzo     | 16 | 26 | reduced
            Insalata mista     | 4 | 7 | reduced
            Bruschetta         | 4 | 7 | reduced
            Acqua naturale 1L  | 2 | 3 | reduced
            Vino casa 0,5L     | 5 | 9 | reduced
            Tiramisù           | 4.5 | 7 | reduced
            Caffè              | 1.1 | 2 | reduced
            """
        ),
        table=True,
    ),
    Trade(
        variants("Bar {last} | Caffetteria {last} | Panificio {last} | Pasticceria {last} | Gelateria {last}"),
        wares(
            """
            Espresso           | 1 | 1.6 | reduced
            Cappuccino         | 1.3 | 2.2 | reduced
            Cornetto crema     | 1.2 | 2 | reduced
            Tramezzino         | 2.5 | 4 | reduced
            Focaccia           | 2 | 4 | reduced
            Spremuta arancia   | 3 | 5 | reduced
            Cono due gusti     | 2.5 | 4 | reduced
            Acqua 0,5L         | 1 | 1.5 | reduced
            """
        ),
    ),
)
SUPPLIERS = (
    Trade(
        variants("Studio {last} | {last} Consulenza | {last} Informatica | {last} & {last} Ingegneria"),
        wares(
            """
            Consulenza (ore)           | 50 | 120
            Sviluppo software (ore)    | 40 | 90
            Hosting mensile            | 10 | 60
            Licenza software annuale   | 100 | 800
            Formazione, mezza giornata | 250 | 800
            Migrazione dati            | 300 | 2200
            Canone assistenza          | 90 | 600
            Spese di trasferta         | 40 | 300
            """
        ),
    ),
    Trade(
        variants("Idraulica {last} | Officina {last} | Falegnameria {last} | Impianti {last} | Autofficina {last}"),
        wares(
            """
            Manodopera (ore)        | 28 | 55
            Diritto di chiamata     | 20 | 50
            Materiale vario         | 10 | 120
            Manutenzione caldaia    | 60 | 130
            Pastiglie freno         | 40 | 120
            Tinteggiatura, m²       | 5 | 14
            Pulizia vetri           | 30 | 140
            Smaltimento             | 20 | 90
            """
        ),
    ),
)

MARKETS = (
    Market(
        code="IT",
        faker="it_IT",
        money=Money((" €", "€ ", "EUR ", "", ""), ",", ".", after=True),
        dates=variants("{dd}/{mm}/{yyyy} | {dd}-{mm}-{yyyy} | {dd}/{mm}/{yy} | {d} {month} {yyyy} | {dd}.{mm}.{yyyy}"),
        times=variants("{hh}:{min} | {hh}.{min} | {hh}:{min}:{sec}"),
        tax=variants("IVA | I.V.A."),
        rates=(Decimal(22), Decimal(10)),
        inclusive=True,
        suffixes=variants("S.r.l. | S.p.A. | S.n.c. | SRL | S.a.s. | e Figli s.n.c. |"),
        streets=variants(
            "Via Roma | Via Garibaldi | Corso Italia | Piazza Dante | Viale Europa | Via Mazzini | Largo Augusto | "
            "Vicolo Stretto | Via XX Settembre | Strada Statale | Via della Repubblica"
        ),
        address=(
            ("{street}, {number}", "{code} {city} ({region})"),
            ("{street} {number}", "{code} {city} {region}"),
            ("{street} n. {number}", "{code} {city}"),
            ("{street}, {number} - {code} {city} ({region})",),
        ),
        cities=cities(
            "Milano | 201## | MI; Torino | 101## | TO; Bologna | 401## | BO; Firenze | 501## | FI; "
            "Verona | 371## | VR; Bari | 701## | BA; Parma | 431## | PR; Siena | 53100 | SI; Roma | 001## | RM"
        ),
        phone=variants("0# ####### | 0## ###### | +39 0# ###### | 3## #######"),
        tax_number=variants("P.IVA ########### | P. IVA: ########### | Partita IVA ########### | C.F. ###########"),
    ),
)

LANGUAGE = Language(
    code="it",
    wording=WORDING,
    months=listed(
        "gennaio, febbraio, marzo, aprile, maggio, giugno, luglio, agosto, settembre, ottobre, novembre, dicembre"
    ),
    short_months=listed("gen, feb, mar, apr, mag, giu, lug, ago, set, ott, nov, dic"),
    shops=SHOPS,
    restaurants=RESTAURANTS,
    suppliers=SUPPLIERS,
    markets=MARKETS,
    script="accented",
)
