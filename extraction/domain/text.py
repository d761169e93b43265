"""Text as databases hold it."""

# Characters of a label's value, whoever gives it; longer texts are no field of a document.
LONGEST_VALUE = 10_000


def storable(text: str, nul: str = " ") -> str:
    """`text` as PostgreSQL and SQLite can store it: NUL becomes `nul`, half a surrogate pair (no UTF-8) `?`."""
    return text.replace("\0", nul).encode("utf-8", "replace").decode()
