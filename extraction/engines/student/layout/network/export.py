"""Writing a trained student down for serving, and checking that what was written says the same."""

from __future__ import annotations

import json
import logging
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_model
from torch import Tensor
from transformers.modeling_utils import ALL_ATTENTION_FUNCTIONS

from extraction.domain.field_types import DayOrder
from extraction.domain.fields import Schema
from extraction.engines.student.layout.config import StudentConfig
from extraction.engines.student.layout.inference.calibration import Calibration
from extraction.engines.student.layout.inference.featurizer import Encoder
from extraction.engines.student.layout.inference.lexicon import Spellings
from extraction.engines.student.layout.inference.postprocessing import Document
from extraction.engines.student.layout.inference.predictor import (
    DESCRIPTION,
    FORMAT,
    GRAPH,
    TOKENIZER,
    WEIGHTS,
    Predictor,
)
from extraction.engines.student.layout.network.model import Student
from extraction.engines.student.layout.training.samples import scores

TOLERANCE = 1e-3  # scores are log-odds: a thousandth changes no answer
CHECKED = 5  # documents on which the two are compared
SERVED = ("input_ids", "bbox", "token_type_ids")
# Encoders whose attention goes through transformers' own interface and takes nothing but a mask of the padding.
FUSED, ATTENTION = ("layoutlm",), "onnx_runtime"


class ExportError(RuntimeError):
    """The written model does not say what the trained one says."""


def write(
    model: Student,
    encoder: Encoder,
    schema: Schema,
    config: StudentConfig,
    calibration: Calibration,
    spellings: Spellings,
    day_order: DayOrder,
    documents: Sequence[Document],
    folder: Path,
) -> float:
    """All of a model folder; the description comes last, so that a folder that has one is complete.

    Returns the largest difference between PyTorch and ONNX Runtime on `documents`; raises `ExportError` beyond
    `TOLERANCE`.
    """
    (folder / DESCRIPTION).unlink(missing_ok=True)
    model = model.to("cpu").eval()
    save_model(model, str(folder / WEIGHTS))
    encoder.tokenizer.save(str(folder / TOKENIZER))
    _graph(model, encoder, folder / GRAPH)
    description = {
        "format": FORMAT,
        "schema": schema.to_json(),
        "day_order": day_order,
        "window": encoder.body + 2,
        "config": config.export(),
        "calibration": calibration.export(),
        "spellings": spellings.export(),
    }
    unchecked = folder / f"{DESCRIPTION}.unchecked"
    unchecked.write_text(json.dumps(description, indent=2, ensure_ascii=False), "utf-8")
    unchecked.replace(folder / DESCRIPTION)
    try:
        return _parity(model, encoder, documents, Predictor(folder, threads=torch.get_num_threads()))
    except ExportError:
        (folder / DESCRIPTION).unlink()
        raise


class _OneWindow(torch.nn.Module):
    """A student that reads one window at a time, none of it padding: nothing needs to be masked then."""

    def __init__(self, model: Student) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids: Tensor, bbox: Tensor, token_type_ids: Tensor) -> Any:
        return self.model(input_ids, bbox, torch.ones_like(input_ids), token_type_ids)


def _graph(model: Student, encoder: Encoder, path: Path) -> None:
    tokens = torch.export.Dim("tokens", min=3, max=encoder.body + 2)
    inputs = {name: torch.zeros(1, 12, dtype=torch.long) for name in SERVED}
    inputs["bbox"] = torch.zeros(1, 12, 4, dtype=torch.long)
    with _quiet(), _fused_attention(model):
        program = torch.onnx.export(
            _OneWindow(model),
            (),
            kwargs=inputs,
            dynamo=True,
            dynamic_shapes={name: {1: tokens} for name in SERVED},
            input_names=list(SERVED),
            output_names=["tags", "options"],
            verbose=False,
        )
    if program is None:
        raise ExportError("The model could not be written as ONNX.")
    program.save(str(path), external_data=False)


@contextmanager
def _fused_attention(model: Student) -> Iterator[None]:
    """Attention as one operator of ONNX Runtime, which takes a fifth off the time; parity with PyTorch is checked."""
    config = model.encoder.config
    if config.model_type not in FUSED:
        yield
        return
    ALL_ATTENTION_FUNCTIONS.register(ATTENTION, _attention)
    usual, config._attn_implementation = config._attn_implementation, ATTENTION
    try:
        yield
    finally:
        config._attn_implementation = usual


def _attention(
    module: torch.nn.Module, query: Tensor, key: Tensor, value: Tensor, mask: Any, scaling: float, **_: Any
) -> tuple[Tensor, None]:
    """`[batch, heads, tokens, width]` each, as transformers calls it; the mask is left out: there is no padding."""
    rows, heads, tokens, width = query.shape
    flat = [part.transpose(1, 2).reshape(rows, tokens, heads * width) for part in (query, key, value)]
    attended = torch.onnx.ops.symbolic(
        "com.microsoft::MultiHeadAttention",
        flat,
        {"num_heads": heads, "scale": float(scaling)},
        dtype=query.dtype,
        shape=(rows, tokens, heads * width),
        version=1,
    )
    return attended.reshape(rows, tokens, heads, width), None


def _parity(model: Student, encoder: Encoder, documents: Sequence[Document], predictor: Predictor) -> float:
    differences = [0.0]
    for document in documents[:CHECKED]:
        expected, written = scores(model, encoder, document), predictor.scores(document)
        for window, (first, end) in enumerate(document.windows):
            size = end - first + 2
            differences.append(_difference(expected[0][window][:size], written[0][window][:size]))
            differences.append(_difference(expected[1][window], written[1][window]))
    worst = float(np.max(differences))
    # Also where a score is not a number, which compares as neither more nor less.
    if not worst <= TOLERANCE:
        raise ExportError(f"The written model differs from the trained one by {worst:.2g}.")
    return worst


def _difference(a: Any, b: Any) -> float:
    return float(np.abs(a - b).max(initial=0.0))


@contextmanager
def _quiet() -> Iterator[None]:
    """The exporter warns of parts of itself that it does not use."""
    logger = logging.getLogger("torch.onnx")
    level = logger.level
    logger.setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
    logger.setLevel(level)
