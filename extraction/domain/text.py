"""Text as databases hold it."""


def storable(text: str, nul: str = " ") -> str:
    """`text` as PostgreSQL and SQLite can store it: NUL becomes `nul`, half a surrogate pair (no UTF-8) `?`."""
    return text.replace("\0", nul).encode("utf-8", "replace").decode()
