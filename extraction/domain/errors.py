"""The base class of errors whose text people may read, and the mark of texts that pages translate."""

from string import Formatter
from typing import Any

# Characters of a value that somebody sent which a sentence repeats: enough to know it by.
LONGEST_ECHO = 200


def gettext_noop(text: str) -> str:
    """The text as it is: the mark by which `make messages` finds it where Django is not known."""
    return text


def quoted(value: object) -> str:
    """A value that somebody sent, in quotes as Python writes it, cut to what a sentence may repeat."""
    if isinstance(value, str):
        return repr(_cut(value))
    return _cut(repr(value))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_ECHO else text[: LONGEST_ECHO - 1] + "…"


class _Sentence(Formatter):
    """As `str.format`, with `quoted` for the values of `{name!r}`, and `1,234` for whole numbers.

    A number that is a name, such as a report's, is given as a text.
    """

    def format_field(self, value: Any, format_spec: str) -> Any:
        return super().format_field(value, format_spec or ("," if type(value) is int else ""))

    def convert_field(self, value: Any, conversion: Any) -> Any:
        return quoted(value) if conversion == "r" else super().convert_field(value, conversion)


def filled(sentence: str, **values: object) -> str:
    """A marked sentence with values for its places."""
    return _Sentence().vformat(sentence, (), values)


class UserError(Exception):
    """An error whose text is one sentence for people.

    Pages, job rows, command output and logs show it, so it quotes neither a document nor a secret. The text of any
    other exception goes nowhere: it may do both. The text is in English; pages translate it
    (`services.sentences.translated`) where it was made of a marked `sentence` with `values` for its places: `{file}`,
    `{name!r}` for what somebody sent (`quoted`), and `{kind!s}` for a marked phrase that is translated itself.
    """

    def __init__(self, sentence: str = "", **values: object) -> None:
        super().__init__(filled(sentence, **values) if values else sentence)
