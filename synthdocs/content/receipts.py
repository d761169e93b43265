"""Till rolls and restaurant bills: blocks of rows, and the order in which houses print them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from synthdocs.content.content import Content
from synthdocs.content.rows import Align, Cell, Gap, Line, Picture, Row, Rule, line, text
from synthdocs.content.tables.texts import cell, texts
from synthdocs.content.totals import Item
from synthdocs.rendering import fonts, shapes

RULES = ("-", "-", "=", "*", "drawn", ".", "_")


def rows(content: Content, face: fonts.Face, size: int, table: Callable[[Content], list[Row]]) -> list[Row]:
    """A whole receipt with its items as `table` prints them.

    `size` is the height of its type in pixels; shapes are drawn to match.
    """
    rule = Rule(content.rng.choice(RULES))
    date_last = content.rng.random() < 0.18
    parts = [
        _head(content, face, size),
        _title(content),
        _meta(content, dated=not date_last),
        [rule, *table(content), rule],
        _totals(content, size),
        _taxes(content),
        _payment(content, size),
        _date_line(content) if date_last else [],
        _foot(content, face, size, rule),
    ]
    return [row for part in parts for row in (*part, Gap(content.rng.choice((0.3, 0.6)) if part else 0))]


def _head(content: Content, face: fonts.Face, size: int) -> list[Row]:
    rng, company = content.rng, content.company
    align: Align = "left" if rng.random() < 0.15 else "center"
    rows: list[Row] = []
    if rng.random() < 0.3:
        rows.append(
            Picture(
                shapes.logo(rng, size * rng.randint(3, 5), company.name[0], face),
                align,
                0.5 if align == "center" else 0,
            )
        )
    name = content.language.capitals(company.name) if rng.random() < 0.5 else company.name
    scale, tall = rng.choice(((1.0, 1.0), (1.15, 1.0), (1.35, 1.0), (1.6, 1.0), (1.0, 1.8), (1.2, 1.6)))
    rows.append(line(text(name, align, owner="company", wrap=True), size=scale, bold=rng.random() < 0.75, tall=tall))
    if rng.random() > 0.04:
        rows += [line(text(content.case(row), align, owner="address", wrap=True)) for row in _address(content)]
    extras = [f"{content.say(*content.language.wording.phone)}: {company.phone}", company.tax_number, company.site]
    rows += [line(text(extra, align)) for extra in extras if extra and rng.random() < 0.7]
    return rows


def _address(content: Content) -> list[str]:
    """Mostly as the country breaks it into lines, at times all in one run with commas."""
    lines = list(content.company.address)
    if content.rng.random() < 0.3:
        return [content.market.comma.join(part.strip(",. ") for part in lines)]
    return lines


def _title(content: Content) -> list[Row]:
    title = content.rng.choice(content.language.wording.receipt)
    if not title or content.rng.random() < 0.35:
        return []
    return [line(text(title, "center"), bold=True, size=content.rng.choice((1.0, 1.15)))]


def _date_cells(content: Content) -> tuple[tuple[str, str], ...]:
    return ((content.date(), "date"),)


def _date_line(content: Content) -> list[Row]:
    runs = (*_date_cells(content), (f"  {content.time()}", ""))
    return (
        [line(Cell(runs, content.rng.choice(("center", "left")), 0.5))]
        if content.rng.random() < 0.5
        else [line(Cell(runs), text(f"#{content.number}", "right"))]
    )


def _meta(content: Content, *, dated: bool) -> list[Row]:
    """Receipt number, cashier and the like: a pair a line, or two pairs a line."""
    rng, words = content.rng, content.language.wording
    pairs: list[tuple[str, tuple[tuple[str, str], ...]]] = []
    clerk = content.case(rng.choice((content.people.first(), content.people.first(), f"{rng.randint(1, 40):02}")))
    pairs.append((content.say(*words.receipt_number), ((content.number, ""),)))
    if rng.random() < 0.6:
        pairs.append((content.say(*words.cashier), ((clerk, ""),)))
    if rng.random() < 0.5:
        pairs.append((content.say(*words.till), ((str(rng.randint(1, 12)), ""),)))
    if content.trade.table and rng.random() < 0.7:
        pairs.append((content.say(*words.table), ((str(rng.randint(1, 30)), ""),)))
    if dated:
        when = rng.random()
        label = content.say(*words.date)
        if when < 0.45:
            pairs.insert(rng.randint(0, len(pairs)), (label, (*_date_cells(content), (f" {content.time()}", ""))))
        else:
            pairs.insert(rng.randint(0, len(pairs)), (label, _date_cells(content)))
            pairs.append((content.say(*words.time), ((content.time(), ""),)))
    return _pairs(content, pairs)


def _pairs(content: Content, pairs: list[tuple[str, tuple[tuple[str, str], ...]]]) -> list[Row]:
    rng, kind = content.rng, content.rng.random()
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
    rows: list[Row] = [line(cell) for cell in wide]
    for left, right in zip(narrow[::2], narrow[1::2], strict=False):
        rows.append(line(left, Cell(right.runs, "right", 1.0)))
    return rows if len(narrow) % 2 == 0 else [*rows, line(narrow[-1])]


def items(content: Content) -> list[Row]:
    """The items in one of four plain layouts."""
    rng, words = content.rng, content.language.wording
    layout = rng.choice(("one", "one", "two", "code", "table", "table"))
    rows: list[Row] = []
    if layout == "table":
        head = (
            content.say(*words.quantity),
            content.say(*words.item),
            content.say(*words.price),
            content.say(*words.amount),
        )
        cells = (
            text(head[0], width=0.11),
            text(head[1], at=0.14, width=0.34),
            text(head[2], "right", 0.76, width=0.24),
        )
        rows += [line(*cells, text(head[3], "right", width=0.22)), Rule("-")]
    elif rng.random() < 0.25:
        rows.append(
            line(text(content.say(*words.item)), text(content.sign.strip() or content.say(*words.amount), "right"))
        )
    letter = layout != "table" and rng.random() < 0.5
    for number, item in enumerate(content.purchase.items):
        rows += _item(content, number, item, layout, " " + "AB"[item.rate] if letter else "")
    if rng.random() < 0.25:
        count = sum(item.quantity for item in content.purchase.items)
        rows.append(line(text(f"{content.say(*words.item_count)}: {count}")))
    return rows


def _item(content: Content, number: int, item: Item, layout: str, letter: str) -> list[Row]:
    own = texts(content, number, item)
    amount, product = own.amount_cell(letter), own.product(" x ")
    if layout == "table":
        name, price = cell(own.description, at=0.14, width=0.42), cell(own.price, "right", 0.76)
        return [line(cell(own.quantity), name, price, amount)]
    if layout == "one":
        label = (own.description,) if item.quantity == 1 else (own.quantity, (" x ", ""), own.description)
        return [line(Cell(label, width=0.68), amount)]
    if layout == "two" and item.quantity == 1:
        return [line(cell(own.description, width=0.68), amount)]
    if layout == "two":
        return [line(cell(own.description)), line(Cell(product, "left", 0.08), amount)]
    return [line(cell(own.description)), line(text(item.code), Cell(product, "left", 0.36), amount)]


def _sum_row(content: Content, label: str, value: Decimal, *, signed: bool = True) -> Line:
    return line(text(label), content.money(value, signed=signed and content.sign_on_items))


def _totals(content: Content, size: int) -> list[Row]:
    rng, words, purchase = content.rng, content.language.wording, content.purchase
    rows: list[Row] = []
    if purchase.subtotal != purchase.total or rng.random() < 0.4:
        rows.append(_sum_row(content, content.say(*words.subtotal), purchase.subtotal))
    if purchase.discount:
        rows.append(_sum_row(content, content.say(*words.discount), -purchase.discount))
    if purchase.service:
        rows.append(
            _sum_row(
                content, content.case(rng.choice(words.service).format(rate=purchase.service_rate)), purchase.service
            )
        )
    if not purchase.inclusive:
        rows += [_sum_row(content, f"{content.tax} {content.rate(tax.rate)}%", tax.tax) for tax in purchase.taxes]
    if purchase.rounding or (
        purchase.tendered is not None and content.market.cash_step > content.market.money.unit and rng.random() < 0.5
    ):
        rows.append(_sum_row(content, content.say(*words.rounding), purchase.rounding))
    scale, tall = rng.choice(((1.0, 1.0), (1.2, 1.0), (1.4, 1.0), (1.0, 1.8), (1.25, 1.5)))
    label = content.say(*words.total) + rng.choice(("", "", ":"))
    total = line(
        text(label, width=0.6),
        content.money(purchase.total, owner="total"),
        size=scale,
        bold=rng.random() < 0.7,
        tall=tall,
    )
    if rng.random() < 0.05:
        mask = shapes.loop(rng, size * 7, round(size * 2.6 * tall))
        rows.append(Picture(mask, "right", 1.03, accent=True, floating=True, ink=0.8))
    return [*rows, Gap(0.2), total]


def _taxes(content: Content) -> list[Row]:
    """Which taxes the total holds: a line each or a table."""
    rng, words, purchase = content.rng, content.language.wording, content.purchase
    if not purchase.inclusive or rng.random() < 0.3:
        return []
    if rng.random() < 0.4:
        return [
            line(
                text(rng.choice(words.includes).format(tax=content.tax, rate=content.rate(tax.rate)), width=0.75),
                text(content.amount(tax.tax), "right"),
            )
            for tax in purchase.taxes
        ]
    head = (f"{content.tax} %", content.say(*words.net), content.tax, content.say(*words.gross))
    rows: list[Row] = [Gap(0.3), _columns(head)]
    for tax in purchase.taxes:
        letter = "AB"[tax.index] + " " + content.rate(tax.rate) + "%"
        rows.append(_columns((letter, content.amount(tax.net), content.amount(tax.tax), content.amount(tax.gross))))
    return rows


def _columns(values: tuple[str, str, str, str]) -> Line:
    first, *rest = values
    cells = (text(value, "right", at, width=0.22) for value, at in zip(rest, (0.5, 0.73, 1.0), strict=True))
    return line(text(first, width=0.26), *cells)


def _payment(content: Content, size: int) -> list[Row]:
    rng, words, purchase = content.rng, content.language.wording, content.purchase
    if purchase.tendered is not None:
        rows: list[Row] = [_sum_row(content, content.say(*words.cash), purchase.tendered)]
        if purchase.change or rng.random() < 0.5:
            rows.append(_sum_row(content, content.say(*words.change), purchase.change))
        return rows
    if rng.random() < 0.3:
        return []
    rows = [_sum_row(content, content.say(*words.card), purchase.total)]
    if rng.random() < 0.6:
        rows.append(
            line(text(f"{'*' * 12}{rng.randint(0, 9999):04}"), text(f"AID A000000{rng.randint(1000, 9999)}", "right"))
        )
        rows.append(line(text(content.rng.choice(words.approved), "center")))
    if rng.random() < 0.12:
        rows += [Picture(shapes.signature(rng, size * 14, size * 4), accent=True), Rule("_", 0.2, 0.8)]
    return rows


def _foot(content: Content, face: fonts.Face, size: int, rule: Rule) -> list[Row]:
    rng, words = content.rng, content.language.wording
    rows: list[Row] = [rule] if rng.random() < 0.4 else []
    if rng.random() < 0.85:
        rows.append(line(text(content.say(*words.thanks), "center", wrap=True)))
    notes = rng.sample(words.small_print, rng.choice((0, 0, 1, 2)))
    rows += [line(text(note, "center", wrap=True), size=0.9) for note in notes]
    kind = rng.random()
    if kind < 0.25:
        rows += [
            Gap(0.6),
            Picture(shapes.barcode(rng, size * 15, size * 3)),
            line(text(str(rng.randint(10**11, 10**12)), "center")),
        ]
    elif kind < 0.4:
        rows += [Gap(0.6), Picture(shapes.matrix(rng, size * 7))]
    if rng.random() < 0.06:
        rows.append(
            Picture(
                shapes.stamp(rng, rng.choice(words.paid), size * 2, content.stamp_face(face)),
                accent=True,
                at=rng.uniform(0.3, 0.7),
            )
        )
    return rows
