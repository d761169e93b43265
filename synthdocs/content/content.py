"""What a document says and in what manner, before it is set in rows."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from synthdocs.content import companies, totals
from synthdocs.content.purchases import items
from synthdocs.content.rows import Align, Cell, Owner
from synthdocs.languages.base import Language, Market, Trade
from synthdocs.rendering import fonts

FIRST_DAY = datetime.date(2019, 1, 1)
DAYS = 2600


@dataclass(frozen=True, slots=True)
class Content:
    """The content. `upper` prints names and labels in capitals, `sign` is the sign of currency beside totals."""

    rng: Random
    language: Language
    market: Market
    trade: Trade
    people: companies.People
    company: companies.Company
    purchase: totals.Purchase
    moment: datetime.datetime
    date_format: str
    time_format: str
    sign: str
    sign_on_items: bool
    upper: bool
    tax: str
    number: str

    def say(self, *variants: str) -> str:
        """One of the words that mean the same."""
        return self.case(self.rng.choice(variants))

    def case(self, text: str) -> str:
        return self.language.capitals(text) if self.upper else text

    def stamp_face(self, face: fonts.Face) -> fonts.Face:
        """The usual one of stamps; the document's own where that lacks the letters."""
        return fonts.TEXT[0] if self.language.script in ("latin", "accented") else face

    def date(self, day: datetime.date | None = None) -> str:
        return self.language.date(day or self.moment.date(), self.date_format)

    def time(self) -> str:
        moment = self.moment
        return self.time_format.format(
            hh=f"{moment.hour:02}",
            h12=moment.hour % 12 or 12,
            min=f"{moment.minute:02}",
            sec=f"{moment.second:02}",
            ap="AM" if moment.hour < 12 else "PM",
        )

    def amount(self, value: Decimal) -> str:
        """Without a sign of currency."""
        return self.market.money.format(value)

    def money(
        self, value: Decimal, align: Align = "right", at: float = 1.0, *, owner: Owner = "", signed: bool = True
    ) -> Cell:
        """An amount, with its sign where the document shows signs; only the number itself is `owner`'s."""
        sign = self.sign if signed else ""
        number: tuple[str, Owner] = (self.amount(value), owner)
        after = self.market.money.after and not sign.endswith(" ")
        runs = (number, (sign, "")) if after else ((sign, ""), number)
        return Cell(runs, align, at)

    def rate(self, rate: Decimal) -> str:
        return f"{rate.normalize():f}".replace(".", self.market.money.point)


def receipt(rng: Random, language: Language, *, varied: bool = False) -> Content:
    trades = language.restaurants if rng.random() < 0.35 else language.shops
    market = _market(rng, language)
    trade = rng.choice(trades)
    if not varied:
        return _content(rng, language, market, trade, totals.receipt(rng, market, trade))
    bought = items(rng, language, market, trade, 1 + int(rng.gammavariate(2.2, 1.9)), 4)
    return _content(rng, language, market, trade, totals.receipt_of(rng, market, trade, bought))


def invoice(rng: Random, language: Language, *, varied: bool = False) -> Content:
    market = _market(rng, language)
    trade = rng.choice(language.suppliers)
    if not varied:
        return _content(rng, language, market, trade, totals.invoice(rng, market, trade))
    count = rng.randint(10, 18) if rng.random() < 0.25 else rng.randint(1, 7)
    bought = items(rng, language, market, trade, count, 12)
    return _content(rng, language, market, trade, totals.invoice_of(rng, market, bought))


def _market(rng: Random, language: Language) -> Market:
    return rng.choices(language.markets, [market.weight for market in language.markets])[0]


def _content(rng: Random, language: Language, market: Market, trade: Trade, purchase: totals.Purchase) -> Content:
    people = companies.People(rng, market)
    day = FIRST_DAY + datetime.timedelta(days=rng.randrange(DAYS))
    sign = rng.choice(market.money.signs)
    return Content(
        rng=rng,
        language=language,
        market=market,
        trade=trade,
        people=people,
        company=companies.company(rng, market, trade, people),
        purchase=purchase,
        moment=datetime.datetime.combine(day, datetime.time(rng.randint(8, 21), rng.randrange(60), rng.randrange(60))),
        date_format=rng.choice(market.dates),
        time_format=rng.choice(market.times),
        sign=sign,
        sign_on_items=bool(sign.strip()) and rng.random() < 0.25,
        upper=rng.random() < 0.35,
        tax=rng.choice(market.tax),
        number=companies.fill(rng, rng.choice(("######", "####", "#########", "@@######", "##-#####", "@-####-##"))),
    )
