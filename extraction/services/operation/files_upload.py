"""Upload of the data folder's files to the object store: when one is named for the first time, and after a restore."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from extraction.domain.errors import gettext_noop
from extraction.domain.json_types import JsonObject
from extraction.domain.progress import Progress
from extraction.services import object_store, storage
from extraction.services.errors import Invalid
from extraction.services.operation.backup import rows


@dataclass(frozen=True, slots=True)
class Uploaded:
    """Files that were `uploaded` now, those that the store had already, and the names of those that are nowhere."""

    uploaded: int
    known: int
    missing: tuple[str, ...]

    def to_json(self) -> JsonObject:
        return {**asdict(self), "missing": list(self.missing)}


def upload(progress: Progress, *, anew: bool = False) -> Uploaded:
    """Upload what rows name and the store lacks; `anew`: also what it has, and remove everything else from it.

    Harmless to repeat. Raises `Invalid` without an object store, and `object_store.Unavailable`.
    """
    if not object_store.configured():
        raise Invalid(gettext_noop("There is no object store: KD_FILES_URL names none."))
    named = list(rows.files(rows.live, storage.names_here))
    uploaded, known, missing = 0, 0, []
    for number, name in enumerate(named, 1):
        place = storage.path(name)
        if not anew and storage.exists(name):
            known += 1
        elif place.is_file():
            storage.publish([place])
            uploaded += 1
        else:
            missing.append(name)
        progress.report(number, len(named), "files")
    if anew:
        for name in set(object_store.names(storage.PROJECTS)) - set(named):
            object_store.delete(name)
    return Uploaded(uploaded, known, tuple(missing))
