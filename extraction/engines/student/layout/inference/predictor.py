"""Serving a trained student with ONNX Runtime, tokenizers and numpy alone."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from extraction.domain.field_types import DayOrder
from extraction.domain.fields import Schema
from extraction.domain.pages import Page
from extraction.domain.prediction import FieldValue
from extraction.engines.student.layout.inference.calibration import Calibration
from extraction.engines.student.layout.inference.featurizer import Encoder
from extraction.engines.student.layout.inference.lexicon import Spellings
from extraction.engines.student.layout.inference.postprocessing import Answer, Document, answers, values

DESCRIPTION, GRAPH, TOKENIZER, WEIGHTS = "student.json", "model.onnx", "tokenizer.json", "model.safetensors"
FORMAT = 2


class Predictor:
    """A trained student out of its folder. Safe for use by several threads at once.

    `graph` names the file with the network, where it is not the one that serves. Raises `FileNotFoundError` where the
    folder is not complete and `ValueError` where another version wrote it.
    """

    def __init__(self, folder: Path, threads: int = 1, graph: str = GRAPH) -> None:
        description: Mapping[str, Any] = json.loads((folder / DESCRIPTION).read_text("utf-8"))
        if description["format"] != FORMAT:
            raise ValueError(f"The model in {folder} was written by another version of this program.")
        self.schema = Schema.from_json(description["schema"])
        self.day_order: DayOrder = description["day_order"]
        self.calibration = Calibration.from_export(description["calibration"])
        self.spellings = Spellings.from_export(description["spellings"])
        self.encoder = Encoder(
            Tokenizer.from_file(str(folder / TOKENIZER)), description["window"], description["config"]["stride"]
        )
        if not (folder / graph).is_file():
            raise FileNotFoundError(folder / graph)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
        options.log_severity_level = 3
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self.session = onnxruntime.InferenceSession(str(folder / graph), options, providers=["CPUExecutionProvider"])
        self.inputs = {given.name for given in self.session.get_inputs()}

    def predict(self, pages: Sequence[Page]) -> dict[str, FieldValue]:
        """An answer for each field but groups: verbatim, in the field's format, with confidence and place."""
        return values(self.answers(pages))

    def answers(self, pages: Sequence[Page]) -> dict[str, Answer]:
        """As `predict`, with the signals behind each confidence."""
        tokens = self.encoder.tokens(pages)
        document = Document(pages, tokens, self.encoder.windows(tokens))
        tags, options = self.scores(document)
        return self.calibration.apply(answers(self.schema, document, tags, options, self.day_order, self.spellings))

    def scores(self, document: Document) -> tuple[list[Any], list[Any]]:
        """The network's scores of each window: tags and options, as `answering.answers` takes them."""
        tags: list[Any] = []
        options: list[Any] = []
        for window in document.windows:
            batch = self.encoder.batch(document.tokens, [window])
            tagged, chosen = self.session.run(None, {name: batch[name] for name in self.inputs})
            tags.extend(np.asarray(tagged))
            options.extend(np.asarray(chosen))
        return tags, options
