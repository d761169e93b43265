"""Encoders that a student can start from, and under which licences they are published. Nothing is loaded here."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from extraction.engines.student.layout.config import MINILM, TINY


@dataclass(frozen=True, slots=True)
class Licence:
    """`commercial` says whether commercial use is allowed; `None`: not known."""

    name: str
    commercial: bool | None = True

    def __str__(self) -> str:
        return self.name if self.commercial is not False else f"{self.name}: not for commercial use"


MIT, APACHE, BY_NC_SA = Licence("MIT"), Licence("Apache-2.0"), Licence("CC BY-NC-SA 4.0", commercial=False)
UNKNOWN = Licence("licence not known, look it up before you use it", commercial=None)

# Of the weights that each family's authors published. Longer names stand before those that they contain.
FAMILIES = {
    "layoutlmv3": BY_NC_SA,
    "layoutlmv2": BY_NC_SA,
    "layoutxlm": BY_NC_SA,
    "layoutlm": MIT,
    "lilt": MIT,
    "bros": APACHE,
    "bert-base": APACHE,
}
MODEL_TYPES = {**FAMILIES, "bert": APACHE}


@dataclass(frozen=True, slots=True)
class Known:
    """An encoder that is offered by name; `base` is what the setting of that name takes."""

    base: str
    title: str
    licence: Licence


EMBEDDED = Known(MINILM, "MiniLM, built in", APACHE)
TOY = Known(TINY, "A toy that knows nothing, for tests", APACHE)
KNOWN = (
    Known("SCUT-DLVCLab/lilt-roberta-en-base", "LiLT, English", MIT),
    Known("nielsr/lilt-xlm-roberta-base", "LiLT, 100 languages", MIT),
    Known("naver-clova-ocr/bros-base-uncased", "BROS, English", APACHE),
    Known("microsoft/layoutlm-base-uncased", "LayoutLM, English", MIT),
    Known("microsoft/layoutlmv3-base", "LayoutLMv3", BY_NC_SA),
)


def find(base: str) -> Known:
    """The encoder `base` with its licence as far as it can be told: by its name, or by the kind of network that a
    folder holds."""
    known = next((known for known in (EMBEDDED, TOY, *KNOWN) if known.base == base), None)
    return known or Known(base, base, _licence(base))


def _licence(base: str) -> Licence:
    kind = _model_type(Path(base).expanduser())
    if kind is not None:
        return MODEL_TYPES.get(kind, UNKNOWN)
    name = base.rsplit("/", 1)[-1].casefold()
    return next((licence for family, licence in FAMILIES.items() if family in name), UNKNOWN)


def _model_type(folder: Path) -> str | None:
    try:
        shape = json.loads((folder / "config.json").read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return str(shape.get("model_type", "")) if isinstance(shape, dict) else None
