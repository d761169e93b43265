"""Reading the text of found lines: PP-OCR's recogniser, each line at about its own width.

The recogniser's work grows with a line's width, and OpenVINO makes new kernels for each width that it meets. RapidOCR's
own loop pads every line to at least 320 pixels (half of a receipt's lines are narrower than 160) and meets a new width
with nearly every batch. Here a line is padded to the next of a few widths, and each thread reads lines of its own.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[Any]
# The width a line is padded to is a multiple of this, in pixels at the recogniser's height.
WIDTH_STEP = 64
# Text, confidence, and where RapidOCR saw its characters (`rapidocr.ch_ppocr_rec.typings.WordInfo`).
Reading = tuple[str, float, Any]


class Recogniser:
    """`recogniser` is RapidOCR's `TextRecognizer`; `compiled` the same model with one stream a thread, or `None` where
    RapidOCR's own session is to run it."""

    def __init__(self, recogniser: Any, compiled: Any = None) -> None:
        self._recogniser = recogniser
        self._queue: Any = None
        if compiled is not None:
            import openvino

            self._queue = openvino.AsyncInferQueue(compiled)
            self._queue.set_callback(self._keep)

    def read(self, lines: Sequence[Pixels]) -> list[Reading]:
        """What stands on each of the lines, pictures `[height, width, 3]` (BGR, upright). One caller at a time."""
        found: list[Reading | None] = [None] * len(lines)
        # The widest first: what is left for the end is short, and no thread waits long for another.
        for index in sorted(range(len(lines)), key=lambda index: -_ratio(lines[index])):
            share, batch = self._prepared(lines[index])
            keep = (found, index, share)
            if self._queue is None:
                self._decode(self._recogniser.session(batch), keep)
            else:
                self._queue.start_async([batch], keep)
        if self._queue is not None:
            self._queue.wait_all()
        return [reading for reading in found if reading is not None]

    def _prepared(self, line: Pixels) -> tuple[float, NDArray[np.float32]]:
        """The share of the width that the line takes up, and the recogniser's input."""
        height = self._recogniser.rec_image_shape[1]
        width = max(math.ceil(height * _ratio(line)), 1)
        padded = math.ceil(width / WIDTH_STEP) * WIDTH_STEP
        # RapidOCR cuts the product down to whole pixels: half a pixel more keeps the width.
        pixels = self._recogniser.resize_norm_img(line, (padded + 0.5) / height)
        return width / padded, pixels[np.newaxis]

    def _keep(self, request: Any, keep: Any) -> None:
        self._decode(request.get_output_tensor().data, keep)

    def _decode(self, scores: Any, keep: tuple[list[Reading | None], int, float]) -> None:
        found, index, share = keep
        texts, words = self._recogniser.postprocess_op(scores, True, wh_ratio_list=(share,), max_wh_ratio=1.0)
        found[index] = (*texts[0], words[0])


def _ratio(line: Pixels) -> float:
    return float(line.shape[1]) / float(line.shape[0])
