"""`make soak`: kdweb under load while its processes are killed at random; ends with one line of counts.

python -m benchmarks.soak [--kills 200] [--seed 0]: on the servers that the environment names, else the embedded ones.
"""

from __future__ import annotations

import argparse
import io
import os
import random
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

# Programs that send at once; seconds between two kills; seconds for what is left to do after the last one.
PROGRAMS, BETWEEN, DRAIN = 3, (1.0, 4.0), 900.0
SAMPLES = 8


def main(kills: int, seed: int, folder: Path) -> int:
    from benchmarks.soak import counts
    from benchmarks.soak.load import Program, Receiver
    from benchmarks.soak.running import Running

    receiver = Receiver()
    token, files = _fill(receiver.url)
    drawn, stopped, running = random.Random(seed), threading.Event(), Running(folder / "soak.log")
    programs = [Program(running.url, token, files[number:] + files[:number], stopped) for number in range(PROGRAMS)]
    for program in programs:
        program.start()
    killed = Counter[str]()
    for number in range(kills):
        time.sleep(drawn.uniform(*BETWEEN))
        killed[running.kill(drawn)] += 1
        if number % 10 == 9:
            sys.stderr.write(f"{number + 1} of {kills} killed\n")
    stopped.set()
    for program in programs:
        program.join()
    _wait()
    running.stop()
    receiver.stop()
    found = counts.count([program.accepted for program in programs], receiver.extractions, SAMPLES)
    for name, times in killed.most_common():
        sys.stderr.write(f"{times} x {name}\n")
    sys.stdout.write(f"kills {kills}  {found}\n")
    return 0 if found.sound else 1


def _fill(receiver: str) -> tuple[str, list[bytes]]:
    """A project whose model serves and tells the receiver of extractions; a token, and pictures to send."""
    from benchmarks.sroie import SCHEMA
    from extraction.domain.progress import Silent
    from extraction.models import Source
    from extraction.services.documents import intake, reading
    from extraction.services.labels import store
    from extraction.services.operation import installation
    from extraction.services.projects import accounts, projects, tokens
    from extraction.services.serving import registry
    from extraction.services.training import training_runs
    from extraction.services.webhooks import endpoints
    from synthdocs import generate

    installation.prepare()
    owner, _ = accounts.create_user("soak")
    project = projects.create("soak", SCHEMA, owner=owner)
    pictures = []
    for sample in generate("receipt", SAMPLES, seed=1, languages=("en",)):
        held = io.BytesIO()
        sample.image.save(held, "JPEG")
        pictures.append(held.getvalue())
        document, _ = intake.add_document(project, "sample.jpg", io.BytesIO(held.getvalue()), enqueue=False)
        reading.read(document.pk, Silent())
        for name, value in sample.truth.items():
            if name in SCHEMA:
                store.write(document, name, value, source=Source.TRUTH)
    training_runs.train_here(
        project, name="first", progress=Silent(), labels="truth", config={"base": "tiny", "epochs": 2}
    )
    registry.promote(project.model_versions.get())
    endpoints.create(project, endpoints.Settings(receiver, ("extraction.done",)), actor=owner)
    return tokens.create(project, owner, name="soak", scopes=["extract", "upload"])[1], pictures


def _wait() -> None:
    """Until no job is under way, or the time is up."""
    from extraction.models import Job

    until = time.monotonic() + DRAIN
    while Job.objects.filter(state__in=Job.ACTIVE).exists() and time.monotonic() < until:
        time.sleep(1)
    # The scheduler removes what killed processes left.
    time.sleep(15)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    with TemporaryDirectory(prefix="kdweb-soak-") as folder:
        os.environ.update(KD_DATA_DIR=folder, DJANGO_SETTINGS_MODULE="kdweb.settings", KD_WEBHOOK_PRIVATE="1")
        import django

        django.setup()
        code = main(chosen.kills, chosen.seed, Path(folder))
    sys.exit(code)
