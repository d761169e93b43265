"""Prompts of a project: the versions of its owner's parts, and the version in force."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext

from extraction.domain.errors import gettext_noop
from extraction.engines.teacher.listing import prompt as listing_prompt
from extraction.engines.teacher.prompting.methods import Method, method_of
from extraction.engines.teacher.prompting.prompts import Parts, Prompt, PromptError, build
from extraction.models import AuditAction, LabelRun, Project, PromptVersion, User
from extraction.services.audit_log import log as audit_log
from extraction.services.errors import Invalid, NotFound

__all__ = [
    "OWN_WORDS",
    "Parts",
    "choose",
    "draft",
    "find",
    "listing",
    "of_run",
    "parts",
    "preview",
    "save",
    "takes_parts",
    "takes_prompt",
    "title",
    "written",
]

# The number by which kdweb's own words are chosen: they are the prompt before anybody wrote one.
OWN_WORDS = 0


def find(project: Project, number: int | None = None) -> PromptVersion | None:
    """A version by its number, `None` for kdweb's own words; the one in force where no number is given.

    Raises `NotFound`.
    """
    if number is None:
        return project.prompt_version
    if number == OWN_WORDS:
        return None
    version = project.prompt_versions.filter(number=number).first()
    if version is None:
        raise NotFound(
            gettext_noop("Project {project} has no prompt version {number}."), project=project, number=str(number)
        )
    return version


def title(version: PromptVersion | None) -> str:
    if version is None:
        return gettext("kdweb's own words")
    return gettext("Version %(number)s") % {"number": version.number}


def of_run(run: LabelRun) -> str:
    """Which prompt a run sends, in a few words; teachers without models get none."""
    if run.prompt_version:
        return gettext("prompt version %(number)s") % {"number": run.prompt_version.number}
    if not takes_prompt(run.teacher):
        return gettext("no prompt")
    return gettext("kdweb's own words") if takes_parts(run.teacher) else gettext("the prompt of listings")


def takes_prompt(teacher: str) -> bool:
    """Whether a teacher of that name gets a prompt: those with a model, which their names hold."""
    return ":" in teacher


def takes_parts(teacher: str) -> bool:
    """Whether a teacher of that name gets the parts that an owner wrote: they speak of fields, which a listing does not
    ask for."""
    return takes_prompt(teacher) and method_of(teacher) is not Method.LIST


def parts(version: PromptVersion | None) -> Parts:
    return Parts.from_json(version.value) if version else Parts()


def written(value: Mapping[str, Any]) -> Parts:
    """The checked parts of a form's or a file's values; raises `Invalid`."""
    try:
        return Parts.from_json(value)
    except PromptError as error:
        raise Invalid(str(error)) from None


def preview(project: Project, parts: Parts) -> Prompt:
    """The prompt exactly as a teacher gets it, but for the pictures."""
    return build(project.schema, parts)


def listing(project: Project) -> Prompt:
    """The prompt of listings exactly as a teacher gets it, but for the pictures."""
    return listing_prompt.prompt(project.schema)


def save(project: Project, typed: Parts, *, actor: User | None = None) -> PromptVersion | None:
    """A new version, in force from now on; the same parts as an earlier version bring that one back into force.

    `None` where nothing was typed: then kdweb's own words are in force.
    """
    if typed == Parts():
        return choose(project, OWN_WORDS)
    with transaction.atomic():
        version = draft(project, typed, actor=actor)
        _put_in_force(project, version)
    return version


def draft(project: Project, typed: Parts, *, actor: User | None = None) -> PromptVersion:
    """A version of these parts, an earlier one where they are the same; the one in force stays so."""
    with transaction.atomic():
        locked = Project.objects.select_for_update().get(pk=project.pk)
        versions = list(locked.prompt_versions.all())
        version = next((version for version in versions if parts(version) == typed), None)
        if version is None:
            last = locked.prompt_versions.aggregate(last=Max("number"))["last"] or OWN_WORDS
            version = PromptVersion.objects.create(
                project=project, number=last + 1, value=typed.to_json(), author=actor
            )
    return version


def choose(project: Project, number: int) -> PromptVersion | None:
    """Put a version, or kdweb's own words, into force; raises `NotFound`."""
    version = find(project, number)
    _put_in_force(project, version)
    return version


def _put_in_force(project: Project, version: PromptVersion | None) -> None:
    with transaction.atomic():
        before, project.prompt_version = project.prompt_version, version
        project.save(update_fields=["prompt_version"])
        numbers = [each.number if each else OWN_WORDS for each in (before, version)]
        if changes := audit_log.changed({"prompt": numbers[0]}, {"prompt": numbers[1]}):
            audit_log.record(AuditAction.PROJECT_CHANGED, project, project=project, changes=changes)
