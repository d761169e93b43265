"""The base class of errors whose text people may read, and the mark of texts that pages translate."""


def gettext_noop(text: str) -> str:
    """The text as it is: the mark by which `make messages` finds it where Django is not known."""
    return text


class UserError(Exception):
    """An error whose text is one sentence for people.

    Pages, job rows, command output and logs show it, so it quotes neither a document nor a secret. The text of any
    other exception goes nowhere: it may do both. The text is in English; pages translate it
    (`services.sentences.translated`) where it was made of a marked `sentence` with `values` for its places: `{file}`,
    `{name!r}`, and `{kind!s}` for a marked phrase that is translated itself.
    """

    def __init__(self, sentence: str = "", **values: object) -> None:
        super().__init__(sentence.format(**values) if values else sentence)
