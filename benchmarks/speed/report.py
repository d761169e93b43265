"""Time and memory of a report over many documents whose answers are stored, and of opening it."""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.base import Benchmark, Cell, Setting, Table
from benchmarks.commands import Measured, measured, opened, opened_table, python
from benchmarks.quality import training_cache
from benchmarks.speed.temporary_installation import environment
from extraction.domain.progress import Progress

DOCUMENTS = 10_000
PROJECT = USER = "bench"
STUDENTS = ("first", "second")
SYSTEMS = ("teacher", *STUDENTS, "claim")
VENDORS = 2_000
# Shares of the answers for a field that are right.
TEACHER, STUDENT, CLAIM = 0.95, 0.92, 0.8
CHUNK = 2_000


def inputs(setting: Setting) -> Mapping[str, Any]:
    code = training_cache.code("extraction.services.reports", "extraction.domain.evaluation", "extraction.web.reports")
    return {"documents": DOCUMENTS, "systems": SYSTEMS, "code": code}


def run(setting: Setting, progress: Progress) -> Sequence[Table]:
    with TemporaryDirectory(prefix="kdweb-bench-") as folder:
        variables = environment(folder)
        progress.report(0, 3, "making rows")
        python(variables, "benchmarks.speed.report", "fill", str(setting.seed))
        progress.report(1, 3, "writing the report")
        chosen = [part for system in SYSTEMS for part in ("--system", system)]
        written = measured(variables, "report", PROJECT, "--stored", "--json", *chosen)
        progress.report(2, 3, "computing it again")
        again = measured(variables, "report", PROJECT, "--again", "1", "--json")
        pages = json.loads(python(variables, "benchmarks.speed.report", "open"))
        progress.report(3, 3)
    return [_table(written, again), opened_table("Opening it", pages)]


def _table(*measured: Measured) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for name, each in zip(("written", "computed again"), measured, strict=True):
        recount: Any = each.value["recount"]
        state = recount["state"] if recount else None
        rows.append((name, round(each.seconds, 1), round(each.processor, 1), round(each.megabytes), state))
    return Table(
        f"A report on {len(SYSTEMS)} systems over {DOCUMENTS:,} documents",
        ("report", "s", "of these on the processor", "MB at most", "numbers"),
        tuple(rows),
        (
            "Made-up rows: four flat fields, answers of a teacher, of two students (stored extractions) and claims.",
            "`manage.py report` from start to end; the students have no files, so that nothing is timed.",
        ),
    )


def _fill(seed: int) -> None:
    """A project with labelled documents and with what each system answered about them."""
    from django.utils import timezone

    from benchmarks.sroie import SCHEMA
    from extraction.models import Extraction, ModelVersion, Project, TrainingRun
    from extraction.services.operation import installation
    from extraction.services.projects import accounts, projects

    installation.prepare()
    user, _ = accounts.create_user(USER)
    project = projects.create(PROJECT, SCHEMA, owner=user)
    Project.objects.filter(pk=project.pk).update(teacher="bench:teacher")
    models = [
        ModelVersion.objects.create(
            project=project,
            run=TrainingRun.objects.create(project=project, name=name),
            name=name,
            folder="",
            sha256="",
            bytes=0,
            promoted=timezone.now(),
        )
        for name in STUDENTS
    ]
    draw = random.Random(seed)
    for start in range(0, DOCUMENTS, CHUNK):
        documents = _documents(project, range(start, min(start + CHUNK, DOCUMENTS)), draw)
        truths = [_truth(draw) for _ in documents]
        _labels(project, documents, truths, draw)
        Extraction.objects.bulk_create(
            Extraction(
                project=project,
                model=model,
                name=document.name,
                sha256=document.sha256,
                state=Extraction.State.DONE,
                fields=_answers(truth, draw),
            )
            for model in models
            for document, truth in zip(documents, truths, strict=True)
        )


def _documents(project: Any, numbers: range, draw: random.Random) -> list[Any]:
    from extraction.models import Document

    return Document.objects.bulk_create(
        Document(
            project=project,
            name=f"{number}.jpg",
            sha256=f"{number:064x}",
            media_type=draw.choice(("image/jpeg", "application/pdf")),
            bytes=1,
            original=f"{number}.jpg",
            state=Document.State.READY,
            split="test",
            page_count=1,
            focus=draw.uniform(50, 1500),
            language=draw.choice(("en", "de", "fr")),
            review=Document.Review.ACCEPTED,
        )
        for number in numbers
    )


def _truth(draw: random.Random) -> dict[str, str]:
    vendor = int(VENDORS * draw.random() ** 2)
    return {
        "company": f"Vendor {vendor} Trading Company Ltd",
        "date": f"{draw.randint(2000, 2026)}-{draw.randint(1, 12):02}-{draw.randint(13, 28)}",
        "address": f"{vendor % 90 + 1}, Harbour Road, {10_000 + vendor} Port {vendor % 40}",
        "total": f"{draw.uniform(1, 900):.2f}",
    }


def _said(truth: Mapping[str, str], right: float, draw: random.Random) -> dict[str, str | None]:
    """The truth with some values misread or not read."""
    said: dict[str, str | None] = {}
    for name, value in truth.items():
        wrong = None if draw.random() < 0.3 else value[: len(value) // 2] + value[len(value) // 2 + 1 :]
        said[name] = value if draw.random() < right else wrong
    return said


def _answers(truth: Mapping[str, str], draw: random.Random) -> Any:
    """As an extraction stores them."""
    said = _said(truth, STUDENT, draw).items()
    return {name: {"value": text, "normalized": text, "confidence": round(draw.random(), 4)} for name, text in said}


def _labels(project: Any, documents: Sequence[Any], truths: Sequence[Mapping[str, str]], draw: random.Random) -> None:
    from extraction.models import BestLabel, Label, Source

    def rows(source: str, teacher: str, right: float) -> Iterator[Label]:
        for document, truth in zip(documents, truths, strict=True):
            for name, value in _said(truth, right, draw).items():
                yield Label(
                    document=document,
                    schema_version_id=project.schema_version_id,
                    field=name,
                    value=value,
                    normalized=value,
                    source=source,
                    teacher=teacher,
                )

    Label.objects.bulk_create(rows(Source.TEACHER, "bench:teacher", TEACHER))
    Label.objects.bulk_create(rows(Source.CLAIM, "", CLAIM))
    best = Label.objects.bulk_create(rows(Source.TRUTH, "", 1))
    BestLabel.objects.bulk_create(
        BestLabel(
            project=project,
            document_id=label.document_id,
            field=label.field,
            label=label,
            by_people=True,
            disputed=False,
            text=(label.value or "").casefold()[:200],
        )
        for label in best
    )


def _open() -> dict[str, dict[str, float]]:
    """The report as its page, its JSON and its tables."""
    from django.urls import reverse

    from extraction.models import Report

    report = Report.objects.get()
    paths = {
        "page": reverse("report", args=[PROJECT, report.pk]),
        **{name: reverse("report_export", args=[PROJECT, report.pk, name]) for name in ("json", "tables")},
    }
    return opened(USER, paths)


BENCHMARK = Benchmark("report", "time and memory of a report over many documents, and of opening it", inputs, run)

if __name__ == "__main__":
    import django

    django.setup()
    if sys.argv[1] == "fill":
        _fill(int(sys.argv[2]))
    else:
        sys.stdout.write(json.dumps(_open()))
