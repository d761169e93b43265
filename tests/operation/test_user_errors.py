"""Who may read the text of an exception: everybody that of a `UserError`, nobody that of any other."""

import logging
import sys

import pytest

from extraction.api.auth import Forbidden
from extraction.domain.errors import UserError
from extraction.domain.fields import SchemaError
from extraction.engines.ingest.limits import Refused
from extraction.engines.ingest.ocr.base import OcrUnavailable
from extraction.engines.teacher.lmm.configuration import UnknownTeacher
from extraction.engines.teacher.prompting.prompts import PromptError
from extraction.engines.teacher.protocol import Rejected, Unreachable
from extraction.services.errors import Conflict, Invalid, NotFound
from extraction.services.serving.slots import Busy
from kdweb import logs

SENTENCE = "The price 12.34 of a receipt."


@pytest.mark.parametrize(
    "kind",
    [
        *(Invalid, NotFound, Conflict, Forbidden, SchemaError, Refused, OcrUnavailable),
        *(UnknownTeacher, PromptError, Rejected, Unreachable, Busy),
    ],
)
def test_what_refuses_a_request_is_for_people(kind: type[Exception]) -> None:
    assert issubclass(kind, UserError)


@pytest.mark.parametrize(("error", "shown"), [(Invalid(SENTENCE), True), (ValueError(SENTENCE), False)])
def test_the_log_holds_the_text_of_errors_for_people_alone(error: Exception, shown: bool) -> None:
    try:
        raise error
    except Exception:
        event = logs.without_texts(logging.getLogger(), "error", {"event": "failed", "exc_info": sys.exc_info()})
    assert (SENTENCE in event["exception"]) == shown
    assert type(error).__name__ in event["exception"]


class Bug(Exception):
    """An exception of this project that is not meant for people."""

    __module__ = "extraction.services.anything"


def test_an_exception_of_the_project_is_not_for_people_as_such() -> None:
    error = Bug(SENTENCE)
    event = logs.without_texts(logging.getLogger(), "error", {"event": "failed", "exc_info": (Bug, error, None)})
    assert event["exception"] == "extraction.services.anything.Bug"
