"""Texts without the differences that white space, case and Unicode variants make."""

import unicodedata

from extraction.domain.field_types.readers.characters import APOSTROPHES, DASHES, WHOLE, compatible, visible

_ALIKE = str.maketrans(
    {
        **dict.fromkeys(DASHES, "-"),
        **dict.fromkeys(APOSTROPHES, "'"),
        **dict.fromkeys("“”„«»", '"'),
        **{char: unicodedata.normalize("NFKD", char) for char in WHOLE},
    }
)


def clean(text: str) -> str:
    """Trimmed, white space collapsed, without invisible characters, in Unicode NFKC but for superscripts, subscripts
    and fractions, whose plain digits would mean something else."""
    return " ".join(visible(compatible(text)).split())


def alike(text: str) -> str:
    """The same for texts that differ only in case, white space, composition, or the kind of dash and quotation mark."""
    return unicodedata.normalize("NFC", clean(text).translate(_ALIKE).casefold())


def letters(text: str) -> str:
    """The letters and digits of a text, without regard to case."""
    return "".join(character for character in clean(text).casefold() if character.isalnum())
