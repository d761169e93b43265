"""Focus and fingerprints."""

from PIL import Image, ImageFilter

from extraction.engines.ingest.quality import distance, fingerprint, focus
from tests.support.drawing import RECEIPT, receipt


def test_focus_falls_with_blur() -> None:
    sharp = receipt()
    values = [focus(sharp.filter(ImageFilter.GaussianBlur(radius))) for radius in (0, 1, 2, 4)]
    assert values == sorted(values, reverse=True)
    assert values[0] > 10 * values[2]


def test_focus_of_an_even_page_is_nothing() -> None:
    assert focus(Image.new("RGB", (400, 300), "white")) == 0
    assert focus(Image.new("RGB", (1, 1))) == 0


def test_focus_does_not_reward_a_higher_resolution() -> None:
    page = receipt(size=48)
    assert focus(page.resize((page.width * 2, page.height * 2))) < 1.2 * focus(page)


def test_a_fingerprint_is_that_of_the_page_and_not_of_the_file() -> None:
    page = receipt()
    smaller = page.resize((page.width // 2, page.height // 2)).filter(ImageFilter.GaussianBlur(1))
    other = receipt(RECEIPT[::-1])
    assert len(fingerprint(page)) == 64
    assert distance(fingerprint(page), fingerprint(smaller)) < 32 < distance(fingerprint(page), fingerprint(other))
