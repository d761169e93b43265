"""Quantization: eight-bit multiplications for serving, kept only where they cost no answers.

They take less than half the time, but what rounding does to a student cannot be predicted. So both graphs answer
documents whose labels are known, and the quantized one serves only where it is as right as the full one.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import onnx
from onnxruntime.quantization import QuantType, quantize_dynamic

from extraction.domain.evaluation.scoring import evaluate
from extraction.domain.prediction import FieldValue
from extraction.domain.progress import Progress, check
from extraction.engines.student.base import Example
from extraction.engines.student.layout.files import GRAPH
from extraction.engines.student.layout.inference.description import FULL, QUANTIZED, ModelDescription, Quantization
from extraction.engines.student.layout.inference.predictor import LayoutPredictor

# Documents that both graphs answer: with four fields, one answer in 400 is the least that can be lost.
COMPARED = 100
# The mean ANLS that rounding may cost: one whole answer of those 400.
LOSS = 0.0025
# Fraction of all answers that rounding may change, for better or worse.
CHANGED = 0.05

Answers = Sequence[Mapping[str, FieldValue]]


def choose(folder: Path, examples: Sequence[Example], threads: int, progress: Progress) -> Quantization:
    """Quantize the graph of the model in `folder`, keep the better of the two, and note the choice in its description.

    The first `COMPARED` of `examples` decide; validation examples should come first. Raises `Cancelled`.
    """
    compared = examples[:COMPARED]
    quantized = _quantize(folder / GRAPH)
    try:
        full = LayoutPredictor(folder, threads)
        answers = [
            _answers(full, compared, progress),
            _answers(LayoutPredictor(folder, threads, quantized.name), compared, progress),
        ]
        quantization = _compare(full, compared, *answers)
        if quantization.served == QUANTIZED:
            quantized.replace(folder / GRAPH)
    finally:
        quantized.unlink(missing_ok=True)
    replace(ModelDescription.read(folder), quantization=quantization).write(folder)
    return quantization


def _answers(predictor: LayoutPredictor, examples: Sequence[Example], progress: Progress) -> Answers:
    answers: list[Mapping[str, FieldValue]] = []
    for example in examples:
        check(progress)
        answers.append(predictor.predict(example.pages))
    return answers


def _compare(
    predictor: LayoutPredictor, examples: Sequence[Example], full: Answers, quantized: Answers
) -> Quantization:
    truths = [{name: [value] for name, value in example.labels.items()} for example in examples]

    def anls(answers: Answers) -> float:
        pairs = list(zip(truths, answers, strict=True))
        return float(evaluate(predictor.schema, pairs, conventions=predictor.conventions).mean_anls)

    same = [one[name].value == other[name].value for one, other in zip(full, quantized, strict=True) for name in one]
    agreed, before, after = (sum(same) / len(same) if same else 0.0), anls(full), anls(quantized)
    keep = agreed >= 1 - CHANGED and after >= before - LOSS
    return Quantization(QUANTIZED if keep else FULL, len(examples), before, after, agreed)


def _quantize(graph: Path) -> Path:
    """Write a graph beside `graph` whose weights have eight bits, with a scale for each column; activations are
    quantized dynamically, embeddings stay full. Returns its path."""
    target = graph.with_name(f"{QUANTIZED}.onnx")
    model = onnx.load(graph)
    # What torch noted about intermediate shapes differs from what ONNX infers after its own folding.
    del model.graph.value_info[:]
    with _quiet():
        quantize_dynamic(
            model,
            target,
            op_types_to_quantize=["MatMul"],
            per_channel=True,
            weight_type=QuantType.QInt8,
            extra_options={"MatMulConstBOnly": True, "DefaultTensorType": onnx.TensorProto.FLOAT},
        )
    return target


@contextmanager
def _quiet() -> Iterator[None]:
    """Without the quantizer's advice to prepare the graph, which ONNX Runtime does when it loads it."""
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)
