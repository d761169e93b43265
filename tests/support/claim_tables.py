"""Tables of claims as files."""

from collections.abc import Sequence
from pathlib import Path

from openpyxl import Workbook


def csv_file(path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path.write_bytes("".join(line + "\r\n" for line in lines).encode(encoding))
    return path


def xlsx_file(path: Path, *rows: Sequence[object], formats: dict[str, str] | None = None) -> Path:
    """A workbook; `formats` are number formats by address of the cell."""
    book = Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(row)
    for address, format in (formats or {}).items():
        sheet[address].number_format = format
    book.save(path)
    return path
