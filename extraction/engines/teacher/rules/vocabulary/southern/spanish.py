"""Spanish, in Spain and Latin America."""

from extraction.engines.teacher.rules.vocabulary.meanings import Meaning, Numbered, Vocabulary

VOCABULARY = Vocabulary(
    code="es",
    phrases={
        Meaning.TOTAL_DUE: (
            "total a pagar, importe total, total factura, total con iva, total iva incl, total iva incluido, "
            "total euros, monto total, total general, neto a pagar, total a cobrar, suma total"
        ),
        Meaning.TOTAL: "total",
        Meaning.PAYABLE: "importe, a pagar, monto, a cobrar",
        Meaning.SUBTOTAL: "subtotal, sub total, suma, total neto, total sin iva, total s/ iva, total base",
        Meaning.BEFORE_TAX: "base imponible, sin iva, antes de impuestos, base, neto gravado",
        Meaning.NET: "base imponible, base, neto, importe neto",
        Meaning.TAX: "iva, i.v.a., impuesto, impuestos, igic, igv, itbis",
        Meaning.TAX_TOTAL: "total iva, cuota iva, importe iva, total impuestos, cuota",
        Meaning.TAX_ELSEWHERE: "iva incluido, iva incl, incluye iva",
        Meaning.DISCOUNT: "descuento, dto, dto., oferta, rebaja, promoción, bonificación, ahorro",
        Meaning.ROUNDING: "redondeo",
        Meaning.TENDERED: "entregado, recibido, entrega, su entrega, pago en efectivo, pago con",
        Meaning.CASH: "efectivo, metálico, contado, en efectivo",
        Meaning.CARD: (
            "tarjeta, tarjeta crédito, tarjeta de débito, tarjeta débito, pago con tarjeta, crédito, débito"
        ),
        Meaning.CHANGE: "cambio, su cambio, devolución, vuelto, vuelta",
        Meaning.SERVICE: "propina, servicio, servicio de mesa",
        Meaning.COUNT: "cant, cant., uds, uds., cantidad, unidades, nº de artículos, total artículos, artículos",
        Meaning.OTHER_AMOUNT: "puntos, precio, precio unitario, p. unit, saldo, anticipo, depósito",
        Meaning.DATE: "fecha, fecha y hora",
        Meaning.ISSUED: (
            "fecha de factura, fecha factura, fecha de emisión, fecha de expedición, fecha emisión, fecha de venta"
        ),
        Meaning.DUE: "vencimiento, fecha de vencimiento, pagar antes del, vence",
        Meaning.DELIVERY: "fecha de entrega, entregado el, fecha del servicio, fecha de envío",
        Meaning.ORDERED: "fecha de pedido, fecha del pedido",
        Meaning.OTHER_DATE: (
            "válido hasta, fecha de inicio, fecha de fin, período, factura rectificada, impreso, desde, "
            "nacimiento, caducidad"
        ),
        Meaning.LEGAL_FORM: (
            "s.l., SL, s.a., s.l.u., SLU, c.b., s.a. de c.v., s.a.s., s. de r.l., s. de r.l. de c.v., s.r.l., "
            "sociedad limitada, sociedad anónima, sa de cv, e hijos, hermanos"
        ),
        Meaning.TRADE: (
            "alimentación, ultramarinos, frutería, supermercado, mercado, ferretería, suministros, bricolaje, "
            "farmacia, perfumería, droguería, librería, papelería, quiosco, restaurante, mesón, taberna, "
            "asador, cafetería, panadería, pastelería, horno, carnicería, pescadería, bar, hotel, talleres, "
            "taller, fontanería, carpintería, limpiezas, electricidad, gestoría, consultores, informática, "
            "estudio, casa, tienda, comercial, almacenes, cocina"
        ),
        Meaning.STREET: (
            "calle, avda, avda., avenida, av., plaza, paseo, ronda, travesía, camino, carretera, ctra., "
            "calzada, blvd, glorieta, polígono, rambla, pza."
        ),
        Meaning.UNIT: "bajo, piso, local, col, colonia, esc, pta, nave",
        Meaning.REGION: "españa, méxico, c.p., argentina, colombia, chile, perú",
        Meaning.CONTACT: "tel, tfno, teléfono, telf, móvil, correo electrónico",
        Meaning.REGISTRATION: "nif, n.i.f., cif, c.i.f., rfc, r.f.c., cuit, ruc, registro mercantil, iva",
        Meaning.TITLE: (
            "factura, factura simplificada, ticket, ticket de venta, recibo, copia cliente, caja, cajero, "
            "cajera, le atendió, atendido por, camarero, vendedor, mesa, comensales, hora, artículo, "
            "descripción, concepto, gracias, bienvenido, folio, pedido, copia, fecha"
        ),
        Meaning.RECIPIENT: "facturar a, cliente, datos del cliente, enviar a, dirección de entrega, señor, att",
        Meaning.AMOUNT_DUE: (
            "a pagar, total a pagar, importe a pagar, líquido a percibir, pendiente de pago, "
            "saldo pendiente, importe pendiente, líquido a pagar, pendiente"
        ),
        Meaning.PREPAID: "anticipo, a cuenta, entrega a cuenta, ya pagado, pagado a cuenta, provisión",
        Meaning.TIP: "propina",
        Meaning.TIME: "hora, fecha y hora",
        Meaning.PHONE: "tel, tfno, teléfono, telf, tlf, móvil",
        Meaning.FAX: "fax",
        Meaning.TAX_ID: "nif, n.i.f., cif, c.i.f., nif iva, rfc, r.f.c., cuit, ruc, nif/cif, cif/nif, n.i.f/c.i.f",
        Meaning.ISSUER: "emisor, proveedor, vendedor, datos del emisor",
    },
    patterns={
        Meaning.STREET: r"\bc/ ?[a-z]{3}",
    },
    numbered={
        Numbered.CUSTOMER: "cliente",
        Numbered.ORDER: "pedido",
        Numbered.TAX: "nif|cif|rfc|cuit|ruc",
        Numbered.TABLE: "mesa",
        Numbered.DOCUMENT: "factura|ticket|recibo|folio|comprobante",
    },
    labels={
        "cashier": "cajero, cajera, le atendió, atendido por",
        "server": "camarero, camarera, mesero",
        "payment method": "forma de pago, método de pago, medio de pago",
        "payment terms": "condiciones de pago",
        "reference": "referencia, su referencia, ref",
        "project": "proyecto, obra",
        "contact": "contacto",
        "bank": "banco, entidad",
        "guests": "comensales, personas",
        "store": "tienda, sucursal",
        "period": "período, periodo",
    },
)
