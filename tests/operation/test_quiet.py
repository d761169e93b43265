"""No library calls out: the whole loop runs in a network of its own, and every attempt to leave it is seen.

`unshare -rn` gives the child a network without interfaces, `strace` shows what its processes ask the kernel for: Python
and the libraries in C++ alike. What a library would send only after the ten seconds that the child waits is not seen.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ISOLATED = [
    *("unshare", "-rn"),
    *("strace", "-f", "-qq", "--seccomp-bpf", "-e", "trace=connect,sendto,sendmsg,sendmmsg", "-o"),
]
REPOSITORY = Path(__file__).parents[2]
# Addresses of the internet. A host is looked up at one or by a resolver; the cache of account names (nscd) is neither.
OUTSIDE = re.compile(r"AF_INET6?\b|resolve")
PROGRAM = """
import sys, time
from pathlib import Path

import kdweb.settings  # as every process of an installation
from extraction.domain.progress import Silent
from extraction.engines.ingest.limits import Limits
from extraction.engines.ingest.ocr import registry as ocr
from extraction.engines.ingest.ocr.base import OcrUnavailable
from extraction.engines.ingest.reading import read_document
from extraction.engines.student import registry
from tests.support.drawing import encoded, receipt
from tests.support.tiny_student import EXAMPLES, learn

folder = Path(sys.argv[1])
(folder / "receipt.jpg").write_bytes(encoded(receipt()))
for name in ocr.names():
    try:
        engine = ocr.engine(name, 1)
    except OcrUnavailable:
        continue
    pages = read_document(folder / "receipt.jpg", engine, Limits(), Silent())
learn(folder / "student", train=EXAMPLES[:4], validation=EXAMPLES[4:6], epochs=1)
registry.load(folder / "student").predict([page.page for page in pages])
time.sleep(10)
print("done")
"""


def _usable() -> bool:
    if shutil.which("unshare") is None or shutil.which("strace") is None:
        return False
    return subprocess.run([*ISOLATED, "/dev/null", "true"], capture_output=True, check=False).returncode == 0


def attempts(trace: Path, *command: str) -> list[str]:
    """What a Python program tried to send or to look up outside this machine; it prints "done" at its end."""
    ended = subprocess.run(
        [*ISOLATED, str(trace), sys.executable, "-c", *command],
        capture_output=True,
        text=True,
        check=False,
        cwd=REPOSITORY,
        timeout=600,
    )
    assert ended.stdout.endswith("done\n"), ended.stderr[-2000:]
    return [line for line in trace.read_text(errors="replace").splitlines() if OUTSIDE.search(line)]


isolated = pytest.mark.skipif(not _usable(), reason="needs unshare and strace without privileges")


@isolated
@pytest.mark.parametrize("call", ["getaddrinfo('example.org', 443)", "create_connection(('192.0.2.1', 443))"])
def test_an_attempt_is_seen(tmp_path: Path, call: str) -> None:
    program = f"import socket\ntry:\n    socket.{call}\nexcept OSError:\n    print('done')"
    assert attempts(tmp_path / "trace", program)


@pytest.mark.slow
@isolated
def test_reading_training_and_extraction_call_nobody(tmp_path: Path) -> None:
    assert attempts(tmp_path / "trace", PROGRAM, str(tmp_path)) == []


def test_importing_any_part_tells_the_libraries_before_they_are_loaded() -> None:
    program = (
        "import os, sys, extraction.domain; "
        "assert not {'onnxruntime', 'transformers', 'huggingface_hub', 'openvino'} & set(sys.modules); "
        "print(os.environ['ORT_DISABLE_TELEMETRY'], os.environ['HF_HUB_DISABLE_TELEMETRY'])"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["1", "1"]
