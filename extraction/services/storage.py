"""Where files lie below the data folder. Rows hold paths relative to `root()`."""

import shutil
from pathlib import Path

from django.conf import settings

from extraction.models import Document, Project


def root() -> Path:
    return Path(settings.DATA_DIR) / "files"


def path(relative: str) -> Path:
    """The absolute path of a stored file."""
    return root() / relative


def project_folder(project: Project) -> Path:
    return root() / "projects" / str(project.pk)


def document_folder(document: Document) -> Path:
    """Named by content, so that storing the same bytes again writes the same files."""
    return project_folder(document.project) / "documents" / document.sha256[:2] / document.sha256


def model_folder(project: Project, name: str) -> Path:
    return project_folder(project) / "models" / name


def extraction_folder(project: Project) -> Path:
    """Files of callers that wait for a worker."""
    return project_folder(project) / "extractions"


def relative(absolute: Path) -> str:
    """What a row holds for a file below `root()`."""
    return absolute.relative_to(root()).as_posix()


def remove(folder: Path) -> None:
    """Delete a folder and all in it; one that is not there is as good."""
    shutil.rmtree(folder, ignore_errors=True)
