"""Spanish, as it is printed in Spain and Mexico."""

from decimal import Decimal

from synthdocs.languages.base import Language, Market, Money, Trade, Wording, cities, listed, variants, wares

WORDING = Wording(
    receipt=variants("FACTURA SIMPLIFICADA | TICKET | RECIBO | TICKET DE VENTA | COPIA CLIENTE |"),
    invoice=variants("Factura | FACTURA"),
    receipt_number=variants("Ticket Nº | Nº ticket | Factura simpl. Nº | Recibo Nº | Folio"),
    invoice_number=variants("Factura Nº | Número de factura | Nº de factura"),
    order_number=variants("Nº de pedido | Su pedido | Pedido Nº"),
    customer_number=variants("Nº de cliente | Código de cliente | Cliente Nº"),
    date=variants("Fecha | FECHA | Fecha y hora |"),
    invoice_date=variants("Fecha de factura | Fecha | Fecha de emisión | Fecha de expedición"),
    due_date=variants("Vencimiento | Fecha de vencimiento | Pagar antes del"),
    delivery_date=variants("Fecha de entrega | Entregado el | Fecha del servicio"),
    time=variants("Hora | HORA"),
    cashier=variants("Le atendió | Cajero | Cajera | Atendido por | Vendedor | Camarero"),
    till=variants("Caja | CAJA | Terminal | Tienda"),
    table=variants("Mesa | MESA"),
    guests=variants("Comensales | Personas"),
    item=variants("Artículo | Descripción | Concepto | Producto"),
    quantity=variants("Cant. | Uds. | Cantidad"),
    price=variants("Precio | P. unit. | Precio unitario"),
    amount=variants("Importe | Subtotal línea | Valor"),
    item_count=variants("Nº de artículos | Total artículos | Artículos"),
    subtotal=variants("Subtotal | SUBTOTAL | Suma"),
    total=variants("TOTAL | Total a pagar | TOTAL EUROS | IMPORTE TOTAL | Total | TOTAL IVA INCL. | A PAGAR"),
    invoice_total=variants("Total factura | Total | TOTAL A PAGAR | Importe total | Total con IVA"),
    discount=variants("Descuento | DTO. | Dto. socio | Oferta"),
    service=variants("Servicio {rate}%"),
    net=variants("Base | Base imponible | Neto"),
    gross=variants("Importe | Bruto"),
    includes=variants("{tax} {rate}% incluido | incluye {tax} {rate}% | {tax} {rate}%"),
    rounding=variants("Redondeo | REDONDEO"),
    cash=variants("EFECTIVO | Efectivo | Entregado | Pago en efectivo"),
    change=variants("CAMBIO | Cambio | Su cambio | Devolución"),
    card=variants("TARJETA | Tarjeta | VISA | Tarjeta crédito | Pago con tarjeta"),
    approved=variants("OPERACIÓN ACEPTADA | Copia para el cliente | Autorizada | Operación sin firma"),
    phone=variants("Tel. | Tfno. | Teléfono | Tel"),
    bill_to=variants("Facturar a | Cliente | Datos del cliente |"),
    ship_to=variants("Enviar a | Dirección de entrega"),
    terms=variants(
        "Forma de pago: transferencia a {days} días. | Pago a {days} días fecha factura. | "
        "Rogamos abonen el importe en {days} días."
    ),
    bank=variants("Cuenta bancaria | Transferencia a | Nº de cuenta"),
    thanks=variants("¡Gracias por su compra! | GRACIAS POR SU VISITA | Gracias, vuelva pronto | Que tenga un buen día"),
    small_print=variants(
        "Cambios en 30 días con ticket. | Conserve este ticket como justificante. | No se admiten devoluciones. | "
        "Hágase socio y ahorre en cada compra. | Opine sobre nuestro servicio."
    ),
    letter=variants(
        "Le facturamos los siguientes conceptos: | Detalle de los trabajos realizados: | "
        "Gracias por su pedido, cuyo detalle es: |"
    ),
    paid=variants("PAGADO | COBRADO | CONTADO | RECIBIDO"),
)

SHOPS = (
    Trade(
        variants("Alimentación {last} | Ultramarinos {last} | Frutería {last} | Supermercado {last} | Mercado {city}"),
        wares(
            """
            Leche entera 1L      | 0.9 | 1.5 | reduced
            Pan de pueblo        | 1.2 | 2.6 | reduced
            Huevos camperos 12u  | 2.2 | 3.9 | reduced
            Queso curado 300g    | 4 | 8 | reduced
            Tomate rama kg       | 1.5 | 3.5 | reduced
            Aceite oliva 1L      | 5 | 10 | reduced
            Arroz redondo 1kg    | 1.2 | 2.2 | reduced
            Detergente ropa      | 4 | 9
            Papel cocina 2 rollos| 1.8 | 3.5
            Bolsa                | 0.1 | 0.3
            """
        ),
    ),
    Trade(
        variants("Ferretería {last} | Suministros {last} | Bricolaje {last} | Ferretería La Llave"),
        wares(
            """
            Tornillos 4x40 100u | 3 | 8
            Cinta carrocero 50m | 2 | 5
            Bombilla LED E27    | 2 | 7
            Brocha 50mm         | 3 | 7
            Martillo 500g       | 8 | 20
            Silicona blanca     | 4 | 8
            Pintura blanca 4L   | 14 | 35
            Alargador 5m        | 8 | 18
            """
        ),
    ),
    Trade(
        variants("Farmacia {last} | Perfumería {last} | Farmacia Plaza Mayor | Droguería {last}"),
        wares(
            """
            Ibuprofeno 400 20c   | 2 | 4 | reduced
            Crema solar 50       | 8 | 18
            Tiritas 20u          | 2 | 5
            Pasta dental 75ml    | 1.5 | 4
            Champú 400ml         | 2.5 | 7
            Jarabe tos 200ml     | 5 | 10 | reduced
            Vitamina C 20c       | 4 | 9
            Crema de manos       | 2.5 | 7
            """
        ),
    ),
    Trade(
        variants("Librería {last} | Papelería {last} | Librería Cervantes | Quiosco {last}"),
        wares(
            """
            Novela bolsillo   | 8 | 13 | reduced
            Cuaderno A5       | 2 | 5
            Bolígrafos 4u     | 2 | 5
            Agenda anual      | 8 | 20
            Postal            | 0.6 | 1.5
            Folios A4 500h    | 4 | 8
            Estuche escolar   | 5 | 14
            Rotuladores 12u   | 4 | 10
            """
        ),
    ),
)
RESTAURANTS = (
    Trade(
        variants("Restaurante {last} | Mesón {last} | Taberna {last} | Casa {first} | Asador El Roble"),
        wares(
            """
            Menú del día       | 12 | 17 | reduced
            Tortilla española  | 6 | 10 | reduced
            Croquetas jamón    | 7 | 12 | reduced
            Calamares romana   | 9 | 15 | reduced
            Ensalada mixta     | 6 | 10 | reduced
            Chuletón           | 24 | 42 | reduced
            Caña               | 1.5 | 3 | reduced
            Copa de tinto      | 2.5 | 5 | reduced
            Flan casero        | 3.5 | 6 | reduced
            Café solo          | 1.2 | 2 | reduced
            """
        ),
        table=True,
    ),
    Trade(
        variants("Cafetería {last} | Panadería {last} | Pastelería {last} | Horno San José"),
        wares(
            """
            Café con leche     | 1.3 | 2.2 | reduced
            Croissant          | 1.2 | 2.4 | reduced
            Tostada tomate     | 1.8 | 3.2 | reduced
            Napolitana         | 1.4 | 2.5 | reduced
            Barra de pan       | 0.7 | 1.4 | reduced
            Bocadillo jamón    | 3.5 | 6 | reduced
            Zumo natural       | 2.2 | 4 | reduced
            Empanada atún      | 2.5 | 4.5 | reduced
            """
        ),
        table=True,
    ),
)
SUPPLIERS = (
    Trade(
        variants("{last} Consultores | Gestoría {last} | {last} Informática | Estudio {last} y {last}"),
        wares(
            """
            Consultoría (horas)        | 45 | 110
            Desarrollo web (horas)     | 35 | 80
            Alojamiento web mensual    | 10 | 60
            Licencia anual de software | 100 | 800
            Curso, media jornada       | 250 | 800
            Migración de datos         | 300 | 2200
            Mantenimiento mensual      | 90 | 500
            Gastos de viaje            | 40 | 300
            """
        ),
    ),
    Trade(
        variants("Fontanería {last} | Talleres {last} | Carpintería {last} | Limpiezas {last} | Electricidad {last}"),
        wares(
            """
            Mano de obra (horas)    | 25 | 55
            Desplazamiento          | 18 | 45
            Material diverso        | 10 | 110
            Revisión de caldera     | 60 | 130
            Pastillas de freno      | 35 | 110
            Pintura interior, m²    | 5 | 14
            Limpieza de cristales   | 30 | 140
            Retirada de escombros   | 40 | 180
            """
        ),
    ),
)

MARKETS = (
    Market(
        code="ES",
        faker="es_ES",
        money=Money((" €", "€", " EUR", ""), ",", ".", after=True),
        dates=variants(
            "{dd}/{mm}/{yyyy} | {dd}/{mm}/{yy} | {dd}-{mm}-{yyyy} | {d} de {month} de {yyyy} | {dd}.{mm}.{yyyy}"
        ),
        times=variants("{hh}:{min} | {hh}:{min}:{sec} | {hh}:{min} h"),
        tax=variants("IVA | I.V.A."),
        rates=(Decimal(21), Decimal(10)),
        inclusive=True,
        suffixes=variants("S.L. | S.A. | SL | S.L.U. | C.B. | e Hijos S.L. |"),
        streets=variants(
            "Calle Mayor | C/ Alcalá | Avda. de la Constitución | Plaza de España | Calle del Carmen | "
            "Paseo de Gracia | C/ San Juan | Ronda Norte | Calle Cervantes | Travesía del Sol | Camino Viejo"
        ),
        address=(
            ("{street}, {number}", "{code} {city}"),
            ("{street} {number}", "{code} {city} ({region})"),
            ("{street}, {number}, bajo", "{code} {city}"),
            ("{street}, nº {number}", "{code} - {city}"),
        ),
        cities=cities(
            "Madrid | 280## | Madrid; Sevilla | 410## | Sevilla; Valencia | 460## | Valencia; "
            "Zaragoza | 500## | Zaragoza; Getafe | 2890# | Madrid; Gijón | 332## | Asturias; "
            "Granada | 180## | Granada; Vigo | 362## | Pontevedra; Bilbao | 480## | Bizkaia"
        ),
        phone=variants("9## ### ### | 9# ### ## ## | +34 9## ## ## ## | 6## ### ###"),
        tax_number=variants("NIF: B######## | CIF B######## | N.I.F. ########@ | CIF: A-########"),
        weight=3,
    ),
    Market(
        code="MX",
        faker="es_MX",
        money=Money(("$", "$ ", "$", ""), ".", ","),
        dates=variants("{dd}/{mm}/{yyyy} | {dd}/{mm}/{yy} | {d} de {month} de {yyyy} | {dd}/{mon}/{yyyy}"),
        times=variants("{hh}:{min} | {h12}:{min} {ap} | {hh}:{min}:{sec}"),
        tax=variants("IVA | I.V.A."),
        rates=(Decimal(16), Decimal(0)),
        inclusive=True,
        suffixes=variants("S.A. de C.V. | SA de CV | S. de R.L. de C.V. | |"),
        streets=variants(
            "Av. Juárez | Calle Hidalgo | Av. Insurgentes Sur | Calle 5 de Mayo | Blvd. Morelos | Av. Reforma | "
            "Calzada del Valle"
        ),
        address=(
            ("{street} No. {number}, Col. Centro", "C.P. {code} {city}, {region}"),
            ("{street} {number}", "Col. Del Valle, C.P. {code}", "{city}, {region}"),
        ),
        cities=cities(
            "Puebla | 72### | Pue.; Guadalajara | 44### | Jal.; Monterrey | 64### | N.L.; Mérida | 97### | Yuc."
        ),
        phone=variants("(55) #### #### | ### ### ####"),
        tax_number=variants("RFC: @@@######@@# | R.F.C. @@@-######-@##"),
        cash_step=Decimal("0.50"),
        scale=18,
        price_step=Decimal("0.50"),
        notes=(20, 50, 100, 200, 500),
    ),
)

LANGUAGE = Language(
    code="es",
    wording=WORDING,
    months=listed(
        "enero, febrero, marzo, abril, mayo, junio, julio, agosto, septiembre, octubre, noviembre, diciembre"
    ),
    short_months=listed("ene, feb, mar, abr, may, jun, jul, ago, sep, oct, nov, dic"),
    shops=SHOPS,
    restaurants=RESTAURANTS,
    suppliers=SUPPLIERS,
    markets=MARKETS,
    script="accented",
)
