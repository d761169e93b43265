"""French."""

from extraction.engines.teacher.rules.vocabulary.meanings import Meaning, Numbered, Vocabulary

VOCABULARY = Vocabulary(
    code="fr",
    phrases={
        Meaning.TOTAL_DUE: (
            "total ttc, net à payer, total à payer, montant total, montant ttc, total à régler, montant dû, "
            "total toutes taxes comprises, net à régler, solde à payer, montant à payer, somme à payer, "
            "total dû"
        ),
        Meaning.TOTAL: "total",
        Meaning.PAYABLE: "montant, à payer, à régler, somme, ttc",
        Meaning.SUBTOTAL: "sous total, total ht, montant ht, total hors taxes, total net ht",
        Meaning.BEFORE_TAX: "ht, hors taxes, hors tva, base ht, h.t., base tva, base imposable, base de tva",
        Meaning.NET: "ht, hors taxes, montant ht, h.t., base ht, base tva, base imposable, base de tva",
        Meaning.TAX: "tva, t.v.a., dont tva, taxe, taxes",
        Meaning.TAX_TOTAL: "total tva, montant tva, total t.v.a., montant de la tva",
        Meaning.TAX_ELSEWHERE: "tva incluse, tva intracommunautaire, n° tva, numéro de tva",
        Meaning.DISCOUNT: "remise, réduction, rabais, promo, escompte, ristourne, avantage fidélité",
        Meaning.ROUNDING: "arrondi",
        Meaning.TENDERED: "espèces reçues, reçu en espèces, montant reçu, donné, versé, reçu",
        Meaning.CASH: "espèces, espèce, comptant, liquide",
        Meaning.CARD: "carte bancaire, carte bleue, cb, carte de crédit, sans contact, carte",
        Meaning.CHANGE: "rendu, rendu monnaie, à rendre, monnaie rendue, monnaie",
        Meaning.SERVICE: "service compris, pourboire, service",
        Meaning.COUNT: "qté, quantité, nombre d'articles, nb articles, articles, nb",
        Meaning.OTHER_AMOUNT: "points, p.u., prix unitaire, prix, solde, acompte, consigne",
        Meaning.DATE: "date, date heure",
        Meaning.ISSUED: "date de facture, date d'émission, date facture, facture du, émise le, date de vente",
        Meaning.DUE: (
            "échéance, date d'échéance, à payer avant le, date limite de paiement, payable au, à régler avant le"
        ),
        Meaning.DELIVERY: "date de livraison, livré le, livraison, date de la prestation, date d'expédition",
        Meaning.ORDERED: "date de commande, commandé le",
        Meaning.OTHER_DATE: (
            "valable jusqu'au, date de fin, facture associée, date de facture associée, "
            "période du, période de, période, date début, date de début, imprimé le, né le, depuis le"
        ),
        Meaning.LEGAL_FORM: (
            "SARL, s.a.r.l., SAS, s.a.s., SASU, EURL, s.a., SNC, SCI, SPRL, SRL, ASBL, auto entrepreneur, "
            "et fils, et cie"
        ),
        Meaning.TRADE: (
            "épicerie, supérette, boulangerie, pâtisserie, pharmacie, parapharmacie, librairie, papeterie, "
            "brasserie, bistrot, restaurant, auberge, quincaillerie, droguerie, garage, plomberie, menuiserie, "
            "boucherie, fromagerie, traiteur, fleuriste, coiffure, hôtel, alimentation, bricolage, cabinet, "
            "atelier, conseil, informatique, chez, presse, électricité, marché, maison de, magasin"
        ),
        Meaning.STREET: (
            "rue, avenue, av., boulevard, bd, place, chemin, impasse, allée, allées, quai, route de, cours, "
            "chaussée, square, passage, faubourg"
        ),
        Meaning.UNIT: "bis, ter, bp, boîte postale, étage, cedex, bât",
        Meaning.REGION: "france, belgique, suisse",
        Meaning.CONTACT: "tél, téléphone, courriel, mél, portable, télécopie",
        Meaning.REGISTRATION: "siret, siren, rcs, tva intracommunautaire, ape, naf, n° entreprise, tva",
        Meaning.TITLE: (
            "facture, avoir, ticket de caisse, ticket client, ticket, reçu, facturette, duplicata, caisse, caissier, "
            "caissière, serveur, vendeur, servi par, heure, couverts, désignation, article, merci, bienvenue, "
            "devis, bon de commande, carte de fidélité"
        ),
        Meaning.RECIPIENT: (
            "facturé à, client, adresse de facturation, livré à, adresse de livraison, destinataire, à l'attention de"
        ),
        Meaning.AMOUNT_DUE: (
            "net à payer, reste à payer, solde à payer, solde dû, montant dû, à payer, net à régler, "
            "reste dû, montant à payer, total à payer"
        ),
        Meaning.PREPAID: (
            "acompte, acomptes, déjà payé, déjà réglé, montant déjà payé, acompte versé, acomptes versés, avance"
        ),
        Meaning.TIP: "pourboire",
        Meaning.TIME: "heure, date heure",
        Meaning.PHONE: "tél, tel, téléphone, portable, mobile",
        Meaning.FAX: "fax, télécopie",
        Meaning.TAX_ID: (
            "n° tva, n° tva intra, tva intracommunautaire, n° tva intracommunautaire, numéro de tva, "
            "n° de tva, tva intra, no tva, n° id tva, id tva, numéro tva, n° de tva intracommunautaire, "
            "numéro de tva intracommunautaire"
        ),
        Meaning.ISSUER: "vendeur, fournisseur, émetteur",
    },
    numbered={
        Numbered.CUSTOMER: "client|code client",
        Numbered.ORDER: "commande|bon de commande",
        Numbered.TAX: "tva|siret|siren",
        Numbered.TABLE: "table",
        Numbered.DOCUMENT: r"facture(?: d'acompte)?|avoir|ticket|recu|note",
    },
    labels={
        "cashier": "caissier, caissière, hôte de caisse",
        "server": "serveur, serveuse, servi par",
        "payment method": "mode de paiement, moyen de paiement, mode de règlement, règlement",
        "payment terms": "conditions de paiement, conditions de règlement",
        "reference": "référence, vos références, votre référence, réf",
        "project": "projet, affaire, chantier",
        "contact": "contact, interlocuteur",
        "bank": "banque, domiciliation",
        "guests": "couverts",
        "store": "magasin",
        "contract number": "n° contrat, contrat",
        "period": "période",
    },
)
