import pytest

from extraction.domain.text import storable


@pytest.mark.parametrize(
    ("text", "stored"),
    [("Größe 12 €", "Größe 12 €"), ("BEAN\0THERE", "BEAN THERE"), ("half \ud83d", "half ?"), ("", "")],
)
def test_text_is_made_storable(text: str, stored: str) -> None:
    assert storable(text) == stored


def test_the_replacement_of_nul_may_be_chosen() -> None:
    assert storable("a\0b", nul="�") == "a�b"
