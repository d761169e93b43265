"""Every character of every script is in a token."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from extraction.domain.pages import Page, Span
from extraction.engines.student.layout.inference.featurizer import SCALE, Featurizer
from extraction.engines.student.layout.inference.tokenization import BYTES, WordCutter, add_byte_tokens, byte_tokens
from extraction.engines.student.layout.network import multilingual, pretrained
from tests.support.page_builders import page

PIECES = ("<s>", "<pad>", "</s>", "<unk>", "▁ab", "cd", "合計", "円", "株式会社", "ำ", *"▁abcdeö1234.,", "<mask>")
MARKING = add_byte_tokens(multilingual.tokenizer(PIECES, -np.arange(len(PIECES), dtype=np.float32)))
TOKENIZERS = {"marks no words": pretrained.load_tokenizer("tiny"), "marks words": MARKING}

# Scripts with and without spaces and marks, emoji and other characters outside the basic plane, line noise.
texts = st.one_of(
    st.text(),
    st.text(st.characters(codec="utf-8", categories=("L", "M", "N")), max_size=40),
    st.text(st.sampled_from("aÀé\u0301\u0302ก็ำहि한글株式Ελ١1０.,👨\u200d👩\U00020bb7ﬁ½\ufe0f"), max_size=12),
)


@pytest.fixture(params=list(TOKENIZERS))
def tokenizer(request: pytest.FixtureRequest) -> Tokenizer:
    return TOKENIZERS[request.param]


@pytest.mark.parametrize("name", list(TOKENIZERS))
@settings(deadline=None, max_examples=200)
@given(words=st.lists(texts, min_size=1, max_size=4))
def test_each_character_is_in_one_place_and_each_place_inside_its_word(name: str, words: list[str]) -> None:
    """Places follow each other without a gap; several tokens may share one."""
    cut = WordCutter(TOKENIZERS[name]).cut(words)
    places = list(dict.fromkeys(zip(cut.word.tolist(), cut.start.tolist(), cut.end.tolist(), strict=True)))
    covered = [(word, at) for word, start, end in places for at in range(start, end)]
    wanted = [(number, at) for number, word in enumerate(words) for at, one in enumerate(word) if not one.isspace()]
    assert covered == wanted
    assert (np.diff(cut.run) >= 0).all()
    assert (np.diff(cut.run)[(np.diff(cut.start) == 0) & (np.diff(cut.word) == 0)] == 0).all()


@settings(deadline=None, max_examples=50)
@given(text=texts.map(lambda text: "".join(text.split()) or "x"))
def test_boxes_are_strips_of_the_word_and_spans_end_between_characters(text: str) -> None:
    there = page(text)
    tokens = Featurizer(MARKING, 512, 128).tokens([there])
    box = there.words[0].box
    assert (tokens.boxes[:, 0] >= round(box.x0 * SCALE)).all()
    assert (tokens.boxes[:, 2] <= round(box.x1 * SCALE)).all()
    assert (tokens.boxes[:, [1, 3]] == [round(box.y0 * SCALE), round(box.y1 * SCALE)]).all()
    assert "".join(tokens.texts([there], 0, len(tokens))) == text
    assert tokens.span([there], 0, len(tokens) - 1) == Span(0, 0, 0)


@pytest.mark.parametrize("text", ["👛", "𠮷", "ꙮ", "\ue000", "\x07"])
def test_an_unknown_character_is_spelled_by_its_bytes(text: str, tokenizer: Tokenizer) -> None:
    ids = byte_tokens(tokenizer)
    cut = WordCutter(tokenizer).cut([f"a{text}1"])
    inside = cut.ids[cut.start == 1]
    assert bytes(ids.index(int(token)) for token in inside) == text.encode()
    assert set(cut.end[cut.start == 1].tolist()) == {2}


def test_what_is_known_of_a_word_stays_together() -> None:
    cut = WordCutter(MARKING).cut(["株式会社𠮷合計"])
    tokens = [MARKING.id_to_token(int(token)) for token in cut.ids]
    assert tokens == ["株式会社", *(BYTES[byte] for byte in "𠮷".encode()), "合計"]


def test_only_the_first_piece_of_a_word_is_marked_as_its_beginning() -> None:
    cut = WordCutter(MARKING).cut(["ab.ab1", "cd", "ab"])
    tokens = [MARKING.id_to_token(int(token)) for token in cut.ids]
    assert tokens == ["▁ab", ".", "a", "b", "1", "cd", "▁ab"]
    assert cut.start.tolist() == [0, 2, 3, 4, 5, 0, 0]


@settings(deadline=None, max_examples=50)
@given(st.lists(st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=30), max_size=20))
def test_english_has_the_tokens_that_it_had_without_bytes(words: list[str]) -> None:
    before = WordCutter(pretrained.published_tokenizer("tiny")).cut(words)
    now = WordCutter(TOKENIZERS["marks no words"]).cut(words)
    assert np.array_equal(now.ids, before.ids)
    assert np.array_equal(now.start, before.start)
    assert np.array_equal(now.end, before.end)
    assert np.array_equal(now.run, before.run)


def test_without_bytes_the_unknown_stays_unknown() -> None:
    plain = pretrained.published_tokenizer("tiny")
    cut = WordCutter(plain).cut(["👛", "株"])
    assert set(cut.ids.tolist()) == {plain.token_to_id("[UNK]")}
    assert cut.end.tolist() == [1, 1]


@pytest.mark.parametrize(
    ("text", "runs"), [("क्षेत्र", 1), ("Café\u0301s", 1), ("می\u200cخواهم", 1), ("合計", 2), ("น้ำ", 2)]
)
def test_values_may_end_within_words_of_scripts_without_spaces_alone(text: str, runs: int) -> None:
    """And never between a letter and its accent or vowel sign."""
    cut = WordCutter(TOKENIZERS["marks no words"]).cut([text])
    assert len(set(cut.run.tolist())) == runs


def test_a_page_of_unknown_characters_alone_has_windows() -> None:
    cutter = Featurizer(TOKENIZERS["marks no words"], 64, 16)
    there = [page("👛👛 𠮷", "👛")]
    tokens = cutter.tokens(there)
    assert len(tokens) == 16
    assert cutter.windows(tokens) == [(0, 16)]
    assert len(cutter.tokens([Page(10, 10, ())])) == 0
