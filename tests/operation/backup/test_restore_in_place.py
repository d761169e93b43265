"""`restore` into an installation that holds something: all of it is replaced, or nothing."""

import sqlite3
import tarfile
from contextlib import closing, nullcontext
from pathlib import Path

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from extraction.domain.progress import Silent
from extraction.models import Document, Project
from extraction.services import storage
from extraction.services.errors import Conflict
from extraction.services.operation import occupancy
from extraction.services.operation.backup import restore
from tests.support import builders
from tests.support.commands import manage


class TestReplacing:
    def test_what_fails_in_the_end_is_taken_back(
        self, archive: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        later = builders.document(Project.objects.get(), "later")
        storage.path("later").write_bytes(b"later")

        def fail() -> None:
            raise Conflict("The tables cannot be brought up to date.")

        monkeypatch.setattr(restore, "_migrate", fail)
        with pytest.raises(Conflict):
            restore.restore(archive, Silent(), replace=True)
        assert Document.objects.filter(pk=later.pk).exists()
        assert storage.path("later").read_bytes() == b"later"
        with occupancy.shared():
            pass

    def test_what_came_after_the_backup_is_gone(self, archive: Path, data_dir: Path, settings: Settings) -> None:
        builders.document(Project.objects.get(), "later")
        storage.path("later").write_bytes(b"later")
        (data_dir / "broker").mkdir()
        (data_dir / "broker" / "message").write_bytes(b"of another row")
        restored = restore.restore(archive, Silent(), replace=True)
        assert (restored.documents, restored.missing) == (1, ())
        assert Document.objects.count() == 1
        assert not storage.path("later").exists()
        assert not (data_dir / "broker").exists()
        assert not list(data_dir.glob(".restore-*"))

    @pytest.mark.parametrize("fails", [False, True])
    def test_who_still_has_the_database_open_sees_the_other_rows(
        self, archive: Path, monkeypatch: pytest.MonkeyPatch, fails: bool
    ) -> None:
        """SQLite shares a log between all connections of a process: its file must stay the same one."""
        if connection.vendor != "sqlite":
            pytest.skip("PostgreSQL has no file to hold open")
        builders.document(Project.objects.get(), "later")

        def fail() -> None:
            raise Conflict("The tables cannot be brought up to date.")

        with closing(sqlite3.connect(connection.settings_dict["NAME"])) as opened:
            rows_of = "SELECT COUNT(*) FROM extraction_document"
            assert opened.execute(rows_of).fetchone() == (2,)
            if fails:
                monkeypatch.setattr(restore, "_migrate", fail)
            with pytest.raises(Conflict) if fails else nullcontext():
                restore.restore(archive, Silent(), replace=True)
            expected = 2 if fails else 1
            assert opened.execute(rows_of).fetchone() == (expected,)
            assert Document.objects.count() == expected
            builders.document(Project.objects.get(), "and on")
            assert opened.execute(rows_of).fetchone() == (expected + 1,)

    def test_a_file_that_is_no_database_is_replaced_too(self, archive: Path, tmp_path: Path) -> None:
        if connection.vendor != "sqlite":
            pytest.skip("PostgreSQL has no such file")
        folder = tmp_path / "restored"
        folder.mkdir()
        (folder / "db.sqlite3").write_bytes(b"no database " * 1000)
        code, restored = manage(folder, "restore", archive, "--replace")
        assert code == 0, restored
        with closing(sqlite3.connect(folder / "db.sqlite3")) as opened:
            assert opened.execute("SELECT COUNT(*) FROM extraction_document").fetchone() == (1,)

    def test_a_copy_beside_which_a_log_stands_is_whole(self, archive: Path, tmp_path: Path) -> None:
        """Rows that a writer has committed are in the copy, although SQLite keeps them in another file."""
        with tarfile.open(archive) as opened:
            opened.extract("database", tmp_path)
        with closing(sqlite3.connect(tmp_path / "database")) as copied:
            assert copied.execute("SELECT COUNT(*) FROM extraction_document").fetchone() == (1,)
