"""The languages in which documents can be made."""

from extraction.samples.languages import english, german
from extraction.samples.languages.base import Language

LANGUAGES: dict[str, Language] = {language.code: language for language in (english.LANGUAGE, german.LANGUAGE)}
