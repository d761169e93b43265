"""German, in Germany, Austria and Switzerland."""

from extraction.engines.teacher.rules.vocabulary.meanings import Meaning, Numbered, Vocabulary

VOCABULARY = Vocabulary(
    code="de",
    phrases={
        Meaning.AMOUNT_DUE: (
            "zu zahlen, zahlbetrag, noch zu zahlen, zu zahlender betrag, offener betrag, fälliger betrag, "
            "restbetrag, zahllast, zahlungsbetrag, fälligkeitsbetrag, verbleibender betrag, "
            "zu überweisender betrag"
        ),
        Meaning.PREPAID: (
            "anzahlung, anzahlungen, vorauszahlung, bereits gezahlt, bereits bezahlt, abzüglich anzahlung, "
            "abschlagszahlung, geleistete zahlungen, geleistete anzahlungen"
        ),
        Meaning.GROSS: ("brutto, bruttobetrag, bruttosumme, inkl. mwst, inkl. ust, inkl. umsatzsteuer, einschl. mwst"),
        Meaning.TOTAL_DUE: (
            "bruttosumme, rechnungssumme, gesamtbetrag brutto, summe brutto, summe inkl. ust, "
            "summe inkl. mwst, gesamtsumme brutto, rechnungsendbetrag, gesamt brutto, "
            "rechnungsbetrag brutto, gesamtbetrag inkl. mwst, gesamtbetrag inkl. ust, "
            "summe inkl. umsatzsteuer"
        ),
        Meaning.SUBTOTAL: (
            "nettobetrag, summe netto, nettosumme, gesamtbetrag netto, gesamt netto, gesamtsumme netto, "
            "netto gesamt, nettowert, warenwert netto, rechnungsbetrag netto, zwischensumme netto, "
            "rechnungssumme ohne ust, summe ohne ust, netto summe, gesamtnetto, summe exkl. ust, "
            "summe positionen netto, total netto, positionssumme netto, nettorechnungsbetrag, "
            "nettogesamtbetrag"
        ),
        Meaning.TAX: (
            "umsatzsteuer, mehrwertsteuer, steuer, steuerbetrag, zzgl. ust, zzgl. mwst, "
            "zuzüglich umsatzsteuer, zuzüglich mwst, mwst betrag, ust betrag"
        ),
        Meaning.TAX_TOTAL: (
            "steuerbetrag, umsatzsteuerbetrag, mehrwertsteuerbetrag, steuer gesamt, ust gesamt, mwst gesamt, "
            "umsatzsteuer gesamt, summe mwst, summe ust, summe steuer, summe umsatzsteuer, mwst betrag, "
            "ust betrag, gesamt ust, gesamt mwst, steuersumme"
        ),
        Meaning.TAX_ELSEWHERE: (
            "ust idnr, ust id, ust id nr, steuernummer, inkl. mwst, inkl. ust, steuersatz, steuerfrei"
        ),
        Meaning.OTHER_AMOUNT: (
            "einzelpreis, stückpreis, preis, e-preis, einheitspreis, nettopreis, bruttopreis, listenpreis, pfand, saldo"
        ),
        Meaning.COUNT: "menge, anzahl, anz, stück, stk",
        Meaning.TIP: "trinkgeld",
        Meaning.TIME: "zeit, uhrzeit",
        Meaning.PHONE: "tel, telefon, fon, mobil, handy, mobiltelefon",
        Meaning.FAX: "fax, telefax",
        Meaning.DUE: (
            "zahlbar bis, fällig am, fällig bis, fälligkeit, fälligkeitsdatum, zahlungsziel, zahlungsfrist, "
            "zahlen bis, überweisen bis, bis spätestens, bis zum, zahlbar am, zahlungsfälligkeit, "
            "zu zahlen bis, fällig"
        ),
        Meaning.TAX_ID: (
            "ust idnr, ust id nr, ust id, umsatzsteuer identifikationsnummer, umsatzsteuer id, uid nr, "
            "uid nummer, uid, mwst nr, ustid, ustidnr, ust identnr, umsatzsteuer id nr, mwst nummer, vat nr"
        ),
        Meaning.ISSUER: "verkäufer, lieferant, rechnungssteller, verkäuferin, leistungserbringer",
        Meaning.RECIPIENT: (
            "käufer, rechnungsempfänger, leistungsempfänger, rechnungsadresse, rechnungsanschrift, kunde, auftraggeber"
        ),
    },
    patterns={
        Meaning.TOTAL_DUE: r"zu zahlen|gesamt(betrag|summe)|endbetrag|rechnungsbetrag|zahlbetrag|bruttobetrag",
        Meaning.TOTAL: r"\bsumme\b|\bgesamt\b",
        Meaning.PAYABLE: r"\bbetrag\b",
        Meaning.SUBTOTAL: r"zwischensumme|zw[.-]+summe",
        Meaning.BEFORE_TAX: r"\bnetto",
        Meaning.NET: r"\bnetto(betrag)?\b",
        Meaning.TAX: r"\b(mwst|ust)\b",
        Meaning.TAX_LINE: r"(^|total )(mwst|ust)\b(?!.*(incl|payable|due))",
        Meaning.DISCOUNT: r"rabatt|\baktion\b|nachlass|skonto",
        Meaning.ROUNDING: r"\brundung",
        Meaning.TENDERED: r"\bgegeben\b",
        Meaning.CASH: r"\bbar\b|\bbargeld\b",
        Meaning.CARD: r"girocard|ec-karte|kartenzahlung",
        Meaning.CHANGE: r"ruckgeld|zuruck|wechselgeld",
        Meaning.SERVICE: r"bedienung|trinkgeld",
        Meaning.COUNT: r"anzahl|posten",
        Meaning.DATE: r"\bdatum\b",
        Meaning.ISSUED: r"(rechnungs?|bon) ?-?datum",
        Meaning.DUE: r"fallig|zahlbar bis",
        Meaning.DELIVERY: r"liefer|leistung",
        Meaning.ORDERED: r"bestellt|zahlbar",
        Meaning.LEGAL_FORM: (
            r"\bgmbh\b|ges\.?m\.?b\.?h\.?|\bco\.? ?kg\b|\bkg\b|\bohg\b|\be\.? ?[kuv]\.|\bag\b|\bug\b|"
            r"\(?haftungsbeschrankt\)?"
        ),
        Meaning.TRADE: (r"apotheke|backerei|gasthaus|gasthof|handel|markt|laden|buchhandlung|wirt\b|stube"),
        Meaning.STREET: (r"stra(?:ss|ß)e\b|str\.|\bweg\b|\w+weg\b|platz\b|gasse\b|allee\b|\bufer\b|damm\b"),
        Meaning.UNIT: r"^postfach",
        Meaning.REGION: r"deutschland|osterreich|schweiz",
        Meaning.CONTACT: r"\btelefon",
        Meaning.REGISTRATION: r"\bust\b|\buid\b|\bsteuer|st\.-?nr|\bche-",
        Meaning.TITLE: (
            r"\brechnung\b|quittung|kassenbon|beleg\b|bar-verkauf|willkommen|danke|\bdatum\b|lieferanschrift"
        ),
        Meaning.RECIPIENT: r"rechnung an|\bkunde\b|lieferanschrift|lieferung an",
    },
    postcodes=(r"(?:^|,\s)(?:[A-Z]{1,2}-)?\d{4}\s[^\W\d_][\w. -]+$",),
    numbered={
        Numbered.CUSTOMER: r"kunden",
        Numbered.ORDER: r"bestell|auftrags",
        Numbered.TAX: r"ust-?id|uid|steuer|st\.",
        Numbered.TABLE: r"tisch",
        Numbered.DOCUMENT: r"\w{0,15}rechnungs?|gutschrifts?|rg|beleg|bon|quittungs?",
    },
    labels={
        "cashier": "kassierer, kassiererin, bediener, es bediente sie, kasse",
        "server": "kellner, bedienung, es bediente sie",
        "table": "tisch, tisch nr",
        "payment method": "zahlungsart, zahlart, zahlungsweise",
        "payment terms": "zahlungsbedingungen, zahlungsbedingung, zahlungskonditionen",
        "reference": "referenz, ihr zeichen, ihre referenz, verwendungszweck, unser zeichen",
        "project": "projekt, bauvorhaben, objekt",
        "contact": "ansprechpartner, kontakt, sachbearbeiter",
        "bank": "bank, kreditinstitut",
        "guests": "gäste, personen",
        "store": "filiale, markt",
        "period": "zeitraum, leistungszeitraum, abrechnungszeitraum",
        "delivery note": "lieferschein, lieferschein nr, lieferscheinnummer",
    },
)
