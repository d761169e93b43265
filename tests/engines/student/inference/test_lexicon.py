"""Texts that labels have taught are answered as the labels spell them."""

import json

import pytest

from extraction.domain.fields import Field, Schema
from extraction.engines.student.base import Example
from extraction.engines.student.layout.inference.lexicon import Lexicon
from tests.support.page_builders import page

SCHEMA = Schema("S", "slip", (Field("company"), Field("address"), Field("date", "date")))


def taught(*companies: str, unsure: bool = False) -> Lexicon:
    """By two labels for each of `companies`."""
    weights = {"company": 0.5} if unsure else {}
    examples = [
        Example(str(number), (page(company),), {"company": company}, field_weights=weights)
        for number, company in enumerate(companies * 2)
    ]
    return Lexicon.build(SCHEMA, examples)


@pytest.mark.parametrize("read", ["OLDLION TRADING SDNBHD", "old lion trading, sdn. bhd.", "OLD L1ON TRADING SDN BHD"])
def test_spaces_marks_and_look_alikes_are_put_right(read: str) -> None:
    assert taught("OLD LION TRADING SDN BHD").spell("company", read) == ("OLD LION TRADING SDN BHD", 2)


def test_a_misread_letter_is_put_right() -> None:
    assert taught("Garden Bakeries Ltd").spell("company", "Barden Bakeries Ltd") == ("Garden Bakeries Ltd", 2)


def test_the_usual_spelling_speaks_for_all() -> None:
    lexicon = taught("Old Lion, Ltd", "OLD LION LTD", "Old Lion, Ltd")
    assert lexicon.spell("company", "OLDLION LTD") == ("Old Lion, Ltd", 6)


@pytest.mark.parametrize("read", ["12 Mill Lane Leeds North", "13 Mill Lane Leeds Nort", "Mill Lane Leeds North 1"])
def test_digits_are_never_put_right(read: str) -> None:
    assert taught("13 Mill Lane Leeds North").spell("company", read)[0] == (
        "13 Mill Lane Leeds North" if read.startswith("13") else read
    )


def test_what_lies_between_two_known_texts_stays() -> None:
    lexicon = taught("Northern Light Ltd", "Northern Right Ltd")
    assert lexicon.spell("company", "Northern Might Ltd") == ("Northern Might Ltd", 0)


@pytest.mark.parametrize("read", ["Some Other Shop", "", "…"])
def test_the_unknown_stays(read: str) -> None:
    assert taught("Old Lion Ltd").spell("company", read) == (read, 0)
    assert taught("Old Lion Ltd").spell("address", "OLDLION LTD") == ("OLDLION LTD", 0)


def test_one_label_alone_teaches_no_spelling() -> None:
    example = Example("a", (page("Old Lion Ltd"),), {"company": "Old Lion Ltd"})
    assert Lexicon.build(SCHEMA, [example]).spell("company", "OLDLION LTD") == ("OLDLION LTD", 0)


def test_where_known_texts_end_among_pieces() -> None:
    lexicon = taught("Old Lion", "Old Lion Trading")
    assert lexicon.ends("company", ["old", "l", "ion", ".", "Trading", "Ltd"]) == [2, 4]
    assert lexicon.ends("company", ["the", "old", "lion"]) == []
    assert lexicon.ends("address", ["old", "lion"]) == []


def test_unsure_labels_teach_no_spelling() -> None:
    assert taught("Old Lion Ltd", unsure=True).spell("company", "OLDLION LTD") == ("OLDLION LTD", 0)


def test_it_survives_being_written_down() -> None:
    lexicon = taught("Old Lion, Ltd", "Mill & Sons")
    assert Lexicon.from_json(json.loads(json.dumps(lexicon.to_json()))) == lexicon


@pytest.mark.parametrize(
    ("read", "right"),
    [
        ("7 Quay, Jalan Malaysla", "7 Quay, Jalan Malaysia"),
        ("JA1AN 50011", "JALAN 50011"),
        ("Lot 11, Ja1an", "Lot 11, Jalan"),
        ("Lot Ja1111", "Lot Ja1111"),
        ("Malay Jal", "Malay Jal"),
    ],
)
def test_single_words_of_a_new_text_are_put_right(read: str, right: str) -> None:
    assert taught("12 Jalan Jaliil Tasik, Malaysia").spell("company", read) == (right, 0)
