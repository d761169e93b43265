"""French, as it is printed in France and Belgium."""

from decimal import Decimal

from synthdocs.languages.base import Language, Market, Money, Trade, Wording, cities, listed, variants, wares

WORDING = Wording(
    receipt=variants("TICKET DE CAISSE | REÇU | TICKET CLIENT | Facturette | DUPLICATA |"),
    invoice=variants("Facture | FACTURE"),
    receipt_number=variants("Ticket N° | N° ticket | Ticket | Reçu N° | N° facture"),
    invoice_number=variants("Facture N° | N° de facture | Numéro de facture"),
    order_number=variants("N° de commande | Votre commande | Bon de commande N°"),
    customer_number=variants("N° client | Code client | Réf. client"),
    date=variants("Date | DATE | Le | Date/Heure |"),
    invoice_date=variants("Date de facture | Date | Date d'émission | Facture du"),
    due_date=variants("Échéance | Date d'échéance | À payer avant le | Date limite de paiement"),
    delivery_date=variants("Date de livraison | Livré le | Date de la prestation"),
    time=variants("Heure | HEURE"),
    cashier=variants("Caissier | Caissière | Servi par | Vendeur | Serveur"),
    till=variants("Caisse | CAISSE | Terminal | Magasin"),
    table=variants("Table | TABLE"),
    guests=variants("Couverts | Personnes"),
    item=variants("Article | Désignation | Description | Produit"),
    quantity=variants("Qté | Quantité | Nb"),
    price=variants("P.U. | Prix unitaire | Prix"),
    amount=variants("Montant | Prix total | Montant HT"),
    item_count=variants("Nombre d'articles | Nb articles | Articles"),
    subtotal=variants("Sous-total | SOUS-TOTAL | Sous total"),
    total=variants("TOTAL | Total TTC | NET À PAYER | TOTAL À PAYER | Total | MONTANT DÛ | TOTAL EUR"),
    invoice_total=variants("Total TTC | Net à payer | Montant total TTC | TOTAL TTC | Total à payer"),
    discount=variants("Remise | REMISE FIDÉLITÉ | Réduction | Promo"),
    service=variants("Service {rate}%"),
    net=variants("HT | Montant HT | Total HT"),
    gross=variants("TTC | Montant TTC"),
    includes=variants("dont {tax} {rate}% | {tax} {rate}% incluse | {tax} {rate}%"),
    rounding=variants("Arrondi | ARRONDI"),
    cash=variants("ESPÈCES | Espèces | Espèces reçues | Reçu en espèces"),
    change=variants("Rendu | RENDU MONNAIE | À rendre | Monnaie rendue"),
    card=variants("CARTE BANCAIRE | CB | Carte bleue | CB SANS CONTACT | VISA"),
    approved=variants("TICKET CLIENT À CONSERVER | Paiement accepté | Débit | Signature non requise"),
    phone=variants("Tél. | Tél | Téléphone | TEL"),
    bill_to=variants("Facturé à | Client | Adresse de facturation |"),
    ship_to=variants("Livré à | Adresse de livraison"),
    terms=variants(
        "Paiement à {days} jours. | Règlement à {days} jours net, sans escompte. | "
        "Merci de régler cette facture sous {days} jours."
    ),
    bank=variants("IBAN | Coordonnées bancaires | Virement"),
    thanks=variants(
        "Merci de votre visite ! | MERCI ET À BIENTÔT | Merci de votre confiance | Au plaisir de vous revoir | "
        "Bonne journée !"
    ),
    small_print=variants(
        "Échange sous 15 jours avec le ticket. | Ticket à conserver pour la garantie. | "
        "Ni repris ni échangé sans ticket. | Donnez votre avis sur notre accueil. | "
        "Points fidélité : demandez la carte."
    ),
    letter=variants(
        "Nous vous facturons les prestations suivantes : | Suite à votre commande, veuillez trouver le détail : | "
        "Pour les travaux réalisés chez vous : |"
    ),
    paid=variants("PAYÉ | ACQUITTÉE | RÉGLÉ | REÇU"),
)

SHOPS = (
    Trade(
        variants("Épicerie {last} | Supérette {last} | Le Panier de {first} | Alimentation {last} | Marché {city}"),
        wares(
            """
            Lait demi-écrémé 1L | 0.9 | 1.7 | reduced
            Baguette tradition  | 1.1 | 1.5 | reduced
            Oeufs plein air x6  | 1.8 | 3.4 | reduced
            Comté 12 mois 250g  | 4 | 8 | reduced
            Tomates grappe      | 1.5 | 4 | reduced
            Beurre doux 250g    | 2 | 3.6 | reduced
            Yaourt nature x4    | 1.2 | 2.8 | reduced
            Éponges x3          | 1.5 | 4
            Liquide vaisselle   | 1.4 | 3
            Sac réutilisable    | 0.2 | 1
            """
        ),
    ),
    Trade(
        variants("Pharmacie {last} | Pharmacie du Marché | Parapharmacie {last} | Pharmacie de {city}"),
        wares(
            """
            Paracétamol 500mg x16 | 1.9 | 3 | reduced
            Crème solaire SPF50   | 9 | 19
            Pansements x20        | 2.5 | 6
            Dentifrice 75ml       | 2 | 5
            Sérum physiologique   | 2.5 | 6
            Sirop toux 200ml      | 5 | 9 | reduced
            Vitamine C x30        | 5 | 12
            Crème mains           | 4 | 9
            """
        ),
    ),
    Trade(
        variants("Librairie {last} | Papeterie {last} | Maison de la Presse {last} | Librairie du Port"),
        wares(
            """
            Roman poche       | 7 | 10 | reduced
            Cahier A4 96p     | 1.5 | 4
            Stylo bille x4    | 2 | 5
            Agenda semainier  | 9 | 22
            Carte postale     | 0.8 | 2
            Bande dessinée    | 11 | 18 | reduced
            Ramette papier A4 | 4 | 8
            Trousse d'écolier | 6 | 16
            """
        ),
    ),
    Trade(
        variants("Quincaillerie {last} | Bricolage {last} | Droguerie {last}"),
        wares(
            """
            Vis 4x40 boîte 100  | 4 | 9
            Ruban adhésif 50m   | 2 | 5
            Ampoule LED E27     | 3 | 8
            Pinceau plat 40mm   | 3 | 8
            Marteau 500g        | 9 | 20
            Silicone blanc      | 4 | 9
            Peinture mate 2,5L  | 18 | 42
            Rallonge 5m         | 8 | 18
            """
        ),
    ),
)
RESTAURANTS = (
    Trade(
        variants("Brasserie {last} | Bistrot {last} | Restaurant Le Tilleul | Chez {first} | Auberge du Lac"),
        wares(
            """
            Formule midi        | 14 | 19 | reduced
            Steak frites        | 15 | 22 | reduced
            Salade de chèvre    | 10 | 15 | reduced
            Soupe à l'oignon    | 7 | 10 | reduced
            Magret de canard    | 18 | 26 | reduced
            Verre Côtes du Rhône| 4 | 7
            Carafe Bordeaux 50cl| 11 | 18
            Eau pétillante      | 3 | 5 | reduced
            Crème brûlée        | 6 | 9 | reduced
            Café                | 1.8 | 3 | reduced
            """
        ),
        table=True,
    ),
    Trade(
        variants("Boulangerie {last} | Pâtisserie {last} | Au Bon Pain | Boulangerie-Pâtisserie {last}"),
        wares(
            """
            Croissant beurre  | 1.1 | 1.6 | reduced
            Pain au chocolat  | 1.2 | 1.8 | reduced
            Pain complet      | 2.2 | 3.6 | reduced
            Éclair café       | 2.6 | 4 | reduced
            Tarte citron      | 3 | 5 | reduced
            Sandwich jambon   | 3.8 | 5.8 | reduced
            Quiche lorraine   | 3.5 | 5.5 | reduced
            Jus d'orange 25cl | 2 | 3.5 | reduced
            """
        ),
    ),
)
SUPPLIERS = (
    Trade(
        variants("{last} Conseil | Cabinet {last} | {last} Informatique | Atelier Numérique {last}"),
        wares(
            """
            Conseil, journée            | 450 | 900
            Développement (heures)      | 60 | 110
            Hébergement web mensuel     | 15 | 80
            Licence annuelle            | 120 | 900
            Formation, demi-journée     | 350 | 900
            Reprise de données          | 300 | 2000
            Maintenance forfaitaire     | 120 | 700
            Frais de déplacement        | 40 | 300
            """
        ),
    ),
    Trade(
        variants("Plomberie {last} | Garage {last} | Menuiserie {last} | {last} Électricité | Peinture {last} Fils"),
        wares(
            """
            Main d'oeuvre (heures)   | 38 | 75
            Forfait déplacement      | 25 | 60
            Fournitures diverses     | 12 | 120
            Entretien chaudière      | 90 | 170
            Plaquettes de frein      | 45 | 130
            Peinture murale, m²      | 8 | 18
            Pose de parquet, m²      | 25 | 55
            Évacuation des déchets   | 30 | 120
            """
        ),
    ),
)

_STREETS = variants(
    "rue de la République | avenue Jean Jaurès | place du Marché | rue des Lilas | boulevard Voltaire | "
    "chemin des Vignes | impasse du Moulin | quai de la Marne | rue Victor Hugo | allée des Tilleuls | "
    "route de Paris | rue du Général Leclerc"
)

MARKETS = (
    Market(
        code="FR",
        faker="fr_FR",
        money=Money((" €", "€", " EUR", ""), ",", " ", after=True),
        dates=variants("{dd}/{mm}/{yyyy} | {dd}/{mm}/{yy} | {d} {month} {yyyy} | {dd}-{mm}-{yyyy} | {dd}.{mm}.{yyyy}"),
        times=variants("{hh}:{min} | {hh}h{min} | {hh}:{min}:{sec}"),
        tax=variants("TVA | T.V.A."),
        rates=(Decimal(20), Decimal("5.5")),
        inclusive=True,
        suffixes=variants("SARL | SAS | EURL | SA | S.A.R.L. | SASU | | {name} et Fils"),
        streets=_STREETS,
        address=(
            ("{number} {street}", "{code} {city}"),
            ("{number}, {street}", "{code} {city}"),
            ("{number} bis {street}", "{code} {city}"),
            ("{number} {street}, {code} {city}",),
        ),
        cities=cities(
            "Lyon | 690##; Nantes | 440##; Lille | 59###; Paris | 750##; Bordeaux | 330##; Rennes | 350##; "
            "Toulouse | 310##; Dijon | 210##; Annecy | 740##; Nice | 06###"
        ),
        phone=variants("0# ## ## ## ## | +33 # ## ## ## ## | 0#.##.##.##.##"),
        tax_number=variants(
            "SIRET ### ### ### ##### | TVA FR## ######### | N° TVA : FR########### | RCS Lyon ### ### ###"
        ),
        weight=3,
    ),
    Market(
        code="BE",
        faker="fr_BE",
        money=Money((" €", "€ ", " EUR", ""), ",", ".", after=True),
        dates=variants("{dd}/{mm}/{yyyy} | {dd}-{mm}-{yy} | {d} {month} {yyyy}"),
        times=variants("{hh}:{min} | {hh}h{min}"),
        tax=variants("TVA"),
        rates=(Decimal(21), Decimal(6)),
        inclusive=True,
        suffixes=variants("SRL | SA | SPRL | ASBL |"),
        streets=variants(
            "rue Haute | chaussée de Louvain | avenue Louise | rue du Pont | place Saint-Lambert | rue Neuve"
        ),
        address=(("{street} {number}", "{code} {city}"), ("{street}, {number}", "B-{code} {city}")),
        cities=cities("Bruxelles | 10#0; Liège | 40##; Namur | 50##; Mons | 70##; Charleroi | 60##"),
        phone=variants("0# ### ## ## | +32 # ### ## ##"),
        tax_number=variants("TVA BE 0###.###.### | N° entreprise 0###.###.###"),
        cash_step=Decimal("0.05"),
    ),
)

LANGUAGE = Language(
    code="fr",
    wording=WORDING,
    months=listed("janvier, février, mars, avril, mai, juin, juillet, août, septembre, octobre, novembre, décembre"),
    short_months=listed("janv., févr., mars, avr., mai, juin, juil., août, sept., oct., nov., déc."),
    shops=SHOPS,
    restaurants=RESTAURANTS,
    suppliers=SUPPLIERS,
    markets=MARKETS,
    script="accented",
)
