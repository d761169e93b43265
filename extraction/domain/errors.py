"""The base class of errors whose text people may read."""


class UserError(Exception):
    """An error whose text is one sentence for people.

    Pages, job rows, command output and logs show it as it is, so it quotes neither a document nor a secret. The text of
    any other exception goes nowhere: it may do both.
    """
