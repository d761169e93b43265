"""RapidOCR: PP-OCR models from inside its wheel, run by OpenVINO, or by ONNX Runtime where OpenVINO is missing.

Measured on receipts with two cores: OpenVINO takes 0.6 of ONNX Runtime's time, and a detection side of 960 both reads
better and is faster than the package's default.
"""

import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from PIL import Image
from rapidocr.main import RapidOCRError
from rapidocr.utils.process_img import map_boxes_to_original

from extraction.domain.pages import Word
from extraction.engines.ingest.memory import return_large_blocks
from extraction.engines.ingest.ocr.lines import Line, cut, words_of
from extraction.engines.ingest.ocr.rapid import characters, faint
from extraction.engines.ingest.ocr.rapid.decoding import Reading
from extraction.engines.ingest.ocr.rapid.recognition import Pixels, Recogniser

# Long side in pixels at which lines are detected.
DETECTION_SIDE = 960
# OpenVINO keeps kernels and buffers for each size of page. With its own bound of 5000 kernels a process grew to 1.13 GB
# over 60 receipts; buffers are released after each page.
KEPT_KERNELS = 64


class RapidOcr:
    """The engine `rapidocr` on `threads` threads, see `base.OcrEngine`. Thread-safe."""

    name = "rapidocr"
    # Receipts were read with 0.97 to 0.99 upright and with 0.62 to 0.75 upside down.
    doubtful = 0.85

    def __init__(self, threads: int) -> None:
        self.backend = "openvino" if _openvino() else "onnxruntime"
        self._ocr = _build(self.backend, threads)
        # OpenVINO's models, the detector first; none where ONNX Runtime runs them.
        self._compiled = _compiled(self._ocr, threads) if self.backend == "openvino" else []
        detector = self._ocr._load_det_model()
        detector.postprocess_op = self._map = _Map(detector.postprocess_op)
        self._recogniser = Recogniser(self._ocr._load_rec_model(), *self._compiled[1:])
        # The engine has one inference request with its buffers: two threads would read each other's lines.
        self._lock = threading.Lock()

    def read(self, image: Image.Image) -> tuple[Word, ...]:
        """The words of a picture in reading order, boxes as fractions of its size."""
        return words_of(self.lines(image), image.width, image.height)

    def recognise(self, lines: Sequence[Image.Image]) -> list[tuple[str, float]]:
        """Texts and confidences of pictures of one line each."""
        with self._lock:
            try:
                readings = self._recogniser.read([_pixels(line) for line in lines])
            finally:
                self._release()
        return [(reading.text, reading.confidence) for reading in readings]

    def lines(self, image: Image.Image, *, unread: bool = False) -> list[Line]:
        """Lines of text with their corners in pixels of `image`, in no particular order.

        With `unread` also those that were found but could not be read.
        """
        pixels = _pixels(image)
        with self._lock:
            scaled, record = self._ocr.preprocess_img(pixels)
            try:
                pictures, detected = self._ocr.detect_and_crop(scaled, record)
                readings = self._recogniser.read(pictures)
                spots = faint.spots(self._map.responses, detected.boxes, detected.img.shape)
                boxes, spots = (
                    map_boxes_to_original(some, record, *pixels.shape[:2]) for some in (detected.boxes, spots)
                )
                found = [_line(corners, reading) for corners, reading in zip(boxes, readings, strict=True)]
                read = [line for line in found if line.text.strip() and line.confidence >= self._ocr.text_score]
                alone = self._alone(image, spots, read)
            except RapidOCRError:  # raised where there is no text
                return []
            finally:
                self._release()
        return [*(found if unread else read), *alone]

    def _alone(self, image: Image.Image, spots: Any, lines: Sequence[Line]) -> list[Line]:
        """What is printed at these spots in the rows of the lines."""
        strips = faint.strips(spots, lines)
        found = [group for strip in strips for group in characters.groups(strip, cut(image, strip))]
        readings = self._recogniser.read([_pixels(picture) for _, picture in found])
        return [
            replace(place, text=reading.text, confidence=reading.confidence)
            for (place, _), reading in zip(found, readings, strict=True)
            if characters.is_word(reading.text, reading.confidence)
        ]

    def _release(self) -> None:
        for model in self._compiled:
            model.release_memory()


class _Map:
    """RapidOCR's way from the detector's output to boxes, which keeps the output."""

    def __init__(self, boxes_of: Callable[[Any, tuple[int, int]], Any]) -> None:
        self._boxes_of = boxes_of
        self.responses: Any = None

    def __call__(self, output: Any, size: tuple[int, int]) -> Any:
        self.responses = output[0, 0].copy()
        return self._boxes_of(output, size)


def _pixels(image: Image.Image) -> Pixels:
    """`[height, width, 3]` uint8 in BGR, as the models take it."""
    return np.ascontiguousarray(np.asarray(image.convert("RGB"))[:, :, ::-1])


def _line(corners: Any, reading: Reading) -> Line:
    a, b, c, d = ((float(x), float(y)) for x, y in corners)
    return Line(reading.text, reading.confidence, (a, b, c, d), reading.centers)


def _openvino() -> bool:
    """Whether OpenVINO can be imported. It is imported here first, because its import reports usage to its maker."""
    # None makes `import openvino_telemetry` fail, and OpenVINO then uses a stub of its own that reports nothing.
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    try:
        import openvino  # noqa: F401
    except ImportError:
        return False
    return True


def _build(backend: str, threads: int) -> Any:
    from rapidocr import EngineType, RapidOCR

    kind = EngineType(backend)
    engine: Any = RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.use_cls": False,
            "Det.limit_side_len": DETECTION_SIDE,
            "Det.limit_type": "max",
            "Det.engine_type": kind,
            "Rec.engine_type": kind,
            "EngineConfig.onnxruntime.intra_op_num_threads": threads,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )
    return engine


def _compiled(engine: Any, threads: int) -> list[Any]:
    """Detector and recogniser compiled again, because RapidOCR passes only some properties on to OpenVINO."""
    return_large_blocks()
    detector, recogniser = engine._load_det_model().session, engine._load_rec_model().session
    # All threads work on the detection of one page; each line is recognised by one thread.
    compiled = [_compile(detector, threads, 1), _compile(recogniser, threads, threads)]
    detector.session = compiled[0].create_infer_request()
    return compiled


def _compile(session: Any, threads: int, streams: int) -> Any:
    import openvino

    properties = {
        "INFERENCE_NUM_THREADS": threads,
        "NUM_STREAMS": streams,
        # Several processes share the cores: pinned threads would all run on the first one.
        "ENABLE_CPU_PINNING": False,
        "CPU_RUNTIME_CACHE_CAPACITY": KEPT_KERNELS,
    }
    compiled = openvino.Core().compile_model(session.model, "CPU", properties)
    session.model = session.session = None
    return compiled
