"""The demonstration of the command `demo`: the whole loop once, on sample documents or on a folder of documents.

Each step does only what is not done yet, so that a demonstration that was interrupted goes on where it stood.
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.utils.text import slugify

from extraction.domain import default_schemas
from extraction.domain.progress import Progress
from extraction.domain.schemas.files import SchemaFile
from extraction.models import Job, Membership, Project, Role, Split, User
from extraction.services.documents.imports import bulk_import
from extraction.services.documents.imports.bulk_import import DocumentCounts
from extraction.services.errors import Invalid
from extraction.services.jobs import execution
from extraction.services.projects import accounts, projects
from extraction.services.reports import reports
from extraction.services.serving import registry
from extraction.services.teaching import label_runs
from extraction.services.training import training_runs

ACCOUNT = "demo"
MODEL = "demo"
SAMPLES = "samples"
SEED = 1
# How many sample documents there are to learn from and to be scored on.
TRAIN = 96
TEST = 32


def account() -> tuple[User, str]:
    """The account to look around with, and its password, which is kept in the data folder for the next start."""
    path = Path(settings.DATA_DIR) / "demo-password"
    user = User.objects.filter(username=ACCOUNT).first()
    if user is not None and path.exists():
        return user, path.read_text().strip()
    password = secrets.token_urlsafe(9)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(password)
    if user is None:
        # Whoever runs the demonstration runs the installation: there is nobody else to look after it.
        return accounts.create_user(ACCOUNT, password, superuser=True)[0], password
    user.set_password(password)
    user.save(update_fields=["password"])
    return user, password


def slug_for(folder: Path | None) -> str:
    """The short name of the project that holds the folder's documents, or the samples'."""
    if folder is None:
        return SAMPLES
    name = slugify(folder.resolve().name)[:50].strip("-") or "documents"
    return f"my-{name}" if name == SAMPLES else name


def project(folder: Path | None, owner: User) -> Project:
    """The project, made with the folder's `schema.toml` or the fields of a receipt. Raises `SchemaError`, `OSError`."""
    slug = slug_for(folder)
    row = Project.objects.select_related("schema_version").filter(slug=slug).first()
    if row is None:
        file = _schema(folder)
        return projects.create(slug, file.schema, owner=owner, dates=file.dates, languages=file.languages or ())
    if not Membership.objects.filter(project=row, user=owner).exists():
        projects.add_member(row, owner, Role.OWNER)
    return row


def _schema(folder: Path | None) -> SchemaFile:
    path = folder / "schema.toml" if folder else None
    if path is None or not path.exists():
        return SchemaFile(default_schemas.RECEIPT)
    return SchemaFile.from_toml(path.read_text(encoding="utf-8"))


def make_samples(train: int, test: int, progress: Progress) -> Path:
    """Sample documents in the data folder: `train` to learn from, `test` to be scored on."""
    import synthdocs

    folder = Path(settings.DATA_DIR) / "samples"
    for split, count, seed in ((Split.TRAIN, train, SEED), (Split.TEST, test, SEED + 1)):
        # The truth is written last: where it stands, everything does.
        if not (folder / split / "truth.jsonl").exists():
            synthdocs.write(folder / split, "mixed", count, seed, progress, schema=default_schemas.RECEIPT)
    return folder


def load_samples(target: Project, folder: Path, progress: Progress) -> DocumentCounts:
    """The samples into their splits. The truth of the test split alone is loaded, and used for scoring alone."""
    learned = bulk_import.load(target, [folder / Split.TRAIN], split=Split.TRAIN, progress=progress)
    truth = folder / Split.TEST / "truth.jsonl"
    scored = bulk_import.load(
        target, [folder / Split.TEST], labels=[truth], source="truth", split=Split.TEST, progress=progress
    )
    return learned.documents + scored.documents


def load_folder(target: Project, folder: Path, progress: Progress) -> DocumentCounts:
    """Somebody's documents; a `truth.jsonl` among them is used for scoring alone."""
    truth = folder / "truth.jsonl"
    labels, source = ([truth], "truth") if truth.exists() else ([], None)
    return bulk_import.load(target, [folder], labels=labels, source=source, progress=progress).documents


def label(target: Project, progress: Progress) -> str:
    """Let the default teacher label everything; its name. Raises `Invalid` where somebody must agree to it first."""
    name = label_runs.teacher_name(None)
    if label_runs.estimate(target, name).documents:
        try:
            label_runs.label_here(target, progress, teacher=name)
        except label_runs.ConsentNeeded as needed:
            raise Invalid(f"{needed} Agree with `manage.py label {target} --yes`, then start the demo again.") from None
    return name


def train(target: Project, minutes: float, progress: Progress) -> None:
    """A student that has seen the teacher's labels only, promoted. Raises `Invalid` where nothing can be learned."""
    run = target.training_runs.filter(name=MODEL).first()
    if run is not None and hasattr(run, "model_version"):
        model = run.model_version
    else:
        minutes = run.minutes if run else minutes
        model = training_runs.train_here(
            target, name=MODEL, labels="teacher", minutes=minutes, seed=SEED, progress=progress
        )
    registry.promote(model)


def report(target: Project, progress: Progress) -> None:
    """Teacher and student side by side, kept as a report of the project; none where nothing can be compared."""
    split = Split.TEST
    truth = target.documents.filter(split=split, labels__source="truth").exists()
    with suppress(Invalid):
        row = reports.start(target, split=split, against="truth" if truth else "best", send=False)
        execution.run_now(Job.objects.get(report=row), progress, name="The report")
