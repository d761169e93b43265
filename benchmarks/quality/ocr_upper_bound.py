"""Upper bound that OCR sets to quality: the best answer from the words that were read.

For a true value that is the run of characters with the highest NLS, over the words in reading order and column by
column. Runs begin and end where a word does, or where letters, digits and signs meet inside one.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from statistics import fmean

from rapidfuzz.distance import Levenshtein

from extraction.domain.evaluation.scoring import TAU
from extraction.domain.pages import Page
from extraction.domain.streams import streams

# A run more than so many times as long as the value cannot reach an NLS of 0.5.
LONGEST = 2.0
_PIECE = re.compile(r"[^\W\d_]+|\d+|[^\w\s]|_")


def mean_anls(
    truths: Sequence[Mapping[str, str | None]], readings: Sequence[Sequence[Page]]
) -> tuple[float, dict[str, float]]:
    """The mean over the fields, and each field's own mean over the documents that have it."""
    scores: dict[str, list[float]] = {}
    for truth, pages in zip(truths, readings, strict=True):
        for name, value in truth.items():
            scores.setdefault(name, []).append(anls(value, pages))
    fields = {name: fmean(values) for name, values in scores.items()}
    return fmean(fields.values()), fields


def anls(value: str | None, pages: Sequence[Page]) -> float:
    """The best ANLS of any answer from the words of `pages`; leaving it empty is the answer to an empty value."""
    target = " ".join((value or "").lower().split())
    if not target:
        return 1.0
    best = max((_best(target, text.lower()) for text in texts(pages)), default=0.0)
    return best if best >= TAU else 0.0


def texts(pages: Sequence[Page]) -> Iterator[str]:
    """Each page as running text: in reading order and, where it has columns, also column by column."""
    for page in pages:
        for stream in streams(page):
            order = dict.fromkeys(int(index) for index in stream.word)
            yield " ".join(page.words[index].text for index in order)


def _best(target: str, text: str) -> float:
    """The highest NLS between `target` and any run of `text`."""
    pieces = [match.span() for match in _PIECE.finditer(text)]
    best = 0.0
    for first, (start, _) in enumerate(pieces):
        for _, end in pieces[first:]:
            if end - start > LONGEST * len(target):
                break
            if end - start >= best * len(target):
                run = text[start:end]
                best = max(best, Levenshtein.normalized_similarity(target, run, score_cutoff=best))
        if best == 1.0:
            break
    return best
