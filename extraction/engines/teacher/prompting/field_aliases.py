"""What fields are called towards a teacher: names that explain themselves, mapped back afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from extraction.domain.fields import Field, FieldType

# What people shorten in the names of fields, and readers of a prompt should not have to guess.
SHORTENED: Mapping[str, str] = {
    "acct": "account",
    "addr": "address",
    "amt": "amount",
    "cnt": "count",
    "curr": "currency",
    "cust": "customer",
    "desc": "description",
    "dob": "date_of_birth",
    "dt": "date",
    "inv": "invoice",
    "nm": "name",
    "no": "number",
    "nr": "number",
    "num": "number",
    "po": "purchase_order",
    "qty": "quantity",
    "ref": "reference",
    "tel": "telephone",
    "tot": "total",
}
# A name that says none of these words gets the first: `total` alone could be a number of items.
KINDS: Mapping[FieldType, Sequence[str]] = {
    FieldType.DATE: ("date", "day", "time", "birth"),
    FieldType.MONEY: ("amount", "price", "cost", "fee", "charge", "subtotal", "balance", "salary", "paid"),
}


def keys_of(fields: Sequence[Field]) -> dict[str, str]:
    """For each field's name its key towards the teacher, all of them different."""
    explained = {field.name: _explained(field) for field in fields}
    taken = [*explained.values(), *explained]
    return {name: key if taken.count(key) == 1 or key == name else name for name, key in explained.items()}


def _explained(field: Field) -> str:
    words = list(_words(field.name))
    wanted = KINDS.get(field.type, ())
    if wanted and not set(words) & set(wanted):
        words.append(wanted[0])
    return "_".join(words)


def _words(name: str) -> Iterator[str]:
    for word in name.split("_"):
        yield from SHORTENED.get(word, word).split("_")
