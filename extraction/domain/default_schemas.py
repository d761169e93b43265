"""The default fields of a project: those of a receipt."""

from extraction.domain.fields import Field, Schema

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
