"""The network: a layout-aware encoder with a tagging head for every field and a classifier for the choices."""

from __future__ import annotations

import inspect
from collections.abc import Sequence

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import PreTrainedModel

from extraction.engines.student.layout.config import StudentConfig
from extraction.engines.student.layout.inference.featurizer import ROLES, SCALE
from extraction.engines.student.layout.network import pretrained

NEVER = -15.0  # log-odds


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


def build(config: StudentConfig, tokenizer: Tokenizer, fields: int, choices: int, options: int) -> Student:
    """A fresh student that takes the tokens of `tokenizer`, which belongs to its encoder; the caller seeds torch.

    Raises `ConfigError` where the encoder cannot be loaded.
    """
    return Student(pretrained.load_encoder(config, tokenizer), fields, choices, options, config.dropout)


def positions(encoder: PreTrainedModel) -> int:
    """Most tokens that the encoder takes at once."""
    config = encoder.config
    offset = 2 if config.model_type in ("lilt", "roberta", "xlm-roberta", "layoutlmv3") else 0
    return int(config.max_position_embeddings) - offset
