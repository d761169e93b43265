"""Health of the installation: issues for the operator, in words.

No sentence holds a path, an address or a secret.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Set
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext

from extraction.domain.languages import names
from extraction.engines.ingest.ocr import registry as ocr
from extraction.engines.teacher import registry as teachers
from extraction.models import Document, ModelVersion, Project
from extraction.services import catalogues, figures, object_store, storage
from extraction.services.jobs import workers
from extraction.services.jobs.kinds import Queue
from extraction.services.operation import readiness
from extraction.services.operation.readiness import Part
from extraction.services.projects import languages
from extraction.services.sentences import translated
from extraction.services.serving import messages, registry
from extraction.services.training import students

# Free bytes of the data folder's disk below which there is an issue.
LITTLE_FREE = 2 * 2**30
# The newest documents, whose files are looked for.
FILES = 20_000
# In an object store, which takes a request for each.
FILES_OF_STORE = 20
LOCAL_HOSTS = frozenset(("localhost", "127.0.0.1", "[::1]", "testserver"))


class Severity(StrEnum):
    """ERROR: work is at risk or does not go on. WARNING: something is missing or runs short."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Issue:
    """A fault or shortage for the operator to put right. `code` is that of Django's system check."""

    code: str
    sentence: str
    remedy: str
    severity: Severity = Severity.WARNING


def issues(*, thorough: bool = True) -> list[Issue]:
    """All known issues, errors first. Without `thorough` only what costs next to nothing to ask."""
    # A new database has no table for the cache either: that is no issue of its own.
    servers = (_tables() or _servers()) if thorough else []
    # Without its servers nothing can be known of the workers and of what projects chose.
    dependent = [] if servers else [*_workers(), *_scheduler(), *_ocr(), *_spoken()]
    # An object store takes a request for each file, and may be away.
    if not servers and (thorough or not object_store.configured()):
        dependent += [*_files(), *_models()]
    rows = [*servers, *dependent, *_disk(), *_teacher(), *_catalogues(), *_debug()]
    return sorted(rows, key=lambda issue: issue.severity is not Severity.ERROR)


def _servers() -> list[Issue]:
    codes = {Part.DATABASE: "W001", Part.BROKER: "W002", Part.CACHE: "W003", Part.STORE: "W019"}
    remedy = gettext("Start it, or correct the variable that names it; the log has the reason.")
    away = [check for check in readiness.check_servers() if not check.ready]
    return [Issue(codes[check.part], check.sentence, remedy, Severity.ERROR) for check in away]


def _tables() -> list[Issue]:
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Exception:
        return []  # a database that does not answer is an issue of `_servers`
    remedy = gettext("Stop kdweb and run make setup, or manage.py migrate.")
    sentence = gettext("The database was made by an older version of kdweb, or is empty.")
    return [Issue("W004", sentence, remedy, Severity.ERROR)] if missing else []


def _disk() -> list[Issue]:
    disk = readiness.check_disk()
    if not disk.ready:
        remedy = gettext("Make room, or give kdweb's user the right to write.")
        return [Issue("W005", disk.sentence, remedy, Severity.ERROR)]
    free = readiness.free_bytes()
    if free >= LITTLE_FREE:
        return []
    sentence = gettext("The disk of the data folder has only %(size)s GB left.") % {
        "size": figures.decimal(free / 2**30, 1)
    }
    return [Issue("W006", sentence, gettext("Make room: documents and models need it."))]


def _workers() -> list[Issue]:
    effects = {
        Queue.DEFAULT: ("W007", gettext("No default worker is running, so no document is read or labelled.")),
        Queue.TRAINING: ("W008", gettext("No training worker is running, so no student is trained.")),
    }
    remedy = gettext("Start everything with make run, or the worker alone with manage.py run --only %(queue)s.")
    return [Issue(*effects[queue], remedy % {"queue": queue}) for queue, alive in workers.alive().items() if not alive]


def _scheduler() -> list[Issue]:
    if workers.scheduler_alive():
        return []
    sentence = gettext("The scheduler is not running, so work of a process that died waits until a worker notices.")
    return [
        Issue(
            "W012", sentence, gettext("Start everything with make run, or it alone with manage.py run --only default.")
        )
    ]


def _files() -> list[Issue]:
    count = FILES_OF_STORE if object_store.configured() else FILES
    originals = Document.objects.order_by("-id").values_list("original", flat=True)[:count]
    models = ModelVersion.objects.exclude(folder="").values_list("folder", flat=True)
    missing = sum(not storage.exists(path) for path in [*originals, *models])
    if not missing:
        return []
    sentence = gettext("Files of %(number)s documents or models are missing from the data folder.") % {
        "number": figures.whole(missing)
    }
    return [Issue("W013", sentence, gettext("Put them back from the backup."), Severity.ERROR)]


def _ocr() -> list[Issue]:
    missing = [kind for kind in map(ocr.find, sorted(_chosen_engines())) if not _runs(kind)]
    return [
        Issue(
            "W009",
            gettext("%(engine)s is chosen to read documents, but it is not installed.")
            % {"engine": kind.name.capitalize()},
            gettext("Install the system package %(package)s, or choose %(engine)s.")
            % {"package": kind.package, "engine": ocr.names()[0]},
        )
        for kind in missing
    ]


def _spoken() -> list[Issue]:
    """What projects' languages need; a set-up without any such project asks nothing."""
    spoken = Project.objects.exclude(languages_set=[], languages_found=[]).only(
        "ocr", "languages_set", "languages_found"
    )
    return [*_data(spoken), *_encoder(spoken)]


def _encoder(spoken: Iterable[Project]) -> list[Issue]:
    sentences = filter(None, map(students.lacking, spoken))
    remedy = gettext("Install it where the training worker runs, then train anew.")
    return [Issue("W018", translated(sentence), remedy) for sentence in islice(sentences, 1)]


def _data(spoken: Iterable[Project]) -> list[Issue]:
    missing = {language.code: language for project in spoken for language in languages.missing(project)}
    if not missing:
        return []
    packages = " ".join(language.package for language in missing.values())
    sentence = gettext("Letters of %(languages)s are not read, because their data are missing.")
    remedy = gettext("Install them: apt-get install %(packages)s")
    return [Issue("W016", sentence % {"languages": names(missing)}, remedy % {"packages": packages})]


def _catalogues() -> list[Issue]:
    missing = [title for code, title in settings.LANGUAGES if not catalogues.compiled(code)]
    if not missing:
        return []
    sentence = gettext("The sentences of pages in %(languages)s are not compiled, so pages are in English alone.")
    remedy = gettext(
        "Run make setup, or pybabel compile --directory locale --domain %(domains)s, then start kdweb again."
    )
    return [Issue("W017", sentence % {"languages": ", ".join(missing)}, remedy % {"domains": '"django djangojs"'})]


def _chosen_engines() -> Set[str]:
    chosen = Project.objects.exclude(ocr="").values_list("ocr", flat=True).distinct()
    return {settings.KD_OCR, *chosen} & set(ocr.names())


def _runs(kind: ocr.OcrEngineKind) -> bool:
    return not kind.program or shutil.which(kind.program) is not None


def _models() -> list[Issue]:
    return [
        Issue("W014", messages.unusable(model), translated(messages.REMEDY), Severity.ERROR)
        for model in registry.unusable()
    ]


def _teacher() -> list[Issue]:
    try:
        teachers.check_access(settings.KD_TEACHER)
    except teachers.UnknownTeacher as error:
        return [
            Issue(
                "W010",
                translated(error),
                gettext("Set it for web and workers, or let KD_TEACHER name another teacher."),
            )
        ]
    return []


def _debug() -> list[Issue]:
    if not settings.DEBUG or LOCAL_HOSTS.issuperset(settings.ALLOWED_HOSTS):
        return []
    sentence = gettext(
        "DEBUG is on and hosts of other machines are answered: pages of errors show settings and code to anybody."
    )
    return [Issue("W011", sentence, gettext("Turn DEBUG off."), Severity.ERROR)]
