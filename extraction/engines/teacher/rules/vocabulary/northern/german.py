"""German, in Germany, Austria and Switzerland."""

from extraction.engines.teacher.rules.vocabulary.meanings import Meaning, Numbered, Vocabulary

VOCABULARY = Vocabulary(
    code="de",
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
        Numbered.DOCUMENT: r"rechnungs?|rg|beleg|bon|quittungs?",
    },
)
