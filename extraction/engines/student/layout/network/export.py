"""Export of a trained student to ONNX for serving, and the check that both give the same logits."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx_ir
import torch
from safetensors.torch import save_model
from torch import Tensor
from transformers.modeling_utils import ALL_ATTENTION_FUNCTIONS

from extraction.domain.errors import gettext_noop
from extraction.engines.student.errors import ExportError
from extraction.engines.student.layout.files import DESCRIPTION, GRAPH, TOKENIZER, WEIGHTS
from extraction.engines.student.layout.inference.description import ModelDescription
from extraction.engines.student.layout.inference.featurizer import Featurizer
from extraction.engines.student.layout.inference.postprocessing import Document, Floats
from extraction.engines.student.layout.inference.predictor import LayoutPredictor
from extraction.engines.student.layout.network.model import Student
from extraction.engines.student.layout.training.samples import logits

TOLERANCE = 1e-3  # logits are log-odds: a thousandth changes no answer
CHECKED = 5  # documents on which the two are compared
INPUTS = ("input_ids", "bbox", "token_type_ids")  # of the exported graph
# Encoders whose attention goes through transformers' own interface and takes nothing but a mask of the padding.
FUSED, ATTENTION = ("layoutlm",), "onnx_runtime"


def write(
    model: Student, featurizer: Featurizer, description: ModelDescription, documents: Sequence[Document], folder: Path
) -> float:
    """Write all files of a model; the description comes last, so that a folder that has one is complete.

    Returns the largest difference of a logit between PyTorch and ONNX Runtime on the first `CHECKED` documents. Raises
    `ExportError` where it is more than `TOLERANCE`, or the graph cannot be written.
    """
    (folder / DESCRIPTION).unlink(missing_ok=True)
    model = model.to("cpu").eval()
    save_model(model, str(folder / WEIGHTS))
    featurizer.tokenizer.save(str(folder / TOKENIZER))
    _write_graph(model, featurizer, folder / GRAPH)
    description.write(folder)
    try:
        return _parity(model, featurizer, documents, LayoutPredictor(folder, threads=torch.get_num_threads()))
    except ExportError:
        (folder / DESCRIPTION).unlink()
        raise


class _OneWindow(torch.nn.Module):
    """A student that takes one window at a time, without padding: nothing needs to be masked then."""

    def __init__(self, model: Student) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids: Tensor, bbox: Tensor, token_type_ids: Tensor) -> Any:
        return self.model(input_ids, bbox, torch.ones_like(input_ids), token_type_ids)


@dataclass(frozen=True)
class _Architecture:
    """All that a graph depends on beside the weights: encoder, shape of the heads, tokens of a window."""

    encoder: str
    shape: tuple[int, int, int]
    dtypes: frozenset[torch.dtype]
    tokens: int

    @classmethod
    def of(cls, model: Student, featurizer: Featurizer) -> _Architecture:
        dtypes = frozenset(weight.dtype for weight in model.state_dict().values())
        return cls(f"{type(model.encoder)} {model.encoder.config}", model.shape, dtypes, featurizer.body + 2)


# Tracing a network takes seconds, exchanging its weights does not: students of one architecture, as those of a
# cross-check's folds, share the graph, which is kept without weights.
_graphs: dict[_Architecture, onnx_ir.Model] = {}
KEPT = 8


def _write_graph(model: Student, featurizer: Featurizer, path: Path) -> None:
    window = _OneWindow(model)
    architecture = _Architecture.of(model, featurizer)
    with _quiet():
        if architecture not in _graphs:
            while len(_graphs) >= KEPT:
                del _graphs[next(iter(_graphs))]
            _graphs[architecture] = _traced(window, architecture.tokens)
        program = torch.onnx.ONNXProgram(_graphs[architecture].clone(), None)
        program.apply_weights(window.state_dict())
        program.optimize()
    program.save(str(path), external_data=False)


def _traced(window: _OneWindow, most: int) -> onnx_ir.Model:
    """The graph of a student for windows of at most `most` tokens, not optimized, without its weights."""
    tokens = torch.export.Dim("tokens", min=3, max=most)
    inputs = {name: torch.zeros(1, 12, dtype=torch.long) for name in INPUTS}
    inputs["bbox"] = torch.zeros(1, 12, 4, dtype=torch.long)
    with _fused_attention(window.model):
        program = torch.onnx.export(
            window,
            (),
            kwargs=inputs,
            dynamo=True,
            dynamic_shapes={name: {1: tokens} for name in INPUTS},
            input_names=list(INPUTS),
            output_names=["tags", "options"],
            verbose=False,
            optimize=False,
        )
    if program is None:
        raise ExportError(gettext_noop("The model could not be written as ONNX."))
    _strip_sources(program)
    for name, value in program.model.graph.initializers.items():
        if name in window.state_dict():
            value.const_value = None
    return program.model


def _strip_sources(program: torch.onnx.ONNXProgram) -> None:
    """Remove the stack traces that the exporter notes on nodes: they name folders of this machine."""
    graphs = (program.model.graph, *(function.graph for function in program.model.functions.values()))
    for graph in graphs:
        graph.metadata_props.clear()
        for node in graph.all_nodes():
            node.metadata_props.clear()
            for value in node.outputs:
                value.metadata_props.clear()


@contextmanager
def _fused_attention(model: Student) -> Iterator[None]:
    """Attention as one operator of ONNX Runtime, which saves a fifth of the time."""
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


def _parity(model: Student, featurizer: Featurizer, documents: Sequence[Document], predictor: LayoutPredictor) -> float:
    differences = [0.0]
    for document in documents[:CHECKED]:
        expected, exported = logits(model, featurizer, document), predictor.logits(document)
        for window, (first, end) in enumerate(document.windows):
            size = end - first + 2
            differences.append(_difference(expected[0][window][:size], exported[0][window][:size]))
            differences.append(_difference(expected[1][window], exported[1][window]))
    worst = float(np.max(differences))
    # Also where a logit is not a number, which compares as neither more nor less.
    if not worst <= TOLERANCE:
        raise ExportError(
            gettext_noop("The written model differs from the trained one by {worst}."), worst=f"{worst:.2g}"
        )
    return worst


def _difference(a: Floats, b: Floats) -> float:
    return float(np.abs(a - b).max(initial=0.0))


@contextmanager
def _quiet() -> Iterator[None]:
    """Without the exporter's warnings, which concern parts of it that are not used."""
    logger = logging.getLogger("torch.onnx")
    level = logger.level
    logger.setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
    logger.setLevel(level)
