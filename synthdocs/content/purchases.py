"""What is bought in tables of every kind: long descriptions, discounts on single items, many rows."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from random import Random

from synthdocs.content.totals import Item, draw, rounded
from synthdocs.languages.base import Language, Market, Trade

DETAILS = ("{n}00 g", "{n}{point}5 l", "XL / {n}", "{n} x {m}", "No. {n}{m}", "{m}{n} mm", "SW-{m}{n}0")


def items(rng: Random, language: Language, market: Market, trade: Trade, count: int, most: int) -> tuple[Item, ...]:
    """About `count` items, some of them bought again, and discounts as items of their own behind what they are on."""
    drawn = _drawn(rng, market, trade, count, most)
    detailed, discounted = rng.random() < 0.5, rng.random() < 0.35
    found: list[Item] = []
    for item in drawn:
        detail = _detail(rng, market) if detailed and rng.random() < 0.7 else ""
        found.append(replace(item, detail=detail))
        if discounted and rng.random() < 0.3:
            found += _discount(rng, language, market, item)
    return tuple(found)


def _drawn(rng: Random, market: Market, trade: Trade, count: int, most: int) -> list[Item]:
    """A ware that is bought again costs the same."""
    drawn: list[Item] = []
    for ware in rng.choices(trade.wares, k=count):
        item = draw(rng, market, ware, most)
        again = next((other for other in drawn if other.name == item.name), item)
        drawn.append(replace(item, code=again.code, price=again.price))
    return drawn


def _detail(rng: Random, market: Market) -> str:
    values = {"n": rng.randint(1, 9), "m": rng.randint(2, 60), "point": market.money.point}
    return rng.choice(DETAILS).format(**values)


def _discount(rng: Random, language: Language, market: Market, item: Item) -> list[Item]:
    """None where it would come to nothing."""
    rate = rng.choice((5, 10, 20, 50))
    off = rounded(item.amount * Decimal(rate) / 100, market)
    name = rng.choice(language.wording.discount) + rng.choice(("", f" {rate}%"))
    return [Item(name, "", 1, -off, item.rate, bare=True)] if off else []
