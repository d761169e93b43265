"""The table of languages, and the scripts of letters."""

from __future__ import annotations

import pytest

from extraction.domain.languages import LANGUAGES, Script, UnknownLanguage, listed, names, script_of, scripts_of


def test_each_language_names_its_data_and_package() -> None:
    assert LANGUAGES["el"].package == "tesseract-ocr-ell"
    assert LANGUAGES["zh"].package == "tesseract-ocr-chi-sim"
    assert all(language.name and language.tesseract for language in LANGUAGES.values())


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_languages_own_name_is_in_its_script(code: str) -> None:
    language = LANGUAGES[code]
    expected = {Script.CHINESE} if code == "ja" else {language.script}
    assert set(scripts_of(language.name)) == expected


def test_digits_and_signs_have_no_script() -> None:
    assert [script_of(sign) for sign in "1€ -"] == [None] * 4


def test_codes_are_read_once_each_and_unknown_ones_refused() -> None:
    assert listed("el, en,el") == ("el", "en")
    assert names(["el", "xx"]) == "Ελληνικά, xx"
    with pytest.raises(UnknownLanguage, match="'xx'; known are en, de"):
        listed("el,xx")
