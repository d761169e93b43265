"""Italian."""

from extraction.engines.teacher.rules.vocabulary.meanings import Meaning, Numbered, Vocabulary

VOCABULARY = Vocabulary(
    code="it",
    phrases={
        Meaning.TOTAL_DUE: (
            "totale complessivo, totale euro, totale da pagare, totale fattura, totale documento, "
            "netto a pagare, importo totale, importo pagato, totale a pagare, totale generale, totale ivato, "
            "totale dovuto, totale iva inclusa"
        ),
        Meaning.TOTAL: "totale",
        Meaning.PAYABLE: "importo, da pagare, dovuto",
        Meaning.SUBTOTAL: (
            "subtotale, sub totale, totale parziale, totale imponibile, totale netto, totale merce, totale senza iva, "
            "totale iva esclusa"
        ),
        Meaning.BEFORE_TAX: "imponibile, iva esclusa, al netto iva",
        Meaning.NET: "imponibile, netto",
        Meaning.TAX: "iva, i.v.a., di cui iva, imposta, imposte",
        Meaning.TAX_TOTAL: "totale iva, totale imposta, importo iva, imposta totale",
        Meaning.TAX_ELSEWHERE: "iva inclusa, p.iva, partita iva, p. iva",
        Meaning.DISCOUNT: "sconto, sconti, promozione, abbuono, omaggio",
        Meaning.ROUNDING: "arrotondamento, arrot",
        Meaning.TENDERED: "contante ricevuto, ricevuto, pagamento contante, versato, consegnato",
        Meaning.CASH: "contanti, contante",
        Meaning.CARD: "carta di credito, bancomat, pagamento elettronico, carta, pagobancomat",
        Meaning.CHANGE: "resto, resto contanti",
        Meaning.SERVICE: "servizio, mancia",
        Meaning.COUNT: "q.tà, quantità, qta, numero pezzi, n. articoli, pezzi, articoli",
        Meaning.OTHER_AMOUNT: "punti, prezzo, prezzo unit, p. unitario, saldo, acconto, non riscosso",
        Meaning.DATE: "data, data ora",
        Meaning.ISSUED: "data fattura, data di emissione, data documento, data emissione, emessa il",
        Meaning.DUE: "scadenza, data di scadenza, da pagare entro il, scade il",
        Meaning.DELIVERY: "data di consegna, consegnato il, data della prestazione, consegna, data spedizione",
        Meaning.ORDERED: "data ordine, ordinato il",
        Meaning.OTHER_DATE: "valido fino, data inizio, data fine, periodo, stampato il, nato il, dal",
        Meaning.LEGAL_FORM: "s.r.l., SRL, s.p.a., SPA, s.n.c., SNC, s.a.s., SAS, s.r.l.s., e figli, soc. coop.",
        Meaning.TRADE: (
            "alimentari, salumeria, minimarket, bottega, gastronomia, ferramenta, colorificio, casalinghi, "
            "utensileria, farmacia, erboristeria, profumeria, libreria, cartoleria, cartolibreria, edicola, "
            "trattoria, ristorante, osteria, pizzeria, taverna, bar, caffetteria, caffè, panificio, "
            "pasticceria, gelateria, macelleria, supermercato, officina, autofficina, idraulica, falegnameria, "
            "impianti, studio, consulenza, informatica, albergo, tabacchi, ingegneria"
        ),
        Meaning.STREET: (
            "via, viale, v.le, corso, c.so, piazza, p.zza, piazzale, largo, vicolo, strada, lungomare, contrada, loc."
        ),
        Meaning.UNIT: "interno, piano, scala, snc",
        Meaning.REGION: "italia",
        Meaning.CONTACT: "tel, telefono, cellulare, pec",
        Meaning.REGISTRATION: "p.iva, p. iva, partita iva, c.f., cod. fisc., codice fiscale, rea",
        Meaning.TITLE: (
            "fattura, documento commerciale, scontrino, scontrino fiscale, ricevuta, ricevuta fiscale, "
            "documento, cassa, cassiere, operatore, servito da, cameriere, tavolo, ora, articolo, descrizione, "
            "grazie, arrivederci, benvenuti, copia cliente, ordine, vendita o prestazione, data"
        ),
        Meaning.RECIPIENT: (
            "spett.le, spett, cliente, fatturare a, destinazione merce, luogo di consegna, destinatario, egr"
        ),
        Meaning.AMOUNT_DUE: (
            "netto a pagare, da pagare, totale da pagare, totale a pagare, totale dovuto, importo da pagare, "
            "saldo da pagare, residuo da pagare, netto da pagare"
        ),
        Meaning.PREPAID: "acconto, acconti, anticipo, già pagato, già versato, caparra",
        Meaning.TIP: "mancia",
        Meaning.TIME: "ora, data ora, ore",
        Meaning.PHONE: "tel, telefono, cell, cellulare",
        Meaning.FAX: "fax",
        Meaning.TAX_ID: (
            "p.iva, p. iva, partita iva, part. iva, p.i., piva, p.iva/c.f., p.iva e c.f., c.f./p.iva, "
            "c.f. e p.iva, cod. fisc. e p.iva, partita iva e codice fiscale"
        ),
        Meaning.ISSUER: "cedente, fornitore, venditore, cedente/prestatore, prestatore",
    },
    numbered={
        Numbered.CUSTOMER: "cliente|codice cliente",
        Numbered.ORDER: "ordine",
        Numbered.TAX: r"p\.? ?iva|partita iva|c\.f",
        Numbered.TABLE: "tavolo",
        Numbered.DOCUMENT: "fattura|documento|scontrino|ricevuta",
    },
    labels={
        "cashier": "cassiere, cassiera, operatore",
        "server": "cameriere, servito da",
        "payment method": "modalità di pagamento, metodo di pagamento, modalità pagamento, pagamento",
        "payment terms": "condizioni di pagamento, termini di pagamento",
        "reference": "riferimento, vostro riferimento, vs. rif., causale",
        "project": "progetto, commessa",
        "contact": "contatto, referente",
        "bank": "banca, banca d'appoggio",
        "guests": "coperti, persone",
        "store": "negozio, punto vendita",
        "period": "periodo",
        "tax code": "codice fiscale, c.f., cod. fisc.",
    },
)
