"""Registry of model versions: the serving one, promotion and rollback, files and predictors."""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import IO, Any, TextIO

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from extraction.domain.errors import gettext_noop
from extraction.domain.pages import Page
from extraction.domain.prediction import FieldValue
from extraction.engines.student import model_folder
from extraction.engines.student import registry as students
from extraction.engines.student.base import Predictor
from extraction.models import AuditAction, ModelVersion, Project, Promotion, User
from extraction.services import events, object_store, storage
from extraction.services.audit_log import log as audit_log
from extraction.services.errors import Conflict, NotFound
from extraction.services.jobs import queue
from extraction.services.projects import schema_versions
from extraction.services.serving import messages
from extraction.services.serving.jobs import CHECK, PREDICT

logger = logging.getLogger(__name__)


def find(project: Project, name: str) -> ModelVersion:
    """Raises `NotFound`."""
    model = project.model_versions.select_related("run__snapshot__schema_version").filter(name=name).first()
    if model is None:
        raise NotFound(gettext_noop("Project {project} has no model named {name!r}."), project=project, name=name)
    return model


def serving(project: Project) -> ModelVersion | None:
    return project.model_versions.filter(stage=ModelVersion.Stage.PRODUCTION).first()


def promote(model: ModelVersion, actor: User | None = None, *, rolled_back: bool = False) -> ModelVersion:
    """Make `model` the serving one and let it read what nobody has labelled; promoting it again changes nothing.

    Raises `Conflict` for one that was given up for what it had learned from deleted documents.
    """
    project = model.project
    with transaction.atomic():
        Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        current = serving(project)
        if current == model:
            return current
        model.refresh_from_db(fields=["forgotten"])
        if model.forgotten:
            raise Conflict(messages.FORGOTTEN, model=model)
        if current is not None:
            current.stage = ModelVersion.Stage.ARCHIVED
            current.save(update_fields=["stage"])
        model.stage = ModelVersion.Stage.PRODUCTION
        model.promoted = timezone.now()
        model.save(update_fields=["stage", "promoted"])
        Promotion.objects.create(project=project, model=model, author=actor, rolled_back=rolled_back)
        for kind in (PREDICT, CHECK):
            queue.enqueue(kind, project=project, subject=model.pk, author=actor)
        events.send_now(events.model_promoted, model=model)
        action = AuditAction.MODEL_ROLLED_BACK if rolled_back else AuditAction.MODEL_PROMOTED
        changes = {"before": current.name if current else None}
        audit_log.record(action, model, project=project, name=model.name, changes=changes)
    return model


def give_up(model: ModelVersion) -> bool:
    """Whether a model is given up for good, as its files are to be deleted; never the serving one."""
    with transaction.atomic():
        Project.objects.select_for_update(no_key=True).get(pk=model.project_id)
        rows = ModelVersion.objects.filter(pk=model.pk).exclude(stage=ModelVersion.Stage.PRODUCTION)
        if rows.filter(forgotten=None).update(forgotten=timezone.now()):
            events.send_now(events.model_removed, model=model)
        return rows.exists()


def present(model: ModelVersion) -> ModelVersion:
    """The version that answers what waited for `model`: where that was given up meanwhile the serving one, if any."""
    if not ModelVersion.objects.exclude(forgotten=None).filter(pk=model.pk).exists():
        return model
    rows = model.project.model_versions.select_related("project__schema_version", "run__snapshot__schema_version")
    return rows.filter(stage=ModelVersion.Stage.PRODUCTION).first() or model


def stop_serving(model: ModelVersion) -> None:
    """Archive the serving model without another in its place: callers are refused until one is promoted."""
    with transaction.atomic():
        Project.objects.select_for_update(no_key=True).get(pk=model.project_id)
        serving = ModelVersion.objects.filter(pk=model.pk, stage=ModelVersion.Stage.PRODUCTION)
        if serving.update(stage=ModelVersion.Stage.ARCHIVED):
            events.send_now(events.model_removed, model=model)


def previous(project: Project) -> ModelVersion | None:
    """The model that served before the present one."""
    archived = project.model_versions.filter(stage=ModelVersion.Stage.ARCHIVED, promoted__isnull=False, forgotten=None)
    return archived.order_by("-promoted").first()


def roll_back(project: Project, actor: User | None = None) -> ModelVersion:
    """Promote the model that served before; raises `Conflict` where there was none."""
    model = previous(project)
    if model is None:
        raise Conflict(gettext_noop("No model of {project} has served before the present one."), project=project)
    return promote(model, actor, rolled_back=True)


def history(project: Project) -> QuerySet[Promotion]:
    """What served, when and by whom, the newest first."""
    return project.promotions.select_related("model", "author")


@dataclass(frozen=True, slots=True)
class ModelFile:
    """`bytes` are not known (`None`) of what lies in an object store, which would have to be asked for each file."""

    name: str
    bytes: int | None


def files(model: ModelVersion) -> list[ModelFile]:
    """The files that make up a model, by name; empty where its folder is gone, or was deleted with what it learned.

    With an object store none of them is fetched.
    """
    if not model.folder:
        return []
    if object_store.configured():
        found = (PurePosixPath(name).relative_to(model.folder) for name in storage.names(model.folder))
        return [ModelFile(str(name), None) for name in found if len(name.parts) == 1]
    places = sorted(storage.path(model.folder).glob("*"))
    return [ModelFile(place.name, place.stat().st_size) for place in places if place.is_file()]


def has_files(model: ModelVersion) -> bool:
    """Whether a model has files, here or in the object store."""
    return bool(model.folder) and (storage.is_here(model.folder, model_folder.MANIFEST) or bool(files(model)))


def open_file(model: ModelVersion, name: str) -> IO[bytes]:
    """One of its `files` to read. Raises `NotFound` for any other name."""
    if all(file.name != name for file in files(model)):
        raise NotFound(gettext_noop("Model {model} has no file {name}."), model=model, name=name)
    return storage.open_file(f"{model.folder}/{name}")


def record_download(model: ModelVersion, file: str) -> None:
    """In the audit log, before the file is handed out."""
    audit_log.record(AuditAction.EXPORTED, model, project=model.project, name=model.name, changes={"file": file})


def unusable() -> list[ModelVersion]:
    """Serving models that this version of kdweb cannot load."""
    rows = ModelVersion.objects.filter(stage=ModelVersion.Stage.PRODUCTION).select_related("project").order_by("pk")
    return [model for model in rows if not is_usable(model)]


def is_usable(model: ModelVersion) -> bool:
    """Whether the model is of a format that this version knows, and its files are there; nothing is loaded."""
    if not model.folder:
        return False
    if object_store.configured() and not storage.is_here(model.folder, model_folder.MANIFEST):
        with TemporaryDirectory() as outline:
            _outline(model, Path(outline))
            return students.readable(Path(outline))
    return students.readable(storage.path(model.folder))


def _outline(model: ModelVersion, folder: Path) -> None:
    """What describes a model in the object store, with empty files in the place of its weights and graph."""
    for file in files(model):
        place = folder / file.name
        if place.suffix == ".json":
            with storage.open_file(f"{model.folder}/{file.name}") as source:
                place.write_bytes(source.read())
        else:
            place.touch()


def tell_unusable(stdout: TextIO | None = None, **kwargs: Any) -> None:
    """After `migrate`: name the serving models that an upgrade leaves without an answer."""
    try:
        models = unusable()
    except DatabaseError:
        return  # the tables are those of an older version, on the way back to it
    except object_store.Unavailable:
        return  # health tells of it
    for model in models:
        print(f"{messages.unusable(model)} {messages.REMEDY}", file=stdout or sys.stderr)


def predictor(model: ModelVersion) -> Predictor:
    """The model, loaded once a process, which answers under the present names of the fields.

    Raises `Conflict` where its files cannot be used.
    """
    loaded = _loaded(model)
    snapshot = model.run.snapshot
    if snapshot is None:
        return loaded
    names = schema_versions.translation(snapshot.schema_version, model.project.schema_version)
    return loaded if all(old == new for old, new in names.items()) else Renamed(loaded, names)


@dataclass(frozen=True, slots=True)
class Renamed:
    """A model of before fields were renamed; `names` are their present names by those that it knows."""

    model: Predictor
    names: Mapping[str, str]

    def predict(self, pages: Sequence[Page]) -> dict[str, FieldValue]:
        answers = self.model.predict(pages)
        return {self.names[name]: answer for name, answer in answers.items() if name in self.names}


def _loaded(model: ModelVersion) -> Predictor:
    try:
        return _load(model.folder, model.sha256)
    except MemoryError:
        raise
    except Exception as error:  # the libraries' own errors for torn files have nothing in common
        logger.exception("the model %s cannot be loaded from %s", model.pk, model.folder)
        raise Conflict(
            gettext_noop(
                "The model {model} cannot be used: its files are missing, damaged or of another version of "
                "kdweb. Train a new one, or go back to the one before."
            ),
            model=model,
        ) from error


# The serving version and the candidate of a project, and one more.
@lru_cache(maxsize=3)
def _load(folder: str, sha256: str) -> Predictor:
    return students.load(_folder(folder), threads=settings.KD_THREADS)


def _folder(relative: str) -> Path:
    if not relative:
        raise FileNotFoundError("The model has given its files up.")
    return storage.fetch_folder(relative, model_folder.MANIFEST)
