"""Sums of bought things add up to the cent, whatever was bought."""

from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthdocs.content import totals
from synthdocs.languages import LANGUAGES
from synthdocs.languages.base import Language, Market

SELLERS = [(language, market) for language in LANGUAGES.values() for market in language.markets]


@given(st.integers(0, 2**32), st.sampled_from(SELLERS))
def test_a_receipt_adds_up(seed: int, seller: tuple[Language, Market]) -> None:
    language, market = seller
    rng = Random(seed)
    made = totals.receipt(rng, market, rng.choice((*language.shops, *language.restaurants)))
    assert made.total == sum(item.price * item.quantity for item in made.items) - made.discount + made.service + (
        made.rounding if made.inclusive else made.rounding + made.tax
    )
    assert made.total > 0
    assert made.total == made.total.quantize(market.money.unit)
    if made.inclusive:
        assert sum(tax.gross for tax in made.taxes) == made.before_rounding
    if made.tendered is not None:
        assert made.total % market.cash_step == 0
        assert made.change >= 0


@given(st.integers(0, 2**32), st.sampled_from(SELLERS))
def test_an_invoice_has_net_prices_and_tax_on_top(seed: int, seller: tuple[Language, Market]) -> None:
    language, market = seller
    rng = Random(seed)
    made = totals.invoice(rng, market, rng.choice(language.suppliers))
    assert sum(tax.net for tax in made.taxes) == made.subtotal - made.discount
    assert made.total == made.subtotal - made.discount + made.tax
    assert all(abs(tax.tax - tax.net * tax.rate / 100) <= market.money.unit / 2 for tax in made.taxes)


@pytest.mark.parametrize(
    ("code", "printed"),
    [
        *(("US", "1,234.50"), ("GB", "1,234.50"), ("DE", "1.234,50"), ("AT", "1.234,50"), ("CH", "1'234.50")),
        *(
            ("FR", "1 234,50"),
            ("NL", "1.234,50"),
            ("MX", "1,234.50"),
            ("ID", "1.234"),
            ("VN", "1.234"),
            ("JP", "1,234"),
        ),
    ],
)
def test_each_country_writes_amounts_its_own_way(code: str, printed: str) -> None:
    (market,) = [market for _, market in SELLERS if market.code == code]
    assert market.money.format(Decimal("1234.5")) == printed
