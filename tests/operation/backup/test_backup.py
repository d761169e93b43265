"""`backup` and `restore`: a running installation comes back as it was, and what is no good is refused whole."""

from __future__ import annotations

import hashlib
import io
import json
import stat
import tarfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from threading import Event

import psycopg
import pytest
from django.apps import apps
from django.db import connections

from extraction.domain.progress import Silent
from extraction.models import Document, ModelVersion, Project
from extraction.services import storage
from extraction.services.documents import intake
from extraction.services.operation import occupancy
from extraction.services.operation.backup import create, record, rows
from tests.support import programs
from tests.support.badfiles import text_pdf
from tests.support.commands import Command, manage
from tests.support.servers.backends import Backend, on_both


@pytest.fixture
def other_database(request: pytest.FixtureRequest, backend: Backend) -> Iterator[dict[str, str]]:
    """Variables of an installation whose database is of the same kind and empty."""
    url = backend.environment.get("DATABASE_URL")
    if url is None:
        yield {}
        return
    maintenance, name = request.getfixturevalue("servers")[0], "kdweb_restored"
    with psycopg.connect(maintenance, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        yield {"DATABASE_URL": f"{url.rpartition('/')[0]}/{name}"}
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def uploading(project: Project, begun: Event, ended: Event) -> None:
    """Documents that come in, and now and then one that goes, until the backup has ended."""
    try:
        for number in count():
            content = text_pdf((f"Shop number {number}", f"Total {number}.10"))
            intake.add_document(project, f"{number}.pdf", io.BytesIO(content))
            begun.set()
            if ended.is_set():
                return
    finally:
        begun.set()
        connections.close_all()


@on_both
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_what_runs_comes_back_in_an_empty_folder(
    backend: Backend,
    other_database: dict[str, str],
    project: Project,
    served: ModelVersion,
    command: Command,
    tmp_path: Path,
) -> None:
    slip = tmp_path / "slip.pdf"
    slip.write_bytes(text_pdf(programs.SLIP))
    _, extracted = command("extract", "slips", slip)
    begun, ended = Event(), Event()
    with ThreadPoolExecutor(1) as pool:
        uploads = pool.submit(uploading, project, begun, ended)
        begun.wait(60)
        code, told = command("backup", tmp_path / "kd.tar")
        ended.set()
        uploads.result(60)
    assert (code, told["verified"], told["missing"]) == (0, True, [])
    assert 1 <= told["documents"] <= Document.objects.count()

    folder = tmp_path / "restored"
    code, restored = manage(folder, "restore", tmp_path / "kd.tar", **other_database)
    assert code == 0, restored
    assert (restored["documents"], restored["missing"]) == (told["documents"], [])
    code, again = manage(folder, "extract", "slips", slip, **other_database)
    assert code == 0, again
    assert again["results"][0]["fields"] == extracted["results"][0]["fields"]
    for document in Document.objects.order_by("id")[: told["documents"]]:
        assert (folder / "files" / document.original).read_bytes() == storage.path(document.original).read_bytes()
    # It holds something now.
    code, refused = manage(folder, "restore", tmp_path / "kd.tar", **other_database)
    assert (code, "not empty" in refused) == (2, True)
    assert manage(folder, "restore", tmp_path / "kd.tar", "--replace", **other_database)[0] == 0


class TestBackup:
    def test_nobody_else_may_read_it_and_it_is_recorded(self, archive: Path) -> None:
        assert stat.S_IMODE(archive.stat().st_mode) == 0o600
        last = record.last()
        assert last is not None
        assert (last.path, last.bytes, last.complete) == (str(archive), archive.stat().st_size, True)

    def test_it_goes_into_a_folder_of_its_own_by_default(
        self, filled: Document, command: Command, data_dir: Path
    ) -> None:
        code, told = command("backup")
        assert code == 0
        assert Path(told["path"]).parent == data_dir / "backups"

    def test_it_replaces_nothing(self, archive: Path, command: Command) -> None:
        before = archive.read_bytes()
        code, sentence = command("backup", archive)
        assert (code, "replaces none" in sentence) == (2, True)
        assert archive.read_bytes() == before

    def test_what_fails_leaves_nothing(self, filled: Document, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(create, "_verify", full)
        folder = tmp_path / "backups"
        folder.mkdir()
        with pytest.raises(OSError, match="No space"):
            create.create(folder, Silent())
        assert list(folder.iterdir()) == []
        assert record.last() is None

    def test_a_file_that_is_not_there_is_named(self, filled: Document, command: Command, tmp_path: Path) -> None:
        storage.path(filled.original).unlink()
        code, told = command("backup", tmp_path / "kd.tar")
        assert (code, told["missing"]) == (1, [filled.original])

    def test_a_document_that_is_deleted_meanwhile_is_not_missed(
        self, filled: Document, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        copied = rows.migrations

        def then_delete(query: rows.Query) -> tuple[str, ...]:
            for document in Document.objects.all():
                storage.path(document.original).unlink()
                document.delete()
            return copied(query)

        monkeypatch.setattr(rows, "migrations", then_delete)
        made = create.create(tmp_path / "kd.tar", Silent())
        assert (made.documents, made.missing) == (0, ())

    @pytest.mark.parametrize(
        ("arguments", "variable", "said"),
        [
            ((), None, "included"),
            (("--without-secret",), None, "left out"),
            ((), "a key in the environment", "in the environment"),
        ],
    )
    def test_it_says_whether_the_secret_is_in_it(
        self,
        filled: Document,
        command: Command,
        data_dir: Path,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        arguments: tuple[str, ...],
        variable: str | None,
        said: str,
    ) -> None:
        (data_dir / "secret").write_text("the key")
        monkeypatch.delenv("SECRET_KEY", raising=False)
        if variable:
            monkeypatch.setenv("SECRET_KEY", variable)
        _, told = command("backup", tmp_path / "kd.tar", *arguments)
        assert told["secret"] == said
        with tarfile.open(tmp_path / "kd.tar") as opened:
            assert ("secret" in opened.getnames()) == (said == "included")

    def test_every_column_with_a_path_is_followed(self) -> None:
        followed = {(model, column) for model, column in (*rows.SINGLE, *rows.FOLDERS)}
        named = {
            (model, field.name)
            for model in apps.get_app_config("extraction").get_models()
            for field in model._meta.fields
            if "below the data folder" in str(field.help_text)
        }
        assert named == followed


Members = list[tuple[tarfile.TarInfo, bytes]]


def members(archive: Path) -> Members:
    with tarfile.open(archive) as opened:
        return [(member, opened.extractfile(member).read()) for member in opened]  # type: ignore[union-attr]


def packed(archive: Path, held: Members) -> None:
    with tarfile.open(archive, "w") as opened:
        for member, content in held:
            member.size = len(content)
            opened.addfile(member, io.BytesIO(content))


def with_manifest(held: Members, **changed: object) -> Members:
    """The same with another manifest, which is the last member."""
    member, content = held[-1]
    return [*held[:-1], (member, json.dumps({**json.loads(content), **changed}).encode())]


def extra(name: str, kind: bytes = tarfile.REGTYPE) -> Callable[[Members], Members]:
    def change(held: Members) -> Members:
        member = tarfile.TarInfo(name)
        member.type, member.linkname = kind, "/etc/passwd"
        return [(member, b""), *held]

    return change


def other_byte(held: Members) -> Members:
    return [(member, content[:-1] + b"?" if member.name.startswith("files/") else content) for member, content in held]


DAMAGES: dict[str, Callable[[Members], Members]] = {
    "another byte": other_byte,
    "a file less": lambda held: held[1:],
    "a file more": extra("files/more"),
    "a file twice": lambda held: [held[0], *held],
    "no manifest": lambda held: held[:-1],
    "a manifest that is no JSON": lambda held: [*held[:-1], (held[-1][0], b"{")],
    "a manifest without files": lambda held: with_manifest(held, files=None),
    "a manifest with other values": lambda held: with_manifest(held, created="yesterday"),
    "a path that leads out": extra("files/../../escaped"),
    "an absolute path": extra("/tmp/kdweb-escaped"),
    "something else": extra("db.sqlite3"),
    "a link": extra("files/link", tarfile.SYMTYPE),
    "a hard link": extra("files/link", tarfile.LNKTYPE),
    "a device": extra("files/device", tarfile.CHRTYPE),
    "a newer version": lambda held: with_manifest(held, migrations=["extraction.9999_later"]),
    "a newer format": lambda held: with_manifest(held, format=2),
    "another database": lambda held: with_manifest(held, database="oracle"),
}


def state(data_dir: Path) -> dict[str, bytes]:
    kept = {path: path.read_bytes() for path in data_dir.rglob("*") if path.is_file()}
    return {str(path.relative_to(data_dir)): content for path, content in kept.items() if path.name != "in-use.lock"}


class TestRefusals:
    @pytest.mark.parametrize("damage", DAMAGES)
    def test_what_is_no_backup_is_refused_and_changes_nothing(
        self, archive: Path, data_dir: Path, command: Command, damage: str
    ) -> None:
        packed(archive, DAMAGES[damage](members(archive)))
        before = state(data_dir)
        code, sentence = command("restore", archive, "--replace")
        assert (code, sentence.count("\n")) == (2, 0)
        assert state(data_dir) == before
        assert Document.objects.count() == 1

    @pytest.mark.parametrize("kept", [0, 0.0001, 0.5, 0.95])
    def test_so_is_half_of_one(self, archive: Path, command: Command, kept: float) -> None:
        content = archive.read_bytes()
        archive.write_bytes(content[: int(kept * len(content))])
        code, sentence = command("restore", archive, "--replace")
        assert (code, "damaged" in sentence) == (2, True)
        assert Document.objects.count() == 1

    def test_a_database_that_is_damaged_is_noticed_though_its_hash_is_right(
        self, archive: Path, command: Command
    ) -> None:
        held = members(archive)
        [(index, content)] = [(i, content) for i, (member, content) in enumerate(held) if member.name == "database"]
        broken = content[:4096] + b"\xff" * 8192 + content[12288:]
        held[index] = (held[index][0], broken)
        files = json.loads(held[-1][1])["files"]
        files["database"]["sha256"] = hashlib.sha256(broken).hexdigest()
        packed(archive, with_manifest(held, files=files))
        code, sentence = command("restore", archive, "--replace")
        assert (code, sentence) == (2, "The database in the archive is damaged.")

    def test_an_installation_that_holds_something(self, archive: Path, command: Command) -> None:
        code, sentence = command("restore", archive)
        assert (code, "--replace" in sentence) == (2, True)

    def test_one_that_runs(self, archive: Path, command: Command) -> None:
        with occupancy.shared():
            code, sentence = command("restore", archive, "--replace")
        assert (code, sentence) == (2, "This installation is running; stop kdweb and its commands first.")

    def test_nothing_starts_during_a_restore_or_after_half_of_one(self, archive: Path, command: Command) -> None:
        with occupancy.alone():
            code, sentence = command("backup")
            assert (code, "being restored" in sentence) == (2, True)
        with occupancy.changing():
            code, sentence = command("backup")
            assert (code, "interrupted" in sentence) == (2, True)

    def test_a_file_that_is_not_there(self, transactional_db: None, command: Command, tmp_path: Path) -> None:
        code, sentence = command("restore", tmp_path / "nothing.tar")
        assert (code, "There is no file" in sentence) == (2, True)
