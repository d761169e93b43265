"""Words by which printed labels, names and addresses are known. English, German and Malay, some of other languages."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

Weighted = Sequence[tuple[re.Pattern[str], float]]


def _words(*rows: tuple[str, float]) -> Weighted:
    return tuple((re.compile(pattern, re.IGNORECASE), weight) for pattern, weight in rows)


def _any(words: str) -> re.Pattern[str]:
    return re.compile(words, re.IGNORECASE)


# What the text left of an amount says about it. A label's strongest word for a role counts, and all words against it.
TOTAL = _words(
    (r"grand\s?total|total (to pay|payable|due)|(amount|balance) (due|payable)|nett? ?totai?l|invoice total", 4.0),
    (r"(total|amount).{0,14}(after|incl\w*|rounded|rounding|round\b)|round\w* (total|amount)|\brounded\b", 3.8),
    (r"zu zahlen|gesamt(betrag|summe)|endbetrag|rechnungsbetrag|zahlbetrag|bruttobetrag", 4.0),
    (r"(total|montant|net|importe) (ttc|à payer|a pagar)|totale|totaal|jumlah", 3.2),
    (r"\bt[o0]t[ao][l1i]\b|\bsumme\b|\bgesamt\b|\btotal", 3.0),
    (r"\bpayable\b|\bto pay\b|\bamount\b|\bamt\b|\bdue\b|\bnett?\b|\bbetrag\b", 1.6),
    (r"\bpayment\b|\bcash\b|\bvisa\b|\bmaster\w*|\bcard\b|\bbar\b", 0.8),
)
SUBTOTAL = _words(
    (r"sub[\s.-]?total|zwischensumme|zw[.-]+summe|sous[- ]total|total (sales )?\(?(excl|before|without)\w*", 4.0),
    (r"\bexcl\w*|\bbefore (gst|tax|vat)|\bnet(to|t)?(betrag| amount)?\b", 2.0),
)
TAX = _words(
    (r"(total|amount) (gst|tax|vat|sst)\b|(gst|tax|vat|sst) (amount|total|payable)|service tax", 3.0),
    (r"\b(sales tax|gst|sst|vat|mwst|ust|tva|iva|btw|tax)\b", 2.2),
)
DISCOUNT = _words((r"\bdisc(ount)?\b|\brebate|\bsavings?\b|\bpromo|rabatt|\baktion\b|nachlass|remise|skonto", 3.0))
ROUNDING = _words((r"\bround(ing|ed)?( adj\w*)?\b|\brundung", 3.0))
TENDERED = _words((r"\bcash\b|\btender\w*|\bpaid\b|\breceived\b|\bgegeben\b|\bbar\b|\btunai\b", 3.0))
CHANGE = _words((r"\bchange\b|r[üu]ckgeld|zur[üu]ck|\bbaki\b|wechselgeld", 3.0))
SERVICE = _words((r"service|svc|\btips?\b|gratuity|bedienung|trinkgeld", 3.0))

NOT_TOTAL = _words(
    (r"sub[\s.-]?t[o0]t[ao]l|zwischensumme|zw[.-]+summe", 2.6),
    (r"\bexcl\w*|before|without|\bnetto", 2.2),
    (r"(^|total )(gst|sst|vat|tax|mwst|ust)\b(?!.*(incl|payable|due))|(gst|ta[sx]|vat) (amount|total)", 2.6),
    (r"\bdisc(ount)?\b|\bsavings?\b|rabatt|\bpromo", 3.0),
    (r"\bqty\b|quantity|\bitems?\b|anzahl|posten|pieces|\bpcs\b|suppl(y|ies)", 2.2),
    (r"\bchange\b|r[üu]ckgeld|zur[üu]ck|\bbaki\b", 4.0),
    (r"tender|\bpaid\b|received|gegeben", 2.0),
    (r"round(ing|ed)? ?(adj\w*|diff\w*|error)|^\W*rounding\b|rundung", 3.0),
    (r"points?|member|balance b|saved|deposit|unit price|\bprice\b|rate|summary|\bsr\b|\bzr\b", 2.0),
)
NOT_TAX = _words((r"\bincl|excl|before|\b(id|no|reg\w*)\b|invoice|summary|total sales|amt\b", 1.5))
NOT_SUBTOTAL = _words((r"incl|change|cash|round", 2.0))
MONEY: Mapping[str, tuple[re.Pattern[str], Weighted, Weighted]] = {
    # role: (what a field is called that wants it, labels for it, labels against it)
    "discount": (re.compile(r"discount|rebate|saving"), DISCOUNT, ()),
    "rounding": (re.compile(r"rounding"), ROUNDING, _words((r"total", 2.0))),
    "change": (re.compile(r"\bchange"), CHANGE, ()),
    "tendered": (re.compile(r"tender|cash|\bpaid"), TENDERED, ()),
    "service": (re.compile(r"service|\btip|gratuity"), SERVICE, ()),
    "subtotal": (re.compile(r"sub ?total|\bnet\b|before tax|excl"), SUBTOTAL, NOT_SUBTOTAL),
    "tax": (re.compile(r"\b(tax|vat|gst|sst|mwst)\b"), TAX, NOT_TAX),
    "total": (re.compile(r"total|amount|\bsum\b|due|payable|gross|betrag"), TOTAL, NOT_TOTAL),
}

DATE = _words(
    (r"(invoice|receipt|bill|issue|trans\w*|doc\w*|rechnungs?|bon) ?-?(date|datum)|date of issue|issued", 2.6),
    (r"\bdate\b|\bdatum\b|\btarikh\b|\bfecha\b|\bdata\b|\bdate", 2.0),
)
DUE = _words((r"\bdue\b|pay(able)? by|f[äa]llig|zahlbar bis|échéance|vencimiento", 3.0))
DELIVERY = _words((r"deliver|shipped|supply|liefer|leistung", 3.0))
NOT_ISSUED = _words(
    (r"\bdue\b|pay(able)? by|f[äa]llig|zahlbar|deliver|shipped|supply|liefer|leistung|order date|bestellt", 3.0),
    (r"valid|expir|until|birth|since|member|from\b|version|print(ed)?\b", 2.0),
)
DATES: Mapping[str, tuple[re.Pattern[str], Weighted, Weighted]] = {
    "due": (re.compile(r"\bdue|payable"), DUE, ()),
    "delivery": (re.compile(r"deliver|ship|supply|service date"), DELIVERY, ()),
    "issued": (re.compile(r""), DATE, NOT_ISSUED),
}

LEGAL_FORM = _any(
    r"sdn\.?,?\s?bhd\.?|\bs/b\b|\bbhd\b|\bplt\b|\bgmbh\b|ges\.?m\.?b\.?h\.?|\bco\.? ?kg\b|\bkg\b|\bohg\b|"
    r"\be\.? ?[kuv]\.|\bag\b|\bug\b|\bltd\b\.?|\blimited\b|\bllc\b|\bllp\b|\binc\b\.?|\bcorp\b\.?|\bplc\b|\bdac\b|"
    r"\bpty\b|\bco\.|\bs\.?a\.?r\.?l\b|\bs\.?r\.?l\b|\bb\.v\.|\boy\b|\bab\b|\bpte\b|\bpty\.?\s?ltd\.?|"
    r"\(?haftungsbeschr[äa]nkt\)?"
)
TRADE = _any(
    r"enterprise|trading|company|restoran|restaurant|kedai|perniagaan|syarikat|mart\b|market|store|stationer|hardware|"
    r"pharmacy|book|caf[eé]|coffee|bistro|bakery|kitchen|supermarket|shop|centre|motor|petrol|station\b|hotel|"
    r"apotheke|b[äa]ckerei|gasthaus|gasthof|handel|markt|laden|buchhandlung|grocer|supplies|services?\b|"
    r"electronics?|gallery|holdings?|marketing|industr|confectionery|house\b|\b& (?:sons?|co)\b|pub\b|wirt\b|stube"
)
STREET = _any(
    r"\bjalan\b|\bjln\b|\bjl\b|\blorong\b|\blrg\b|\btaman\b|\btmn\b|\bbandar\b|\bkampung\b|\bkg\b|\bpersiaran\b|"
    r"\bseksyen\b|\bsection\b|\bkawasan\b|\bmukim\b|\bbatu\b|\bdataran\b|\bplaza\b|\bmall\b|\bcomplex|\bkompleks\b|"
    r"\bstreet\b|\bst\b\.?|\broad\b|\brd\b\.?|\bavenue\b|\bave\b\.?|\blane\b|\bdrive\b|\bblvd\b|\bboulevard\b|"
    r"\bway\b|\bcourt\b|\bsquare\b|\bhighway\b|\bparade\b|\bterrace\b|\bclose\b|\bquay\b|\bhill\b|\bgate\b|"
    r"stra(?:ss|ß)e\b|str\.|\bweg\b|\w+weg\b|platz\b|gasse\b|allee\b|\bufer\b|damm\b|\brue\b|\bvia\b|\bcalle\b"
)
UNIT = _any(
    r"^no\b|^no[.:,]|^no\d|\blot\b|\bunit\b|\blevel\b|\bfloor\b|\bflr\b|\bblock\b|\bblk\b|\bsuite\b|\btingkat\b|"
    r"\bbangunan\b|\bwisma\b|\bmenara\b|^p\.?o\.? box|^postfach"
)
REGION = _any(
    r"\bselangor\b|\bjohor\b|kuala lumpur|\bk\.?l\.?\b|\bmalaysia\b|petaling jaya|\bp\.?j\b|shah alam|\bklang\b|"
    r"\bperak\b|\bpenang\b|\bpahang\b|\bmelaka\b|\bkedah\b|\bsabah\b|\bsarawak\b|\bkelantan\b|\bputrajaya\b|"
    r"darul ehsan|\bsel\b|\bpuchong\b|\bcheras\b|\bsetapak\b|\bsingapore\b|"
    r"deutschland|germany|[öo]sterreich|austria|schweiz|ireland|australia"
)
POSTCODE = _any(
    r"(?<![\d.-])\d{5}(?![\d.-])|\b[A-Z]{1,2}\d{1,2}[A-Z]?\s?\d[A-Z]{2}\b|\b[A-Z]\d[\dW]\s?[A-Z0-9]{4}\b|"
    r"\b[A-Z]{2,3}\s\d{4,5}(?:-\d{4})?$|"
    r"(?:^|,\s)(?:[A-Z]{1,2}-)?\d{4}\s[^\W\d_][\w. -]+$|^\d{4,5}$"
)
CONTACT = _any(
    r"\btel\b|\btel[.:]|\btelefon|\bphone|\bph\b[.:]|\bfax\b|\bh/?p\b|\bmobile|\bhotline|e-?mail|www\.|https?:|@\w+\.|\.com\b|"
    r"\bcontact\b|(?<!\d)\+\d{2}[ \d-]{6,}|\b0\d{1,2}-\d{5,}"
)
REGISTRATION = _any(
    r"\bgst\b|\bsst\b|\bvat\b|\btax\b|\breg\b|\breg\.|\bregist|\broc\b|\bco\.? ?no\b|\bust\b|\buid\b|\bsteuer|"
    r"st\.-?nr|\babn\b|\bein\b|\bche-"
)
TITLE = _any(
    r"\binvoice\b|\breceipt\b|\bcash (?:bill|sales?|memo)\b|\bbill\b|\brechnung\b|quittung|kassenbon|beleg\b|"
    r"bar-verkauf|welcome|willkommen|thank|danke|customer copy|\bcopy\b|duplicate|\border\b|\btable\b|\bcashier\b|"
    r"\bdate\b|\bdatum\b|\btime\b|\bcounter\b|\bguest|\bdescription\b|\bqty\b|\bitem\b|\bamount\b|\bprice\b|"
    r"operated by|\bowned by\b|simplified|\bcustomer\b|\bterminal\b|\btrans\b|\bperiod\b|opening hours|bill to|"
    r"ship to|sold to|lieferanschrift|shopping hours|business hours|goods sold|returnable|\brefund"
)

RECIPIENT = _any(
    r"\b(?:bill|invoice|ship|sold|deliver\w*)(?:ed)? to\b|\bcustomer\b|\bclient\b|rechnung an|\bkunde\b|"
    r"lieferanschrift|lieferung an|\battn\b"
)

# For a number's field: what the thing that is numbered is called, and how its label reads.
NUMBERED: Sequence[tuple[re.Pattern[str], str]] = (
    (re.compile(r"customer|client|account"), r"customer|client|account|kunden"),
    (re.compile(r"order|purchase|\bpo\b"), r"order|p\.?o|bestell|auftrags"),
    (re.compile(r"tax|vat|gst|sst|registration"), r"gst|sst|vat|tax|ust-?id|uid|steuer|st\.|abn|reg"),
    (re.compile(r"table"), r"table|tbl|tisch"),
    (
        re.compile(r"invoice|receipt|bill|document|doc|transaction|reference|check|number"),
        r"tax invoice|invoice|inv|receipt|rcpt|resit|bill|doc(?:ument)?|trans(?:action)?|ref(?:erence)?|slip|check|"
        r"rechnungs?|rg|beleg|bon|quittungs?",
    ),
)

# Options of a choice that are printed in other words.
SYNONYMS: Mapping[str, str] = {
    "cash": r"\bcash\b|\btunai\b|\bbar\b|\bgegeben\b|\bchange\b|\bbargeld\b|r[üu]ckgeld|zur[üu]ck\b",
    "card": r"\bvisa\b|\bmaster ?card\b|\bdebit\b|\bcredit card\b|\bcard\b|\bamex\b|girocard|ec-karte|kartenzahlung|"
    r"contactless|\bmaestro\b|\bmydebit\b",
}
