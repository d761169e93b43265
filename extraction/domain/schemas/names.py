"""Names of fields from what a person typed or a document prints."""

import re
import unicodedata

LONGEST = 50


def field_name(text: str) -> str:
    """`Vendor Name` becomes `vendor_name`; empty where no letter or digit is left."""
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss")).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:LONGEST].rstrip("_")


def typed_name(text: str) -> str:
    """The name as programs use it; the text itself where nothing of it can be one, for the sentence that refuses it."""
    return field_name(text) or text.strip()
