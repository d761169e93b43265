"""Project templates: the fields that a new project can start from, by the name of the template."""

from dataclasses import dataclass

from extraction.domain.errors import gettext_noop
from extraction.domain.fields import Field, Schema, SchemaError

RECEIPT = Schema(
    name="Receipts",
    document="receipt",
    fields=(
        Field(
            "company",
            "text",
            "the full name of the business that issued the document, as printed, without registration numbers",
            (("Harbour Lane Apparel Ltd  VAT No GB 123 4567 89", "Harbour Lane Apparel Ltd"),),
            required=True,
        ),
        Field(
            "date",
            "date",
            "the day of the purchase or the date of the invoice, as printed, without the time; "
            "not a due or delivery date",
            (("Date: 25/12/2018 18:13", "25/12/2018"),),
            required=True,
        ),
        Field(
            "address",
            "text",
            "the address of the business that issued the document, as printed, its lines joined by single spaces; "
            "no telephone, no registration numbers, not the customer's address",
            (("12 Mill Lane\nLeeds LS1 4AB\nTel 01632 960123", "12 Mill Lane Leeds LS1 4AB"),),
        ),
        Field(
            "total",
            "money",
            "the amount to pay, tax included and after rounding, as printed, without the sign of currency; "
            "not the cash given, not the change, not the subtotal",
            (("TOTAL  $ 1,007.50", "1,007.50"),),
            required=True,
        ),
    ),
)

_ISSUER = "the full name of the business that issued the document, as printed, without its address"
_CURRENCY = Field("currency", "text", "the currency, as printed: its sign or code", (("EUR 120.00", "EUR"),))
_LINES = (
    Field(
        "description",
        "text",
        "what is bought, as printed, its lines joined by single spaces; without article number, quantity and prices",
    ),
    Field("quantity", "number", "how many of it, without the unit"),
    Field("unit_price", "money", "the price of one"),
    Field("amount", "money", "what the row comes to; negative where printed so"),
)
_ROWS = "in printed order; a discount with an amount of its own is a row; no subtotals, taxes and totals"
_ROW_EXAMPLES = (
    (
        "Oat biscuits / 2 x 4.50  9.00",
        '[{"description": "Oat biscuits", "quantity": "2", "unit_price": "4.50", "amount": "9.00"}]',
    ),
)
# The items of a receipt, for projects that read them beside its other fields.
ITEMS = Field("items", "group", f"one row for each article or service, {_ROWS}", _ROW_EXAMPLES, fields=_LINES)

INVOICE = Schema(
    name="Invoices",
    document="invoice",
    fields=(
        Field("vendor_name", "text", _ISSUER, required=True),
        Field(
            "invoice_number",
            "text",
            "the number that the vendor gave the invoice; not an order or customer number",
            (("Invoice No: INV-2041", "INV-2041"),),
            required=True,
        ),
        Field("invoice_date", "date", "the day of the invoice; not a due or delivery date", required=True),
        Field("due_date", "date", "the last day to pay, only where it is printed as a date"),
        Field("net_amount", "money", "the sum before tax", (("Net 100.00", "100.00"),)),
        Field("tax_amount", "money", "the sum of all taxes", (("VAT 20%  20.00", "20.00"),)),
        Field("total_amount", "money", "the amount to pay", (("Total due 120.00", "120.00"),), required=True),
        _CURRENCY,
        Field("items", "group", f"one row for each invoiced line, {_ROWS}", _ROW_EXAMPLES, fields=_LINES),
    ),
)
EXPENSE = Schema(
    name="Expense receipts",
    document="expense receipt",
    fields=(
        Field("merchant", "text", _ISSUER, required=True),
        Field("date", "date", "the day of the purchase, without the time", required=True),
        Field("total", "money", "the amount paid, tax and tip included; not the cash given", required=True),
        Field("tax", "money", "the sum of all taxes", (("GST 6%  1.20", "1.20"),)),
        Field("tip", "money", "the tip or gratuity, only where an amount is printed or written"),
        _CURRENCY,
        Field("payment", "choice", "how it was paid", options=("cash", "card", "other")),
    ),
)
PURCHASE_ORDER = Schema(
    name="Purchase orders",
    document="purchase order",
    fields=(
        Field("order_number", "text", "the buyer's number of the order", (("PO # 4500-77", "4500-77"),), required=True),
        Field("order_date", "date", "the day on which the order was issued", required=True),
        Field("buyer", "text", "the full name of the business that orders"),
        Field("supplier", "text", "the full name of the business that is to deliver", required=True),
        Field("delivery_date", "date", "the day by which the goods are wanted"),
        Field("total_amount", "money", "the sum of the whole order as printed"),
        Field("items", "group", f"one row for each ordered line, {_ROWS}", _ROW_EXAMPLES, fields=_LINES),
    ),
)
IDENTITY = Schema(
    name="Identity documents",
    document="identity document",
    fields=(
        Field("surname", "text", "the family name of the holder, as printed", required=True),
        Field("given_names", "text", "all given names of the holder, as printed", required=True),
        Field("document_number", "text", "the number of the document itself; not a personal number", required=True),
        Field("birth_date", "date", "the day on which the holder was born", required=True),
        Field("nationality", "text", "the nationality of the holder, as printed"),
        Field("expiry_date", "date", "the last day on which the document is valid"),
    ),
)


@dataclass(frozen=True, slots=True)
class Template:
    """A start for a project; `name` is what commands and forms send."""

    name: str
    title: str
    schema: Schema


TEMPLATES = tuple(
    Template(name, title, schema)
    for name, title, schema in (
        ("receipt", gettext_noop("Receipt"), RECEIPT),
        ("invoice", gettext_noop("Invoice with rows"), INVOICE),
        ("expense", gettext_noop("Expense receipt"), EXPENSE),
        ("purchase-order", gettext_noop("Purchase order"), PURCHASE_ORDER),
        ("identity", gettext_noop("Identity document"), IDENTITY),
    )
)


def template(name: str) -> Template:
    """Raises `SchemaError` for a name that no template has."""
    for candidate in TEMPLATES:
        if candidate.name == name:
            return candidate
    known = ", ".join(candidate.name for candidate in TEMPLATES)
    raise SchemaError(
        gettext_noop("There is no project template named {name!r}; known are {known}."), name=name, known=known
    )
