"""ZIP archives: the files in them and their bytes, without a byte written. Only the decoding process imports this."""

import stat
import unicodedata
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import IO

from extraction.domain.errors import gettext_noop
from extraction.engines.ingest.decoding.archive_names import IBM, ForgivingFile, code_page_of, name_of
from extraction.engines.ingest.decoding.messages import Entry
from extraction.engines.ingest.limits import ArchiveLimits, Refused

DAMAGED = gettext_noop("The ZIP archive is damaged or cut off.")
DAMAGED_MEMBER = gettext_noop("The file is damaged in the archive.")
ENCRYPTED = gettext_noop("The file is protected by a password.")
UNKNOWN_METHOD = gettext_noop("The file is compressed in a way that is not supported.")
# Other methods (LZMA, bzip2) take memory or time that the file itself chooses.
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED_FLAG = 1
_OFFICE = frozenset({"[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF"})
# Files that operating systems add on their own, in lower case.
_LITTER = frozenset({"__macosx", "thumbs.db", "desktop.ini"})


class Archive:
    """An open ZIP archive.

    Raises `Refused` for one that is damaged, empty, an office document, or of too many files.
    """

    def __init__(self, path: Path, limits: ArchiveLimits) -> None:
        try:
            self._zip = _opened(path)
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise Refused(DAMAGED) from error
        self._limits = limits
        self._files = [info for info in self._zip.infolist() if _is_file(info)]
        self._code_page = code_page_of(self._files)
        self._reading: tuple[int, IO[bytes]] | None = None
        self._check()

    @property
    def entries(self) -> list[Entry]:
        return [Entry(_display_name(info, self._code_page), _problem(info)) for info in self._files]

    def read(self, index: int, offset: int, size: int) -> bytes:
        """At most `size` bytes of file `index` from `offset`; empty at its end.

        Raises `Refused` for damage, and for a file that unpacks to more than the limits allow.
        """
        info = self._files[index]
        allowed = self._limits.ratio * info.compress_size + self._limits.slack
        try:
            data = self._at(index, offset).read(size)
        except (zipfile.BadZipFile, zlib.error, ValueError, EOFError, OSError, RuntimeError) as error:
            raise Refused(DAMAGED_MEMBER) from error
        if offset + len(data) > allowed:
            raise Refused(
                gettext_noop("The file unpacks to more than {ratio} times its size in the archive."),
                ratio=self._limits.ratio,
            )
        return data

    def close(self) -> None:
        self._zip.close()

    def _check(self) -> None:
        names = {info.filename for info in self._files}
        if names & _OFFICE:
            raise Refused(gettext_noop("The file is an office document or a program, which is not supported."))
        if not names:
            raise Refused(gettext_noop("The ZIP archive holds no files."))
        if len(self._files) > self._limits.members:
            raise Refused(
                gettext_noop("The ZIP archive holds {files} files; at most {members} are taken."),
                files=len(self._files),
                members=self._limits.members,
            )

    def _at(self, index: int, offset: int) -> IO[bytes]:
        """The unpacked file at `offset`, usually where its last piece ended."""
        if self._reading is None or self._reading[0] != index or self._reading[1].tell() != offset:
            self._reading = (index, self._zip.open(self._files[index]))
            self._reading[1].seek(offset)
        return self._reading[1]


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except UnicodeDecodeError:
        # One name that is not what it says would cost all the others.
        return zipfile.ZipFile(ForgivingFile(path))


def _is_file(info: zipfile.ZipInfo) -> bool:
    """Whether the entry is a plain file: no folder, link, hidden file or file that a system added."""
    kind = stat.S_IFMT(info.external_attr >> 16)
    parts = _parts(info)
    if info.is_dir() or kind not in (0, stat.S_IFREG) or not parts:
        return False
    return not any(part.startswith(".") or part.lower() in _LITTER for part in parts)


def _parts(info: zipfile.ZipInfo, code_page: str = IBM) -> list[str]:
    name = unicodedata.normalize("NFC", name_of(info, code_page))
    text = "".join(character if character.isprintable() else "?" for character in name)
    return [part for part in PurePosixPath(text.replace("\\", "/")).parts if part.strip("/. ") and part[1:] != ":"]


def _display_name(info: zipfile.ZipInfo, code_page: str) -> str:
    return "/".join(_parts(info, code_page))[-255:]


def _problem(info: zipfile.ZipInfo) -> str | None:
    if info.flag_bits & _ENCRYPTED_FLAG:
        return ENCRYPTED
    return None if info.compress_type in _METHODS else UNKNOWN_METHOD
