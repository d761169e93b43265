"""The languages in which documents can be made. A new one is a module with a `LANGUAGE` and its entry here."""

from extraction.domain.errors import UserError, quoted
from synthdocs.languages.asian import indonesian, japanese, vietnamese
from synthdocs.languages.base import Language
from synthdocs.languages.northern import dutch, english, german, polish
from synthdocs.languages.southern import french, greek, italian, portuguese, spanish
from synthdocs.rendering import fonts

_MODULES = (
    *(english, german, french, spanish, italian, dutch, portuguese),
    *(polish, indonesian, vietnamese, greek, japanese),
)
LANGUAGES: dict[str, Language] = {module.LANGUAGE.code: module.LANGUAGE for module in _MODULES}

# What is made unless languages are named: documents of a seed stay the same when languages are added.
MIXED = ("en", "de")


class UnknownLanguage(UserError):
    """A language in which no documents can be made."""


def printable() -> tuple[str, ...]:
    """Every language whose letters the typefaces of this machine hold."""
    return tuple(code for code, language in LANGUAGES.items() if fonts.can_print(language.script))


def chosen(names: str) -> tuple[str, ...]:
    """`mixed` is English and German, `world` every language that can be printed here; else codes with commas between.

    Raises `UnknownLanguage`, and `NoTypeface` for a named language that cannot be printed here.
    """
    if names == "mixed":
        return MIXED
    if names == "world":
        return printable()
    codes = tuple(dict.fromkeys(code.strip() for code in names.split(",")))
    for code in codes:
        if code not in LANGUAGES:
            raise UnknownLanguage(f"No documents in {quoted(code)}; known are mixed, world, {', '.join(LANGUAGES)}.")
        fonts.typefaces(LANGUAGES[code].script)
    return codes
