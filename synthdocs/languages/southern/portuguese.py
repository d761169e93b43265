"""Portuguese, as it is printed in Portugal and Brazil."""

from decimal import Decimal

from synthdocs.languages.base import Language, Market, Money, Trade, Wording, cities, listed, variants, wares

WORDING = Wording(
    receipt=variants("FATURA SIMPLIFICADA | RECIBO | Talão de venda | CUPOM FISCAL | Fatura-recibo |"),
    invoice=variants("Fatura | FATURA"),
    receipt_number=variants("Talão N.º | Recibo N.º | Doc. N.º | Cupom N.º | Fatura simplif. N.º"),
    invoice_number=variants("Fatura N.º | Número da fatura | N.º da fatura"),
    order_number=variants("Encomenda N.º | Seu pedido | N.º do pedido"),
    customer_number=variants("N.º de cliente | Código do cliente | Cliente N.º"),
    date=variants("Data | DATA | Data/Hora |"),
    invoice_date=variants("Data da fatura | Data | Data de emissão | Emitido em"),
    due_date=variants("Vencimento | Data de vencimento | Pagar até"),
    delivery_date=variants("Data de entrega | Entregue em | Data da prestação"),
    time=variants("Hora | HORA"),
    cashier=variants("Operador | Atendido por | Funcionário | Empregado | Vendedor"),
    till=variants("Caixa | CAIXA | Terminal | Loja"),
    table=variants("Mesa | MESA"),
    guests=variants("Pessoas | Lugares"),
    item=variants("Artigo | Descrição | Produto | Designação"),
    quantity=variants("Qtd. | Quantidade | Qtde"),
    price=variants("Preço | Preço unit. | P. unitário"),
    amount=variants("Valor | Montante | Importe"),
    item_count=variants("N.º de artigos | Qtd. de itens | Artigos"),
    subtotal=variants("Subtotal | SUBTOTAL | Sub-total"),
    total=variants("TOTAL | Total a pagar | TOTAL EUR | VALOR TOTAL | Total | Total c/ imposto | A PAGAR"),
    invoice_total=variants("Total a pagar | Total da fatura | TOTAL | Valor total | Total com imposto"),
    discount=variants("Desconto | DESCONTO | Desc. cartão | Promoção"),
    service=variants("Serviço {rate}% | Taxa de serviço {rate}%"),
    net=variants("Base | Incidência | Valor líquido"),
    gross=variants("Valor | Ilíquido"),
    includes=variants("{tax} {rate}% incluído | inclui {tax} {rate}% | {tax} {rate}%"),
    rounding=variants("Arredondamento | ARRED."),
    cash=variants("NUMERÁRIO | Dinheiro | DINHEIRO | Entregue"),
    change=variants("TROCO | Troco"),
    card=variants("MULTIBANCO | Cartão | CARTÃO DE CRÉDITO | Cartão de débito | VISA"),
    approved=variants("TRANSAÇÃO ACEITE | Via do cliente | Autorizado | Sem assinatura"),
    phone=variants("Tel. | Telefone | Tlf. | TEL"),
    bill_to=variants("Cliente | Faturar a | Exmo.(s) Sr.(s) |"),
    ship_to=variants("Local de entrega | Entregar a"),
    terms=variants(
        "Condições de pagamento: {days} dias. | Pagamento a {days} dias da data da fatura. | "
        "Agradecemos o pagamento no prazo de {days} dias."
    ),
    bank=variants("Dados bancários | Transferência para | IBAN"),
    thanks=variants(
        "Obrigado pela sua visita! | OBRIGADO E VOLTE SEMPRE | Agradecemos a preferência | Tenha um bom dia"
    ),
    small_print=variants(
        "Trocas em 15 dias com talão. | Guarde o talão para garantia. | Não se aceitam devoluções. | "
        "Adira ao cartão cliente. | Processado por programa certificado."
    ),
    letter=variants(
        "Junto enviamos o detalhe dos serviços prestados: | Conforme encomenda, faturamos: | "
        "Pelos trabalhos realizados: |"
    ),
    paid=variants("PAGO | LIQUIDADO | RECEBIDO | QUITADO"),
)

SHOPS = (
    Trade(
        variants("Mercearia {last} | Minimercado {last} | Supermercado {last} | Frutaria {last} | Talho {last}"),
        wares(
            """
            Leite meio gordo 1L  | 0.8 | 1.3 | reduced
            Pão alentejano       | 1.2 | 2.5 | reduced
            Ovos classe M 12un   | 2 | 3.5 | reduced
            Queijo da ilha 300g  | 3.5 | 7 | reduced
            Tomate cacho kg      | 1.4 | 3 | reduced
            Arroz carolino 1kg   | 1.2 | 2.2 | reduced
            Azeite virgem 75cl   | 5 | 10 | reduced
            Detergente loiça     | 1.2 | 3
            Papel cozinha 3 rolos| 1.8 | 3.6
            Saco reutilizável    | 0.1 | 0.6
            """
        ),
    ),
    Trade(
        variants("Drogaria {last} | Ferragens {last} | Casa das Tintas {last} | Materiais {last}"),
        wares(
            """
            Parafusos 4x40 100un | 3 | 8
            Fita pintor 50m      | 2 | 5
            Lâmpada LED E27      | 2 | 6
            Trincha 50mm         | 2 | 6
            Martelo 500g         | 7 | 18
            Silicone branco      | 3 | 7
            Tinta branca 5L      | 15 | 38
            Extensão 5m          | 6 | 15
            """
        ),
    ),
    Trade(
        variants("Farmácia {last} | Perfumaria {last} | Parafarmácia {last} | Farmácia Moderna"),
        wares(
            """
            Paracetamol 20 comp  | 2 | 4 | reduced
            Protetor solar 50    | 9 | 19
            Pensos rápidos 20un  | 2 | 5
            Pasta dentífrica     | 1.5 | 4
            Champô 250ml         | 2.5 | 7
            Xarope tosse         | 5 | 10 | reduced
            Vitamina C 20 comp   | 4 | 9
            Creme de mãos        | 2.5 | 7
            """
        ),
    ),
    Trade(
        variants("Livraria {last} | Papelaria {last} | Tabacaria {last} | Livraria do Largo"),
        wares(
            """
            Romance de bolso   | 8 | 14 | reduced
            Caderno A5         | 1.5 | 4
            Canetas 4un        | 2 | 5
            Agenda anual       | 8 | 18
            Postal             | 0.5 | 1.5
            Resma A4           | 4 | 7
            Estojo escolar     | 5 | 14
            Marcadores 12un    | 4 | 9
            """
        ),
    ),
)
RESTAURANTS = (
    Trade(
        variants("Restaurante {last} | Tasca do {first} | Marisqueira {last} | Adega {last} | Churrascaria O Braseiro"),
        wares(
            """
            Prato do dia       | 7 | 11 | reduced
            Bacalhau à Brás    | 10 | 15 | reduced
            Frango no churrasco| 8 | 13 | reduced
            Caldo verde        | 2.5 | 4 | reduced
            Arroz de marisco   | 14 | 22 | reduced
            Bife da casa       | 11 | 17 | reduced
            Imperial           | 1.3 | 2.2
            Vinho tinto 37cl   | 5 | 9
            Pudim caseiro      | 2.5 | 4 | reduced
            Café               | 0.7 | 1.2 | reduced
            """
        ),
        table=True,
    ),
    Trade(
        variants("Pastelaria {last} | Padaria {last} | Café {last} | Confeitaria {last}"),
        wares(
            """
            Pastel de nata   | 1.1 | 1.6 | reduced
            Galão            | 1.2 | 1.8 | reduced
            Torrada          | 1.5 | 2.5 | reduced
            Tosta mista      | 2.8 | 4.2 | reduced
            Sumo de laranja  | 2 | 3.5 | reduced
            Bola de Berlim   | 1.2 | 1.8 | reduced
            Croquete         | 1 | 1.6 | reduced
            Meia de leite    | 1.2 | 1.8 | reduced
            """
        ),
    ),
)
SUPPLIERS = (
    Trade(
        variants("{last} Consultores | {last} Informática | Gabinete {last} | {last} & {last} Engenharia"),
        wares(
            """
            Consultoria (horas)       | 40 | 100
            Programação (horas)       | 30 | 75
            Alojamento web mensal     | 8 | 50
            Licença anual             | 100 | 800
            Formação, meio dia        | 200 | 700
            Migração de dados         | 300 | 2000
            Avença de manutenção      | 90 | 500
            Despesas de deslocação    | 30 | 250
            """
        ),
    ),
    Trade(
        variants("Canalizações {last} | Oficina {last} | Carpintaria {last} | Limpezas {last} | Eletricidade {last}"),
        wares(
            """
            Mão de obra (horas)      | 18 | 40
            Deslocação               | 15 | 40
            Material diverso         | 10 | 110
            Revisão de caldeira      | 50 | 110
            Pastilhas de travão      | 30 | 100
            Pintura interior, m²     | 4 | 12
            Limpeza de vidros        | 25 | 120
            Remoção de entulho       | 40 | 160
            """
        ),
    ),
)

MARKETS = (
    Market(
        code="PT",
        faker="pt_PT",
        money=Money((" €", "€", " EUR", ""), ",", ".", after=True),
        dates=variants(
            "{dd}/{mm}/{yyyy} | {dd}-{mm}-{yyyy} | {yyyy}-{mm}-{dd} | {d} de {month} de {yyyy} | {dd}/{mm}/{yy}"
        ),
        times=variants("{hh}:{min} | {hh}:{min}:{sec} | {hh}h{min}"),
        tax=variants("IVA"),
        rates=(Decimal(23), Decimal(6)),
        inclusive=True,
        suffixes=variants("Lda | Lda. | S.A. | Unipessoal Lda | & Filhos, Lda. |"),
        streets=variants(
            "Rua Augusta | Avenida da Liberdade | Rua do Comércio | Praça da República | Travessa das Flores | "
            "Largo do Rato | Rua de Santa Catarina | Rua 25 de Abril | Calçada do Monte | Estrada Nacional"
        ),
        address=(
            ("{street}, {number}", "{code} {city}"),
            ("{street}, n.º {number}", "{code} {city}"),
            ("{street} {number}, R/C", "{code} {city}"),
        ),
        cities=cities(
            "Lisboa | 1###-###; Porto | 4###-###; Coimbra | 30##-###; Braga | 47##-###; Faro | 80##-###; "
            "Évora | 70##-###; Aveiro | 38##-###; Setúbal | 29##-###"
        ),
        phone=variants("2## ### ### | 21# ### ### | +351 2## ### ### | 9## ### ###"),
        tax_number=variants("NIF ######### | NIF: ######### | Contribuinte N.º ######### | NIPC #########"),
        weight=3,
    ),
    Market(
        code="BR",
        faker="pt_BR",
        money=Money(("R$ ", "R$", "R$ ", ""), ",", "."),
        dates=variants("{dd}/{mm}/{yyyy} | {dd}/{mm}/{yy} | {d} de {month} de {yyyy}"),
        times=variants("{hh}:{min}:{sec} | {hh}:{min}"),
        tax=variants("ICMS | Impostos"),
        rates=(Decimal(18), Decimal(12)),
        inclusive=True,
        suffixes=variants("Ltda | LTDA. | S.A. | Eireli | ME | Comércio Ltda"),
        streets=variants(
            "Rua das Palmeiras | Av. Paulista | Rua XV de Novembro | Alameda Santos | Av. Brasil | "
            "Rua Sete de Setembro | "
            "Praça da Sé"
        ),
        address=(
            ("{street}, {number}", "{city} - {region}", "CEP {code}"),
            ("{street}, {number} - Centro", "{code} {city}/{region}"),
        ),
        cities=cities(
            "Campinas | 13###-### | SP; Curitiba | 80###-### | PR; Recife | 50###-### | PE; Santos | 110##-### | SP; "
            "Salvador | 40###-### | BA"
        ),
        phone=variants("(##) ####-#### | (##) 9####-####"),
        tax_number=variants("CNPJ ##.###.###/####-## | CNPJ: ##.###.###/####-##"),
        scale=4,
        notes=(5, 10, 20, 50, 100),
        weight=2,
    ),
)

LANGUAGE = Language(
    code="pt",
    wording=WORDING,
    months=listed(
        "janeiro, fevereiro, março, abril, maio, junho, julho, agosto, setembro, outubro, novembro, dezembro"
    ),
    short_months=listed("jan, fev, mar, abr, mai, jun, jul, ago, set, out, nov, dez"),
    shops=SHOPS,
    restaurants=RESTAURANTS,
    suppliers=SUPPLIERS,
    markets=MARKETS,
    script="accented",
)
