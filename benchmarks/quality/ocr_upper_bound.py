"""Upper bound that OCR sets to quality: the best answer from the words that were read.

For a true value that is the run of characters with the highest NLS, over the words in reading order and column by
column. Runs begin and end where a word does, or where letters, digits and signs meet inside one.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from statistics import fmean

from rapidfuzz.distance import Levenshtein

from extraction.domain.alignment import align
from extraction.domain.evaluation.similarity import TAU
from extraction.domain.field_types import Conventions, same
from extraction.domain.fields import Field
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
    if not (value or "").split():
        return 1.0
    best, _ = best_run(value or "", pages)
    return best if best >= TAU else 0.0


def best_answer(
    field: Field, value: str | None, pages: Sequence[Page], conventions: Conventions, *, spaced: bool = True
) -> str | None:
    """The answer from the words of `pages` that scores best: `value` where it is printed in another format.

    A choice is one of its options whatever is printed.
    """
    if not value or field.options:
        return value
    places = [] if field.as_printed else align(field, value, pages, conventions=conventions)
    printed = (" ".join(span.text(pages) for span in place.spans) for place in places)
    if any(same(field, value, text, conventions=conventions) for text in printed):
        return value
    return best_run(value, pages, spaced=spaced)[1] or None


def best_run(value: str, pages: Sequence[Page], *, spaced: bool = True) -> tuple[float, str]:
    """The run of words and parts of words that is most like `value`, and its NLS; without spaces if not `spaced`."""
    space = " " if spaced else ""
    target = space.join(value.lower().split())
    best = (0.0, "")
    for text in texts(pages):
        best = max(best, _best(target, text.lower(), space), key=lambda found: found[0])
    return best


def texts(pages: Sequence[Page]) -> Iterator[str]:
    """Each page as running text: in reading order and, where it has columns, also column by column."""
    for page in pages:
        for stream in streams(page):
            order = dict.fromkeys(int(index) for index in stream.word)
            yield " ".join(page.words[index].text for index in order)


def _best(target: str, text: str, space: str) -> tuple[float, str]:
    """The highest NLS between `target` and any run of `text`, with the run."""
    pieces, text = _pieces(text, space)
    best, at = 0.0, (0, 0)
    for first, (start, _) in enumerate(pieces):
        for _, end in pieces[first:]:
            if end - start > LONGEST * len(target):
                break
            if end - start >= best * len(target):
                similarity = Levenshtein.normalized_similarity(target, text[start:end], score_cutoff=best)
                if similarity > best:
                    best, at = similarity, (start, end)
        if best == 1.0:
            break
    return best, text[slice(*at)]


def _pieces(text: str, space: str) -> tuple[list[tuple[int, int]], str]:
    """Where the pieces of a running text are, in the text with `space` for each space."""
    words = [_PIECE.findall(word) for word in text.split()]
    spans, at = [], 0
    for word in words:
        for piece in word:
            spans.append((at, at + len(piece)))
            at += len(piece)
        at += len(space)
    return spans, space.join("".join(word) for word in words)
