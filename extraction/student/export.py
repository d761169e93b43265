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

from extraction.domain.fields import Schema
from extraction.domain.normalize import DayOrder
from extraction.student.answering import Document
from extraction.student.calibration import Calibration
from extraction.student.config import StudentConfig
from extraction.student.encoding import Encoder
from extraction.student.learning import INPUTS, scores
from extraction.student.model import Student
from extraction.student.predictor import DESCRIPTION, FORMAT, GRAPH, TOKENIZER, WEIGHTS, Predictor
from extraction.student.spelling import Spellings

TOLERANCE = 1e-3  # scores are log-odds: a thousandth changes no answer
CHECKED = 5  # documents on which the two are compared


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
        "schema": schema.export(),
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


def _graph(model: Student, encoder: Encoder, path: Path) -> None:
    rows, tokens = torch.export.Dim("rows", min=1), torch.export.Dim("tokens", min=3, max=encoder.body + 2)
    inputs = {name: torch.zeros(2, 12, dtype=torch.long) for name in INPUTS}
    inputs["bbox"] = torch.zeros(2, 12, 4, dtype=torch.long)
    inputs["attention_mask"] += 1
    with _quiet():
        program = torch.onnx.export(
            model,
            (),
            kwargs=inputs,
            dynamo=True,
            dynamic_shapes={name: {0: rows, 1: tokens} for name in INPUTS},
            input_names=list(INPUTS),
            output_names=["tags", "options"],
            verbose=False,
        )
    if program is None:
        raise ExportError("The model could not be written as ONNX.")
    program.save(str(path), external_data=False)


def _parity(model: Student, encoder: Encoder, documents: Sequence[Document], predictor: Predictor) -> float:
    worst = 0.0
    for document in documents[:CHECKED]:
        expected, written = scores(model, encoder, document), predictor.scores(document)
        for window, (first, end) in enumerate(document.windows):
            size = end - first + 2
            worst = max(worst, _difference(expected[0][window][:size], written[0][window][:size]))
            worst = max(worst, _difference(expected[1][window], written[1][window]))
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
