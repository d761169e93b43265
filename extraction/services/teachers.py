"""Which teachers have labelled a project, and which of them is the project's own."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count

from extraction.models import Label, Project, Source
from extraction.services import labels
from extraction.services.errors import Invalid

# Those that can label here, by what they are told to do; others only left labels that were loaded.
RUNNABLE = ("rules",)
BATCH = 400


@dataclass(frozen=True, slots=True)
class Present:
    """A teacher of a project: how many documents it answered for, and whether it can be asked here."""

    name: str
    documents: int
    labels: int
    runnable: bool
    chosen: bool


def present(project: Project) -> list[Present]:
    """The runnable teachers, then those whose labels were loaded."""
    rows = Label.objects.filter(document__project=project, source=Source.TEACHER).values("teacher")
    counted = {
        row["teacher"]: row for row in rows.annotate(documents=Count("document", distinct=True), rows=Count("pk"))
    }
    names = [*RUNNABLE, *sorted(set(counted) - set(RUNNABLE))]
    none = {"documents": 0, "rows": 0}
    return [
        Present(
            name,
            counted.get(name, none)["documents"],
            counted.get(name, none)["rows"],
            name in RUNNABLE,
            name == project.teacher,
        )
        for name in names
    ]


def choose(project: Project, name: str) -> None:
    """Make `name` the project's teacher: its labels come before those of other teachers.

    Raises `Invalid` for one that neither can be asked nor has left labels.
    """
    if name not in {teacher.name for teacher in present(project)}:
        raise Invalid(f"Project {project} has no teacher named {name!r}.")
    project.teacher = name
    project.save(update_fields=["teacher"])
    documents = list(project.documents.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(documents), BATCH):
        labels.refresh(documents[start : start + BATCH], name)
