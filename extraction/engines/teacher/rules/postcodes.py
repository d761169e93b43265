"""Postal codes as the registered languages print them."""

import re

from extraction.engines.teacher.rules.vocabulary import Meaning, places, vocabularies

POSTCODE = re.compile("|".join(code for some in vocabularies() for code in some.postcodes), re.IGNORECASE)


def has_postcode(text: str) -> bool:
    """Whether the line holds a postal code; a number that begins it before the word of a street is that of a house."""
    streets = [start for start, _ in places(text, Meaning.STREET)]
    for match in POSTCODE.finditer(text):
        number = re.match(r"\s*\d+\b", text)
        house = number and match.start() <= number.start() + 1 and any("," not in text[:start] for start in streets)
        if not house:
            return True
    return False
