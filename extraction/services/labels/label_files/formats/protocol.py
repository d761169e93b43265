"""The protocol of a format, and what is alike in several of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from extraction.domain.errors import gettext_noop
from extraction.domain.notation import texts
from extraction.services.errors import Invalid
from extraction.services.labels.label_files.messages import NOT_OPENED, TOO_LARGE

# A text, `None` where it is not on the document, or rows with a text for each cell.
Value = str | None | Sequence[Mapping[str, str]]
# Bytes of a file that is read as a whole.
MOST_BYTES = 64 * 2**20
SUFFIXES = (".jpg", ".jpeg", ".png", ".tif", ".tiff", ".pdf")
# Where corpora keep pictures, from the folder of the labels.
FOLDERS = (".", "../img", "../image", "../images", "images")


@dataclass(frozen=True, slots=True)
class Labelled:
    """What a file says about one document: its picture, and the values by the names that the tool gives them."""

    file: Path
    values: Mapping[str, Value]


class LabelFormat(Protocol):
    """A format of labels. `name` stands in `--format`, `title` is the tool's or corpus's own, `unit` is what the
    documents of a file are counted in."""

    @property
    def name(self) -> str: ...

    @property
    def title(self) -> str: ...

    @property
    def unit(self) -> str: ...

    def read(self, path: Path) -> Iterator[Labelled]:
        """What the file or folder says, a document after the other. Raises `Invalid`, which names the place."""
        ...


def json_of(path: Path) -> Any:
    """The JSON of a file. Raises `Invalid`."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Invalid(TOO_LARGE, name=path.name, most=MOST_BYTES // 2**20)
        return texts.json_value(path.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    except OSError as error:
        raise Invalid(NOT_OPENED, name=path.name, why=error.strerror) from None
    except texts.Unreadable as error:
        raise Invalid(gettext_noop("{name} cannot be read: {reason!s}"), name=path.name, reason=error) from None


def file_name(value: str) -> str:
    """A name that a file can have. Raises `TypeError` and `ValueError` for any other."""
    if "\0" in value:
        raise ValueError(value)
    value.encode()
    return value


def files_of(path: Path, suffix: str) -> list[Path]:
    """The file itself, or the files with that ending in the folder. Raises `Invalid` where there is none."""
    found = sorted(path.glob(f"*{suffix}")) if path.is_dir() else [path]
    if not found:
        raise Invalid(gettext_noop("The folder {name} holds no file *{suffix}."), name=path.name, suffix=suffix)
    return found


def picture(labels: Path, *names: str) -> Path:
    """The file with one of these names or, where they have no ending, with that of a picture, near the labels; the
    path at which the first is missing where there is none."""
    for name in names:
        for folder in FOLDERS:
            for suffix in ("",) if Path(name).suffix.lower() in SUFFIXES else SUFFIXES:
                for written in (suffix, suffix.upper()):
                    found = labels.parent / folder / f"{name}{written}"
                    if found.is_file():
                        return found
    return labels.parent / names[0]
