"""Traffic of a canary: which version answers a file, and what answers where the candidate fails."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F

from extraction.domain.pages import Page
from extraction.domain.prediction import FieldValue
from extraction.domain.work import deadlines
from extraction.models import Canary, ModelVersion, Project
from extraction.services.serving import registry
from extraction.services.serving.canaries import lifecycle

logger = logging.getLogger(__name__)

# A candidate that has failed on so many documents is rolled back.
MOST_FAILURES = 5
# Seconds that a version has for a document, and for each of its pages where these need more; a candidate that takes
# longer has failed.
SECONDS, SECONDS_A_PAGE = 30.0, 2.0


@dataclass(frozen=True, slots=True)
class Route:
    """The version that answers a file; where it is the candidate of a canary, that one."""

    model: ModelVersion
    canary: Canary | None = None


def route(model: ModelVersion, sha256: str, canary: Canary | None) -> Route:
    """Who answers a file with that hash where `model` serves and `canary` (`None`: none) runs."""
    if canary is not None and takes(canary, sha256):
        return Route(canary.candidate, canary)
    return Route(model)


def takes(canary: Canary, sha256: str) -> bool:
    """Whether the candidate answers a file: drawn by content, so that the same file has the same answer, and by
    canary, so that each has documents of its own."""
    drawn = hashlib.sha256(f"{canary.pk} {sha256}".encode()).digest()
    return int.from_bytes(drawn[:8]) % 10_000 < 100 * canary.share


class Candidate:
    """The candidate of a canary as a predictor that cannot fail alone: where it does, the serving version answers.

    `model` is the version that has answered. Raises what the serving version does.
    """

    def __init__(self, canary: Canary) -> None:
        self.canary, self.model = canary, canary.candidate

    def predict(self, pages: Sequence[Page]) -> dict[str, FieldValue]:
        try:
            with deadlines.within(seconds(pages)):
                return registry.predictor(self.canary.candidate).predict(pages)
        except MemoryError:
            raise
        except deadlines.TooSlow:
            deadlines.check()  # reading the pages may have taken the time
            logger.warning("The candidate of canary %s takes too long; the serving version answers.", self.canary.pk)
            note_failure(self.canary)
        except Exception:  # a model's own errors have nothing in common
            logger.exception("The candidate of canary %s failed; the serving version answers.", self.canary.pk)
            note_failure(self.canary)
        self.model = _serving(self.canary)
        return registry.predictor(self.model).predict(pages)


def seconds(pages: Sequence[Page]) -> float:
    """That a version has for these pages."""
    return max(SECONDS, SECONDS_A_PAGE * len(pages))


def note_failure(canary: Canary) -> None:
    """Count a document on which the candidate failed, and roll it back after `MOST_FAILURES`."""
    rows = Canary.objects.filter(pk=canary.pk)
    rows.filter(state=Canary.State.RUNNING).update(failures=F("failures") + 1)
    if rows.filter(failures__gte=MOST_FAILURES, state=Canary.State.RUNNING).exists():
        lifecycle.end(canary, Canary.State.ROLLED_BACK, Canary.Ending.FAILURES)


def _serving(canary: Canary) -> ModelVersion:
    """With what its predictor needs; where the candidate was promoted meanwhile, the version before."""
    project = Project.objects.get(pk=canary.project_id)
    serving = registry.serving(project)
    return canary.serving if serving is None or serving.pk == canary.candidate_id else serving
