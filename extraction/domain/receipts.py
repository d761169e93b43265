"""The fields that a project of receipts starts with when nobody names others."""

from extraction.domain.fields import Schema

DEFAULT_FIELDS = """\
name = "Receipts"
document = "receipt"

[[field]]
name = "company"
type = "text"
instruction = "the name of the business that issued the receipt, as printed, without registration numbers"

[[field]]
name = "date"
type = "date"
instruction = "the day on which the receipt was issued, as printed, without the time"

[[field]]
name = "address"
type = "text"
instruction = "the address of the business, as printed, over all its lines"

[[field]]
name = "total"
type = "money"
instruction = "the amount that was paid in the end, taxes included, as printed"
"""


def default_schema() -> Schema:
    return Schema.from_toml(DEFAULT_FIELDS)
