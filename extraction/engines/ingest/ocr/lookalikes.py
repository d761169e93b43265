"""Letters of other scripts that look like Latin ones, for which engines take them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from extraction.domain.languages import Script, script_of

_LATIN = {
    Script.GREEK: ("ABEZHIKMNOPTYXQoviukpaxytnµ", "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧΩονιυκραχγτημ"),
    Script.CYRILLIC: ("ABCEHIKMOPTXYaceiopxyj", "АВСЕНІКМОРТХУасеіорхуј"),
}
_TABLES = {script: str.maketrans(latin, own) for script, (latin, own) in _LATIN.items()}
# Digits in abbreviations of capitals and points, such as those of legal forms.
_DIGITS = {Script.GREEK: str.maketrans("01", "ΟΙ"), Script.CYRILLIC: str.maketrans("03", "ОЗ")}
_ABBREVIATION = re.compile(r"(?:[^\W\d_]\.|[013]\.)*[^\W\d_]\.(?:[^\W\d_]\.?|[013]\.?)*")
# Letters that both scripts have, in the shapes of their capitals and small letters.
_SHARED = {script: frozenset(latin) for script, (latin, _) in _LATIN.items()}


def in_script(word: str, script: Script) -> str:
    """The word in letters of `script`, where it has some of them or only such as look the same; else as it is."""
    if script not in _TABLES or not _may_be(word, script):
        return word
    own = word.translate(_TABLES[script])
    return own.translate(_DIGITS[script]) if _ABBREVIATION.fullmatch(own) else own


def is_latin(text: str, scripts: Iterable[Script]) -> bool:
    """Whether a text read as Latin is: it has several letters that look like none of `scripts`."""
    letters = [letter for letter in text if letter.isalpha()]
    if any(script_of(letter) is not Script.LATIN for letter in letters):
        return False
    shared = frozenset().union(*(_SHARED.get(script, frozenset()) for script in scripts))
    own = sum(letter not in shared for letter in letters)
    return own >= 3 and own >= len(letters) / 3


def _may_be(word: str, script: Script) -> bool:
    letters = [letter for letter in word if letter.isalpha()]
    own = any(script_of(letter) is script for letter in letters)
    alike = all(letter in _SHARED[script] for letter in letters)
    capitals = word == word.upper()
    return bool(letters) and (own or (alike and capitals and not any(map(str.isdigit, word))))
