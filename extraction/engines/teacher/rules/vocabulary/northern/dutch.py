"""Dutch, in the Netherlands and Flanders."""

from extraction.engines.teacher.rules.vocabulary.meanings import Meaning, Numbered, Vocabulary

VOCABULARY = Vocabulary(
    code="nl",
    phrases={
        Meaning.TOTAL_DUE: (
            "te betalen, totaalbedrag, eindtotaal, totaal incl. btw, factuurbedrag, totaal te betalen, "
            "te voldoen, totaal eur, totaal inclusief btw, eindbedrag, verschuldigd bedrag"
        ),
        Meaning.TOTAL: "totaal",
        Meaning.PAYABLE: "bedrag",
        Meaning.SUBTOTAL: "subtotaal, tussentotaal, totaal excl. btw, totaal exclusief btw, totaal netto",
        Meaning.BEFORE_TAX: "excl. btw, exclusief btw, grondslag, netto",
        Meaning.NET: "netto, excl. btw, grondslag",
        Meaning.TAX: "btw, b.t.w., waarvan btw",
        Meaning.TAX_TOTAL: "totaal btw, btw bedrag, bedrag btw, btw totaal",
        Meaning.TAX_ELSEWHERE: "incl. btw, inclusief btw, btw nr, btw nummer",
        Meaning.DISCOUNT: "korting, klantenkorting, actie, bonus, voordeel",
        Meaning.ROUNDING: "afronding, afgerond",
        Meaning.TENDERED: "contant ontvangen, ontvangen, gegeven, betaald",
        Meaning.CASH: "contant, contanten",
        Meaning.CARD: "pinnen, PIN, bankpas, bancontact, betaalkaart, pinbetaling, creditcard, v pay",
        Meaning.CHANGE: "wisselgeld, terug, retour",
        Meaning.SERVICE: "fooi, bediening, bedieningsgeld",
        Meaning.COUNT: "aantal, aant, stuks, aantal artikelen, artikelen",
        Meaning.OTHER_AMOUNT: "punten, stuksprijs, prijs, prijs p/st, saldo, statiegeld, voorschot, spaarpunten",
        Meaning.DATE: "datum, datum tijd",
        Meaning.ISSUED: "factuurdatum, datum factuur, bondatum, transactiedatum",
        Meaning.DUE: ("vervaldatum, te betalen voor, uiterste betaaldatum, betalen vóór, vervalt op, te voldoen voor"),
        Meaning.DELIVERY: "leverdatum, geleverd op, datum levering, leveringsdatum, levering",
        Meaning.ORDERED: "besteldatum, orderdatum",
        Meaning.OTHER_DATE: "geldig tot, begindatum, einddatum, periode, afgedrukt op, geboren, sinds",
        Meaning.LEGAL_FORM: "b.v., BV, bvba, n.v., v.o.f., VOF, c.v., CV, vof, & zn., & zonen, en zonen",
        Meaning.TRADE: (
            "*winkel, *handel, *boer, slagerij, bouwmarkt, gereedschap, apotheek, drogisterij, restaurant, "
            "eetcafé, bistro, *huis, bakkerij, banketbakkerij, lunchroom, koffiehuis, *bedrijf, garage, "
            "advies, automatisering, adviesbureau, ingenieurs, *markt, supermarkt, hotel, kapper, versmarkt"
        ),
        Meaning.STREET: (
            "*straat, *weg, *gracht, *plein, *laan, *haven, *dijk, *kade, *singel, grote markt, *hof, haven, dijk"
        ),
        Meaning.UNIT: "postbus, verdieping",
        Meaning.REGION: "nederland, belgië",
        Meaning.CONTACT: "tel, telefoon, mobiel",
        Meaning.REGISTRATION: "kvk, k.v.k., btw nr, btw nummer, btw, ondernemingsnr, ondernemingsnummer, rpr",
        Meaning.TITLE: (
            "factuur, kassabon, kassaticket, klantticket, bewijs van aankoop, kassa, kassier, caissière, "
            "medewerker, bediening, tafel, gasten, tijd, tijdstip, omschrijving, bedankt, welkom, kopie, "
            "bonnr, bonnummer, bestelling, datum, filiaal, u werd geholpen door"
        ),
        Meaning.RECIPIENT: "factuur aan, klant, factuuradres, afleveradres, leveren aan, t.a.v., debiteur",
        Meaning.AMOUNT_DUE: (
            "te betalen, nog te betalen, te voldoen, openstaand bedrag, restbedrag, te betalen bedrag"
        ),
        Meaning.PREPAID: "aanbetaling, vooruitbetaald, reeds betaald, reeds voldaan, voorschot",
        Meaning.TIP: "fooi",
        Meaning.TIME: "tijd, tijdstip, datum tijd",
        Meaning.PHONE: "tel, telefoon, telefoonnummer, mobiel, gsm",
        Meaning.FAX: "fax",
        Meaning.TAX_ID: (
            "btw nr, btw nummer, btw id, btw identificatienummer, ondernemingsnummer, ondernemingsnr, btw be"
        ),
        Meaning.ISSUER: "verkoper, leverancier, afzender",
    },
    patterns={Meaning.TITLE: r"^bon\W*$|\bbon ?nr"},
    postcodes=(r"(?<![\dA-Z])[1-9]\d{3}\s?[A-Z]{2}(?![A-Z\d])",),
    numbered={
        Numbered.CUSTOMER: "klant|debiteur(?:en)?",
        Numbered.ORDER: "bestel|order",
        Numbered.TAX: "btw|kvk",
        Numbered.TABLE: "tafel",
        Numbered.DOCUMENT: "factuur|bon|ticket|transactie",
    },
    labels={
        "cashier": "kassier, caissière, kassamedewerker",
        "server": "bediend door, bediening, ober",
        "payment method": "betaalwijze, betaalmethode, betaald met",
        "payment terms": "betalingsvoorwaarden, betaaltermijn, betalingscondities",
        "reference": "referentie, kenmerk, uw referentie, uw kenmerk, betalingskenmerk",
        "project": "project",
        "contact": "contactpersoon, contact",
        "bank": "bank",
        "guests": "gasten, personen",
        "store": "filiaal, winkel",
        "delivery method": "leveringswijze, verzendwijze",
        "period": "periode",
    },
)
