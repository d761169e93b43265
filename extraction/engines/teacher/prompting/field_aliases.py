"""Aliases of fields towards a teacher: names that explain themselves, mapped back afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from extraction.domain.fields import Field

# Abbreviations in the names of fields, which readers of a prompt should not have to guess.
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


def aliases_of(fields: Sequence[Field]) -> dict[str, str]:
    """For each field's name its alias, the key towards the teacher; all aliases are different."""
    explained = {field.name: _explained(field) for field in fields}
    taken = [*explained.values(), *explained]
    return {name: key if taken.count(key) == 1 or key == name else name for name, key in explained.items()}


def _explained(field: Field) -> str:
    words = list(_words(field.name))
    telling = field.kind.alias_words
    if telling and not set(words) & set(telling):
        words.append(telling[0])
    return "_".join(words)


def _words(name: str) -> Iterator[str]:
    for word in name.split("_"):
        yield from SHORTENED.get(word, word).split("_")
