"""Till rolls and restaurant bills: blocks of rows, and the order in which houses print them."""

from __future__ import annotations

from decimal import Decimal

from synthdocs.content.content import Ticket
from synthdocs.content.rows import Align, Cell, Gap, Line, Picture, Row, Rule, line, text
from synthdocs.content.totals import Item
from synthdocs.rendering import fonts, shapes

RULES = ("-", "-", "=", "*", "drawn", ".", "_")


def rows(ticket: Ticket, face: fonts.Face, size: int) -> list[Row]:
    """A whole receipt. `size` is the height of its type in pixels; shapes are drawn to match."""
    rule = Rule(ticket.rng.choice(RULES))
    date_last = ticket.rng.random() < 0.18
    parts = [
        _head(ticket, face, size),
        _title(ticket),
        _meta(ticket, dated=not date_last),
        [rule, *_items(ticket), rule],
        _totals(ticket, size),
        _taxes(ticket),
        _payment(ticket, size),
        _date_line(ticket) if date_last else [],
        _foot(ticket, size, rule),
    ]
    return [row for part in parts for row in (*part, Gap(ticket.rng.choice((0.3, 0.6)) if part else 0))]


def _head(ticket: Ticket, face: fonts.Face, size: int) -> list[Row]:
    rng, firm = ticket.rng, ticket.firm
    align: Align = "left" if rng.random() < 0.15 else "center"
    found: list[Row] = []
    if rng.random() < 0.3:
        found.append(
            Picture(
                shapes.logo(rng, size * rng.randint(3, 5), firm.name[0], face), align, 0.5 if align == "center" else 0
            )
        )
    name = firm.name.upper() if rng.random() < 0.5 else firm.name
    scale, tall = rng.choice(((1.0, 1.0), (1.15, 1.0), (1.35, 1.0), (1.6, 1.0), (1.0, 1.8), (1.2, 1.6)))
    found.append(line(text(name, align, owner="company", wrap=True), size=scale, bold=rng.random() < 0.75, tall=tall))
    if rng.random() > 0.04:
        found += [line(text(ticket.case(row), align, owner="address", wrap=True)) for row in _address(ticket)]
    extras = [f"{ticket.say(*ticket.language.wording.phone)}: {firm.phone}", firm.tax_number, firm.site]
    found += [line(text(extra, align)) for extra in extras if extra and rng.random() < 0.7]
    return found


def _address(ticket: Ticket) -> list[str]:
    """Mostly as the country breaks it into lines, at times all in one run with commas."""
    lines = list(ticket.firm.address)
    if ticket.rng.random() < 0.3:
        return [", ".join(part.strip(",. ") for part in lines)]
    return lines


def _title(ticket: Ticket) -> list[Row]:
    title = ticket.rng.choice(ticket.language.wording.receipt)
    if not title or ticket.rng.random() < 0.35:
        return []
    return [line(text(title, "center"), bold=True, size=ticket.rng.choice((1.0, 1.15)))]


def _date_cells(ticket: Ticket) -> tuple[tuple[str, str], ...]:
    return ((ticket.date(), "date"),)


def _date_line(ticket: Ticket) -> list[Row]:
    runs = (*_date_cells(ticket), (f"  {ticket.time()}", ""))
    return (
        [line(Cell(runs, ticket.rng.choice(("center", "left")), 0.5))]
        if ticket.rng.random() < 0.5
        else [line(Cell(runs), text(f"#{ticket.number}", "right"))]
    )


def _meta(ticket: Ticket, *, dated: bool) -> list[Row]:
    """Receipt number, cashier and the like: a pair a line, or two pairs a line."""
    rng, words = ticket.rng, ticket.language.wording
    pairs: list[tuple[str, tuple[tuple[str, str], ...]]] = []
    clerk = ticket.case(rng.choice((ticket.people.first(), ticket.people.first(), f"{rng.randint(1, 40):02}")))
    pairs.append((ticket.say(*words.receipt_number), ((ticket.number, ""),)))
    if rng.random() < 0.6:
        pairs.append((ticket.say(*words.cashier), ((clerk, ""),)))
    if rng.random() < 0.5:
        pairs.append((ticket.say(*words.till), ((str(rng.randint(1, 12)), ""),)))
    if ticket.trade.table and rng.random() < 0.7:
        pairs.append((ticket.say(*words.table), ((str(rng.randint(1, 30)), ""),)))
    if dated:
        when = rng.random()
        label = ticket.say(*words.date)
        if when < 0.45:
            pairs.insert(rng.randint(0, len(pairs)), (label, (*_date_cells(ticket), (f" {ticket.time()}", ""))))
        else:
            pairs.insert(rng.randint(0, len(pairs)), (label, _date_cells(ticket)))
            pairs.append((ticket.say(*words.time), ((ticket.time(), ""),)))
    return _pairs(ticket, pairs)


def _pairs(ticket: Ticket, pairs: list[tuple[str, tuple[tuple[str, str], ...]]]) -> list[Row]:
    rng, kind = ticket.rng, ticket.rng.random()
    colon = rng.choice((":", ":", " :", ""))
    if kind < 0.4:
        return [line(Cell(((f"{label}{colon} " if label else "", ""), *runs))) for label, runs in pairs]
    if kind < 0.65:
        at = 0.36 if max(len(label) for label, _ in pairs) < 11 else 0.5
        return [line(text(label), Cell(((": " if colon else "", ""), *runs), "left", at)) for label, runs in pairs]
    if kind < 0.8:
        return [line(text(label), Cell(runs, "right", 1.0)) for label, runs in pairs]
    cells = [Cell(((f"{label}{colon}" if label else "", ""), (" ", ""), *runs)) for label, runs in pairs]
    wide = [cell for cell in cells if sum(len(run) for run, _ in cell.runs) > 19]
    narrow = [cell for cell in cells if cell not in wide]
    found: list[Row] = [line(cell) for cell in wide]
    for left, right in zip(narrow[::2], narrow[1::2], strict=False):
        found.append(line(left, Cell(right.runs, "right", 1.0)))
    return found if len(narrow) % 2 == 0 else [*found, line(narrow[-1])]


def _items(ticket: Ticket) -> list[Row]:
    rng, words = ticket.rng, ticket.language.wording
    layout = rng.choice(("one", "one", "two", "code", "table", "table"))
    found: list[Row] = []
    if layout == "table":
        head = (
            ticket.say(*words.quantity),
            ticket.say(*words.item),
            ticket.say(*words.price),
            ticket.say(*words.amount),
        )
        cells = (
            text(head[0], width=0.11),
            text(head[1], at=0.14, width=0.34),
            text(head[2], "right", 0.76, width=0.24),
        )
        found += [line(*cells, text(head[3], "right", width=0.22)), Rule("-")]
    elif rng.random() < 0.25:
        found.append(
            line(text(ticket.say(*words.item)), text(ticket.sign.strip() or ticket.say(*words.amount), "right"))
        )
    letter = layout != "table" and rng.random() < 0.5
    for item in ticket.bill.items:
        found += _item(ticket, item, layout, " " + "AB"[item.rate] if letter else "")
    if rng.random() < 0.25:
        count = sum(item.quantity for item in ticket.bill.items)
        found.append(line(text(f"{ticket.say(*words.item_count)}: {count}")))
    return found


def _item(ticket: Ticket, item: Item, layout: str, letter: str) -> list[Row]:
    name, quantity = ticket.case(item.name), item.quantity
    amount = Cell((*ticket.money(item.amount, signed=ticket.sign_on_items).runs, (letter, "")), "right", 1.0)
    each = ticket.amount(item.price)
    if layout == "table":
        return [line(text(str(quantity)), text(name, at=0.14, width=0.42), text(each, "right", 0.76), amount)]
    if layout == "one":
        label = name if quantity == 1 else f"{quantity} x {name}"
        return [line(text(label, width=0.68), amount)]
    if layout == "two" and quantity == 1:
        return [line(text(name, width=0.68), amount)]
    if layout == "two":
        return [line(text(name)), line(text(f"{quantity} x {each}", at=0.08), amount)]
    return [line(text(name)), line(text(item.code), text(f"{quantity} x {each}", at=0.36), amount)]


def _sum_row(ticket: Ticket, label: str, value: Decimal, *, signed: bool = True) -> Line:
    return line(text(label), ticket.money(value, signed=signed and ticket.sign_on_items))


def _totals(ticket: Ticket, size: int) -> list[Row]:
    rng, words, bill = ticket.rng, ticket.language.wording, ticket.bill
    found: list[Row] = []
    if bill.subtotal != bill.total or rng.random() < 0.4:
        found.append(_sum_row(ticket, ticket.say(*words.subtotal), bill.subtotal))
    if bill.discount:
        found.append(_sum_row(ticket, ticket.say(*words.discount), -bill.discount))
    if bill.service:
        found.append(
            _sum_row(ticket, ticket.case(rng.choice(words.service).format(rate=bill.service_rate)), bill.service)
        )
    if not bill.inclusive:
        found += [_sum_row(ticket, f"{ticket.tax} {ticket.rate(tax.rate)}%", tax.tax) for tax in bill.taxes]
    if bill.rounding or (
        bill.tendered is not None and ticket.market.cash_step > Decimal("0.01") and rng.random() < 0.5
    ):
        found.append(_sum_row(ticket, ticket.say(*words.rounding), bill.rounding))
    scale, tall = rng.choice(((1.0, 1.0), (1.2, 1.0), (1.4, 1.0), (1.0, 1.8), (1.25, 1.5)))
    label = ticket.say(*words.total) + rng.choice(("", "", ":"))
    total = line(
        text(label, width=0.6), ticket.money(bill.total, owner="total"), size=scale, bold=rng.random() < 0.7, tall=tall
    )
    if rng.random() < 0.05:
        mask = shapes.loop(rng, size * 7, round(size * 2.6 * tall))
        found.append(Picture(mask, "right", 1.03, accent=True, floating=True, ink=0.8))
    return [*found, Gap(0.2), total]


def _taxes(ticket: Ticket) -> list[Row]:
    """Which taxes the total holds: a line each or a table."""
    rng, words, bill = ticket.rng, ticket.language.wording, ticket.bill
    if not bill.inclusive or rng.random() < 0.3:
        return []
    if rng.random() < 0.4:
        return [
            line(
                text(rng.choice(words.includes).format(tax=ticket.tax, rate=ticket.rate(tax.rate)), width=0.75),
                text(ticket.amount(tax.tax), "right"),
            )
            for tax in bill.taxes
        ]
    head = (f"{ticket.tax} %", ticket.say(*words.net), ticket.tax, ticket.say(*words.gross))
    found: list[Row] = [Gap(0.3), _columns(head)]
    for tax in bill.taxes:
        letter = "AB"[tax.index] + " " + ticket.rate(tax.rate) + "%"
        found.append(_columns((letter, ticket.amount(tax.net), ticket.amount(tax.tax), ticket.amount(tax.gross))))
    return found


def _columns(values: tuple[str, str, str, str]) -> Line:
    first, *rest = values
    cells = (text(value, "right", at, width=0.22) for value, at in zip(rest, (0.5, 0.73, 1.0), strict=True))
    return line(text(first, width=0.26), *cells)


def _payment(ticket: Ticket, size: int) -> list[Row]:
    rng, words, bill = ticket.rng, ticket.language.wording, ticket.bill
    if bill.tendered is not None:
        found: list[Row] = [_sum_row(ticket, ticket.say(*words.cash), bill.tendered)]
        if bill.change or rng.random() < 0.5:
            found.append(_sum_row(ticket, ticket.say(*words.change), bill.change))
        return found
    if rng.random() < 0.3:
        return []
    found = [_sum_row(ticket, ticket.say(*words.card), bill.total)]
    if rng.random() < 0.6:
        found.append(
            line(text(f"{'*' * 12}{rng.randint(0, 9999):04}"), text(f"AID A000000{rng.randint(1000, 9999)}", "right"))
        )
        found.append(line(text(ticket.rng.choice(words.approved), "center")))
    if rng.random() < 0.12:
        found += [Picture(shapes.signature(rng, size * 14, size * 4), accent=True), Rule("_", 0.2, 0.8)]
    return found


def _foot(ticket: Ticket, size: int, rule: Rule) -> list[Row]:
    rng, words = ticket.rng, ticket.language.wording
    found: list[Row] = [rule] if rng.random() < 0.4 else []
    if rng.random() < 0.85:
        found.append(line(text(ticket.say(*words.thanks), "center", wrap=True)))
    notes = rng.sample(words.small_print, rng.choice((0, 0, 1, 2)))
    found += [line(text(note, "center", wrap=True), size=0.9) for note in notes]
    kind = rng.random()
    if kind < 0.25:
        found += [
            Gap(0.6),
            Picture(shapes.barcode(rng, size * 15, size * 3)),
            line(text(str(rng.randint(10**11, 10**12)), "center")),
        ]
    elif kind < 0.4:
        found += [Gap(0.6), Picture(shapes.matrix(rng, size * 7))]
    if rng.random() < 0.06:
        found.append(
            Picture(
                shapes.stamp(rng, rng.choice(words.paid), size * 2, fonts.TEXT[0]),
                accent=True,
                at=rng.uniform(0.3, 0.7),
            )
        )
    return found
