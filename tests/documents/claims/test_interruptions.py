"""Imports that are stopped, killed or taken back: each label is there once, and what was claimed before holds again."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connections

from extraction.domain.progress import Cancelled, Silent
from extraction.models import Claim, ClaimImport, DateOrder, Document, Label, Project
from extraction.services.documents.claims import imports, running, undoing
from extraction.services.documents.claims.records import rows
from extraction.services.errors import Conflict
from extraction.services.jobs import execution, queue
from extraction.services.labels import conventions
from tests.documents.claims.working import Stopping, claims, imported, undone
from tests.support import builders
from tests.support.builders import csv_file
from tests.support.servers.backends import on_both

pytestmark = pytest.mark.django_db
State = ClaimImport.State


def test_taking_back_brings_what_was_claimed_before(
    project: Project, documents: list[Document], tmp_path: Path
) -> None:
    first = imported(project, csv_file(tmp_path / "t.csv", "file,total", "a.jpg,1.00", "b.jpg,1.00"))
    second = imported(project, csv_file(tmp_path / "u.csv", "file,total", "a.jpg,2.00", "c.jpg,2.00"))
    third = imported(project, csv_file(tmp_path / "v.csv", "file,total", "b.jpg,3.00"))
    assert undone(second).withdrawn == 2
    assert claims(project) == {("a.jpg", "total"): "1.00", ("b.jpg", "total"): "3.00"}
    undone(first)
    assert claims(project) == {("b.jpg", "total"): "3.00"}
    undone(third)
    assert claims(project) == {}
    assert first.labels.exists()


def test_an_import_can_be_repeated_after_it_was_taken_back(
    project: Project, documents: list[Document], tmp_path: Path
) -> None:
    path = csv_file(tmp_path / "t.csv", "file,total", "a.jpg,1.00")
    undone(imported(project, path))
    assert imported(project, path).new == 1
    assert claims(project) == {("a.jpg", "total"): "1.00"}


def test_an_order_that_is_set_during_an_import_holds_for_all_of_its_dates(
    project: Project, documents: list[Document], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "BATCH", 1)
    conventions.set_date_order(project, DateOrder.DAY_FIRST)
    row = imports.add(
        project, "t.csv", csv_file(tmp_path / "t.csv", "file,date", "a.jpg,01/02/2018", "b.jpg,01/02/2018")
    )
    row = imports.start(row, row.column_mapping(), send=False)

    class Setting(Silent):
        def report(self, done: int, total: int, message: str) -> None:
            if (done, total) == (1, 2):
                conventions.set_date_order(Project.objects.get(pk=project.pk), DateOrder.MONTH_FIRST)

    running.run(row.pk, Setting())
    assert set(Label.objects.values_list("normalized", flat=True)) == {"2018-01-02"}


def test_a_stopped_import_goes_on_where_it_was(
    project: Project, documents: list[Document], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "BATCH", 1)
    lines = [f"{name}.jpg,{number}.00" for number, name in enumerate("abcd", start=1)]
    row = imports.add(project, "t.csv", csv_file(tmp_path / "t.csv", "file,total", *lines, "z.jpg,1.00"))
    row = imports.start(row, row.column_mapping(), send=False)
    for looks in (3, 6, 7):
        with pytest.raises(Cancelled):
            running.run(row.pk, Stopping(looks))
        row.refresh_from_db()
        assert Label.objects.count() == row.new == row.done
    assert row.done == 3
    running.run(row.pk, Silent())
    row.refresh_from_db()
    assert (row.state, row.done, row.new, row.refused) == (State.IMPORTED, 5, 4, 1)
    assert Label.objects.count() == 4
    running.run(row.pk, Silent())
    assert Label.objects.count() == 4


def test_a_cancelled_job_leaves_an_import_that_goes_on_or_is_taken_back(
    project: Project, documents: list[Document], tmp_path: Path
) -> None:
    row = imports.add(project, "t.csv", csv_file(tmp_path / "t.csv", "file,total", "a.jpg,1.00"))
    row = imports.start(row, row.column_mapping(), send=False)
    assert row.job is not None
    queue.cancel(row.job)
    row.refresh_from_db()
    assert row.state == State.IMPORT_STOPPED
    with pytest.raises(Conflict):
        imports.start(row, row.column_mapping())
    row = imports.go_on(row)
    assert row.job is not None
    execution.run(row.job.pk)
    row.refresh_from_db()
    assert (row.state, row.new) == (State.IMPORTED, 1)


def test_taking_back_goes_on_after_a_kill(
    project: Project, documents: list[Document], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = imported(project, csv_file(tmp_path / "t.csv", "file,total", "a.jpg,1", "b.jpg,2", "c.jpg,3"))
    monkeypatch.setattr(undoing, "BATCH", 1)
    row = imports.undo(row, send=False)
    with pytest.raises(Cancelled):
        undoing.run(row.pk, Stopping(2))
    undoing.run(row.pk, Silent())
    row.refresh_from_db()
    assert (row.state, row.withdrawn, claims(project)) == (State.UNDONE, 3, {})
    imports.remove(row)
    assert not ClaimImport.objects.exists()


@on_both
@pytest.mark.django_db(transaction=True)
def test_two_imports_of_the_same_claims_at_once_make_each_once(
    backend: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = builders.project("receipts")
    started = []
    for name in ("t.csv", "u.csv"):
        row = imports.add(project, name, csv_file(tmp_path / name, "employee,amount", "Ann,1.00", "Ben,2.00"))
        started.append(imports.start(row, row.column_mapping(), send=False))
    look = rows._rows

    def slowly(*arguments: object) -> object:
        found = look(*arguments)  # type: ignore[arg-type]
        time.sleep(0.3)
        return found

    monkeypatch.setattr(rows, "_rows", slowly)

    def at_once(row: ClaimImport) -> None:
        try:
            running.run(row.pk, Silent())
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(at_once, started))
    assert sorted(ClaimImport.objects.values_list("claims_new", "claims_known")) == [(0, 2), (2, 0)]
    assert Claim.objects.count() == 2
