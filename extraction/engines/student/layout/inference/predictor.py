"""Prediction with a trained model, by ONNX Runtime, tokenizers and numpy alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from extraction.domain.field_types import Conventions
from extraction.domain.pages import Page
from extraction.domain.prediction import FieldValue
from extraction.domain.work import deadlines
from extraction.engines.student.layout.files import GRAPH, TOKENIZER
from extraction.engines.student.layout.inference.description import ModelDescription
from extraction.engines.student.layout.inference.featurizer import Featurizer
from extraction.engines.student.layout.inference.postprocessing import Document, Floats, answers, values
from extraction.engines.student.layout.inference.tables import tables


class LayoutPredictor:
    """`base.Predictor` of the model in `folder`; safe for use by several threads at once.

    `graph` names the file with the network, where it is not the one that serves. Raises `FileNotFoundError` where the
    folder is not complete and `ValueError` where another version wrote it.
    """

    def __init__(self, folder: Path, threads: int = 1, graph: str = GRAPH) -> None:
        self.description = ModelDescription.read(folder)
        self.schema, self.conventions = self.description.schema, Conventions(self.description.day_order)
        self.featurizer = Featurizer(
            Tokenizer.from_file(str(folder / TOKENIZER)),
            self.description.window,
            int(self.description.config["stride"]),
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
        """An answer for each field: verbatim, in the field's format, with confidence (0–1) and place."""
        tokens = self.featurizer.tokens(pages)
        document = Document(pages, tokens, self.featurizer.windows(tokens))
        tags, options = self.logits(document)
        uncalibrated = answers(self.schema, document, tags, options, self.conventions, self.description.lexicon)
        flat = values(self.description.calibration.apply(uncalibrated))
        if self.description.tables is None:
            return flat
        calibration = self.description.tables
        rows = tables(self.schema, document, tags, self.conventions)
        return flat | {name: calibration.apply(table, self.conventions) for name, table in rows.items()}

    def logits(self, document: Document) -> tuple[list[Floats], list[Floats]]:
        """The network's logits of each window, as `postprocessing.answers` takes them."""
        tags: list[Floats] = []
        options: list[Floats] = []
        for window in document.windows:
            deadlines.check()
            batch = self.featurizer.batch(document.tokens, [window])
            window_tags, window_options = self.session.run(None, {name: batch[name] for name in self.inputs})
            tags.extend(np.asarray(window_tags))
            options.extend(np.asarray(window_options))
        return tags, options
