"""Sentences about batches."""

from __future__ import annotations

from django.utils.translation import ngettext

from extraction.domain.errors import gettext_noop
from extraction.services import figures

LONGEST = 300

NO_BATCHES = gettext_noop("{teacher} takes no batches here; only models of Anthropic and OpenAI do.")
SINGLE = gettext_noop("A batch asks for all fields of a document together: it does not go with one field at a time.")
LOOKING = gettext_noop("Looking whether the batch has arrived at the provider")
WAITING = gettext_noop("Waiting for the provider's answers")
UNKNOWN = gettext_noop("The provider does not know the batch {batch}: was it sent with another key?")
GONE = gettext_noop("The provider no longer has the answers of this batch.")
FILE_GONE = gettext_noop("The file of requests was removed or changed before it was sent.")
NEVER_SENT = gettext_noop("The run was ended before this was sent.")
LEFT_OUT = gettext_noop("The provider ended the batch without an answer to this.")
EXPIRED = gettext_noop("The batch expired before the model was asked.")
CANCELLED = gettext_noop("The batch was cancelled before the model was asked.")
FAILED = gettext_noop("The provider could not answer this.")

NO_ANSWERS = gettext_noop("The file holds no answers.")
TOO_LARGE = gettext_noop("The file is too large (at most {limit} MB).")
REQUESTS = gettext_noop("This is the file of requests; the answers to it come from the provider.")
NO_RESULT = gettext_noop(
    "Line {line} of the file is no answer as the provider of this run gives them. Nothing was taken over."
)
OTHER_RUN = gettext_noop("Line {line} of the file answers another label run. Nothing was taken over.")
OTHER_ID = gettext_noop("Line {line} of the file has the id {id!r}, which no batch here has. Nothing was taken over.")
NOT_TEXT = gettext_noop("The file is no text in UTF-8.")
NOT_BY_HAND = gettext_noop("Only a run whose files are handed in by hand can be given up here.")
NOTHING_OPEN = gettext_noop("No answers of this run are to be expected any more.")
FETCHING = gettext_noop("Answers of this run are still being fetched.")


def imported(answers: int, known: int, failed: int, doubled: int, deleted: int) -> str:
    """What a file of answers brought; what it brought none of is not named, but for the answers."""
    told = (
        ngettext("The file brings %(number)s answer.", "The file brings %(number)s answers.", answers),
        ngettext("%(number)s was known already.", "%(number)s were known already.", known) if known else "",
        ngettext("%(number)s request failed.", "%(number)s requests failed.", failed) if failed else "",
        ngettext(
            "%(number)s line answers what another one answers: the first counts.",
            "%(number)s lines answer what others answer: the first counts.",
            doubled,
        )
        if doubled
        else "",
        ngettext(
            "%(number)s is about a document that was deleted: it only costs.",
            "%(number)s are about documents that were deleted: they only cost.",
            deleted,
        )
        if deleted
        else "",
    )
    numbers = (answers, known, failed, doubled, deleted)
    return " ".join(
        sentence % {"number": figures.whole(number)} for sentence, number in zip(told, numbers, strict=True) if sentence
    )
