"""Eight-bit multiplications for serving, kept only where they cost no answers.

They take less than half the time; but nobody can say beforehand what rounding does to a student: so both graphs answer
documents whose labels are known, and the rounded one serves only where it is as right as the other.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import onnx
from onnxruntime.quantization import QuantType, quantize_dynamic

from extraction.domain.prediction import FieldValue
from extraction.domain.progress import Progress, check
from extraction.domain.scoring import evaluate
from extraction.engines.student.layout.config import Example
from extraction.engines.student.layout.inference.predictor import DESCRIPTION, GRAPH, Predictor

FULL, ROUNDED = "fp32", "int8"
# Documents that both graphs answer: with four fields, one answer in 400 is the least that can be lost.
ASKED = 100
# The mean ANLS that rounding may cost: one whole answer of those 400.
LOSS = 0.0025
# Of all answers, those that rounding may change, for better or worse.
CHANGED = 0.05


@dataclass(frozen=True, slots=True)
class Precision:
    """Which graph serves and why: mean ANLS of each against the labels of so many documents, and how many of their
    answers are the same (0–1)."""

    served: str
    documents: int
    full: float
    rounded: float
    same: float

    def told(self) -> str:
        kept = "serves" if self.served == ROUNDED else "does not serve"
        return (
            f"Rounded to eight bits, the student {kept}: mean ANLS {self.rounded:.4f} instead of {self.full:.4f} on "
            f"{self.documents} documents, {self.same:.1%} of the answers the same."
        )


def choose(folder: Path, examples: Sequence[Example], threads: int, progress: Progress) -> Precision:
    """Round the graph of the model in `folder`, keep the better of the two, and note the choice in its description.

    The first `ASKED` of `examples` decide: those that were not learned from had better come first.
    """
    asked = examples[:ASKED]
    rounded = _rounded(folder / GRAPH)
    try:
        full = Predictor(folder, threads)
        answers = [_answers(full, asked, progress), _answers(Predictor(folder, threads, rounded.name), asked, progress)]
        precision = _compare(full, asked, *answers)
        if precision.served == ROUNDED:
            rounded.replace(folder / GRAPH)
    finally:
        rounded.unlink(missing_ok=True)
    _note(folder / DESCRIPTION, precision)
    return precision


def _answers(predictor: Predictor, examples: Sequence[Example], progress: Progress) -> list[Mapping[str, FieldValue]]:
    found: list[Mapping[str, FieldValue]] = []
    for example in examples:
        check(progress)
        found.append(predictor.predict(example.pages))
    return found


def _compare(
    predictor: Predictor,
    examples: Sequence[Example],
    full: Sequence[Mapping[str, FieldValue]],
    rounded: Sequence[Mapping[str, FieldValue]],
) -> Precision:
    truths = [{name: [value] for name, value in example.labels.items()} for example in examples]

    def anls(found: Sequence[Mapping[str, FieldValue]]) -> float:
        pairs = list(zip(truths, found, strict=True))
        return float(evaluate(predictor.schema, pairs, day_order=predictor.day_order).mean_anls)

    same = [one[name].value == other[name].value for one, other in zip(full, rounded, strict=True) for name in one]
    agreed, before, after = (sum(same) / len(same) if same else 0.0), anls(full), anls(rounded)
    kept = agreed >= 1 - CHANGED and after >= before - LOSS
    return Precision(ROUNDED if kept else FULL, len(examples), before, after, agreed)


def _rounded(graph: Path) -> Path:
    """A graph beside `graph` whose weights are bytes, each column with a scale of its own; activations are rounded as
    they come. Embeddings stay as they are."""
    target = graph.with_name(f"{ROUNDED}.onnx")
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


def _note(description: Path, precision: Precision) -> None:
    written = {**json.loads(description.read_text("utf-8")), "precision": asdict(precision)}
    draft = description.with_suffix(".draft")
    draft.write_text(json.dumps(written, indent=2, ensure_ascii=False), "utf-8")
    draft.replace(description)


@contextmanager
def _quiet() -> Iterator[None]:
    """The quantiser advises on the root logger to prepare the graph, which `Predictor` leaves to ONNX Runtime."""
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)
