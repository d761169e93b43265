"""Letters of other scripts that look like Latin ones, for which engines take them, and the script that is meant.

A word is in the script of which it has a letter that no other has; else its line tells, else its page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from extraction.domain.languages import Script, script_of

_LATIN = {
    Script.GREEK: ("ABEZHIKMNOPTYXQoviukpaxytnµ", "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧΩονιυκραχγτημ"),
    Script.CYRILLIC: ("ABCEHIKMOPTXYaceiopxyj", "АВСЕНІКМОРТХУасеіорхуј"),
}
_TABLES = {script: str.maketrans(latin, own) for script, (latin, own) in _LATIN.items()}
_BACK = {own: latin for letters, alike in _LATIN.values() for latin, own in zip(letters, alike, strict=True)}
_TO_LATIN = str.maketrans(_BACK)
# Digits in abbreviations of capitals and points, such as those of legal forms.
_DIGITS = {Script.GREEK: str.maketrans("01", "ΟΙ"), Script.CYRILLIC: str.maketrans("03", "ОЗ")}
_ABBREVIATION = re.compile(r"(?:[^\W\d_]\.|[013]\.)*[^\W\d_]\.(?:[^\W\d_]\.?|[013]\.?)*")
# Letters that both scripts have, in the shapes of their capitals and small letters.
_SHARED = {script: frozenset(latin) for script, (latin, _) in _LATIN.items()}
# Latin letters that RapidOCR sees in these scripts, where no letter is another's.
_SHARED |= {Script.HEBREW: frozenset("nvoidulpyrDT"), Script.ARABIC: frozenset("lioLsjJ")}
# Latin letters, and their share, by which a line is Latin: a single one may be another script's that was taken for it.
SEVERAL, MANY = 2, 1 / 4


def in_script(word: str, script: Script) -> str:
    """The word in letters of `script`, where it has some of them or only such as look the same; else as it is."""
    if script is Script.LATIN:
        return _in_latin(word)
    if script not in _TABLES or not _may_be(word, script):
        return word
    own = word.translate(_TABLES[script])
    return own.translate(_DIGITS[script]) if _ABBREVIATION.fullmatch(own) else own


def script_meant(line: str, scripts: Sequence[Script], page: Script) -> Script | None:
    """The script of words on a line that could be in several; `None` where they are what they were read as.

    That is so on a line in two scripts, and on a Latin one of a page that is not. `page` is the script of lines that do
    not tell.
    """
    own = {script: own_letters(line, script) for script in scripts}
    best = max(own, key=own.__getitem__)
    latin = latin_letters(line, scripts) >= max(SEVERAL, MANY * sum(map(str.isalpha, line)))
    if own[best]:
        return None if latin else best
    return None if latin and page is not Script.LATIN else page


def own_script(texts: Iterable[str], scripts: Sequence[Script]) -> Script:
    """Which of `scripts` most letters are in that look like no Latin ones; the first of them where none is."""
    text = "".join(texts)
    return max(scripts, key=lambda script: own_letters(text, script))


def own_letters(text: str, script: Script) -> int:
    """How many letters of a script other than Latin look like no Latin one."""
    return 0 if script is Script.LATIN else sum(script_of(letter) is script and letter not in _BACK for letter in text)


def is_latin(text: str, scripts: Iterable[Script]) -> bool:
    """Whether a text read as Latin is: it has several letters that look like none of `scripts`."""
    letters, own = sum(map(str.isalpha, text)), latin_letters(text, scripts)
    return is_all_latin(text) and own >= 3 and own >= letters / 3


def is_all_latin(text: str) -> bool:
    """Whether no letter was read as one of another script."""
    return all(script_of(letter) is Script.LATIN for letter in text if letter.isalpha())


def latin_letters(text: str, scripts: Iterable[Script]) -> int:
    """How many Latin letters look like none of `scripts`."""
    shared = frozenset[str]().union(*(_SHARED.get(script, frozenset()) for script in scripts))
    return sum(script_of(letter) is Script.LATIN and letter not in shared for letter in text)


def _in_latin(word: str) -> str:
    """The word in Latin letters, where it is in capitals that are Latin or look so."""
    latin = word.translate(_TO_LATIN)
    return latin if is_all_latin(latin) and word == word.upper() else word


def _may_be(word: str, script: Script) -> bool:
    letters = [letter for letter in word if letter.isalpha()]
    own = any(script_of(letter) is script for letter in letters)
    alike = all(letter in _SHARED[script] for letter in letters)
    capitals = word == word.upper()
    return bool(letters) and (own or (alike and capitals and not any(map(str.isdigit, word))))
