"""What the amounts of a document are to the sum of its rows, by their names."""

import pytest

from extraction.domain import default_schemas
from extraction.domain.fields import Field, Schema
from extraction.services.review.tables.checks import sum_fields


def roles(*names: str) -> dict[str, str]:
    fields = (*(Field(name, "money") for name in names), Field("shop"), default_schemas.ITEMS)
    return {name: role.value for name, role in sum_fields(Schema("Bills", "bill", fields)).items()}


@pytest.mark.parametrize(
    ("name", "role"),
    [
        *[
            (name, "net")
            for name in ("subtotal", "sub_total", "net", "net_amount", "total_before_tax", "total_excl_vat")
        ],
        *[(name, "total") for name in ("total", "total_amount", "amount_due", "gross", "total_incl_tax")],
        *[(name, "tax") for name in ("tax", "tax_amount", "total_tax", "vat", "gst_amount")],
    ],
)
def test_names_say_what_an_amount_is(name: str, role: str) -> None:
    assert roles("total", name, "deposit") == {"total": "total", name: role}


def test_all_amounts_may_be_the_sum_where_no_name_tells() -> None:
    assert roles("betrag", "tax", "rest") == {"betrag": "total", "tax": "tax", "rest": "total"}


def test_without_amounts_in_rows_there_is_no_sum() -> None:
    assert sum_fields(Schema("Bills", "bill", (Field("total", "money"),))) == {}
