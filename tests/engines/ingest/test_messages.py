"""Messages between the product and its decoding process keep every value on their way through JSON."""

import json
from pathlib import Path

import pytest

from extraction.domain.pages import Box
from extraction.engines.ingest.decoding.messages import (
    Call,
    DecodedPage,
    DecodePage,
    Entry,
    EntryList,
    Failure,
    InspectFile,
    ListEntries,
    PageCount,
    ReadPiece,
    Request,
    Response,
    SourceFile,
)
from extraction.engines.ingest.limits import ArchiveLimits, Limits
from extraction.engines.ingest.sniffing import PDF, ZIP
from extraction.engines.ingest.textlayer.words import LayerWord, TextLayer

DOCUMENT = SourceFile(Path("/data/a b.pdf"), PDF, Limits(pages=3, seconds=1.5))
ARCHIVE = SourceFile(Path("/data/june.zip"), ZIP, ArchiveLimits(ratio=7))
BOX = Box(0.1, 0.2, 0.30000000000000004, 0.4)
LAYER = TextLayer((LayerWord("12.50", BOX, 2), LayerWord("12.80", BOX, 1, (0, 0, 0, 2, 1))), rightward=True)


@pytest.mark.parametrize(
    "request_",
    [
        InspectFile(DOCUMENT),
        DecodePage(DOCUMENT, "7-1", 2, 2000),
        ListEntries(ARCHIVE, "7-2"),
        ReadPiece(ARCHIVE, "7-2", 1, 4096, 512),
    ],
)
def test_a_request_keeps_its_values(request_: Request) -> None:
    call = Call(request_, seconds=2.5, memory=2**30, done=("7-0",))

    assert Call.from_json(json.loads(json.dumps(call.to_json()))) == call


@pytest.mark.parametrize(
    "response",
    [
        PageCount(3),
        DecodedPage(640, 480, None, more=True),
        DecodedPage(640, 480, LAYER, more=False),
        EntryList((Entry("inner/a.jpg", None), Entry("b.jpg", "The file is protected by a password."))),
        Failure("The file cannot be decoded.", traceback="ValueError"),
        Failure("The file takes too much memory to decode.", out_of_memory=True),
    ],
)
def test_a_response_keeps_its_values(response: Response) -> None:
    assert type(response).from_json(json.loads(json.dumps(response.to_json()))) == response


@pytest.mark.parametrize(
    "header",
    [
        {},
        {"width": 1, "height": 1, "more": False},
        {"width": "wide", "height": 1, "more": False, "layer": None},
        {"width": 1, "height": 1, "more": False, "layer": {"rightward": False, "words": [["short", 0.1]]}},
        {"width": 1, "height": 1, "more": False, "layer": {"words": 7}},
    ],
)
def test_a_malformed_page_is_an_error(header: dict[str, object]) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        DecodedPage.from_json(header)


def test_a_header_without_a_failure_is_none() -> None:
    assert Failure.from_json(PageCount(1).to_json()) is None
