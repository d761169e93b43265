"""Portuguese, in Portugal and Brazil."""

from extraction.engines.teacher.rules.vocabulary.meanings import Meaning, Numbered, Vocabulary

VOCABULARY = Vocabulary(
    code="pt",
    phrases={
        Meaning.TOTAL_DUE: (
            "total a pagar, valor total, total da fatura, total com imposto, total c/ imposto, total c/ iva, "
            "total geral, montante total, valor a pagar, total a receber, total com iva, total da compra"
        ),
        Meaning.TOTAL: "total",
        Meaning.PAYABLE: "valor, a pagar, montante, importe",
        Meaning.SUBTOTAL: "subtotal, sub total, total ilíquido, total sem iva, total s/ iva, soma, total líquido",
        Meaning.BEFORE_TAX: "base, incidência, valor líquido, sem iva, s/ iva, base tributável",
        Meaning.NET: "base, incidência, valor líquido, líquido",
        Meaning.TAX: "iva, icms, imposto, impostos, inclui iva, tributos",
        Meaning.TAX_TOTAL: "total iva, total imposto, total de impostos, valor iva, total do iva",
        Meaning.TAX_ELSEWHERE: "iva incluído, inclui iva, com imposto",
        Meaning.DISCOUNT: "desconto, desc, promoção, abatimento, poupança",
        Meaning.ROUNDING: "arredondamento, arred",
        Meaning.TENDERED: "entregue, recebido, valor recebido, valor entregue, pago",
        Meaning.CASH: "numerário, dinheiro, em dinheiro",
        Meaning.CARD: "multibanco, cartão, cartão de crédito, cartão de débito, crédito, débito, pix",
        Meaning.CHANGE: "troco",
        Meaning.SERVICE: "gorjeta, taxa de serviço, serviço",
        Meaning.COUNT: "qtd, qtde, quantidade, n.º de artigos, qtd. de itens, artigos, itens",
        Meaning.OTHER_AMOUNT: "pontos, preço, preço unit, p. unitário, saldo, sinal",
        Meaning.DATE: "data, data hora",
        Meaning.ISSUED: "data da fatura, data de emissão, emitido em, data emissão, data da venda",
        Meaning.DUE: "vencimento, data de vencimento, pagar até, vence em",
        Meaning.DELIVERY: "data de entrega, entregue em, data da prestação, data de envio",
        Meaning.ORDERED: "data da encomenda, data do pedido",
        Meaning.OTHER_DATE: (
            "válido até, data de início, data de fim, período, impresso em, validade, desde, nascimento"
        ),
        Meaning.LEGAL_FORM: "lda, lda., s.a., unipessoal lda, ltda, eireli, & filhos, limitada, comércio ltda",
        Meaning.TRADE: (
            "mercearia, minimercado, supermercado, frutaria, talho, drogaria, ferragens, casa das, materiais, "
            "farmácia, parafarmácia, perfumaria, livraria, papelaria, tabacaria, restaurante, tasca, "
            "marisqueira, adega, churrascaria, pastelaria, padaria, café, confeitaria, consultores, "
            "informática, gabinete, engenharia, canalizações, oficina, carpintaria, limpezas, eletricidade, "
            "lanchonete, mercado, comércio, peixaria, hotel"
        ),
        Meaning.STREET: "rua, avenida, av., praça, travessa, largo, calçada, estrada, alameda, beco, rodovia",
        Meaning.UNIT: "r/c, andar, loja, lote, n.º, sala, dto, esq, centro, bloco",
        Meaning.REGION: "portugal, brasil, cep",
        Meaning.CONTACT: "tel, telefone, tlf, telemóvel, telef, celular",
        Meaning.REGISTRATION: "nif, nipc, contribuinte, cnpj, cpf, inscrição estadual, capital social, atcud",
        Meaning.TITLE: (
            "fatura, factura, fatura simplificada, fatura recibo, recibo, talão, talão de venda, cupom fiscal, "
            "cupom, caixa, operador, atendido por, funcionário, empregado, mesa, hora, artigo, descrição, "
            "produto, obrigado, bem vindo, via do cliente, encomenda, pedido, original, data"
        ),
        Meaning.RECIPIENT: "cliente, faturar a, exmo, exmo.(s) sr.(s), local de entrega, entregar a, destinatário",
        Meaning.AMOUNT_DUE: (
            "a pagar, total a pagar, valor a pagar, saldo a pagar, em dívida, valor em dívida, saldo devedor"
        ),
        Meaning.PREPAID: "adiantamento, adiantamentos, já pago, sinal, valor adiantado",
        Meaning.TIP: "gorjeta",
        Meaning.TIME: "hora, data hora",
        Meaning.PHONE: "tel, telefone, telemóvel, tlm, fone, celular",
        Meaning.FAX: "fax",
        Meaning.TAX_ID: (
            "nif, n.i.f., nipc, contribuinte, n.º contribuinte, contribuinte n.º, contribuinte nº, cnpj, "
            "nº contribuinte, vat"
        ),
        Meaning.ISSUER: "emitente, fornecedor, vendedor, prestador",
    },
    postcodes=(
        r"(?<![\d-])\d{4}-\d{3}(?![\d-])",
        r"(?<![\d-])\d{5}-\d{3}(?![\d-])",
    ),
    numbered={
        Numbered.CUSTOMER: "cliente",
        Numbered.ORDER: "encomenda|pedido",
        Numbered.TAX: "nif|nipc|contribuinte|cnpj",
        Numbered.TABLE: "mesa",
        Numbered.DOCUMENT: "fatura|recibo|talao|cupom|factura",
    },
    labels={
        "cashier": "caixa, operador, operadora",
        "server": "empregado, atendido por, garçom",
        "payment method": "forma de pagamento, modo de pagamento, método de pagamento, meio de pagamento",
        "payment terms": "condições de pagamento, condição de pagamento",
        "reference": "referência, v/ referência, ref",
        "project": "projeto, obra",
        "contact": "contacto, contato",
        "bank": "banco",
        "guests": "pessoas",
        "store": "loja",
        "period": "período",
    },
)
