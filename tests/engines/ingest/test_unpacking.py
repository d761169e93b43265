"""ZIP archives: which files come out, under which names, and how much of them."""

import random
import re
import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from extraction.engines.ingest.decoding.sandbox import sandbox
from extraction.engines.ingest.limits import ArchiveLimits, Refused
from extraction.engines.ingest.unpacking import Member, members
from tests.support.badfiles import BAD_ARCHIVES, BadFile, archive
from tests.support.badfiles.archives import links, named

Store = Callable[[bytes], Path]
# Larger than what is unpacked at a time.
LARGE = random.Random(1).randbytes(10_000_000)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    def write(data: bytes) -> Path:
        path = tmp_path / "upload"
        path.write_bytes(data)
        return path

    return write


def content(member: Member) -> bytes:
    pieces = []
    while piece := member.read(100_000):
        pieces.append(piece)
    return b"".join(pieces)


def unpacked(path: Path, limits: ArchiveLimits | None = None) -> dict[str, bytes]:
    return {member.name: content(member) for member in members(path, limits or ArchiveLimits())}


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_files_come_out_whole_and_in_order(method: int, store: Store) -> None:
    files = {"b.jpg": LARGE, "folder/a.jpg": b"a", "empty.png": b""}
    found = unpacked(store(archive(files, method)))
    assert found == files
    assert list(found) == list(files)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "etc/passwd"),
        ("/etc/passwd", "etc/passwd"),
        ("C:\\Windows\\a.jpg", "Windows/a.jpg"),
        ("..\\..\\a.jpg", "a.jpg"),
        ("a//b/./c.jpg", "a/b/c.jpg"),
        ("line\nbreak.jpg", "line?break.jpg"),
        ("CON", "CON"),
        ("x" * 400 + ".jpg", ("x" * 400 + ".jpg")[-255:]),
        ("übung/Quittung.jpg", "übung/Quittung.jpg"),
    ],
)
def test_names_are_for_people_and_lead_nowhere(name: str, shown: str, store: Store) -> None:
    assert unpacked(store(archive({name: b"content"}))) == {shown: b"content"}


NAME = "Café Müller 5,50 €.jpg"


@pytest.mark.parametrize(
    ("raw", "utf8", "shown"),
    [
        (NAME.encode(), True, NAME),
        (NAME.encode(), False, NAME),
        (unicodedata.normalize("NFD", NAME).encode(), False, NAME),
        ("Müller ½.jpg".encode("cp437"), False, "Müller ½.jpg"),
        ("領収書.jpg".encode(), False, "領収書.jpg"),
    ],
    ids=["with the flag", "without", "macOS", "code page 437", "Japanese"],
)
def test_names_are_read_as_they_were_written(raw: bytes, utf8: bool, shown: str, store: Store) -> None:
    assert unpacked(store(named((raw,), utf8=utf8))) == {shown: raw}


WINDOWS = {
    "cp932": ("領収書.jpg", "レシート1.jpg", "株式会社山田商店.jpg", "請求書_2023年3月.pdf", "ガソリン代.jpg"),
    "gbk": ("发票.jpg", "收据.jpg", "餐饮发票2023.pdf", "北京商店.jpg", "购物小票.jpg"),
    "cp866": ("чеки.jpg", "Чек из магазина.jpg", "Счёт №12.pdf", "квитанция.jpg"),
    "cp437": ("Müller ½.jpg", "Café.jpg", "Straße 5°.jpg", "Año.jpg", "été.jpg"),
}


@pytest.mark.parametrize("encoding", WINDOWS)
def test_names_of_windows_are_read_in_its_code_page(encoding: str, store: Store) -> None:
    names = WINDOWS[encoding]
    for some in (names, *[(name,) for name in names]):
        raw = tuple(name.encode(encoding) for name in (*some, "plain.jpg"))
        assert list(unpacked(store(named(raw, utf8=False)))) == [*some, "plain.jpg"]


@pytest.mark.parametrize("bad", [b"\xff\xfe.jpg", "Müller.jpg".encode("latin-1"), b"half \xc3", b"\x80" * 300])
def test_a_name_that_is_not_what_it_says_costs_no_other_file(bad: bytes, store: Store) -> None:
    found = unpacked(store(named((b"good.jpg", bad, NAME.encode()), utf8=True)))
    assert found["good.jpg"] == b"good.jpg"
    assert found[NAME] == NAME.encode()
    assert list(found.values()) == [b"good.jpg", bad, NAME.encode()]


def test_what_nobody_meant_to_send_is_left_out(store: Store) -> None:
    litter = ["__MACOSX/._a.jpg", ".DS_Store", "inner/.hidden/a.jpg", "Thumbs.db", "inner/desktop.ini", "folder/"]
    assert unpacked(store(archive({**dict.fromkeys(litter, b"x"), "a.jpg": b"a"}))) == {"a.jpg": b"a"}
    with pytest.raises(Refused, match="holds no files"):
        unpacked(store(links("a.jpg")))


@pytest.mark.parametrize("bad", BAD_ARCHIVES, ids=lambda bad: bad.name)
def test_a_bad_archive_gives_nothing_but_sentences(bad: BadFile, store: Store) -> None:
    path = store(bad.build())
    sentences = []
    try:
        for member in members(path, ArchiveLimits()):
            try:
                content(member)
            except Refused as refusal:
                sentences.append(str(refusal))
    except Refused as refusal:
        sentences.append(str(refusal))
    # What is bad about the others is what is in them.
    if bad.name not in ("nested.zip", "notes.zip"):
        assert sentences
    for sentence in sentences:
        assert re.search(bad.expected, sentence)


def test_one_damaged_file_harms_no_other(store: Store) -> None:
    data = bytearray(archive({"a.jpg": b"first" * 50, "b.jpg": b"second"}, zipfile.ZIP_STORED))
    data[data.index(b"firstfirst")] ^= 0xFF
    first, second = members(store(bytes(data)), ArchiveLimits())
    with pytest.raises(Refused, match="damaged in the archive"):
        content(first)
    assert content(second) == b"second"


def test_what_comes_out_is_counted_over_all_files(store: Store) -> None:
    path = store(archive({f"{number}.bin": bytes([number]) * 1000 for number in range(5)}, zipfile.ZIP_STORED))
    taken, refused = [], []
    for member in members(path, ArchiveLimits(total=3000)):
        try:
            taken.append(len(content(member)))
        except Refused as refusal:
            refused.append(str(refusal))
    assert taken == [1000] * 3
    assert len(refused) == 2
    assert all("more than is taken" in sentence for sentence in refused)


def test_limits_are_the_callers(store: Store) -> None:
    path = store(archive({"a": b"", "b": b"", "c": b""}))
    with pytest.raises(Refused, match="3 files; at most 2"):
        unpacked(path, ArchiveLimits(members=2))
    packed = store(archive({"a": b"a" * 100_000}))
    with pytest.raises(Refused, match="more than 10 times"):
        unpacked(packed, ArchiveLimits(ratio=10, slack=100))


def test_reading_goes_on_in_a_new_process(store: Store) -> None:
    """Also where pieces come one by one and the process between two of them is another."""
    files = {"a.bin": LARGE, "b.bin": b"b"}
    found = {}
    for member in members(store(archive(files)), ArchiveLimits()):
        pieces = [member.read(100)]
        sandbox.close()
        found[member.name] = pieces[0] + content(member)
    assert found == files
