"""Languages of a project's documents: as its owner set them, else as its first documents show them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.conf import settings
from django.db import transaction

from extraction.domain.languages import LANGUAGES, Language, known
from extraction.engines.ingest.ocr import registry
from extraction.models import AuditAction, Document, Project
from extraction.services import events
from extraction.services.audit_log import log as audit_log

# Documents that tell a project's languages, and the share of them from which one counts.
LOOKED_AT, SHARE = 20, 0.1


def is_looked_for(document: Document) -> bool:
    """Whether the document is one of the first, which tell the project's languages; none is asked twice.

    None is asked while the data of languages that are set read it: its words would tell these, also wrong ones.
    """
    project = document.project
    by_data = registry.needs_data(project.ocr or settings.KD_OCR, project.languages_set)
    if document.language is not None or by_data:
        return False
    told = Document.objects.filter(project=document.project_id, language__isnull=False)
    return told.count() < LOOKED_AT


def learn(document: Document, code: str) -> None:
    """Note a document's language (empty: unknown) and what it says about its project. Harmless to repeat."""
    Document.objects.filter(pk=document.pk).update(language=code)
    document.language = code
    project = document.project
    with transaction.atomic():
        current = Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        before, current.languages_found = current.languages, found(current)
        current.save(update_fields=["languages_found"])
        project.languages_set, project.languages_found = current.languages_set, current.languages_found
        _tell(project, before)


def found(project: Project) -> list[str]:
    """The codes of the languages of the documents that were looked at, the most frequent first."""
    told = project.documents.filter(language__isnull=False).exclude(language="").order_by("pk")
    counts = Counter(told.values_list("language", flat=True)[:LOOKED_AT])
    return [str(code) for code, count in counts.most_common() if count >= SHARE * counts.total()]


def set_languages(project: Project, codes: Iterable[str]) -> None:
    """Set the languages; without any, they are found automatically. Raises `UnknownLanguage`."""
    chosen = list(known(codes))
    with transaction.atomic():
        before, set_before, project.languages_set = project.languages, list(project.languages_set), chosen
        project.save(update_fields=["languages_set"])
        _tell(project, before)
        if changes := audit_log.changed({"languages": set_before}, {"languages": chosen}):
            audit_log.record(AuditAction.PROJECT_CHANGED, project, project=project, changes=changes)


def missing(project: Project) -> tuple[Language, ...]:
    """The project's languages that cannot be read here for want of Tesseract's data."""
    return registry.missing(project.ocr or settings.KD_OCR, project.languages)


def choices() -> tuple[Language, ...]:
    """All known languages by their own names."""
    return tuple(sorted(LANGUAGES.values(), key=lambda language: language.name))


def _tell(project: Project, before: tuple[str, ...]) -> None:
    if set(project.languages) != set(before):
        events.send(events.languages_changed, project=project)
