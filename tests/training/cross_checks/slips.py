"""Slips that the documented kind of student learns at once, some of them labelled wrongly."""

from extraction.domain.learning.training import Settings
from extraction.models import Label, Project, Source
from extraction.services.labels import store
from extraction.services.labels.store import LabelInput
from tests.support import builders

KEYWORDS: Settings = {"kind": "keywords", "fewest": 2}
DOCUMENTS, WRONG = 50, 2


def slips(project: Project, documents: int = DOCUMENTS) -> Project:
    """So many to learn from and four to validate on, each with a total by a teacher; `WRONG` of them name the tax."""
    rows = [
        builders.document(
            project,
            f"SHOP NUMBER {number}",
            f"Tax {number % 7}.11",
            f"Total {number + 10}.50",
            split="train" if number < documents else "validation",
        )
        for number in range(documents + 4)
    ]
    totals = [f"{number % 7}.11" if number < WRONG else f"{number + 10}.50" for number in range(len(rows))]
    said = [
        LabelInput(row, "total", total, Source.TEACHER, teacher="model")
        for row, total in zip(rows, totals, strict=True)
    ]
    store.write_many(project, said)
    return project


def labels(project: Project) -> tuple[list[Label], list[Label]]:
    """Of the documents to learn from, the wrong ones and the right ones."""
    rows = list(Label.objects.filter(document__project=project, document__split="train").select_related("quality"))
    return rows[:WRONG], rows[WRONG:]
