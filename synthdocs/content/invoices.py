"""A4 invoices: letter head, customer, table of items, totals, terms; blocks of rows as for receipts."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from itertools import zip_longest

from synthdocs.content import companies
from synthdocs.content.content import Content
from synthdocs.content.rows import Align, Cell, Gap, Line, Picture, Row, Rule, line, text
from synthdocs.content.tables.texts import cell, texts
from synthdocs.rendering import fonts, shapes

Runs = tuple[tuple[str, str], ...]


def rows(content: Content, face: fonts.Face, size: int, table: Callable[[Content], list[Row]]) -> list[Row]:
    """A whole invoice with its items as `table` prints them. `size` is the height of its type in pixels."""
    rng = content.rng
    head = rng.choice((_head_left, _head_centre, _head_right))
    meta_right = rng.random() < 0.6
    parts: list[list[Row]] = [head(content, face, size), [Gap(1.2)], _parties(content, meta_right)]
    title = line(text(_title(content)), size=rng.choice((1.3, 1.6, 2.0)), bold=True)
    parts += [[Gap(1.5), title, Gap(0.6)]]
    if not meta_right:
        parts.append([line(text(label), Cell(runs, "left", 0.22)) for label, runs in _meta(content)])
    letter = rng.choice(content.language.wording.letter)
    parts += [[Gap(0.6), line(text(letter, wrap=True))] if letter else [], [Gap(0.6)], table(content), [Gap(0.4)]]
    parts += [_totals(content, size), [Gap(1.4)], _terms(content), _stamp(content, face, size), _foot(content)]
    return [row for part in parts for row in part]


def _title(content: Content) -> str:
    title = content.rng.choice(content.language.wording.invoice)
    return f"{title} {content.number}" if content.rng.random() < 0.3 else title


def _sender(content: Content, align: Align, at: float, scale: float) -> list[Line]:
    company = content.company
    words = content.language.wording
    phone = f"{content.rng.choice(words.phone)} {company.phone}"
    rows = [line(text(company.name, align, at, owner="company"), size=scale, bold=True)]
    rows += [line(text(row, align, at, owner="address")) for row in _address(content)]
    return [*rows, *[line(text(extra, align, at)) for extra in (phone, company.site) if content.rng.random() < 0.7]]


def _address(content: Content) -> list[str]:
    lines = list(content.company.address)
    return [content.market.comma.join(part.strip(",. ") for part in lines)] if content.rng.random() < 0.35 else lines


def _logo(content: Content, face: fonts.Face, size: int, align: Align, at: float) -> list[Row]:
    if content.rng.random() < 0.4:
        return []
    mask = shapes.logo(content.rng, size * content.rng.randint(4, 6), content.company.name[0], face)
    return [Picture(mask, align, at, accent=content.rng.random() < 0.8, floating=align != "center")]


def _head_left(content: Content, face: fonts.Face, size: int) -> list[Row]:
    return [
        *_logo(content, face, size, "right", 1.0),
        *_sender(content, "left", 0.0, content.rng.choice((1.2, 1.6, 2.0))),
    ]


def _head_centre(content: Content, face: fonts.Face, size: int) -> list[Row]:
    return [*_logo(content, face, size, "center", 0.5), *_sender(content, "center", 0.5, 1.6), Rule("drawn")]


def _head_right(content: Content, face: fonts.Face, size: int) -> list[Row]:
    return [*_logo(content, face, size, "left", 0.0), *_sender(content, "right", 1.0, content.rng.choice((1.2, 1.5)))]


def _parties(content: Content, meta_right: bool) -> list[Row]:
    """The customer's address left, often with the numbers and dates at its right."""
    rng, words = content.rng, content.language.wording
    left: list[Cell] = []
    if rng.random() < 0.3:
        left.append(text(content.market.comma.join((content.company.name, *content.company.address))[:58]))
    label = rng.choice(words.bill_to)
    if label and rng.random() < 0.6:
        left.append(text(f"{label}:"))
    left += [text(row) for row in companies.customer(rng, content.language, content.market, content.people)]
    right = [(text(label, at=0.6), Cell(runs, "right", 1.0)) for label, runs in _meta(content)] if meta_right else []
    return [Line((*([one] if one else []), *(pair or ()))) for one, pair in zip_longest(left, right)]


def _meta(content: Content) -> list[tuple[str, Runs]]:
    """Numbers and dates in the house's order; the invoice's own date is the truth, the others lead astray."""
    rng, words = content.rng, content.language.wording
    day = content.moment.date()
    later, earlier = (day + datetime.timedelta(days=days) for days in (rng.choice((10, 14, 30)), -rng.randint(1, 9)))
    optional = [
        (words.customer_number, companies.fill(rng, "#####")),
        (words.order_number, companies.fill(rng, "@@-####")),
        (words.delivery_date, content.date(earlier)),
        (words.due_date, content.date(later)),
    ]
    rows: list[tuple[str, Runs]] = [
        (f"{rng.choice(words.invoice_number)}:", ((content.number, ""),)),
        (f"{rng.choice(words.invoice_date)}:", ((content.date(), "date"),)),
    ]
    if rng.random() < 0.25:
        rows.reverse()
    chosen = [(f"{rng.choice(labels)}:", ((value, ""),)) for labels, value in optional if rng.random() < 0.5]
    cut = rng.randint(0, len(chosen)) if rng.random() < 0.3 else 0
    return [*chosen[:cut], *rows, *chosen[cut:]]


def items(content: Content) -> list[Row]:
    """Head and items in the usual order of columns."""
    rng, words = content.rng, content.language.wording
    coded = rng.random() < 0.35
    style = rng.choice(("inverse", "band", "rule", "rule"))
    accent = rng.random() < 0.5
    labels = (
        content.say(*words.item),
        content.say(*words.quantity),
        content.say(*words.price),
        content.say(*words.amount),
    )
    head = _table("#" if not coded else "Art.", *(text(label) for label in labels), coded=coded)
    rows: list[Row] = [Line(head.cells, 1.0, True, 1.0, style == "inverse", style == "band", accent)]
    if style == "rule":
        rows.append(Rule("thick"))
    for number, item in enumerate(content.purchase.items):
        own = texts(content, number, item)
        cells = (text(item.name, owner=own.description[1]), cell(own.quantity), cell(own.price), own.amount_cell())
        rows += [Gap(0.15), _table(item.code if coded else str(number + 1), *cells, coded=coded)]
    return [*rows, Rule("drawn")]


def _table(first: str, item: Cell, quantity: Cell, price: Cell, amount: Cell, *, coded: bool) -> Line:
    start = 0.14 if coded else 0.06
    return Line(
        (
            text(first, width=start - 0.01),
            Cell(item.runs, "left", start, 0.46),
            Cell(quantity.runs, "right", 0.66),
            Cell(price.runs, "right", 0.82),
            Cell(amount.runs, "right", 1.0),
        )
    )


def _totals(content: Content, size: int) -> list[Row]:
    rng, words, purchase = content.rng, content.language.wording, content.purchase
    at = rng.choice((0.5, 0.56, 0.62))
    pairs: list[tuple[str, Decimal]] = [(content.say(*words.subtotal, *words.net), purchase.subtotal)]
    if purchase.discount:
        pairs.append((content.say(*words.discount), -purchase.discount))
    pairs += [(f"{content.tax} {content.rate(tax.rate)}%", tax.tax) for tax in purchase.taxes]
    rows: list[Row] = [
        line(text(label, at=at), content.money(value, signed=content.sign_on_items)) for label, value in pairs
    ]
    total = (text(content.say(*words.invoice_total), at=at), content.money(purchase.total, owner="total"))
    kind = rng.choice(("rule", "band", "plain"))
    if kind == "rule":
        rows.append(Rule("thick", at, 1.0))
    scale = rng.choice((1.0, 1.15, 1.3))
    return [*rows, Line(total, scale, rng.random() < 0.85, 1.0, False, kind == "band")]


def _terms(content: Content) -> list[Row]:
    rng, words = content.rng, content.language.wording
    rows: list[Row] = [line(text(rng.choice(words.terms).format(days=rng.choice((7, 10, 14, 30))), wrap=True))]
    if rng.random() < 0.7:
        account = companies.fill(rng, f"{content.market.code}## #### #### #### ####")
        rows.append(line(text(f"{rng.choice(words.bank)}: {account}", wrap=True)))
    if rng.random() < 0.5:
        rows += [Gap(0.8), line(text(rng.choice(words.thanks)))]
    return rows


def _stamp(content: Content, face: fonts.Face, size: int) -> list[Row]:
    rng = content.rng
    if rng.random() < 0.75:
        return []
    mask = shapes.stamp(rng, rng.choice(content.language.wording.paid), size * 2, content.stamp_face(face))
    return [Picture(mask, "center", rng.uniform(0.55, 0.85), accent=True, floating=True, ink=0.85)]


def _foot(content: Content) -> list[Row]:
    company = content.company
    if content.rng.random() < 0.25:
        return []
    parts = [company.name, *company.address, company.phone, company.tax_number]
    return [
        Gap(content.rng.uniform(2, 6)),
        Rule("drawn"),
        line(text(" · ".join(part for part in parts if part), "center", wrap=True), size=0.75),
    ]
