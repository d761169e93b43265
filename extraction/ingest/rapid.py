"""RapidOCR: PP-OCR models from inside its wheel, run by OpenVINO, or by ONNX Runtime where OpenVINO is missing.

Measured on receipts with two cores: OpenVINO takes 0.6 of ONNX Runtime's time, and a detection side of 960 both reads
better and is faster than the package's default.
"""

import sys
import threading
from typing import Any

import numpy as np
from PIL import Image

from extraction.domain.page import Word
from extraction.ingest.lines import Line, words_of

DETECTION_SIDE = 960


class RapidOcr:
    name = "rapidocr"

    def __init__(self, threads: int) -> None:
        self.backend = "openvino" if _openvino() else "onnxruntime"
        self._ocr = _build(self.backend, threads)
        # One inference request and its buffers belong to the engine: two threads would read each other's lines.
        self._lock = threading.Lock()

    def read(self, image: Image.Image) -> tuple[Word, ...]:
        return words_of(self.lines(image), image.width, image.height)

    def lines(self, image: Image.Image) -> list[Line]:
        """Lines of text with their corners in pixels, in no particular order."""
        pixels = np.ascontiguousarray(np.asarray(image.convert("RGB"))[:, :, ::-1])
        with self._lock:
            scaled, record = self._ocr.preprocess_img(pixels)
            found, _, read, crops = self._ocr.run_ocr_steps(scaled, record)
            result = self._ocr.build_final_output(pixels, found, _, read, crops, record)
        if result.boxes is None:
            return []
        return [_line(*row) for row in zip(result.boxes, result.txts, result.scores, strict=True)]


def _line(corners: Any, text: str, score: float) -> Line:
    a, b, c, d = ((float(x), float(y)) for x, y in corners)
    return Line(text, float(score), (a, b, c, d))


def _openvino() -> bool:
    """Whether OpenVINO can be imported, which is done here because its import reports usage to its maker's server."""
    # None makes `import openvino_telemetry` fail, and OpenVINO then takes its own silent stand-in.
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    try:
        import openvino  # noqa: F401
    except ImportError:
        return False
    return True


def _build(backend: str, threads: int) -> Any:
    from rapidocr import EngineType, RapidOCR

    kind = EngineType(backend)
    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.use_cls": False,
            "Det.limit_side_len": DETECTION_SIDE,
            "Det.limit_type": "max",
            "Det.engine_type": kind,
            "Rec.engine_type": kind,
            "EngineConfig.openvino.inference_num_threads": threads,
            # Several processes share the cores: pinned threads would all sit on the first one.
            "EngineConfig.openvino.enable_cpu_pinning": False,
            "EngineConfig.onnxruntime.intra_op_num_threads": threads,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )
