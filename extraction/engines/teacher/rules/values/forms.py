"""Rules for texts that are known by their form or by the word before them: telephone and fax numbers, mail and web
addresses, times of day, account numbers, numbers for taxes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from extraction.domain.field_types.readers.dates import find_dates
from extraction.domain.fields import Field
from extraction.engines.teacher.rules.candidates import Candidate
from extraction.engines.teacher.rules.lines import COLUMN, Layout, Row
from extraction.engines.teacher.rules.values.accounts import accounts, banks
from extraction.engines.teacher.rules.values.parties import Parties, asked_side
from extraction.engines.teacher.rules.vocabulary import Meaning, places, unaccented

# Digits with signs between them; a number goes on over one or two signs.
_DIGITS = r"\(?\+?\(?\d[\d*]*\)?(?:[ ./()*-]{1,3}[\d*]+\)?){0,8}"
_NUMBER = re.compile(_DIGITS)
# Without a word before it only what is grouped as telephone numbers are: `(555) 010-2233`, `+49 30 1234567`.
_BARE = re.compile(
    r"(?<![\w#/.,-])(?:\(\d{2,4}\)[ -]?\d{3,4}[ .-]{0,2}\d{3,4}|\d{3}[-.]\d{3}[-.]\d{4}|"
    r"\+\d{1,3}[ \d()/-]{7,16}\d)(?![\w/-])"
)
_BEHIND_LABEL = re.compile(r"(?:(?:no|nr|number|num)\b)?[\s.:#№=|-]{0,5}", re.IGNORECASE)
_MAIL = re.compile(r"[\w.+-]+ ?@ ?[\w-]+(?:\.[\w-]+)+")
_WEB = re.compile(
    r"(?:https?://|www\.)[^\s,]+|(?<![@\w.-])[\w-]{3,}\.(?:com|net|org|eu|co\.\w\w)(?:\.\w\w)?(?![\w@])", re.IGNORECASE
)
_TIME = re.compile(
    r"(?:(?<!\d)|(?<=(?<!\d)20\d\d))(?<!\d[:.])(?:(?:[01]?\d|2[0-4]) ?[:h] ?[0-5]\d(?: ?[:.] ?[0-5]\d)?(?!\d|[.,:]\d)"
    r"(?:\s{0,3}[AP](?:\.?M\b\.?|\b)| uhr\b)?|(?:0?[1-9]|1[0-2])[.:][0-5]\d ?[AP]\.?M\b\.?)",
    re.IGNORECASE,
)
# The whole line is a telephone number.
_ALONE = re.compile(r"\W{0,3}(\(?\+?\(?\d[\d ()./-]{6,16}\d)\W{0,3}")
# Digits and letters in groups, with a digit in each but the first: `FR 12 345 678 901`, `NL001234567B01`.
_TAX_NUMBER = re.compile(
    r"(?:[A-Z]{1,3}[ .-]{0,2})?(?=[A-Z]*\d)[A-Z0-9]{2,}(?:[ ./-]{1,3}(?=[A-Z]{0,2}\d)[A-Z0-9]+){0,6}"
    r"(?: ?(?:MVA|TVA|MWST|IVA))?(?![A-Za-z])"
)
LEAST_DIGITS = 7
# Start and end of a value in its row, and the score.
Found = tuple[int, int, float]


@dataclass(frozen=True, slots=True)
class Form:
    """`asked`: what a field is called that wants it; `find` gives the candidates in a row with their scores."""

    asked: re.Pattern[str]
    find: Callable[[str], Iterator[Found]]
    sided: bool = True


def forms(field: Field, rows: Sequence[Row]) -> list[Candidate] | None:
    """Every value of the form that the field asks for; `None` if it asks for none of these."""
    form = asked_form(field)
    if form is None:
        return None
    wanted, parties = asked_side(field), Parties(rows)
    found = []
    for row in rows:
        text, layout = row.text, None
        for start, end, score in form.find(text):
            layout = layout or Layout(row)
            other = (
                form.sided and parties.side(layout.box(_piece_start(text, start), end), row.pieces[0].row) is not wanted
            )
            found.append(Candidate(text[start:end], text, score - 0.5 * row.top - 1.5 * other))
    return found


def _piece_start(text: str, start: int) -> int:
    """Where the piece that holds the character begins, with the label of a value."""
    before = text.rfind(COLUMN, 0, start)
    return before + len(COLUMN) if before >= 0 else 0


def asked_form(field: Field) -> Form | None:
    """By the field's name, else by the start of its instruction."""
    for words in (field.name.replace("_", " "), " ".join(field.instruction.lower().split()[:8])):
        for form in FORMS:
            if form.asked.search(words):
                return form
    return None


def _labelled_number(text: str, label: Meaning) -> Iterator[Found]:
    for _, end in places(text, label):
        start = _skip(text, end)
        match = _NUMBER.match(unaccented(text), start)
        if match and _digits(match[0]) >= 5 and not find_dates(match[0]):
            yield match.start(), match.start() + len(match[0].rstrip(" ./-(")), 3.0


def _phones(text: str) -> Iterator[Found]:
    labelled = list(_labelled_number(text, Meaning.PHONE))
    known = [*labelled, *_labelled_number(text, Meaning.FAX)]
    yield from labelled
    taken = max((end for _, end, _ in known), default=-1)
    if not known and (alone := _ALONE.fullmatch(text)) and 8 <= _digits(text) <= 12 and not find_dates(text):
        yield *alone.span(1), 1.2
    for match in _BARE.finditer(unaccented(text)):
        if match.start() >= taken or not any(start < match.end() and match.start() < end for start, end, _ in known):
            yield *match.span(), 2.0


def _faxes(text: str) -> Iterator[Found]:
    return _labelled_number(text, Meaning.FAX)


def _mails(text: str) -> Iterator[Found]:
    return ((*match.span(), 3.0) for match in _MAIL.finditer(text))


def _websites(text: str) -> Iterator[Found]:
    mails = [match.span() for match in _MAIL.finditer(text)]
    for match in _WEB.finditer(text):
        if not any(start <= match.start() < end for start, end in mails):
            yield *match.span(), 3.0 if match[0].lower().startswith(("www", "http")) else 2.0


def _times(text: str) -> Iterator[Found]:
    """Times of day, rather beside a date or a word for one; a span of hours is when the shop is open."""
    dated = bool(find_dates(text))
    labelled = bool(places(text, Meaning.TIME))
    found = list(_TIME.finditer(text))
    for place, match in enumerate(found):
        others = found[place + 1 : place + 2] + found[max(place - 1, 0) : place]
        span = any(re.fullmatch(r"\s?(?:-|to|bis|–|à|~)\s?", _between(text, match, other)) for other in others)
        yield *match.span(), 1.2 + 1.0 * dated + 0.6 * labelled - 2.0 * span


def _between(text: str, one: re.Match[str], other: re.Match[str]) -> str:
    first, last = sorted((one.span(), other.span()))
    return text[first[1] : last[0]]


def _tax_numbers(text: str) -> Iterator[Found]:
    for start, end in places(text, Meaning.TAX_ID):
        match = _TAX_NUMBER.match(text, _skip(text, end))
        if match and _digits(match[0]) >= LEAST_DIGITS:
            yield *match.span(), 3.0 - 0.001 * start


def _skip(text: str, end: int) -> int:
    """Where a value behind a label that ends there begins."""
    while True:
        match = _BEHIND_LABEL.match(unaccented(text), end)
        further = re.compile(r"\([^()\d]{1,20}\)|[°ºo]\b|intra\w*|reg\w*|id\b").match(
            unaccented(text), match.end() if match else end
        )
        if further is None:
            return match.end() if match else end
        end = further.end()


def _digits(text: str) -> int:
    return sum(char.isdigit() or char == "*" for char in text)


FORMS: Sequence[Form] = (
    Form(re.compile(r"\bfax|telefax"), _faxes),
    Form(re.compile(r"phone|\btel\b|telefon|mobile"), _phones),
    Form(re.compile(r"e ?mail"), _mails),
    Form(re.compile(r"\bweb|\burl\b|homepage"), _websites),
    Form(re.compile(r"\btime\b|\bhour\b"), _times, sided=False),
    Form(re.compile(r"\biban\b|bank account|account number to"), accounts, sided=False),
    Form(re.compile(r"\bbic\b|\bswift\b"), banks, sided=False),
    Form(
        re.compile(
            r"\b(?:vat|tax|gst|ust|nip|tva|iva|btw|abn|npwp|fiscal)\b.*\b(?:id|number|no|nr|reg\w*|code)\b|\bvatin\b|\bgstin\b|\btin\b"
        ),
        _tax_numbers,
    ),
)
