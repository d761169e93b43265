"""A group of processes that train together: gradients are averaged, and what the clock decides is decided by the first.

The first process is the training itself. The others end with it, however it ends: their input is a pipe from it.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch
from accelerate.state import AcceleratorState, GradientState, PartialState
from torch import distributed

from extraction.domain.errors import gettext_noop
from extraction.engines.student.errors import ProcessLost

# The others wait for the first one's evaluations.
PATIENCE = timedelta(hours=12)
SHARE = "share"  # what the others train on: a pickle of this program's own, in a folder that only its user may read
READY = "ready-"  # a file of each other process, with its rank
# Seconds between two looks at the others, and within which the end of one shows.
PAUSE, MOMENTS = 0.05, 5.0
HELPER = "extraction.engines.student.layout.training.processes.helper"
ENDED = gettext_noop(
    "A process of the training ended before its time, most likely for memory: go on from the last checkpoint, or with "
    "fewer processes (KD_TRAINING_PROCESSES)."
)


def most() -> int:
    """How many processes can train here: one for each GPU, any number without one."""
    return torch.cuda.device_count() if torch.cuda.is_available() else sys.maxsize


@contextmanager
def gathered(size: int, share: Any, threads: int) -> Iterator[None]:
    """Around a training of this process and `size` − 1 others, each of which calls `share()`; nothing for one alone.

    `share` can be pickled and does what this process does here, but for what the first does alone. The `threads` are
    shared out. Raises `ProcessLost` where another one ends before its time.
    """
    if size < 2:
        yield
        return
    each = max(1, threads // size)
    with ExitStack() as held:
        folder = Path(held.enter_context(TemporaryDirectory(prefix="kdweb-training-")))
        with (folder / SHARE).open("wb") as file:
            pickle.dump(share, file)
        others = [held.enter_context(_helper(folder, rank, size, each)) for rank in range(1, size)]
        _await(folder, others)
        # All have read it, and a kill would leave it: it holds the words of documents.
        (folder / SHARE).unlink()
        held.enter_context(joined(folder, 0, size, each))
        try:
            yield
        except RuntimeError as error:
            # What the connection to a process that is gone raises.
            if _has_ended(others):
                raise ProcessLost(ENDED) from error
            raise


def _await(folder: Path, others: Sequence[subprocess.Popen[bytes]]) -> None:
    """Until all others are ready to join. Raises `ProcessLost`: who joins would wait for hours for one that is gone."""
    while len(list(folder.glob(f"{READY}*"))) < len(others):
        if any(other.poll() is not None for other in others):
            raise ProcessLost(ENDED)
        time.sleep(PAUSE)


def _has_ended(others: Sequence[subprocess.Popen[bytes]]) -> bool:
    """Whether one has, or does within moments: connections are closed before that shows."""
    until = time.monotonic() + MOMENTS
    while all(other.poll() is None for other in others):
        if time.monotonic() > until:
            return False
        time.sleep(PAUSE)
    return True


def ready(folder: Path, rank: int) -> None:
    """Tell the first process that this one joins next."""
    (folder / f"{READY}{rank}").touch()


@contextmanager
def joined(folder: Path, rank: int, size: int, threads: int) -> Iterator[None]:
    """This process as a part of the group, for torch and accelerate, with so many threads."""
    known = {"RANK": rank, "LOCAL_RANK": rank, "WORLD_SIZE": size, "LOCAL_WORLD_SIZE": size, "OMP_NUM_THREADS": threads}
    place = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": "0", "GLOO_SOCKET_IFNAME": "lo"}
    before, threads_before = dict(os.environ), torch.get_num_threads()
    os.environ.update({name: str(value) for name, value in known.items()} | place)
    torch.set_num_threads(threads)
    gpu = torch.cuda.is_available()
    if gpu:
        torch.cuda.set_device(rank)
    _forget_accelerator()
    try:
        meeting = f"file://{folder}/meeting"
        backend = "nccl" if gpu else "gloo"
        distributed.init_process_group(backend, init_method=meeting, rank=rank, world_size=size, timeout=PATIENCE)
        yield
    finally:
        if distributed.is_initialized():
            distributed.destroy_process_group()
        _forget_accelerator()
        os.environ.clear()
        os.environ.update(before)
        torch.set_num_threads(threads_before)


def is_first() -> bool:
    return not distributed.is_initialized() or distributed.get_rank() == 0


def agreed(value: float) -> float:
    """The first process's value, in all of them."""
    if not distributed.is_initialized():
        return value
    held = torch.tensor([value], dtype=torch.float64, device=_device())
    distributed.broadcast(held, src=0)
    return float(held)


def anywhere(fact: bool) -> bool:
    """Whether something is so in any of the processes."""
    if not distributed.is_initialized():
        return fact
    held = torch.tensor([float(fact)], device=_device())
    distributed.all_reduce(held, op=distributed.ReduceOp.MAX)
    return bool(held)


def wait() -> None:
    """Until all processes are here."""
    if distributed.is_initialized():
        distributed.barrier()


@contextmanager
def _helper(folder: Path, rank: int, size: int, threads: int) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", HELPER, str(folder), str(rank), str(size), str(threads)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    # It ends when the pipe is closed: here, or by the kernel with this process.
    process = subprocess.Popen(command, stdin=subprocess.PIPE, env=environment)
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        if process.stdin:
            process.stdin.close()


def _device() -> str:
    return "cuda" if torch.cuda.is_available() else "cpu"


def _forget_accelerator() -> None:
    """What accelerate remembers of how many processes there are."""
    AcceleratorState._reset_state(reset_partial_state=True)
    GradientState._reset_state()
    PartialState._reset_state()
