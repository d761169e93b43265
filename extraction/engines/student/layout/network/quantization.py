"""Quantization: eight-bit multiplications for serving, kept only where they cost no answers.

They take less than half the time, but what rounding does to a student cannot be predicted. So both graphs answer
documents whose labels are known, and the quantized one serves only where it is as right as the full one.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path

import onnx
from onnxruntime.quantization import QuantType, quantize_dynamic

from extraction.domain.evaluation.scoring import Evaluation, evaluate
from extraction.domain.line_items.rows import flat
from extraction.domain.prediction import FieldValue
from extraction.domain.progress import Progress, check
from extraction.engines.student.base import Example
from extraction.engines.student.layout.files import GRAPH
from extraction.engines.student.layout.inference.description import FULL, QUANTIZED, ModelDescription, Quantization
from extraction.engines.student.layout.inference.predictor import LayoutPredictor

# Documents that both graphs answer: with four fields, one answer in 400 is the least that can be lost.
COMPARED = 100
# The mean ANLS that rounding may cost, one whole answer of those 400, and the ANLS* of a group, one of 100.
LOSS, LOSS_OF_GROUP = 0.0025, 0.01
# Fraction of all answers that rounding may change, for better or worse.
CHANGED = 0.05

# Of one document, by field.
Labels = Mapping[str, str | None]
Answer = Mapping[str, FieldValue]


def choose(folder: Path, examples: Iterable[Example], threads: int, progress: Progress) -> Quantization:
    """Quantize the graph of the model in `folder`, keep the better of the two, and note the choice in its description.

    The first `COMPARED` of `examples` decide; validation examples should come first. Raises `Cancelled`.
    """
    quantized = _quantize(folder / GRAPH)
    try:
        full, faster = LayoutPredictor(folder, threads), LayoutPredictor(folder, threads, quantized.name)
        labels: list[Labels] = []
        answers: tuple[list[Answer], list[Answer]] = [], []
        for example in islice(examples, COMPARED):
            check(progress)
            labels.append(example.labels)
            for predictor, said in zip((full, faster), answers, strict=True):
                said.append(predictor.predict(example.pages))
        quantization = _compare(full, labels, *answers)
        if quantization.served == QUANTIZED:
            quantized.replace(folder / GRAPH)
    finally:
        quantized.unlink(missing_ok=True)
    replace(ModelDescription.read(folder), quantization=quantization).write(folder)
    return quantization


def _compare(
    predictor: LayoutPredictor, labels: Sequence[Labels], full: Sequence[Answer], quantized: Sequence[Answer]
) -> Quantization:
    before, after = _evaluate(predictor, labels, full), _evaluate(predictor, labels, quantized)
    lost = [score.anls_star.value - after.groups[name].anls_star.value for name, score in before.groups.items()]
    agreed = _agreement(predictor, full, quantized)
    harmless = before.mean_anls - after.mean_anls <= LOSS and max(lost, default=0.0) <= LOSS_OF_GROUP
    keep = agreed >= 1 - CHANGED and harmless
    return Quantization(QUANTIZED if keep else FULL, len(labels), before.mean_anls, after.mean_anls, agreed)


def _agreement(predictor: LayoutPredictor, full: Sequence[Answer], quantized: Sequence[Answer]) -> float:
    """The fraction of answers that are the same, of cells for a group: the least of both."""
    names = flat(predictor.schema).names
    same = [one[name].value == other[name].value for one, other in zip(full, quantized, strict=True) for name in names]
    said = [{name: answer.value for name, answer in answers.items()} for answers in full]
    shares = [1 - score.work_left.value for score in _evaluate(predictor, said, quantized).groups.values()]
    return min([*shares, *([sum(same) / len(same)] if same else [])], default=0.0)


def _evaluate(predictor: LayoutPredictor, truths: Sequence[Labels], answers: Sequence[Answer]) -> Evaluation:
    accepted = [{name: [value] for name, value in truth.items()} for truth in truths]
    return evaluate(predictor.schema, list(zip(accepted, answers, strict=True)), conventions=predictor.conventions)


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
