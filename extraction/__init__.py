"""From unlabelled documents to a served student. `docs/architecture.md` shows the layers.

Importing any part of it keeps its libraries from reporting to their makers: web, workers, commands, benchmarks, tests
and notebooks alike come through here before they load one.
"""

import os

# Each is read once, when the library is imported.
QUIET = {
    "ORT_DISABLE_TELEMETRY": "1",  # ONNX Runtime: device, interpreter, names of models
    "HF_HUB_DISABLE_TELEMETRY": "1",  # huggingface_hub, and transformers in its user agent
    "DISABLE_SAFETENSORS_CONVERSION": "true",  # transformers: asks the hub to convert what was loaded
    "DO_NOT_TRACK": "1",
}
os.environ.update(QUIET)
