"""Recognition of the text of detected lines by PP-OCR's recogniser, each line at about its own width.

The recogniser's work grows with a line's width, and OpenVINO makes new kernels for each width that it meets. RapidOCR's
own loop pads every line to at least 320 pixels (half of a receipt's lines are narrower than 160), and nearly every
batch has a new width. Here a line is padded to the next of a few widths, and each thread reads lines of its own.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extraction.engines.ingest.ocr.rapid.decoding import Decoder, Reading

Pixels = NDArray[Any]
# The width a line is padded to is a multiple of this, in pixels at the recogniser's height.
WIDTH_STEP = 64


class Recogniser:
    """PP-OCR's recogniser over lines of any width.

    `recogniser` is RapidOCR's `TextRecognizer`; `compiled` the same model in OpenVINO with one stream a thread, or
    `None` where RapidOCR's own session runs it.
    """

    def __init__(self, recogniser: Any, compiled: Any = None) -> None:
        self._recogniser = recogniser
        self._decoder = Decoder(recogniser.postprocess_op.character)
        self._queue: Any = None
        if compiled is not None:
            import openvino

            self._queue = openvino.AsyncInferQueue(compiled)
            self._queue.set_callback(self._finish)

    def read(self, lines: Sequence[Pixels]) -> list[Reading]:
        """The readings of upright lines, `[height, width, 3]` uint8 (BGR) each, in their order. Not thread-safe."""
        readings: list[Reading | None] = [None] * len(lines)
        # The widest first: the last lines are short, and no thread waits long for another.
        for index in sorted(range(len(lines)), key=lambda index: -_ratio(lines[index])):
            fraction, batch = self._prepared(lines[index])
            slot = (readings, index, fraction)
            if self._queue is None:
                self._decode(self._recogniser.session(batch), slot)
            else:
                self._queue.start_async([batch], slot)
        if self._queue is not None:
            self._queue.wait_all()
        return [reading for reading in readings if reading is not None]

    def _prepared(self, line: Pixels) -> tuple[float, NDArray[np.float32]]:
        """The fraction of the padded width that the line takes up, and the input `[1, 3, height, width]`."""
        height = self._recogniser.rec_image_shape[1]
        width = max(math.ceil(height * _ratio(line)), 1)
        padded = math.ceil(width / WIDTH_STEP) * WIDTH_STEP
        # RapidOCR cuts the product down to whole pixels: half a pixel more keeps the width.
        pixels = self._recogniser.resize_norm_img(line, (padded + 0.5) / height)
        return width / padded, pixels[np.newaxis]

    def _finish(self, request: Any, slot: Any) -> None:
        self._decode(request.get_output_tensor().data, slot)

    def _decode(self, scores: Any, slot: tuple[list[Reading | None], int, float]) -> None:
        """Store the reading of `scores` `[1, columns, classes]` in its slot."""
        readings, index, fraction = slot
        readings[index] = self._decoder.read(scores[0], fraction)


def _ratio(line: Pixels) -> float:
    """Width by height."""
    return float(line.shape[1]) / float(line.shape[0])
