"""Texts without the differences that white space, case and Unicode variants make."""

import unicodedata


def clean(text: str) -> str:
    """Trimmed, Unicode NFKC, white space collapsed."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def letters(text: str) -> str:
    """The letters and digits of a text (Unicode NFKC), without regard to case."""
    return "".join(character for character in clean(text).casefold() if character.isalnum())
