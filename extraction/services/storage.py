"""Places of files below the data folder. Rows hold paths relative to `root()`."""

import shutil
from pathlib import Path

from django.conf import settings

from extraction.models import Document, LabelRun, Project


def root() -> Path:
    return Path(settings.DATA_DIR) / "files"


def path(relative: str) -> Path:
    """The absolute path of a stored file."""
    return root() / relative


def project_folder(project: Project) -> Path:
    return root() / "projects" / str(project.pk)


def document_folder(document: Document) -> Path:
    """Folder of a document, named by content: the same bytes stored again make the same files."""
    return project_folder(document.project) / "documents" / document.sha256[:2] / document.sha256


def model_folder(project: Project, name: str) -> Path:
    return project_folder(project) / "models" / name


def cross_check_folder(project: Project) -> Path:
    """Folder of what cross-checks that go on have learned, removed with their end."""
    return project_folder(project) / "cross-checks"


def extraction_folder(project: Project) -> Path:
    """Folder of the files of extractions that wait for a worker."""
    return project_folder(project) / "extractions"


def extraction_batches_folder(project: Project) -> Path:
    """Folder of the files of batches that wait for a worker, in a folder for each."""
    return project_folder(project) / "extraction-batches"


def canary_folder(project: Project) -> Path:
    """Folder of the files of a canary that wait for the answer of the other version."""
    return project_folder(project) / "canaries"


def claims_folder(project: Project) -> Path:
    """Folder of the tables of claims."""
    return project_folder(project) / "claims"


def batch_folder(run: LabelRun) -> Path:
    """Folder of the batch files of a label run: requests, and answers that wait to be stored."""
    return root() / "projects" / str(run.project_id) / "batches" / str(run.pk)


def relative(absolute: Path) -> str:
    """The path of a file below `root()` as rows hold it."""
    return absolute.relative_to(root()).as_posix()


def remove(path: Path) -> None:
    """Delete a file, or a folder and all in it, if it is there."""
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
