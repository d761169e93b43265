"""Claims of a whole installation: a program that fills it, and the commands and the page that are timed.

python -m benchmarks.auditing.installed fill SEED TABLE POLICY
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from benchmarks.auditing import many
from benchmarks.auditing.claims import Made, Truth
from benchmarks.base import Cell, Table
from benchmarks.commands import Measured, measured, opened, opened_table, python
from benchmarks.speed.temporary_installation import environment
from extraction.domain.progress import Progress

if TYPE_CHECKING:
    from extraction.models import Document, Project

PROJECT = USER = "bench"
COLUMNS = ("reference", "employee", "report", "amount", "currency", "date", "merchant", "category", "file")
# Columns as parts of the claim, and those that are fields of the document as well.
CLAIMS = [f"--map={name}=claim.{name}" for name in COLUMNS if name != "file"]
LABELS = [*CLAIMS, "--map=merchant=company", "--map=date=date", "--map=amount=total"]
CHUNK = 1_000
# How sure the teacher is of what it read.
SURE = 0.97


def run(seed: int, progress: Progress) -> Sequence[Table]:
    with TemporaryDirectory(prefix="kdweb-bench-") as folder:
        variables = environment(folder)
        table, policy = Path(folder) / "claims.csv", Path(folder) / "policy.json"
        progress.report(0, 5, "making documents")
        python(variables, "benchmarks.auditing.installed", "fill", str(seed), str(table), str(policy))
        load = ("load", PROJECT, "--claims", str(table), "--json")
        progress.report(1, 5, "importing claims")
        claims = measured(variables, *load, *CLAIMS)
        progress.report(2, 5, "importing their labels")
        labels = measured(variables, *load, *LABELS)
        progress.report(3, 5, "auditing")
        first = measured(variables, "audit", PROJECT, "--policy", str(policy), "--json")
        progress.report(4, 5, "auditing again")
        second = measured(variables, "audit", PROJECT, "--json")
        pages = json.loads(python(variables, "benchmarks.auditing.installed", "open"))
    steps = {
        "import of claims": claims,
        "the same table, labels of documents too": labels,
        "first audit": first,
        "audit, nothing new": second,
    }
    return [_table(steps), opened_table("Findings", pages)]


def _table(steps: Mapping[str, Measured]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for name, each in steps.items():
        rows.append((name, round(each.seconds, 1), round(each.processor, 1), round(each.megabytes), _outcome(each)))
    return Table(
        "The same claims and receipts in an installation",
        ("command", "s", "of these on the processor", "MB at most", "outcome"),
        tuple(rows),
        ("`manage.py load --claims` and `manage.py audit`, from start to end, on SQLite; an audit matches first.",),
    )


def _outcome(each: Measured) -> str:
    value: Any = each.value
    if "findings" in value:
        return f"{value['findings']:,} findings with {value['claims']:,} claims"
    return f"{value['claims']['claims_new']:,} claims, {value['claims']['new']:,} labels"


def _fill(seed: int, table: Path, policy: Path) -> None:
    """Documents with what a teacher read on them, and the table of claims."""
    from benchmarks.sroie import SCHEMA
    from extraction.models import Project
    from extraction.services.operation import installation
    from extraction.services.projects import accounts, projects

    installation.prepare()
    user, _ = accounts.create_user(USER)
    project = projects.create(PROJECT, SCHEMA, owner=user)
    Project.objects.filter(pk=project.pk).update(teacher="bench:teacher")
    made, truths, fingerprints = many.made(many.RECEIPTS, seed)
    _write(table, made)
    policy.write_text(json.dumps(many.POLICY.to_json()))
    for start in range(0, len(truths), CHUNK):
        some = slice(start, start + CHUNK)
        rows = _documents(project, truths[some], fingerprints[some])
        _read(project, rows, truths[some])


def _write(table: Path, made: Sequence[Made]) -> None:
    with table.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows([getattr(each.claim, name) for name in COLUMNS] for each in made)


def _documents(project: Project, truths: Sequence[Truth], fingerprints: Sequence[str]) -> list[Document]:
    from extraction.models import Document

    return Document.objects.bulk_create(
        Document(
            project=project,
            name=truth.file,
            sha256=fingerprint,
            media_type="image/jpeg",
            bytes=1,
            original=truth.file,
            state=Document.State.READY,
            split="train",
            page_count=1,
            fingerprint=fingerprint,
        )
        for truth, fingerprint in zip(truths, fingerprints, strict=True)
    )


def _read(project: Project, documents: Sequence[Document], truths: Sequence[Truth]) -> None:
    """Words and labels of the documents."""
    from extraction.models import Label, Page, Source

    version = project.schema_version
    assert version is not None  # noqa: S101 – `create` was given a schema
    Page.objects.bulk_create(
        Page(
            document=document, number=0, image="", thumbnail="", width=800, height=1200, focus=500.0,
            reader="bench", seconds=0.5, words=_words(truth),
        )
        for document, truth in zip(documents, truths, strict=True)
    )  # fmt: skip
    Label.objects.bulk_create(
        Label(
            document=document,
            schema_version=version,
            field=name,
            value=value,
            normalized=value,
            source=Source.TEACHER,
            teacher="bench:teacher",
            confidence=SURE,
        )
        for document, truth in zip(documents, truths, strict=True)
        for name, value in _values(truth).items()
    )


def _values(truth: Truth) -> Mapping[str, str]:
    return {"company": truth.merchant, "date": truth.date.isoformat(), "total": f"{truth.amount:.2f}"}


def _words(truth: Truth) -> Any:
    from extraction.domain.pages import Box, Page, Word

    lines = [truth.merchant, truth.date.isoformat(), f"TOTAL {truth.currency} {truth.amount:.2f}"]
    lines += [f"CASH {other:.2f}" for other in truth.others]
    words = [
        Word(text, Box(0.1 + 0.12 * place, 0.1 * line, 0.2 + 0.12 * place, 0.1 * line + 0.02), 0.99, line)
        for line, said in enumerate(lines, start=1)
        for place, text in enumerate(said.split())
    ]
    return Page(800, 1200, tuple(words)).to_json()["words"]


def _open() -> dict[str, dict[str, float]]:
    from django.urls import reverse

    from extraction.models import Finding

    worst = Finding.objects.order_by("-expected").values_list("pk", flat=True)[0]
    paths = {"first page": reverse("findings", args=[PROJECT]), "a finding": reverse("finding", args=[PROJECT, worst])}
    return opened(USER, {**paths, "one employee": f"{paths['first page']}?employee=E00001"})


if __name__ == "__main__":
    import django

    django.setup()
    if sys.argv[1] == "fill":
        _fill(int(sys.argv[2]), *map(Path, sys.argv[3:]))
    else:
        sys.stdout.write(json.dumps(_open()))
