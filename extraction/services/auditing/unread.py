"""Documents on which nothing was read but what was claimed: the serving student reads them first."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from extraction.domain.progress import Progress
from extraction.models import Project
from extraction.services.errors import Conflict
from extraction.services.serving import prelabel

logger = logging.getLogger(__name__)


def read(project: Project, numbers: Sequence[int], progress: Progress) -> None:
    """Let the student read them, where one serves. Raises `Cancelled`; without a student that can be used they stay
    unread."""
    try:
        prelabel.read_claimed(project, numbers, progress)
    except Conflict as error:
        logger.warning("Documents of %s are audited without the student: %s", project, error)
