"""Embeddings that an encoder lacks: 2-D positions and roles for one that knows text alone, and bytes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import torch
from tokenizers import Tokenizer
from torch import Tensor
from transformers import LayoutLMConfig, LayoutLMModel, PreTrainedModel

from extraction.domain.errors import gettext_noop
from extraction.engines.student.errors import ConfigError
from extraction.engines.student.layout.inference.featurizer import ROLES, SCALE
from extraction.engines.student.layout.inference.tokenization import byte_tokens

# Amplitude of fresh 2-D position embeddings: neighbouring coordinates have similar ones from the first step, and the
# words' own embeddings dominate.
POSITION_SCALE = 0.02
# Dropout within attention takes a quarter of the time of a step and does not improve the student.
ATTENTION_DROPOUT = 0.0


def with_layout(shape: Mapping[str, Any], weights: Mapping[str, Tensor], dropout: float) -> LayoutLMModel:
    """A LayoutLM whose text part is the BERT given and whose 2-D positions and roles are fresh."""
    same = ("vocab_size", "hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size", "hidden_act",
            "max_position_embeddings", "layer_norm_eps", "pad_token_id")  # fmt: skip
    config = LayoutLMConfig(
        **{key: shape[key] for key in same if key in shape},
        type_vocab_size=ROLES,
        max_2d_position_embeddings=SCALE + 24,
        hidden_dropout_prob=dropout,
        attention_probs_dropout_prob=ATTENTION_DROPOUT,
    )
    model = LayoutLMModel(config)
    roles = model.embeddings.token_type_embeddings.weight.detach().clone()
    roles += weights["embeddings.token_type_embeddings.weight"][0]
    weights = {**weights, "embeddings.token_type_embeddings.weight": roles}
    missing, _ = model.load_state_dict(weights, strict=False)
    absent = [name for name in missing if "_position_embeddings" not in name and not name.startswith("pooler")]
    if absent:
        raise ConfigError(gettext_noop("The encoder's weights lack {name}."), name=absent[0])
    for axis in "xyhw":
        table = getattr(model.embeddings, f"{axis}_position_embeddings").weight
        with torch.no_grad():
            table.copy_(_waves(*table.shape))
    return model


@torch.no_grad()
def add_bytes(encoder: PreTrainedModel, tokenizer: Tokenizer) -> None:
    """Fresh embeddings, in place, of the bytes that the tokenizer has and the encoder lacks: around the mean of the
    others and spread like them, so that they differ from the first step and training moves them."""
    ids, words = byte_tokens(tokenizer), embeddings(encoder)
    if ids.stop <= len(words):
        return
    # A generator of its own: a student that meets no byte is the one that it would be without them.
    chance = torch.Generator().manual_seed(len(words))
    fresh = words.mean(0) + torch.randn(len(ids), words.shape[1], generator=chance) * words.std(0)
    state = torch.get_rng_state()
    encoder.resize_token_embeddings(ids.stop, mean_resizing=False)
    torch.set_rng_state(state)
    embeddings(encoder)[ids.start :] = fresh


def embeddings(encoder: PreTrainedModel) -> Tensor:
    """Embeddings of all tokens, `[vocabulary, width]`."""
    return cast("Tensor", encoder.get_input_embeddings().weight)


def _waves(length: int, width: int) -> Tensor:
    """Position embeddings `[length, width]`: sinusoids of many wavelengths, mixed at random so that the axes differ."""
    steps = torch.arange(length).unsqueeze(1) / length
    frequencies = torch.logspace(0, 2, width // 2)
    angles = 2 * torch.pi * steps * frequencies
    waves = torch.cat([angles.sin(), angles.cos()], dim=1)
    return waves @ torch.nn.init.orthogonal_(torch.empty(width, width)) * POSITION_SCALE * 2**0.5
