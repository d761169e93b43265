"""Whole numbers in queries and forms."""

# Of a column of the database.
LARGEST = 2**63 - 1
_DIGITS = len(str(LARGEST))


def whole(text: str) -> int | None:
    """The number that `text` writes in ASCII digits; `None` for any other text and for one that no column holds."""
    if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS):
        return None
    number = int(text)
    return number if number <= LARGEST else None
