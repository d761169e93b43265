"""A project whose model serves, asks the rules where it is unsure, keeps what stays unsure, and tells a receiver of
extractions."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass

from PIL.Image import Image

# Documents that the student learns from; of each the upper part is sent, which is read in a fraction of the time.
SAMPLES, PART = 4, 0.3
OWNER, PASSWORD = "soak", "a long password of the soak"


@dataclass(frozen=True, slots=True)
class Filled:
    """A token for programs, pictures to send, and how many documents there are."""

    token: str
    pictures: list[bytes]
    documents: int


def fill(receiver: str) -> Filled:
    """In an empty installation; `receiver` is the URL that webhooks go to."""
    from benchmarks.soak.load import CONFIG
    from benchmarks.sroie import SCHEMA
    from extraction.domain.progress import Silent
    from extraction.models import Source
    from extraction.services.documents import intake, reading
    from extraction.services.labels import store
    from extraction.services.operation import installation
    from extraction.services.projects import accounts, projects, tokens
    from extraction.services.serving import registry
    from extraction.services.serving.escalation import settings
    from extraction.services.training import training_runs
    from extraction.services.webhooks import endpoints
    from synthdocs import generate

    installation.prepare()
    owner, _ = accounts.create_user(OWNER, PASSWORD)
    project = projects.create("soak", SCHEMA, owner=owner)
    pictures = []
    for sample in generate("receipt", SAMPLES, seed=1, languages=("en",)):
        width, height = sample.image.size
        pictures.append(_encoded(sample.image.crop((0, 0, width, round(height * PART)))))
        file = io.BytesIO(_encoded(sample.image))
        document, _ = intake.add_document(project, "sample.jpg", file, enqueue=False)
        reading.read(document.pk, Silent())
        truth: Mapping[str, str | None] = sample.truth
        for name, value in truth.items():
            if name in SCHEMA:
                store.write(document, name, value, source=Source.TRUTH)
    training_runs.train_here(project, name="first", progress=Silent(), labels="truth", config=CONFIG)
    registry.promote(project.model_versions.get())
    project.teacher = "rules"
    project.save(update_fields=["teacher"])
    settings.change(project, settings.Settings(active=True, keep_unsure=True))
    endpoints.create(project, endpoints.Settings(receiver, ("extraction.done",)), actor=owner)
    _, token = tokens.create(project, owner, name="soak", scopes=["extract", "upload", "read", "manage"])
    return Filled(token, pictures, SAMPLES)


def _encoded(image: Image) -> bytes:
    held = io.BytesIO()
    image.save(held, "JPEG")
    return held.getvalue()
