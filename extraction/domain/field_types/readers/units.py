"""Units that are printed beside numbers: quantities, weights, measures, times, shares."""

from __future__ import annotations

import re

# By language, as receipts abbreviate them.
# fmt: off
UNITS = (
    "%", "‰", "x", "pcs", "pc", "pce", "nos", "no", "unit", "units", "pkt", "pkts", "ea", "each", "set", "sets",
    "box", "pair", "pairs", "btl", "can", "roll", "rolls", "hr", "hrs", "hour", "hours", "min", "day", "days",
    "night", "nights", "kg", "kgs", "g", "gr", "gm", "mg", "t", "lb", "lbs", "oz", "l", "lt", "ltr", "liter",
    "litre", "ml", "cl", "dl", "gal", "m", "m2", "m²", "m3", "m³", "qm", "cm", "mm", "km", "ft", "in", "h", "kwh",
    "stk", "st", "stck", "stück", "std", "pck", "pkg", "psch", "fl", "paar", "vpe", "ud", "uds", "und", "u", "pza",
    "pzas", "pz", "pezzi", "conf", "pièce", "pièces", "ks", "bal", "szt", "op", "шт", "уп", "кг", "г", "л", "мл",
    "м", "м²", "м2", "ч", "buc", "kom", "db", "csomag", "adet", "kpl", "tlf", "τεμ", "κιλά", "бр", "cái", "chai",
    "lon", "kotak", "buah", "個", "个", "個入", "枚", "本", "点", "點", "台", "套", "份", "盒", "瓶", "杯", "包", "件",
    "개", "병", "잔", "ชิ้น", "ขวด", "حبة", "كغ", "יח", "ק״ג",
)
# fmt: on
_UNIT = re.compile(rf"\s*(?:{'|'.join(map(re.escape, sorted(UNITS, key=len, reverse=True)))})\.?$|^x\s*", re.IGNORECASE)


# Words that follow prices as well as quantities.
_PRICED = frozenset(
    {"x", "no", "nos", "op", "in", "t", "u", "st", "set", "can", "ea", "each", "%", "‰", "h", "m", "g", "l"}
)
_MEASURED = re.compile(
    rf"\s?(?:{'|'.join(map(re.escape, sorted({*UNITS} - _PRICED, key=len, reverse=True)))})(?![^\W_])", re.IGNORECASE
)


def is_measured(line: str, end: int) -> bool:
    """Whether the number that ends in the line is printed with a unit, so that it is no amount of money."""
    return bool(_MEASURED.match(line, end))


def without_unit(text: str) -> str:
    """A number without its unit."""
    return _UNIT.sub("", text).strip()
