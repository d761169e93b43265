"""What was bought and what it costs. All sums add up to the cent."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from random import Random

from synthdocs.languages.base import Market, Trade, Ware

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Item:
    """`rate` is the index of its tax rate in the market's list; `code` an article number, `detail` a second line of the
    description. A `bare` one is printed without quantity and price."""

    name: str
    code: str
    quantity: int
    price: Decimal
    rate: int
    detail: str = ""
    bare: bool = False

    @property
    def amount(self) -> Decimal:
        return self.price * self.quantity


@dataclass(frozen=True, slots=True)
class Tax:
    """What one tax rate (per cent) comes to: `gross` = `net` + `tax`."""

    rate: Decimal
    index: int
    net: Decimal
    tax: Decimal

    @property
    def gross(self) -> Decimal:
        return self.net + self.tax


@dataclass(frozen=True, slots=True)
class Purchase:
    """`total` is what is to be paid: items − discount + service (+ taxes where prices are net) + rounding.

    `tendered` is what was handed over in cash, `None` when a card paid.
    """

    items: tuple[Item, ...]
    discount: Decimal
    service: Decimal
    service_rate: int
    taxes: tuple[Tax, ...]
    inclusive: bool
    rounding: Decimal
    tendered: Decimal | None

    @property
    def subtotal(self) -> Decimal:
        return sum((item.amount for item in self.items), ZERO)

    @property
    def tax(self) -> Decimal:
        return sum((tax.tax for tax in self.taxes), ZERO)

    @property
    def before_rounding(self) -> Decimal:
        return self.subtotal - self.discount + self.service + (ZERO if self.inclusive else self.tax)

    @property
    def total(self) -> Decimal:
        return self.before_rounding + self.rounding

    @property
    def change(self) -> Decimal:
        return ZERO if self.tendered is None else self.tendered - self.total


def receipt(rng: Random, market: Market, trade: Trade) -> Purchase:
    """A visit to a shop or restaurant."""
    count = min(len(trade.wares), 1 + int(rng.gammavariate(2.2, 1.9)))
    return receipt_of(rng, market, trade, tuple(draw(rng, market, ware, 4) for ware in rng.sample(trade.wares, count)))


def receipt_of(rng: Random, market: Market, trade: Trade, items: tuple[Item, ...]) -> Purchase:
    """A visit in which these were bought."""
    subtotal = sum((item.amount for item in items), ZERO)
    discount = rounded(subtotal * rng.choice((5, 10, 15, 20)) / 100, market) if rng.random() < 0.12 else ZERO
    service_rate = rng.choice((10, 12)) if trade.table and rng.random() < 0.25 else 0
    service = rounded((subtotal - discount) * service_rate / 100, market)
    taxes = _taxes(items, discount, service, market, market.inclusive)
    cash = rng.random() < 0.5
    due = subtotal - discount + service + (ZERO if market.inclusive else sum((tax.tax for tax in taxes), ZERO))
    rounding = _to_step(due, market.cash_step, market) - due if cash else ZERO
    tendered = _tendered(rng, due + rounding, market) if cash else None
    return Purchase(items, discount, service, service_rate, taxes, market.inclusive, rounding, tendered)


def invoice(rng: Random, market: Market, trade: Trade) -> Purchase:
    """A delivery between businesses: net prices, tax on top."""
    count = min(len(trade.wares), 1 + int(rng.gammavariate(2.0, 1.6)))
    return invoice_of(rng, market, tuple(draw(rng, market, ware, 12) for ware in rng.sample(trade.wares, count)))


def invoice_of(rng: Random, market: Market, items: tuple[Item, ...]) -> Purchase:
    """A delivery of these."""
    subtotal = sum((item.amount for item in items), ZERO)
    discount = rounded(subtotal * rng.choice((2, 3, 5, 10)) / 100, market) if rng.random() < 0.15 else ZERO
    return Purchase(items, discount, ZERO, 0, _taxes(items, discount, ZERO, market, False), False, ZERO, None)


def draw(rng: Random, market: Market, ware: Ware, most: int) -> Item:
    """A quantity of the ware at a price; mostly one of it, at times up to `most`."""
    price = rounded(Decimal(str(rng.uniform(ware.low, ware.high) * market.scale)), market)
    if market.price_step:
        price = max(_to_step(price, market.price_step, market), market.price_step)
    elif market.cash_step > market.money.unit or rng.random() < 0.5:
        price = max(_to_step(price, Decimal("0.05"), market), Decimal("0.05"))
    elif rng.random() < 0.5:
        price = max(price.quantize(Decimal(1)) - market.money.unit, Decimal("0.49"))
    quantity = rng.choice((1, 1, 1, 1, 2, 2, 3, rng.randint(2, most)))
    rate = 1 if ware.reduced and len(market.rates) > 1 else 0
    return Item(ware.name, str(rng.randint(10**5, 10**8)), quantity, price, rate)


def _taxes(
    items: tuple[Item, ...], discount: Decimal, service: Decimal, market: Market, inclusive: bool
) -> tuple[Tax, ...]:
    """Discount and service are spread over the rates as the items are, the last rate taking what is left."""
    subtotal = sum((item.amount for item in items), ZERO)
    indices = sorted({item.rate for item in items})
    extra, taxes = service - discount, []
    for index in indices:
        amount = sum((item.amount for item in items if item.rate == index), ZERO)
        share = extra if index == indices[-1] else rounded((service - discount) * amount / subtotal, market)
        extra -= share
        taxes.append(_tax(market, index, amount + share, inclusive))
    return tuple(taxes)


def _tax(market: Market, index: int, amount: Decimal, inclusive: bool) -> Tax:
    rate = market.rates[index]
    tax = rounded(amount * rate / (100 + rate) if inclusive else amount * rate / 100, market)
    return Tax(rate, index, amount - tax if inclusive else amount, tax)


def _tendered(rng: Random, total: Decimal, market: Market) -> Decimal:
    """The sum itself, or the next round one."""
    notes = [Decimal(note) for note in market.notes]
    up = [(total / note).to_integral_value(ROUND_CEILING) * note for note in notes]
    return rounded(rng.choice([total, *up[:3], up[3] if total > notes[2] else up[1]]), market)


def rounded(amount: Decimal, market: Market) -> Decimal:
    """To the smallest amount of the country."""
    return amount.quantize(market.money.unit, ROUND_HALF_UP)


def _to_step(amount: Decimal, step: Decimal, market: Market) -> Decimal:
    return rounded((amount / step).quantize(Decimal(1), ROUND_HALF_UP) * step, market)
