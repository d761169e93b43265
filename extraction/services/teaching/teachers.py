"""Teachers by name: those available here, those that have labelled a project, and the project's own."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import Count

from extraction.domain import languages
from extraction.domain.errors import gettext_noop
from extraction.engines.teacher import registry
from extraction.engines.teacher.prompting.methods import Method, method_of, named, parted
from extraction.engines.teacher.protocol import Teacher
from extraction.models import AuditAction, Label, Project, PromptVersion, Source
from extraction.services.audit_log import log as audit_log
from extraction.services.errors import Invalid
from extraction.services.labels import ranking
from extraction.services.teaching import messages, prompts
from extraction.services.teaching.estimates import Consent

BATCH = 400
# The methods of asking a model, the usual one first.
METHODS = tuple(method.value for method in Method)


def find(name: str, version: PromptVersion | None = None, *, for_files: bool = False) -> Teacher:
    """The teacher of that name, with a version of a project's prompt.

    Raises `Invalid` for one that does not exist, or lacks its key, which none needs that only writes and reads files.
    """
    build = registry.for_files if for_files else registry.teacher
    try:
        return build(name, parts=prompts.parts(version))
    except registry.UnknownTeacher as error:
        raise Invalid(str(error)) from None


def check(name: str) -> None:
    """Raises `Invalid` for a name that no teacher can have; does not need its key."""
    try:
        registry.check(name)
    except registry.UnknownTeacher as error:
        raise Invalid(str(error)) from None


def by_method(name: str, method: str) -> str:
    """The name of that teacher when it is asked by a method, one of `METHODS`; the usual one changes nothing."""
    chosen = Method(method)
    return name if chosen is Method.FILL else named(parted(name)[0], chosen)


def methods() -> list[tuple[str, str]]:
    """The methods of asking a model with what a request asks for, the usual one first."""
    return [(method.value, str(messages.METHODS[method])) for method in Method]


def in_words(name: str) -> str:
    """What a request to the teacher of that name asks for; empty for the usual method."""
    chosen = method_of(name)
    return "" if chosen is Method.FILL else str(messages.METHODS[chosen])


def description(name: str) -> str:
    """What that teacher is, in a sentence; empty where its name says it."""
    return registry.description(name)


def unknown_words(name: str, project: Project) -> str:
    """A sentence with the languages of the project's documents of which the teacher knows no words; empty for none."""
    unknown = [code for code in project.languages if not registry.knows(name, code)]
    return messages.unknown_words(languages.names(unknown)) if unknown else ""


def offered() -> list[str]:
    """Names to choose from at once; any other `provider:model` can be named too."""
    local = (kind.name for kind in registry.kinds() if not kind.has_models)
    return list(dict.fromkeys((*local, settings.KD_TEACHER)))


def consent(teacher: Teacher) -> Consent | None:
    """The agreement that this teacher needs before its first request; `None` where pictures stay on this machine."""
    if not teacher.outside:
        return None
    return Consent(teacher.provider_id, messages.consent(teacher.provider))


@dataclass(frozen=True, slots=True)
class Present:
    """A teacher of a project: what it is, how many documents it answered for, and whether it is offered here.

    `unknown_words` says of which languages of the documents it knows no words.
    """

    name: str
    description: str
    unknown_words: str
    documents: int
    labels: int
    offered: bool
    chosen: bool


def present(project: Project) -> list[Present]:
    """The offered teachers, then those that left labels."""
    rows = Label.objects.filter(document__project=project, source=Source.TEACHER).values("teacher")
    counted = {
        row["teacher"]: row for row in rows.annotate(documents=Count("document", distinct=True), rows=Count("pk"))
    }
    names = [*offered(), *sorted(set(counted) - set(offered()))]
    none = {"documents": 0, "rows": 0}
    return [
        Present(
            name,
            registry.description(name),
            unknown_words(name, project),
            counted.get(name, none)["documents"],
            counted.get(name, none)["rows"],
            name in offered(),
            name == project.teacher,
        )
        for name in names
    ]


def choose(project: Project, name: str) -> None:
    """Make `name` the project's teacher: its labels come before those of other teachers.

    Raises `Invalid` for one that neither is offered nor has left labels.
    """
    if name not in {teacher.name for teacher in present(project)}:
        raise Invalid(gettext_noop("Project {project} has no teacher named {name!r}."), project=project, name=name)
    with transaction.atomic():
        before, project.teacher = project.teacher, name
        project.save(update_fields=["teacher"])
        if changes := audit_log.changed({"teacher": before}, {"teacher": name}):
            audit_log.record(AuditAction.PROJECT_CHANGED, project, project=project, changes=changes)
    documents = list(project.documents.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(documents), BATCH):
        ranking.refresh(project, documents[start : start + BATCH])
