"""Made-up documents: the same from the same seed, readable, hard enough, and true about themselves."""

import datetime
from itertools import islice

import numpy as np
import pypdfium2
import pytest

import synthdocs
from extraction.domain.field_types.readers.amounts import find_amounts, parse_money
from extraction.domain.field_types.readers.dates import find_dates, parse_date
from extraction.domain.pages import Box
from synthdocs import Sample
from synthdocs.rendering import fonts

TODAY = datetime.date(2026, 6, 1)


@pytest.fixture(scope="module")
def made() -> list[Sample]:
    return list(synthdocs.generate("mixed", 16, seed=7))


def test_the_same_seed_makes_the_same_bytes_and_another_seed_others(made: list[Sample]) -> None:
    again = list(synthdocs.generate("mixed", 3, seed=7))
    assert [sample.data for sample in again] == [sample.data for sample in made[:3]]
    assert [sample.truth for sample in again] == [sample.truth for sample in made[:3]]
    (other,) = synthdocs.generate("mixed", 1, seed=8)
    assert other.data != made[0].data


def test_every_kind_and_language_occurs(made: list[Sample]) -> None:
    assert {(sample.kind, sample.language) for sample in made} == {
        (kind, language) for kind in ("receipt", "invoice") for language in ("en", "de")
    }
    assert {sample.kind for sample in islice(synthdocs.generate("invoice", 2, seed=1), 2)} == {"invoice"}


def test_truth_is_the_text_of_its_words(made: list[Sample]) -> None:
    for sample in made:
        assert set(sample.truth) == {"company", "date", "address", "total"}
        for name, value in sample.truth.items():
            spans = sample.spans.get(name, ())
            assert (" ".join(span.text([sample.page]) for span in spans) or None) == value


def test_truth_stands_where_it_says_in_the_picture(made: list[Sample]) -> None:
    """Inside the boxes there is ink; in a strip of paper of the same size and light there is little."""
    for sample in made:
        grey = np.asarray(sample.image.convert("L")).astype(float)
        for spans in sample.spans.values():
            for box in (box for span in spans for box in span.boxes([sample.page])):
                assert 0 <= box.x0 < box.x1 <= 1
                assert 0 <= box.y0 < box.y1 <= 1
                assert _contrast(grey, box) > 25, f"{sample.name} has no ink at {box}"


def _contrast(grey: np.ndarray, box: Box) -> float:
    height, width = grey.shape
    part = grey[int(box.y0 * height) : int(box.y1 * height) + 1, int(box.x0 * width) : int(box.x1 * width) + 1]
    return float(np.percentile(part, 95) - np.percentile(part, 3))


def test_dates_and_totals_can_be_read(made: list[Sample]) -> None:
    for sample in made:
        date, total = sample.truth["date"], sample.truth["total"]
        assert date is not None
        assert total is not None
        assert parse_date(date, today=TODAY, day_order="dmy") or parse_date(date, today=TODAY, day_order="mdy"), date
        amount = parse_money(total)
        assert amount is not None, total
        assert amount > 0


def test_the_task_is_not_trivial(made: list[Sample]) -> None:
    """Other amounts stand beside the total, and other dates on invoices."""
    for sample in made:
        text = sample.page.text
        assert len(find_amounts(text)) >= 2, sample.name
    invoices = [sample for sample in made if sample.kind == "invoice"]
    dates = [len(find_dates(sample.page.text)) for sample in invoices]
    assert max(dates) > 1


def test_words_of_a_line_run_from_left_to_right(made: list[Sample]) -> None:
    for sample in made:
        for line in sample.page.lines:
            centres = [sample.page.words[index].box.center[0] for index in line]
            assert centres == sorted(centres), sample.name


def test_without_any_font_package_pillows_own_face_stands_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "installed", dict)
    fonts.font.cache_clear()
    try:
        (sample,) = synthdocs.generate("receipt", 1, seed=3)
    finally:
        fonts.font.cache_clear()
    assert sample.truth["total"]


def test_some_invoices_are_pdfs_whose_text_layer_is_the_truth() -> None:
    sample = next(synthdocs.generate("invoice", 1, seed=8))
    assert sample.name == "invoice-0001.pdf"
    document = pypdfium2.PdfDocument(sample.data)
    assert len(document) == 1
    layer = document[0].get_textpage()
    text = " ".join(layer.get_text_bounded().split())
    assert all(value is None or value in text or name == "address" for name, value in sample.truth.items())
    span = sample.spans["total"][0]
    (box,) = span.boxes([sample.page])
    width, height = document[0].get_size()
    found = layer.get_text_bounded(box.x0 * width, (1 - box.y1) * height, box.x1 * width, (1 - box.y0) * height)
    assert found.strip() == sample.truth["total"]
