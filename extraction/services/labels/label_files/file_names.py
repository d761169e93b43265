"""Files by the names that a label file gives them.

One name can be written in two ways in Unicode: `é` as one character, as most systems write it, and as `e` with an
accent, as file systems of macOS do. Both mean the same file.
"""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path


class FileNames:
    """The files in a folder and below it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._names: dict[Path, dict[str, str]] = {}

    def path(self, name: str) -> Path:
        """The file of that name, however its name is composed; where there is none, the path at which it is missing."""
        path = self._folder / name
        if name.isascii() or os.path.exists(path):  # noqa: PTH110  # false, and no error, for names of any length
            return path
        found = Path(path.anchor)
        for part in path.relative_to(path.anchor).parts:
            found = found / self._name_in(found, part)
        return found if os.path.exists(found) else path  # noqa: PTH110

    def _name_in(self, folder: Path, name: str) -> str:
        """The name as it is written in `folder`; each folder is listed once."""
        if name.isascii():
            return name
        if folder not in self._names:
            written = [path.name for path in folder.iterdir()] if os.path.isdir(folder) else []  # noqa: PTH112
            self._names[folder] = {unicodedata.normalize("NFC", one): one for one in written}
        return self._names[folder].get(unicodedata.normalize("NFC", name), name)
