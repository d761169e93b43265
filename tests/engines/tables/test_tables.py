"""Tables from files: encodings, delimiters, line numbers, cells of workbooks, and files that are no tables."""

import datetime
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from extraction.domain.claims.cells import CellKind
from extraction.engines.tables import tables, workbook
from extraction.engines.tables.limits import LIMITS, UnreadableTable
from extraction.engines.tables.tables import open_table
from tests.support.builders import csv_file, xlsx_file


def texts(path: Path) -> list[list[str]]:
    return [[cell.text for cell in line.cells] for line in open_table(path).lines()]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encoding_and_delimiter_are_found(tmp_path: Path, encoding: str, delimiter: str) -> None:
    lines = [delimiter.join(cells) for cells in (["Datei", "Käufer"], ["a.jpg", "Müller"], ["b.jpg", "Groß"])]
    table = csv_file(tmp_path / "t.csv", *lines, encoding=encoding)
    assert open_table(table).columns == ["Datei", "Käufer"]
    assert texts(table) == [["a.jpg", "Müller"], ["b.jpg", "Groß"]]


def test_a_text_in_an_unknown_encoding_says_so(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b"Datei;K\x81ufer\na.jpg;M\x81ller\n")
    with pytest.raises(UnreadableTable, match="UTF-8"):
        open_table(path)


def test_encodings_that_are_mixed_are_named_by_their_line(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes("Datei;Käufer\na.jpg;Bob\n".encode() + "b.jpg;Müller\n".encode("cp1252"))
    with pytest.raises(UnreadableTable, match="Line 3"):
        open_table(path)


def test_a_decimal_comma_is_no_delimiter(tmp_path: Path) -> None:
    table = csv_file(tmp_path / "t.csv", "Datei;Betrag;Netto", "a.jpg;1,50;1,20", "b.jpg;2,50;2,10")
    assert texts(table) == [["a.jpg", "1,50", "1,20"], ["b.jpg", "2,50", "2,10"]]


def test_lines_count_as_in_an_editor(tmp_path: Path) -> None:
    table = csv_file(tmp_path / "t.csv", "", "file,note", 'a.jpg,"two', 'lines, ""quoted"""', "", "b.jpg,x")
    lines = list(open_table(table).lines())
    assert [line.number for line in lines] == [3, 6]
    assert lines[0].cells[1].text == 'two\r\nlines, "quoted"'


@pytest.mark.parametrize("titles", [["Expenses 2024"], ["Expenses 2024", "", "Bean There"], ["Expenses 2024,,", ",,"]])
def test_titles_above_the_names_are_passed_over(tmp_path: Path, titles: list[str]) -> None:
    table = open_table(csv_file(tmp_path / "t.csv", *titles, "file,total,date", "a.jpg,3.30,", "b.jpg,,"))
    assert table.columns == ["file", "total", "date"]
    assert [line.number for line in table.lines()] == [len(titles) + 2, len(titles) + 3]


def test_a_table_of_one_column_has_its_name_first(tmp_path: Path) -> None:
    table = open_table(csv_file(tmp_path / "t.csv", "file", "a.jpg", "b.jpg"))
    assert (table.columns, len(list(table.lines()))) == (["file"], 2)


def test_a_told_delimiter_is_taken(tmp_path: Path) -> None:
    table = csv_file(tmp_path / "t.csv", "sep=|", "file|total", "a,b.jpg|1")
    assert open_table(table).columns == ["file", "total"]
    assert [line.number for line in open_table(table).lines()] == [3]


def test_cells_of_a_workbook_read_as_they_show(tmp_path: Path) -> None:
    cells = ["a.jpg", 0.1 + 0.2, datetime.datetime(2024, 4, 3), 7, 0.075, "=1+1", True, "#REF!", None, 1e21, 1200.0]
    formats = {"D2": "00000", "E2": "0.0%"}
    path = xlsx_file(tmp_path / "t.xlsx", [f"c{number}" for number in range(11)], cells, formats=formats)
    [line] = open_table(path).lines()
    shown = ["a.jpg", "0.3", "2024-04-03", "00007", "7.5%", "", "TRUE", "#REF!", "", "1000000000000000000000", "1200"]
    assert [cell.text for cell in line.cells] == shown
    assert line.number == 2
    assert line.cells[5].kind is CellKind.UNCALCULATED
    assert line.cells[7].kind is CellKind.ERROR


def test_empty_lines_of_a_workbook_keep_the_numbers(tmp_path: Path) -> None:
    path = xlsx_file(tmp_path / "t.xlsx", [], ["file", "total"], [], ["a.jpg", 1])
    assert [line.number for line in open_table(path).lines()] == [4]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\r\n\r\n",
        b"file,total\r\n",
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
        b"PK\x03\x04 cut",
        b'file,total\r\na.jpg,"1\r\nb.jpg,2\r\n',
        b"file,total\n" + b"x" * 2_000_000,
        (",".join("abcde"[n % 5] for n in range(300)) + "\n1\n").encode(),
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    with pytest.raises(UnreadableTable) as refusal:
        list(open_table(path).lines())
    assert str(refusal.value).endswith(".")


def test_other_archives_and_damaged_workbooks_are_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "t.ods", "w") as archive:
        archive.writestr("content.xml", "<x/>")
    with zipfile.ZipFile(tmp_path / "t.xlsx", "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook")
    for name in ("t.ods", "t.xlsx"):
        with pytest.raises(UnreadableTable):
            open_table(tmp_path / name)


def test_workbooks_that_unpack_to_much_are_refused_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "LIMITS", replace(LIMITS, unpacked=2**20))
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 2**21)
    with pytest.raises(UnreadableTable, match="1 MB"):
        open_table(path)


def test_too_many_lines_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "LIMITS", replace(LIMITS, lines=3))
    path = csv_file(tmp_path / "t.csv", "file,total", "a,1", "b,2", "c,3", "d,4")
    with pytest.raises(UnreadableTable, match="3 lines"):
        list(open_table(path).lines())
