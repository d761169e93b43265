"""Postal codes as the registered languages print them."""

import re

from extraction.engines.teacher.rules.vocabulary import vocabularies

POSTCODE = re.compile("|".join(code for some in vocabularies() for code in some.postcodes), re.IGNORECASE)
