"""A4 invoices: letter head, customer, table of items, totals, terms; blocks of rows as for receipts."""

from __future__ import annotations

import datetime
from decimal import Decimal
from itertools import zip_longest

from synthdocs.content import companies
from synthdocs.content.content import Ticket
from synthdocs.content.rows import Align, Cell, Gap, Line, Picture, Row, Rule, line, text
from synthdocs.rendering import fonts, shapes

Runs = tuple[tuple[str, str], ...]


def rows(ticket: Ticket, face: fonts.Face, size: int) -> list[Row]:
    """A whole invoice on one page. `size` is the height of its type in pixels."""
    rng = ticket.rng
    head = rng.choice((_head_left, _head_centre, _head_right))
    meta_right = rng.random() < 0.6
    parts: list[list[Row]] = [head(ticket, face, size), [Gap(1.2)], _parties(ticket, meta_right)]
    title = line(text(_title(ticket)), size=rng.choice((1.3, 1.6, 2.0)), bold=True)
    parts += [[Gap(1.5), title, Gap(0.6)]]
    if not meta_right:
        parts.append([line(text(label), Cell(runs, "left", 0.22)) for label, runs in _meta(ticket)])
    letter = rng.choice(ticket.language.wording.letter)
    parts += [[Gap(0.6), line(text(letter, wrap=True))] if letter else [], [Gap(0.6)], _items(ticket), [Gap(0.4)]]
    parts += [_totals(ticket, size), [Gap(1.4)], _terms(ticket), _stamp(ticket, size), _foot(ticket)]
    return [row for part in parts for row in part]


def _title(ticket: Ticket) -> str:
    title = ticket.rng.choice(ticket.language.wording.invoice)
    return f"{title} {ticket.number}" if ticket.rng.random() < 0.3 else title


def _sender(ticket: Ticket, align: Align, at: float, scale: float) -> list[Line]:
    firm = ticket.firm
    words = ticket.language.wording
    phone = f"{ticket.rng.choice(words.phone)} {firm.phone}"
    found = [line(text(firm.name, align, at, owner="company"), size=scale, bold=True)]
    found += [line(text(row, align, at, owner="address")) for row in _address(ticket)]
    return [*found, *[line(text(extra, align, at)) for extra in (phone, firm.site) if ticket.rng.random() < 0.7]]


def _address(ticket: Ticket) -> list[str]:
    lines = list(ticket.firm.address)
    return [", ".join(part.strip(",. ") for part in lines)] if ticket.rng.random() < 0.35 else lines


def _logo(ticket: Ticket, face: fonts.Face, size: int, align: Align, at: float) -> list[Row]:
    if ticket.rng.random() < 0.4:
        return []
    mask = shapes.logo(ticket.rng, size * ticket.rng.randint(4, 6), ticket.firm.name[0], face)
    return [Picture(mask, align, at, accent=ticket.rng.random() < 0.8, floating=align != "center")]


def _head_left(ticket: Ticket, face: fonts.Face, size: int) -> list[Row]:
    return [*_logo(ticket, face, size, "right", 1.0), *_sender(ticket, "left", 0.0, ticket.rng.choice((1.2, 1.6, 2.0)))]


def _head_centre(ticket: Ticket, face: fonts.Face, size: int) -> list[Row]:
    return [*_logo(ticket, face, size, "center", 0.5), *_sender(ticket, "center", 0.5, 1.6), Rule("drawn")]


def _head_right(ticket: Ticket, face: fonts.Face, size: int) -> list[Row]:
    return [*_logo(ticket, face, size, "left", 0.0), *_sender(ticket, "right", 1.0, ticket.rng.choice((1.2, 1.5)))]


def _parties(ticket: Ticket, meta_right: bool) -> list[Row]:
    """The customer's address left, often with the numbers and dates at its right."""
    rng, words = ticket.rng, ticket.language.wording
    left: list[Cell] = []
    if rng.random() < 0.3:
        left.append(text(", ".join((ticket.firm.name, *ticket.firm.address))[:58]))
    label = rng.choice(words.bill_to)
    if label and rng.random() < 0.6:
        left.append(text(f"{label}:"))
    left += [text(row) for row in companies.customer(rng, ticket.language, ticket.market, ticket.people)]
    right = [(text(label, at=0.6), Cell(runs, "right", 1.0)) for label, runs in _meta(ticket)] if meta_right else []
    return [Line((*([one] if one else []), *(pair or ()))) for one, pair in zip_longest(left, right)]


def _meta(ticket: Ticket) -> list[tuple[str, Runs]]:
    """Numbers and dates in the house's order; the invoice's own date is the truth, the others lead astray."""
    rng, words = ticket.rng, ticket.language.wording
    day = ticket.moment.date()
    later, earlier = (day + datetime.timedelta(days=days) for days in (rng.choice((10, 14, 30)), -rng.randint(1, 9)))
    optional = [
        (words.customer_number, companies.fill(rng, "#####")),
        (words.order_number, companies.fill(rng, "@@-####")),
        (words.delivery_date, ticket.date(earlier)),
        (words.due_date, ticket.date(later)),
    ]
    found: list[tuple[str, Runs]] = [
        (f"{rng.choice(words.invoice_number)}:", ((ticket.number, ""),)),
        (f"{rng.choice(words.invoice_date)}:", ((ticket.date(), "date"),)),
    ]
    if rng.random() < 0.25:
        found.reverse()
    chosen = [(f"{rng.choice(labels)}:", ((value, ""),)) for labels, value in optional if rng.random() < 0.5]
    cut = rng.randint(0, len(chosen)) if rng.random() < 0.3 else 0
    return [*chosen[:cut], *found, *chosen[cut:]]


def _items(ticket: Ticket) -> list[Row]:
    rng, words = ticket.rng, ticket.language.wording
    coded = rng.random() < 0.35
    style = rng.choice(("inverse", "band", "rule", "rule"))
    accent = rng.random() < 0.5
    labels = (ticket.say(*words.item), ticket.say(*words.quantity), ticket.say(*words.price), ticket.say(*words.amount))
    head = _table("#" if not coded else "Art.", *(text(label) for label in labels), coded=coded)
    found: list[Row] = [Line(head.cells, 1.0, True, 1.0, style == "inverse", style == "band", accent)]
    if style == "rule":
        found.append(Rule("thick"))
    for number, item in enumerate(ticket.bill.items, 1):
        amount = ticket.money(item.amount, signed=ticket.sign_on_items)
        cells = (text(item.name), text(str(item.quantity)), text(ticket.amount(item.price)), amount)
        found += [Gap(0.15), _table(item.code if coded else str(number), *cells, coded=coded)]
    return [*found, Rule("drawn")]


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


def _totals(ticket: Ticket, size: int) -> list[Row]:
    rng, words, bill = ticket.rng, ticket.language.wording, ticket.bill
    at = rng.choice((0.5, 0.56, 0.62))
    pairs: list[tuple[str, Decimal]] = [(ticket.say(*words.subtotal, *words.net), bill.subtotal)]
    if bill.discount:
        pairs.append((ticket.say(*words.discount), -bill.discount))
    pairs += [(f"{ticket.tax} {ticket.rate(tax.rate)}%", tax.tax) for tax in bill.taxes]
    found: list[Row] = [
        line(text(label, at=at), ticket.money(value, signed=ticket.sign_on_items)) for label, value in pairs
    ]
    total = (text(ticket.say(*words.invoice_total), at=at), ticket.money(bill.total, owner="total"))
    kind = rng.choice(("rule", "band", "plain"))
    if kind == "rule":
        found.append(Rule("thick", at, 1.0))
    scale = rng.choice((1.0, 1.15, 1.3))
    return [*found, Line(total, scale, rng.random() < 0.85, 1.0, False, kind == "band")]


def _terms(ticket: Ticket) -> list[Row]:
    rng, words = ticket.rng, ticket.language.wording
    found: list[Row] = [line(text(rng.choice(words.terms).format(days=rng.choice((7, 10, 14, 30))), wrap=True))]
    if rng.random() < 0.7:
        account = companies.fill(rng, f"{ticket.market.code}## #### #### #### ####")
        found.append(line(text(f"{rng.choice(words.bank)}: {account}", wrap=True)))
    if rng.random() < 0.5:
        found += [Gap(0.8), line(text(rng.choice(words.thanks)))]
    return found


def _stamp(ticket: Ticket, size: int) -> list[Row]:
    rng = ticket.rng
    if rng.random() < 0.75:
        return []
    mask = shapes.stamp(rng, rng.choice(ticket.language.wording.paid), size * 2, fonts.TEXT[0])
    return [Picture(mask, "center", rng.uniform(0.55, 0.85), accent=True, floating=True, ink=0.85)]


def _foot(ticket: Ticket) -> list[Row]:
    firm = ticket.firm
    if ticket.rng.random() < 0.25:
        return []
    parts = [firm.name, *firm.address, firm.phone, firm.tax_number]
    return [
        Gap(ticket.rng.uniform(2, 6)),
        Rule("drawn"),
        line(text(" · ".join(part for part in parts if part), "center", wrap=True), size=0.75),
    ]
