"""Pre-training on top of the multilingual encoder, its vocabulary cut to the documents: a tiny one of its shape."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor
from transformers import BertConfig, BertModel

from extraction.engines.student.base import Example, UnlabelledCorpus
from extraction.engines.student.layout.config import MULTILINGUAL
from extraction.engines.student.layout.inference.predictor import LayoutPredictor
from extraction.engines.student.layout.network import multilingual
from tests.support.page_builders import page
from tests.support.tiny_student import learn, slip

pytestmark = pytest.mark.slow

LETTERS = "".join(map(chr, range(33, 127))) + "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩαβγδεζηθικλμνξοπρστυφχψωςάέίόύήώ"
PIECES = ("<s>", "<pad>", "</s>", "<unk>", "▁", "▁Σύνολο", "▁Απόδειξη", "▁Total", "▁Shop", *LETTERS, "<mask>")


@dataclass
class Published:
    """What `multilingual.Published` answers, of weights that are drawn."""

    pieces: Sequence[str] = PIECES
    scores: np.ndarray = field(default_factory=lambda: -np.arange(len(PIECES), dtype=np.float32))

    def __post_init__(self) -> None:
        torch.manual_seed(0)
        self.rows = {piece: row for row, piece in enumerate(self.pieces)}
        self.shape = {
            "vocab_size": len(self.pieces),
            "hidden_size": 32,
            "num_hidden_layers": 12,
            "num_attention_heads": 4,
            "intermediate_size": 64,
            "max_position_embeddings": 512,
            "type_vocab_size": 2,
        }
        config = BertConfig(**self.shape)
        self.state = BertModel(config, add_pooling_layer=False).state_dict()

    def embeddings(self, rows: Sequence[int]) -> Tensor:
        return self.state["embeddings.word_embeddings.weight"][list(rows)]

    def weights(self, layers: Sequence[int]) -> dict[str, Tensor]:
        kept = {f"encoder.layer.{layer}.": f"encoder.layer.{number}." for number, layer in enumerate(layers)}
        named = {name: value for name, value in self.state.items() if name.startswith("embeddings.")}
        del named["embeddings.word_embeddings.weight"]
        for old, new in kept.items():
            named |= {name.replace(old, new, 1): part for name, part in self.state.items() if name.startswith(old)}
        return named


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> Published:
    tiny = Published()
    monkeypatch.setattr(multilingual.Published, "open", lambda: tiny)
    return tiny


def receipt(seed: int) -> Example:
    """As a slip, with Greek beside it and a letter that only bytes can spell."""
    there, labels = slip(seed)
    words = " ".join(word.text for word in there.words)
    return Example(f"slip-{seed}", (page(words, "Απόδειξη Σύνολο ευρώ", "ใบ"),), labels)


def test_it_reads_the_documents_first_and_serves_with_the_cut_vocabulary(tmp_path: Path, published: Published) -> None:
    examples = [receipt(seed) for seed in range(12)]
    corpus = UnlabelledCorpus([example.pages for example in examples], tmp_path / "kept")
    _, _, lines = learn(
        tmp_path / "model", train=examples[:9], validation=examples[9:], unlabelled=corpus,
        base=MULTILINGUAL, epochs=1, pretrain=30, minutes=20,
    )  # fmt: skip
    found = re.search(r"the loss on hidden words fell from (\d+\.\d+) to (\d+\.\d+)", "\n".join(lines))
    assert found is not None, lines
    assert float(found[2]) < float(found[1])
    [kept] = (tmp_path / "kept").glob("*.safetensors")
    assert kept.stat().st_size

    predictor = LayoutPredictor(tmp_path / "model")
    tokens = predictor.featurizer.tokens(examples[0].pages)
    cut = predictor.featurizer.tokenizer.get_vocab()
    assert {"▁Σύνολο", "▁Total"} <= cut.keys() <= {*published.pieces, *(token for token in cut if len(token) == 6)}
    assert cut["<unk>"] not in set(np.asarray(tokens.ids).tolist())
    assert set(predictor.predict(examples[0].pages)) >= {"company", "total"}
