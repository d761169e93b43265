"""The process in which files are decoded: what it may take, that it is replaced, and that it outlives nobody."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from PIL import Image

from extraction.engines.ingest.decoding.sandbox import sandbox
from extraction.engines.ingest.files import inspect, open_document
from extraction.engines.ingest.limits import Limits, Refused
from tests.support.badfiles.pdfs import long_content_pdf, nested_forms_pdf, pdf, text_pdf
from tests.support.drawing import RECEIPT, encoded, receipt

ROOT = Path(__file__).parents[3]


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "photo.jpg"
    path.write_bytes(encoded(receipt()))
    return path


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "book.pdf"
    path.write_bytes(pdf(8))
    return path


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    sandbox.close()
    yield
    sandbox.close()


def decoder() -> psutil.Process:
    assert sandbox.pid is not None
    return psutil.Process(sandbox.pid)


def soon(condition: Callable[[], bool]) -> bool:
    end = time.monotonic() + 60
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)
    return condition()


def ended(pid: int) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    return True


def test_one_process_decodes_file_after_file(photo: Path, book: Path) -> None:
    inspect(photo, Limits())
    first = sandbox.pid
    assert len(list(open_document(book, Limits()))) == 8
    assert len(list(open_document(photo, Limits()))) == 1
    assert sandbox.pid == first != os.getpid()


def test_it_knows_none_of_this_process_s_secrets(photo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "very secret")
    monkeypatch.setenv("ANTHROPIC_API_KEY", "also secret")
    inspect(photo, Limits())
    assert set(decoder().environ()) <= {"LD_LIBRARY_PATH", "PYTHONPATH", "OPENBLAS_NUM_THREADS", "LC_ALL"}
    assert not any("django" in found.path for found in decoder().memory_maps())


def test_it_may_write_no_file_and_take_no_more_memory(photo: Path) -> None:
    inspect(photo, Limits())
    assert decoder().rlimit(psutil.RLIMIT_FSIZE)[1] == decoder().rlimit(psutil.RLIMIT_CORE)[1] == 0
    assert decoder().rlimit(psutil.RLIMIT_AS)[1] == Limits().memory
    assert decoder().rlimit(psutil.RLIMIT_NOFILE)[1] <= 64


def test_a_file_that_takes_too_long_is_refused_and_the_next_is_read(tmp_path: Path, photo: Path) -> None:
    slow = tmp_path / "slow.pdf"
    slow.write_bytes(nested_forms_pdf(12, 20))
    with pytest.raises(Refused, match=r"^The file takes too long to decode\.$"):
        list(open_document(slow, Limits(seconds=0.3)))
    assert len(list(open_document(photo, Limits()))) == 1


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "PDF"])
def test_a_file_that_takes_too_much_memory_is_refused_and_the_next_is_read(
    kind: str, tmp_path: Path, photo: Path
) -> None:
    large = tmp_path / "large"
    if kind == "PDF":
        large.write_bytes(long_content_pdf(200 * 2**20))
    else:
        large.write_bytes(encoded(Image.new("RGBA", (7000, 7000)), kind, compress_level=1, compression="tiff_lzw"))
    with pytest.raises(Refused, match=r"^The file takes too much memory to decode\.$"):
        list(open_document(large, Limits(memory=300 * 2**20)))
    assert len(list(open_document(photo, Limits()))) == 1


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSEGV])
def test_a_process_that_died_is_replaced_between_files_and_between_pages(how: signal.Signals, book: Path) -> None:
    inspect(book, Limits())
    decoder().send_signal(how)
    pages = open_document(book, Limits())
    next(pages)
    first = decoder()
    first.send_signal(how)
    assert soon(lambda: ended(first.pid))
    assert len(list(pages)) == 7
    assert sandbox.pid != first.pid


@pytest.mark.parametrize("times", [1, 2])
def test_who_is_killed_while_it_decodes_is_replaced_once(times: int, tmp_path: Path) -> None:
    slow = tmp_path / "slow.pdf"
    slow.write_bytes(nested_forms_pdf(5, 16))
    killed: list[int] = []

    def kill() -> None:
        while len(killed) < times:
            if (pid := sandbox.pid) is not None and pid not in killed:
                time.sleep(0.05)
                os.kill(pid, signal.SIGKILL)
                killed.append(pid)

    threading.Thread(target=kill, daemon=True).start()
    if times == 1:
        assert len(list(open_document(slow, Limits()))) == 1
    else:
        with pytest.raises(Refused, match=r"^The file takes too much memory to decode\.$"):
            list(open_document(slow, Limits()))
    assert soon(lambda: len(killed) == times)


def test_signals_for_its_parents_group_do_not_stop_it(photo: Path) -> None:
    inspect(photo, Limits())
    first = sandbox.pid
    for meant_for_all in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        decoder().send_signal(meant_for_all)
    assert len(list(open_document(photo, Limits()))) == 1
    assert sandbox.pid == first
    assert os.getpgid(first or 0) != os.getpgrp()


def test_it_has_the_priority_of_its_parent(photo: Path) -> None:
    """Niceness counts only within a session where the kernel schedules those as groups."""
    inspect(photo, Limits())
    assert os.getsid(decoder().pid) == os.getsid(0)
    assert decoder().nice() == os.nice(0)


def test_a_process_is_replaced_when_it_has_answered_often_enough(photo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("extraction.engines.ingest.decoding.sandbox.LIFETIME", 3)
    pids = []
    for _ in range(4):
        inspect(photo, Limits())
        pids.append(sandbox.pid)
    assert pids[0] == pids[2] != pids[3]


def test_an_answer_that_nobody_waited_for_is_not_the_next_one_s(tmp_path: Path, photo: Path) -> None:
    slow = tmp_path / "slow.pdf"
    slow.write_bytes(nested_forms_pdf(12, 20))
    inspect(photo, Limits())

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.3)
        with pytest.raises(KeyboardInterrupt):
            list(open_document(slow, Limits()))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert inspect(photo, Limits()).media_type == "image/jpeg"
    assert len(list(open_document(photo, Limits()))) == 1


def test_threads_take_turns_page_by_page(photo: Path, book: Path) -> None:
    pages = open_document(book, Limits())
    next(pages)
    found: list[int] = []
    threads = [
        threading.Thread(target=lambda: found.append(len(list(open_document(book, Limits()))))) for _ in range(3)
    ]
    threads.append(threading.Thread(target=lambda: found.append(inspect(photo, Limits()).pages)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(found) == [1, 8, 8, 8]
    assert len(list(pages)) == 7


def test_a_document_that_is_not_read_to_its_end_is_closed(book: Path, photo: Path) -> None:
    pages = open_document(book, Limits())
    next(pages)
    assert str(book) in {file.path for file in decoder().open_files()}
    pages.close()  # type: ignore[attr-defined]
    inspect(photo, Limits())
    assert str(book) not in {file.path for file in decoder().open_files()}


def test_a_forked_process_starts_its_own(photo: Path) -> None:
    inspect(photo, Limits())
    first = sandbox.pid
    receiving, sending = os.pipe()
    forked = os.fork()
    if forked == 0:
        # Nothing of the test run may go on in this process.
        with contextlib.suppress(BaseException):
            pages = len(list(open_document(photo, Limits())))
            os.write(sending, f"{pages} {sandbox.pid}".encode())
        os._exit(0)
    os.waitpid(forked, 0)
    pages, other = os.read(receiving, 100).split()
    assert int(pages) == 1
    assert int(other) != first
    assert soon(lambda: ended(int(other)))
    assert len(list(open_document(photo, Limits()))) == 1
    assert sandbox.pid == first


@pytest.mark.parametrize("busy", [False, True], ids=["idle", "decoding"])
def test_it_ends_with_its_parent(busy: bool, tmp_path: Path, photo: Path) -> None:
    slow = tmp_path / "slow.pdf"
    slow.write_bytes(nested_forms_pdf(12, 20))
    script = f"""
        from pathlib import Path
        from extraction.engines.ingest.files import inspect, open_document
        from extraction.engines.ingest.limits import Limits
        from extraction.engines.ingest.decoding.sandbox import sandbox
        inspect(Path({str(photo)!r}), Limits())
        print(sandbox.pid, flush=True)
        if {busy}:
            list(open_document(Path({str(slow)!r}), Limits(seconds=2)))
        input()
    """
    parent = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        if busy:
            time.sleep(0.3)
        parent.kill()
    assert soon(lambda: ended(pid))


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("setpriv"), reason="only root can become somebody else")
@pytest.mark.parametrize("kind", ["HEIF", "AVIF", "PDF"])
def test_it_works_for_whoever_is_not_root(kind: str, tmp_path: Path) -> None:
    """Some limits do not hold for root, as whom tests may run. Here it is nobody, who may read root's files."""
    path = tmp_path / "file"
    path.write_bytes(text_pdf(RECEIPT) if kind == "PDF" else encoded(receipt().resize((1280, 1280)), kind))
    script = f"""
        from pathlib import Path
        from extraction.engines.ingest.files import open_document
        from extraction.engines.ingest.limits import Limits
        print(len(list(open_document(Path({str(path)!r}), Limits()))))
    """
    nobody = ["--reuid=65534", "--regid=65534", "--clear-groups"]
    may = ["--inh-caps=-all,+dac_override", "--ambient-caps=-all,+dac_override"]
    command = ["setpriv", *nobody, *may, sys.executable, "-c", textwrap.dedent(script)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "1", done.stderr


HOSTILE = """#!{python}
import struct, sys

def send(header, payload):
    sys.stdout.buffer.write(struct.pack(">II", len(header), len(payload)) + header + payload)
    sys.stdout.buffer.flush()

send(b'{{"ready": true}}', b"")
length, _ = struct.unpack(">II", sys.stdin.buffer.read(8))
sys.stdin.buffer.read(length)
send({header!r}, bytes({size}))
"""


@pytest.mark.parametrize(
    ("header", "size"),
    [
        (b'{"width": 5000, "height": 5000, "words": null, "more": true}', 10),
        (b'{"width": 1, "height": 1, "words": [["a"]], "more": true}', 4),
        (b'{"width": -1, "height": 1, "words": null, "more": true}', 4),
        (b"{}", 0),
        (b'{"failure": 7}', 0),
        (b'{"failure": {"reason": "x"}}', 0),
        (b"no JSON", 0),
        (b"[]", 0),
    ],
)
def test_what_a_hostile_decoder_answers_is_refused(
    header: bytes, size: int, photo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "hostile"
    script.write_text(HOSTILE.format(python=sys.executable, header=header, size=size))
    script.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(script))
    with pytest.raises(Refused) as caught:
        list(open_document(photo, Limits()))
    assert re.fullmatch(r"[A-Z].*\.", str(caught.value))
