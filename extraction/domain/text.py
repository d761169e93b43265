"""Text as databases hold it, and letters of scripts without spaces."""

import re

# Characters of a label's value, whoever gives it; longer texts are no field of a document.
LONGEST_VALUE = 10_000
# The same of a value that is a list of rows.
LONGEST_ROWS = 1_000_000
# Letters of scripts that put no spaces between words: Thai to Burmese, Khmer, Chinese and Japanese.
UNSPACED = re.compile(r"[\u0e00-\u109f\u1780-\u17ff\u2e80-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]")


def storable(text: str, nul: str = " ") -> str:
    """`text` as PostgreSQL and SQLite can store it: NUL becomes `nul`, half a surrogate pair (no UTF-8) `?`."""
    return text.replace("\0", nul).encode("utf-8", "replace").decode()
