"""Label files out of a ZIP archive, into a folder of their own without the archive's folders."""

from __future__ import annotations

import shutil
from pathlib import Path

from extraction.domain.errors import gettext_noop
from extraction.engines.ingest.files import is_archive
from extraction.engines.ingest.limits import Refused
from extraction.engines.ingest.unpacking import Member, members
from extraction.services.documents import staging
from extraction.services.documents.staging import clean_name
from extraction.services.errors import Invalid
from extraction.services.labels.label_files.messages import TOO_LARGE

# Endings of label files; other files of an archive, such as pictures, are passed over.
ENDINGS = (".json", ".jsonl", ".txt")
LONGEST_NAME = 240  # bytes
MOST_BYTES = staging.LIMITS.bytes
NONE = gettext_noop("{name} holds no file of labels (.json, .jsonl, .txt).")
SEVERAL = gettext_noop("{name} holds several files of labels: send one after the other.")
SAME_NAME = gettext_noop("{name} holds two files called {file}: their labels cannot be told apart.")


def unpack(path: Path, name: str, folder: Path, *, as_one: bool) -> Path:
    """The label file called `name`, copied into `folder`; of an archive the only one, or the folder of several unless
    they are to be read `as_one`. Raises `Invalid`."""
    folder.mkdir(parents=True)
    if not is_archive(path):
        place = folder / file_name(name)
        shutil.copyfile(path, place)
        return place
    try:
        for member in members(path, staging.ARCHIVE):
            file = file_name(clean_name(member.name))
            if file.lower().endswith(ENDINGS):
                _write(member, name, folder / file)
    except Refused as refusal:
        raise Invalid(*refusal.args) from None
    found = sorted(folder.iterdir())
    if not found:
        raise Invalid(NONE, name=name)
    if len(found) == 1:
        return found[0]
    if as_one:
        raise Invalid(SEVERAL, name=name)
    return folder


def file_name(name: str) -> str:
    """The name, or its end where it has more bytes than a file's name can have."""
    return name.encode()[-LONGEST_NAME:].decode(errors="ignore")


def _write(member: Member, archive: str, target: Path) -> None:
    """Raises `Refused` and `Invalid`."""
    if target.exists():
        raise Invalid(SAME_NAME, name=archive, file=target.name)
    left = MOST_BYTES
    with target.open("wb") as out:
        while piece := member.read():
            left -= len(piece)
            if left < 0:
                raise Invalid(TOO_LARGE, name=target.name, most=MOST_BYTES // 2**20)
            out.write(piece)
