"""The languages in which documents can be made."""

from synthdocs.languages import english, german
from synthdocs.languages.base import Language

LANGUAGES: dict[str, Language] = {language.code: language for language in (english.LANGUAGE, german.LANGUAGE)}
