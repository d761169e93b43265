"""English, with the spellings of the Commonwealth and what readers of pictures make of its words."""

from extraction.engines.teacher.rules.vocabulary.meanings import Meaning, Numbered, Vocabulary

VOCABULARY = Vocabulary(
    code="en",
    phrases={
        Meaning.TIME: "time, date time",
        Meaning.PHONE: (
            "tel, telephone, phone, ph, tel no, phone no, mobile, mob, cell, call us, phone number, hp, h/p"
        ),
        Meaning.FAX: "fax, fax no, facsimile",
        Meaning.TIP: "tip, tips, gratuity, gratuities",
        Meaning.TAX_ID: (
            "vat no, vat number, vat reg, vat reg no, vat registration no, vat registration number, vat id, "
            "vat id no, vat identification number, tax id, tax id no, gstin, gst no, gst reg no, gst id, "
            "gstin/uin, abn, gst number, tin, vatin, tax number, tax registration number, trn, ein, "
            "tax identification number, sst no, sst id, vat registration, fein, tax no, tax reg no, "
            "gst registration no, hst no, company vat no"
        ),
        Meaning.ISSUER: (
            "seller, vendor, supplier, from, billed from, invoice from, remit to, pay to, payee, sold by, bill from"
        ),
    },
    patterns={
        Meaning.TOTAL_DUE: (
            r"grand\s?total|total (to pay|payable|due)|(amount|balance) (due|payable)|nett? ?totai?l|"
            r"invoice total|total amount|total incl\w*|\bgross (total|amount)|total \(?(inc\w*|with) \(?(vat|tax|gst)"
        ),
        Meaning.TOTAL_ROUNDED: (
            r"(total|amount).{0,14}(after|incl\w*|rounded|rounding|round\b)|round\w* (total|amount)|\brounded\b"
        ),
        Meaning.PHONE: r"(?:^|[\s(])[tp]\b[.:)]{1,2}(?=\s?[(+\d])|\bphno\b|\bcall\b|\bcontact\b(?=[ no.:]*[(+\d])",
        Meaning.FAX: r"(?:^|[\s(])f\b[.:)]{1,2}(?=\s?[(+\d])",
        Meaning.PREPAID: (
            r"\bdeposit\b|pre-?paid|prepayments?|(less )?payments? received|less payments?|"
            r"(amount|already|total|less) paid|"
            r"paid to date|\badvance\b|\bpaid amount"
        ),
        Meaning.AMOUNT_DUE: (
            r"(amount|balance|total)( now)? (due|payable|outstanding)|due (payable|amount)|"
            r"outstanding (amount|balance)|"
            r"balance to pay|"
            r"amount to pay|\bto pay\b|\bpay this amount"
        ),
        Meaning.TOTAL: r"\bt[o0]t[aoe4][l1i]\b|\btotal",
        Meaning.PAYABLE: r"\bpayable\b|\bto pay\b|\bamount\b|\bamt\b|\bdue\b|\bnett?\b",
        Meaning.PAYMENT: r"\bpayment\b|\bmaster\w*",
        Meaning.SUBTOTAL: (
            r"sub[\s.-]?t[o0]t[ao]l|total (sales )?\(?(excl|before|without)\w*|\bnet total|total net\b|"
            r"taxable (amount|value)|total taxable"
        ),
        Meaning.BEFORE_TAX: r"\bexcl\w*|\bbefore\b|\bwithout\b",
        Meaning.NET: r"\bnett?\b( amount)?",
        Meaning.TAX: r"\b(sales tax|[cis]?gst|utgst|[hpq]st|sst|vat|tax)\b",
        Meaning.TAX_TOTAL: (
            r"(total|amount) (gst|tax|vat|sst)\b|(gst|tax|vat|sst) (amount|total|payable)|service tax|"
            r"total tax(es)?\b"
        ),
        Meaning.TAX_LINE: r"(^|total )(gst|sst|vat|tax)\b(?!.*(incl|payable|due))|(gst|ta[sx]|vat) (amount|total)",
        Meaning.TAX_ELSEWHERE: r"\bincl|excl|before|\b(id|no|reg\w*)\b|invoice|summary|total sales|amt\b",
        Meaning.GROSS: r"\bincl",
        Meaning.DISCOUNT: r"\bdisc(ount)?\b|\brebate|\bsavings?\b|\bpromo",
        Meaning.ROUNDING: r"round(ing|ed)? ?(adj\w*|diff\w*|error)|^\W*rounding\b",
        Meaning.ROUNDED: r"\bround(ing|ed)?\b",
        Meaning.TENDERED: r"tender|\bpaid\b|received",
        Meaning.CASH: r"\bcash\b",
        Meaning.CARD: (
            r"\bvisa\b|\bmaster ?card\b|\bdebit\b|\bcredit card\b|\bcard\b|\bamex\b|contactless|\bmaestro\b|\bmydebit\b"
        ),
        Meaning.CHANGE: r"\bchange\b",
        Meaning.SERVICE: r"service|svc|\btips?\b|gratuity",
        Meaning.COUNT: r"\bqty\b|quantity|\bitems?\b|pieces|\bpcs\b|suppl(y|ies)",
        Meaning.OTHER_AMOUNT: (
            r"points?|member|balance b|saved|deposit|unit price|\bprice\b|(unit|hourly) rate|summary|\bsr\b|\bzr\b"
        ),
        Meaning.DATE: r"\bdate\b|\bdate",
        Meaning.ISSUED: r"(invoice|receipt|bill|issue|trans\w*|doc\w*) ?-?date|date of issue|issued",
        Meaning.DUE: (
            r"\bdue\b|pay(able)? by|"
            r"\b(pay\w*|remit\w*|transfer\w*|settle\w*)( \w+){0,3} (by|until|before|no later than)\b"
        ),
        Meaning.DELIVERY: r"deliver|shipped|supply",
        Meaning.ORDERED: r"order date",
        Meaning.OTHER_DATE: r"valid|expir|until|birth|since|member|from\b|version|print(ed)?\b",
        Meaning.LEGAL_FORM: (
            r"\bco\.|\bltd\b\.?|\blimited\b|\bllc\b|\bllp\b|\binc\b\.?|\bcorp\b\.?|\bplc\b|\bdac\b|\bpty\b|\bpte\b|"
            r"\bpty\.?\s?ltd\.?|\boy\b|\bab\b"
        ),
        Meaning.TRADE: (
            r"enterprise|trading|company|restaurant|mart\b|market|store|stationer|hardware|pharmacy|book|cafe|coffee|"
            r"bistro|bakery|kitchen|supermarket|shop|centre|motor|petrol|station\b|hotel|grocer|supplies|services?\b|"
            r"electronics?|gallery|holdings?|marketing|industr|confectionery|house\b|\b& (?:sons?|co)\b|pub\b"
        ),
        Meaning.STREET: (
            r"\bsection\b|\bplaza\b|\bmall\b|\bcomplex|\bstreet\b|\bst\b\.?|\broad\b|\brd\b\.?|\bavenue\b|\bave\b\.?|"
            r"\blane\b|\bdrive\b|\bblvd\b|\bboulevard\b|\bway\b|\bcourt\b|\bsquare\b|\bhighway\b|\bhwy\b|\bparkway\b|\bpkwy\b|\btrail\b|\bcrescent\b|\bcres\b|\bcircle\b|"
            r"\bdr\b|\bln\b|\bbroadway\b|\bparade\b|"
            r"\bterrace\b|\bclose\b|\bquay\b|\bhill\b|\bgate\b"
        ),
        Meaning.UNIT: (
            r"^no\b|^no[.:,]|^no\d|\blot\b|\bunit\b|\blevel\b|\bfloor\b|\bflr\b|\bblock\b|\bblk\b|\bsuite\b|"
            r"^p\.?o\.? box"
        ),
        Meaning.REGION: (
            r"\bireland\b|\baustralia\b|\bsingapore\b|\bgermany\b|\baustria\b|\bdubai\b|\bu\.?a\.?e\b|\blondon\b|"
            r"\bindia\b|\bunited kingdom\b|\bcanada\b|\bnsw\b|\bvic\b(?= \d)|\bqld\b|"
            r",\s?(?:al|ak|az|ar|ca|co|ct|dc|de|fl|ga|hi|id|il|in|ia|ks|ky|la|me|md|ma|mi|mn|ms|mo|mt|ne|nv|nh|nj|nm|ny|"
            r"nc|nd|oh|ok|or|pa|ri|sc|sd|tn|tx|ut|vt|va|wa|wv|wi|wy|ab|bc|mb|nb|ns|on|qc|sk)\b(?=\W*$|\W+[a-z]?\d)"
        ),
        Meaning.CONTACT: (
            r"\btel\b|\btel[.:]|\bphone|\bph\b[.:]|\bfax\b|\bh/?p\b|\bmobile|\bhotline|e-?mail|www\.|https?:|@\w+\.|"
            r"\.com\b|\bcontact\b|(?<!\d)\+\d{2}[ \d-]{6,}|\b0\d{1,2}-\d{5,}"
        ),
        Meaning.REGISTRATION: (
            r"\bgst\b|\bsst\b|\bvat\b|\btax\b|\breg\b|\breg\.|\bregist|\broc\b|\bco\.? ?no\b|\babn\b|\bein\b"
        ),
        Meaning.TITLE: (
            r"\blogo\b|\binvoice\b|\breceipt\b|\bcash (?:bill|sales?|memo)\b|\bbill\b|welcome|thank|"
            r"customer copy|\bcopy\b|"
            r"duplicate|\border\b|\btable\b|\bcashier\b|\bdate\b|\btime\b|\bcounter\b|\bguest|\bdescription\b|\bqty\b|"
            r"\bitem\b|\bamount\b|\bprice\b|operated by|\bowned by\b|simplified|\bcustomer\b|\bterminal\b|\btrans\b|"
            r"\bperiod\b|opening hours|bill to|ship to|sold to|shopping hours|business hours|goods sold|returnable|"
            r"\brefund"
        ),
        Meaning.RECIPIENT: (r"\b(?:bill|invoice|ship|sold|deliver\w*)(?:ed)? to\b|\bcustomer\b|\bclient\b|\battn\b"),
    },
    postcodes=(
        r"(?<![\d.-])\d{5}(?![\d.-])",
        r"\b[A-Z]{1,2}\d{1,2}[A-Z]?\s?\d[A-Z]{2}\b",
        r"\b[A-Z]\d[\dW]\s?[A-Z0-9]{4}\b",
        r"\b(?-i:[A-Z]{2,3})\s\d{4,5}(?:-\d{4})?$",
        r"\b[A-Z]\d[A-Z]\s?\d[A-Z]\d\b",
        r"^\d{4,5}$",
    ),
    numbered={
        Numbered.CUSTOMER: r"customer|client|account",
        Numbered.ORDER: r"order|p\.?o",
        Numbered.TAX: r"gst|sst|vat|tax|abn|reg",
        Numbered.TABLE: r"table|tbl",
        Numbered.DOCUMENT: (
            r"tax invoice|invoice|inv|receipt|rcpt|bill|doc(?:ument)?|trans(?:action)?|ref(?:erence)?|slip|check"
        ),
    },
    labels={
        "cashier": "cashier, served by, operator, clerk, attended by",
        "server": "server, waiter, waitress, served by",
        "table": "table, tbl, tab",
        "payment method": (
            "payment method, method of payment, payment type, paid by, mode of payment, payment mode, "
            "mode/terms of payment"
        ),
        "payment terms": "payment terms, terms of payment, terms",
        "reference": "reference, your reference, our reference, ref, your ref",
        "project": "project, job",
        "contact": "contact, contact person, attention",
        "bank": "bank, bank name",
        "guests": "guests, covers, pax",
        "store": "store, branch, shop",
        "period": "period, billing period, service period",
        "place of supply": "place of supply",
        "delivery note": "delivery note, delivery note no",
        "account name": "account name, account holder, beneficiary, a/c name",
        "sort code": "sort code",
        "ifsc": "ifsc, ifsc code, ifs code",
        "hsn": "hsn, hsn/sac, hsn code",
    },
)
