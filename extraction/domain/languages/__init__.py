"""Languages that documents are written in. A new language is one line of `_TABLE`, before those that are rarer in its
script."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from babel.core import get_global

from extraction.domain.errors import UserError, gettext_noop


class Script(StrEnum):
    """A script, by the name that Tesseract gives it; that of most is Unicode's too."""

    LATIN = "Latin"
    GREEK = "Greek"
    CYRILLIC = "Cyrillic"
    ARABIC = "Arabic"
    HEBREW = "Hebrew"
    THAI = "Thai"
    DEVANAGARI = "Devanagari"
    HANGUL = "Korean"
    CHINESE = "Chinese"
    JAPANESE = "Japanese"


@dataclass(frozen=True, slots=True)
class Language:
    """A language by its ISO 639-1 `code`; `name` is its own name.

    `tesseract` names Tesseract's data for it. `marks`: it is written in Latin letters with marks that change the word
    and that engines for European languages leave out.
    """

    code: str
    name: str
    script: Script
    tesseract: str
    marks: bool = False

    @property
    def package(self) -> str:
        """The Debian package with Tesseract's data."""
        return "tesseract-ocr-" + self.tesseract.replace("_", "-")


class UnknownLanguage(UserError):
    """A language that is not in the table; the message names those that are."""


_TABLE = """
en | English | Latin | eng
de | Deutsch | Latin | deu
fr | Français | Latin | fra
es | Español | Latin | spa
it | Italiano | Latin | ita
nl | Nederlands | Latin | nld
pt | Português | Latin | por
pl | Polski | Latin | pol
cs | Čeština | Latin | ces
sk | Slovenčina | Latin | slk
hu | Magyar | Latin | hun
ro | Română | Latin | ron
hr | Hrvatski | Latin | hrv
da | Dansk | Latin | dan
sv | Svenska | Latin | swe
no | Norsk | Latin | nor
fi | Suomi | Latin | fin
tr | Türkçe | Latin | tur
id | Bahasa Indonesia | Latin | ind
ms | Bahasa Melayu | Latin | msa
vi | Tiếng Việt | Latin | vie | marks
el | Ελληνικά | Greek | ell
ru | Русский | Cyrillic | rus
uk | Українська | Cyrillic | ukr
bg | Български | Cyrillic | bul
sr | Српски | Cyrillic | srp
ar | العربية | Arabic | ara
fa | فارسی | Arabic | fas
he | עברית | Hebrew | heb
th | ไทย | Thai | tha
hi | हिन्दी | Devanagari | hin
zh | 中文 | Chinese | chi_sim
ko | 한국어 | Korean | kor
ja | 日本語 | Japanese | jpn
"""


def _language(line: str) -> Language:
    code, name, script, tesseract, *marks = (part.strip() for part in line.split("|"))
    return Language(code, name, Script(script), tesseract, bool(marks))


LANGUAGES: dict[str, Language] = {row.code: row for row in map(_language, _TABLE.strip().splitlines())}


# A language tag such as `pt-BR` or `zh_Hant_TW`: the language, then script, country and others.
_TAG = re.compile(r"([a-z]{2,3})((?:[-_][a-z0-9]{1,8}){0,8})")
# Codes of before, of the written forms of a language, and of languages that are written as another is.
_SAME = {"nb": "no", "nn": "no", "iw": "he", "in": "id", "mo": "ro", "bs": "hr", "sh": "hr"}
# Serbian in Latin letters is read as Croatian is.
_LATIN = {"sr": "hr"}
_SCRIPTS = {
    "Latn": Script.LATIN,
    "Grek": Script.GREEK,
    "Cyrl": Script.CYRILLIC,
    "Arab": Script.ARABIC,
    "Hebr": Script.HEBREW,
    "Deva": Script.DEVANAGARI,
    "Hans": Script.CHINESE,
    "Hant": Script.CHINESE,
}


def find(code: str) -> Language:
    """The language of a code or a longer tag, whose further parts do not matter but for a script.

    Raises `UnknownLanguage`, which says what to write instead.
    """
    tag = _TAG.fullmatch(code.strip().lower())
    if tag is None:
        raise _unknown(code)
    language = _SAME.get(tag[1], tag[1])
    if "latn" in re.split("[-_]", tag[2]):
        language = _LATIN.get(language, language)
    if language not in LANGUAGES:
        raise _unknown(code, tag[1])
    return LANGUAGES[language]


def _unknown(code: str, language: str = "") -> UnknownLanguage:
    """The refusal, with the code of two letters of a language that has one, else those of its script."""
    short = next((row.code for row in LANGUAGES.values() if language == row.tesseract.partition("_")[0]), None)
    if short:
        return UnknownLanguage(gettext_noop("There is no language {code!r}; write {short}."), code=code, short=short)
    script = _script_of_language(language)
    alike = ", ".join(row.code for row in LANGUAGES.values() if row.script == script)
    if alike:
        return UnknownLanguage(
            gettext_noop("There is no language {code!r}; write one of the same script: {alike}."),
            code=code,
            alike=alike,
        )
    return UnknownLanguage(
        gettext_noop("There is no language {code!r}; known are {known}."), code=code, known=", ".join(LANGUAGES)
    )


def _script_of_language(code: str) -> Script | None:
    """The script that a language is mostly written in, by Unicode's locale data; `None` where that is not known."""
    tag = get_global("likely_subtags").get(code, "")
    return _SCRIPTS.get(tag.partition("_")[2].partition("_")[0])


def listed(text: str) -> tuple[str, ...]:
    """The codes of a text such as `el,en`, each once. Raises `UnknownLanguage`."""
    return known(part.strip() for part in text.split(",") if part.strip())


def known(codes: Iterable[str]) -> tuple[str, ...]:
    """The codes, each once. Raises `UnknownLanguage`."""
    return tuple(dict.fromkeys(find(code).code for code in codes))


def names(codes: Iterable[str]) -> str:
    """The languages' own names with commas between them; of one that a later version knew, the code."""
    return ", ".join(LANGUAGES[code].name if code in LANGUAGES else code for code in codes)


# Beginnings of Unicode's names of letters; kana tell Japanese, ideographs are shared.
_BEGINNINGS = {
    **{script.value.upper(): script for script in (Script.LATIN, Script.GREEK, Script.CYRILLIC, Script.ARABIC)},
    **{script.value.upper(): script for script in (Script.HEBREW, Script.THAI, Script.DEVANAGARI)},
    "HANGUL": Script.HANGUL,
    "CJK": Script.CHINESE,
    "HIRAGANA": Script.JAPANESE,
    "KATAKANA": Script.JAPANESE,
}


def script_of(letter: str) -> Script | None:
    """The script of a letter; `None` for digits, signs and scripts that no known language uses."""
    if not letter.isalpha():
        return None
    return _BEGINNINGS.get(unicodedata.name(letter, "").split(" ")[0])


def scripts_of(text: str) -> Counter[Script]:
    """How many letters of each script a text has."""
    return Counter(script for script in map(script_of, text) if script)
