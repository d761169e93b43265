"""Names of months in the languages that documents are written in, as people and printers spell them.

Source: Unicode CLDR, through Babel. Names are compared without case, accents and dots: receipts print `25 FEVRIER`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from babel import Locale

from extraction.domain.field_types.readers.characters import fold
from extraction.domain.field_types.readers.date_forms.calendars import PERSIAN_MONTHS, Calendar

# fmt: off
LANGUAGES = (
    "af", "am", "ar", "as", "az", "be", "bg", "bn", "br", "bs", "ca", "ceb", "cs", "cy", "da", "de", "el", "en",
    "eo", "es", "et", "eu", "fa", "fi", "fil", "fo", "fr", "fy", "ga", "gd", "gl", "gu", "he", "hi", "hr", "hu",
    "hy", "id", "ig", "is", "it", "ja", "jv", "ka", "kk", "km", "kn", "ko", "kok", "ky", "lb", "lo", "lt", "lv",
    "mk", "ml", "mn", "mr", "ms", "mt", "my", "nb", "ne", "nl", "nn", "or", "pa", "pl", "ps", "pt", "rm", "ro", "ru",
    "sd", "si", "sk", "sl", "so", "sq", "sr", "su", "sv", "sw", "ta", "te", "tg", "th", "tk", "tr", "tt", "ug", "uk",
    "ur", "uz", "vi", "xh", "yo", "yue", "zh", "zu",
)
# fmt: on
# Regions whose names differ from their language's: Jänner, enero, gennaio of Ticino are the same, but not these.
REGIONS = ("de_AT", "ar_IQ", "ar_TN", "ar_MA", "pt_PT", "ro_MD", "zh_Hant", "sr_Latn", "uz_Cyrl", "az_Cyrl", "en_AU")
# What receipts and people write beside the names in the locale data.
MORE_NAMES = {
    "sept": 9,
    "juni": 6,
    "juli": 7,
    "mrt": 3,
    "mrz": 3,
    "maerz": 3,
    "ogos": 8,
    "dis": 12,
    "jann": 1,
    "feber": 2,
    "janv": 1,
    "fev": 2,
    "fevr": 2,
    "juil": 7,
    "juill": 7,
    "avr": 4,
    "dez": 12,
    "dic": 12,
    "des": 12,
    "okt": 10,
    "genn": 1,
    "febb": 2,
    "magg": 5,
    "sett": 9,
    "ott": 10,
    "mei": 5,
    "agu": 8,
    "agt": 8,
    "peb": 2,
    "nop": 11,
    "septiembre": 9,
    "setiembre": 9,
    "eylul": 9,
    "agust": 8,
    "subat": 2,
    "kasim": 11,
    "aralik": 12,
    "gru": 12,
}
# Languages from which on a name of three letters is no chance: `2 LED 10` is no date for Czech alone.
SHARED = 3
# Those that fewer use but that mean nothing else.
SURE = frozenset({"giu", "lug", "mrz"})
# Words that stand between day, month and year beside those of the locale data.
# fmt: off
MORE_FILLERS = frozenset((
    "of", "the", "den", "le", "st", "nd", "rd", "th", "er", "eme", "del", "do", "da", "di", "du", "dia", "nam",
    "ngay", "rok", "roku", "ano", "year", "º", "ª", "พ", "ค", "ศ", "ปี", "เดือน",
))
# fmt: on
# Letters that do not fall into a letter and an accent.
_PLAIN_LETTERS = str.maketrans("łıøđħŧ", "liodht")
_ACCENTS = re.compile("[\u0300-\u036f]")
# Letters with the vowel signs that many scripts set as marks of their own.
MARKS = "".join(
    re.escape(chr(code)) for code in range(0x0483, 0xABFF) if unicodedata.category(chr(code)) in ("Mn", "Mc")
)
WORD = rf"(?:[^\W\d_]|[{MARKS}\u0300-\u036f])+"


class Month(NamedTuple):
    calendar: Calendar
    number: int


@lru_cache(maxsize=4096)
def key(name: str) -> str:
    """A name as it is compared: letters and digits without case and accents, words parted by one space."""
    text = unicodedata.normalize("NFD", fold(name).text.casefold())
    text = unicodedata.normalize("NFC", _ACCENTS.sub("", text)).translate(_PLAIN_LETTERS)
    return " ".join(re.sub(r"[.'॰׳]", "", text).replace("-", " ").split())


def months(name: str) -> frozenset[Month]:
    """The months that a name or abbreviation means in any of the languages: none for another word, two where languages
    disagree (`listopad` is October in Croatian, November in Polish)."""
    return _names().get(re.sub(r"\b0(?=\d)", "", key(name)), frozenset())


def is_part(word: str) -> bool:
    """Whether a word is a month's name or one of its words."""
    return key(word) in _words()


def is_shared(name: str) -> bool:
    """Whether enough languages use an abbreviation for it to mean a month beside two bare numbers."""
    folded = key(name)
    return len(folded) > 3 or folded in SURE or _users().get(folded, 0) >= SHARED


def is_thai(name: str) -> bool:
    """Whether a name is in the Thai script."""
    return any("\u0e00" <= char <= "\u0e7f" for char in name)


@cache
def fillers() -> frozenset[str]:
    """Words that stand between day, month and year: `de`, `gada`, `г`, `年`."""
    patterns = [
        Locale.parse(language).date_formats[width].pattern
        for language in LANGUAGES
        for width in ("full", "long", "medium", "short")
    ]
    words = {key(word) for pattern in patterns for word in re.findall(WORD, _literals(pattern))}
    return frozenset(words - {""}) | MORE_FILLERS


def _literals(pattern: str) -> str:
    """The text of a date pattern that is printed as it is."""
    quoted = re.findall(r"'([^']*)'", pattern)
    bare = re.sub(r"[A-Za-z]", " ", re.sub(r"'[^']*'", " ", pattern))
    return " ".join((*quoted, bare))


@cache
def _names() -> dict[str, frozenset[Month]]:
    found: dict[str, set[Month]] = {}
    for name, number in _spelled():
        found.setdefault(key(name), set()).add(Month(Calendar.GREGORIAN, number))
    for name, number in MORE_NAMES.items():
        found[name] = {Month(Calendar.GREGORIAN, number)}
    for number, name in enumerate(PERSIAN_MONTHS, 1):
        found.setdefault(key(name), set()).add(Month(Calendar.PERSIAN, number))
    return {name: frozenset(meant) for name, meant in found.items() if _is_name(name)}


@cache
def _words() -> frozenset[str]:
    """The words of all names, without their numbers and parted at their dots (`ก.พ.`)."""
    spelled = {name for name, _ in _spelled()} | set(MORE_NAMES) | set(PERSIAN_MONTHS)
    return frozenset(key(word) for name in spelled for word in re.findall(WORD, fold(name).text))


@cache
def _users() -> dict[str, int]:
    """How many languages use a name."""
    users: dict[str, set[str]] = {}
    for language in LANGUAGES:
        for name, _ in _of(language):
            users.setdefault(key(name), set()).add(language)
    return {name: len(languages) for name, languages in users.items()}


def _spelled() -> Iterator[tuple[str, int]]:
    for language in (*LANGUAGES, *REGIONS):
        yield from _of(language)


def _of(language: str) -> Iterator[tuple[str, int]]:
    """Names of a language, with the letters that its date formats glue to them (Basque `urtarrilaren`)."""
    locale = Locale.parse(language)
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            for number, name in locale.months[context].get(width, {}).items():
                bare = re.sub(r"^(?:de |d['’])", "", name)
                yield bare, number
                for before, after in _affixes(language):
                    yield before + bare + after, number


@cache
def _affixes(language: str) -> frozenset[tuple[str, str]]:
    """Letters directly before and after the month in the date formats of a language."""
    found = set()
    for width in ("full", "long", "medium"):
        pattern = re.sub("'([^']*)'", "<\\1>", Locale.parse(language).date_formats[width].pattern)
        for match in re.finditer(r"(?:<(\w*)>|([^\W\dA-Za-z_]*))MMMM?(?:<(\w*)>)?", pattern):
            found.add((match[1] or match[2] or "", match[3] or ""))
    return frozenset(found - {("", "")})


def _is_name(name: str) -> bool:
    """Two letters of an alphabet are too few to mean a month; a number needs letters beside it."""
    letters = [char for char in name if char.isalpha()]
    return bool(letters) and (len(name) > 2 or not name.isascii()) and not (len(letters) == 1 and letters[0].isascii())
