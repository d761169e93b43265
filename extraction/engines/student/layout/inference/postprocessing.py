"""Postprocessing: from the network's logits to answers, in validation as in serving. Needs no torch."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from extraction.domain.alignment import candidates, own_conventions
from extraction.domain.decoding import LONGEST, Evidence, Place, Reading, gain, places, readings
from extraction.domain.field_types import Conventions, normalize
from extraction.domain.fields import Field, Schema
from extraction.domain.pages import Page, Span
from extraction.domain.prediction import FieldValue
from extraction.domain.streams import compact
from extraction.engines.student.layout.inference.featurizer import Tokens
from extraction.engines.student.layout.inference.lexicon import Lexicon
from extraction.engines.student.layout.inference.outputs import chosen, pointed

Floats = NDArray[np.float32]
# Factor of the probability of a place whose text is no value of the field's type; one without a digit counts nothing.
MALFORMED = 0.2
LEAST = 1e-4  # probabilities nearer to 0 and 1 are all the same
EMPTY = Lexicon()
# A text of the lexicon is preferred to one that is more probable by up to this log-odds.
TRUSTED = 6.0
SIGNALS = ("probability", "lead", "edge", "worst_word", "well_formed", "known")


@dataclass(frozen=True)
class Answer:
    """An answer and its `signals`, float64 of shape `[len(SIGNALS)]`, from which its confidence is calibrated.

    They are the log-odds of the answer, its lead over the runner-up, the log-odds of its most uncertain decision to
    continue or to stop, the OCR engine's confidence in its worst word, whether it is a value of the field's type, and
    log(1 + n) of the number of labels with this very text.
    """

    value: FieldValue
    signals: NDArray[np.float64]


@dataclass(frozen=True)
class Document:
    """A document as the network takes it: `windows` are (first, end) indices into its tokens."""

    pages: Sequence[Page]
    tokens: Tokens
    windows: Sequence[tuple[int, int]]


def answers(
    schema: Schema,
    document: Document,
    tags: Sequence[Floats],
    options: Sequence[Floats],
    conventions: Conventions,
    lexicon: Lexicon = EMPTY,
) -> dict[str, Answer]:
    """An answer, not calibrated yet, for every field that is trained.

    `tags[w]`, float32 of shape `[tokens of window w + 2 or more, fields, 2]`, and `options[w]`, float32 of shape
    `[choices, 1 + options]`, are the network's logits for window `w`. Texts of the lexicon are answered as it spells
    them. What `conventions` leave unknown the document may tell for its own values.
    """
    conventions = own_conventions(document.pages, schema.fields, conventions)
    if not document.windows:
        return {field.name: Answer(FieldValue(None, None), np.zeros(len(SIGNALS))) for field in pointed(schema)}
    result = {}
    logits = np.mean(np.stack(options), axis=0)
    rows = {field.name: row for row, field in enumerate(chosen(schema))}
    for number, field in enumerate(pointed(schema)):
        evidence = merge(document, [window[:, number] for window in tags])
        if field.name in rows:
            result[field.name] = _choice(field, document, evidence, logits[rows[field.name]], conventions)
        else:
            result[field.name] = _printed(field, document, evidence, conventions, lexicon)
    return result


def merge(document: Document, tags: Sequence[Floats]) -> Evidence:
    """One field's log-odds over the document: where windows overlap, the one with more context around a token decides.

    `tags[w]` of shape `[tokens of window w + 2 or more, 2]`; the evidence has arrays of shape `[tokens]`.
    """
    odds = [log_odds(logits) for logits in tags]
    begin = central(document, [here - here[0] for here, _ in odds])
    inside = central(document, [here for _, here in odds])
    return Evidence(begin, inside, document.tokens.page, document.tokens.run)


def central(document: Document, windows: Sequence[Floats]) -> Floats:
    """Numbers of the network for every token, float32 of shape `[tokens, …]`: where windows overlap, the one with more
    context around a token decides. `windows[w]` of shape `[tokens of window w + 2 or more, …]`."""
    size = len(document.tokens)
    merged = np.full((size, *windows[0].shape[1:]), -30.0, dtype=np.float32)
    margin = np.full(size, -1, dtype=np.int64)
    for (first, end), numbers in zip(document.windows, windows, strict=True):
        here = np.arange(first, end)
        room = np.minimum(here - first, end - 1 - here)
        better = room > margin[first:end]
        picked = here[better]
        margin[picked] = room[better]
        merged[picked] = numbers[1 : end - first + 1][better]
    return merged


def log_odds(logits: Floats) -> tuple[Floats, Floats]:
    """Log-odds of start and of inside, each against the rest, of shape `[…]`, from logits `[…, 2]` (outside is 0)."""
    begin, inside = logits[..., 0], logits[..., 1]
    return begin - np.logaddexp(0, inside), inside - np.logaddexp(0, begin)


def _printed(
    field: Field, document: Document, evidence: Evidence, conventions: Conventions, lexicon: Lexicon
) -> Answer:
    """The answer to a field whose value is printed: the most probable reading, or "not on the document"."""
    typed = field.kind.typed
    read: dict[Place, tuple[tuple[Span, ...], str | None]] = {}
    candidate_places = []
    for place in places(evidence, pauses=not typed):
        spans = tuple(document.tokens.span(document.pages, first, last) for first, last in place.parts)
        if typed:
            spans, well_formed = read_typed(field, spans, document.pages, conventions)
            place = place if well_formed else replace(place, probability=place.probability * MALFORMED)
        read[place] = spans, normalize(field, printed_text(spans, document.pages), conventions=conventions)
        candidate_places.append(place)

    def meaning(place: Place) -> Hashable:
        spans, normalized = read[place]
        text = printed_text(spans, document.pages)
        if typed and not any(character.isdigit() for character in text):
            return None
        return (normalized if typed else None) or compact(text).strip(".,:;-") or None

    ranked = readings(candidate_places, meaning)
    _, nowhere = evidence.beginnings()
    if not ranked or ranked[0].probability < nowhere:
        return _nothing(nowhere, ranked)
    best = ranked[0].places[0]
    spans, normalized = read[best]
    text, known = printed_text(spans, document.pages), 0
    if not typed:
        best = _snapped_to_lexicon(field, best, document, evidence, lexicon) or best
        spans = tuple(document.tokens.span(document.pages, first, last) for first, last in best.parts)
        text, known = lexicon.spell(field.name, printed_text(spans, document.pages))
        normalized = normalize(field, text, conventions=conventions)
    rival = max(nowhere, ranked[1].probability if len(ranked) > 1 else 0.0)
    worst_word, well_formed = worst(spans, document.pages), normalized is not None
    signals = _signals(ranked[0].probability, rival, best.firmness, worst_word, well_formed, known)
    return Answer(FieldValue(text, normalized, None, spans), signals)


def _snapped_to_lexicon(
    field: Field, best: Place, document: Document, evidence: Evidence, lexicon: Lexicon
) -> Place | None:
    """The place with its end moved to where a text of the lexicon ends, where that is nearly as probable."""
    first = best.parts[0][0]
    ends = [first + end for end in lexicon.ends(field.name, document.tokens.texts(document.pages, first, LONGEST))]
    if not ends:
        return None
    end = max(ends, key=lambda end: gain(evidence, [(first, end)]))
    if gain(evidence, best.parts) - gain(evidence, [(first, end)]) > TRUSTED:
        return None
    return replace(best, parts=((first, end),))


def _nothing(nowhere: float, ranked: Sequence[Reading]) -> Answer:
    """The answer "not on the document", of probability `nowhere`."""
    rival = ranked[0].probability if ranked else 0.0
    return Answer(FieldValue(None, None), _signals(nowhere, rival))


def read_typed(
    field: Field, spans: tuple[Span, ...], pages: Sequence[Page], conventions: Conventions
) -> tuple[tuple[Span, ...], bool]:
    """The spans, corrected where they miss a part of a date or an amount, and whether they hold a value of the type."""
    [span] = spans
    readable = normalize(field, span.text(pages), conventions=conventions) is not None
    for candidate in candidates(field.kind.find, pages[span.page]):
        candidate = replace(candidate, page=span.page)
        if _overlap(candidate, span):
            whole = readable and compact(candidate.text(pages)) in compact(span.text(pages))
            return (span if whole else candidate,), True
    return spans, readable


def _overlap(a: Span, b: Span) -> bool:
    if a.last < b.first or b.last < a.first:
        return False
    if a.last == b.first and a.end is not None and a.end <= b.start:
        return False
    return not (b.last == a.first and b.end is not None and b.end <= a.start)


def _choice(field: Field, document: Document, evidence: Evidence, logits: Floats, conventions: Conventions) -> Answer:
    """The option by the whole document, from logits `[1 + options or more]`; its place only where it is printed."""
    logits = logits[: 1 + len(field.options)]
    probabilities = np.exp(logits - logits.max())
    probabilities /= probabilities.sum()
    option = int(probabilities.argmax())
    rival = float(np.delete(probabilities, option).max())
    if option == 0:
        return Answer(FieldValue(None, None), _signals(float(probabilities[0]), rival))
    name = field.options[option - 1]
    spans: tuple[Span, ...] = ()
    for place in places(evidence, pauses=False):
        printed = tuple(document.tokens.span(document.pages, first, last) for first, last in place.parts)
        if normalize(field, printed_text(printed, document.pages), conventions=conventions) == name:
            spans = printed
            break
    return Answer(FieldValue(name, name, None, spans), _signals(float(probabilities[option]), rival))


def printed_text(spans: Sequence[Span], pages: Sequence[Page]) -> str:
    return " ".join(span.text(pages) for span in spans)


def worst(spans: Sequence[Span], pages: Sequence[Page]) -> float:
    """Lowest confidence (0–1) of the OCR engine in one of the words."""
    return min(word.confidence for span in spans for word in pages[span.page].words[span.first : span.last + 1])


def _signals(
    probability: float,
    rival: float,
    edge: float = 1.0,
    worst_word: float = 1.0,
    well_formed: bool = True,
    known: int = 0,
) -> NDArray[np.float64]:
    """The signals of an answer, of shape `[len(SIGNALS)]`."""
    lead = float(np.log(max(probability, LEAST) / max(rival, LEAST)))
    return np.array([logit(probability), lead, logit(edge), worst_word, float(well_formed), np.log1p(known)])


def logit(probability: float) -> float:
    """Log-odds."""
    probability = min(max(probability, LEAST), 1 - LEAST)
    return float(np.log(probability / (1 - probability)))


def values(answers: Mapping[str, Answer]) -> dict[str, FieldValue]:
    """The answers without their signals."""
    return {name: answer.value for name, answer in answers.items()}
