"""Labels as an XLSX workbook: a sheet of documents, and one of rows for each group.

Office Open XML (ECMA-376) with texts in their cells, which can be written line by line; openpyxl would write the whole
workbook to the disk before its first byte could be sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice
from xml.sax.saxutils import escape, quoteattr

from extraction.domain.line_items.rows import groups
from extraction.services.reports.export import label_rows, spreadsheet
from extraction.services.reports.export.archives import Entry, archive
from extraction.services.reports.export.labelled_documents import Selected
from extraction.services.reports.export.labels_csv import label_lines

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Of a sheet: Excel takes 1,048,576; fewer keep a sheet below 2 GB. The rest goes to another sheet.
LINES = 200_000
LONGEST_TITLE, LONGEST_TEXT = 31, 32_767
# Not allowed in XML 1.0.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Of an escape that readers of XLSX undo: `_x000D_`.
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
# The second format keeps a text that looks like a formula a text, also when somebody edits the cell.
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font/></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="2"><xf/><xf quotePrefix="1"/></cellXfs></styleSheet>'
)

Lines = Iterable[Sequence[object]]


class LabelWorkbook:
    """The tables of `csv` and of `rows` in one file."""

    name = "xlsx"
    title = "XLSX"
    media_type = MEDIA_TYPE

    def filename(self, subject: Selected) -> str:
        return f"{subject.project.slug}-labels.xlsx"

    def write(self, subject: Selected) -> Iterator[bytes]:
        return archive(workbook(_tables(subject)))


def _tables(subject: Selected) -> Iterator[tuple[str, Lines]]:
    """Title and lines of each table, the header first; only the group that was asked for, where one was."""
    yield "labels", label_lines(subject)
    for group in groups(subject.project.schema):
        if subject.group in ("", group.name):
            rows = replace(subject, group=group.name)
            yield group.name, chain([label_rows.header(rows)], label_rows.lines(rows))


def workbook(tables: Iterable[tuple[str, Lines]]) -> Iterator[Entry]:
    """The files of a workbook. Sheets first: how many there are is known at the end."""
    titles: list[str] = []
    for title, lines in tables:
        rest = iter(lines)
        header = next(rest)
        following = next(rest, None)
        while True:
            titles.append(_unused(title, titles))
            part = chain([header], [] if following is None else [following], islice(rest, LINES - 1))
            yield Entry(f"xl/worksheets/sheet{len(titles)}.xml", _sheet(part))
            if (following := next(rest, None)) is None:
                break
    for name, text in _parts(titles).items():
        yield Entry(name, [f"{_HEAD}{text}".encode()])


def _unused(title: str, titles: Sequence[str]) -> str:
    """A title that no other sheet has, whatever its case."""
    taken = {other.casefold() for other in titles}
    ends = ("", *(f" {number}" for number in range(2, len(titles) + 3)))
    candidates = (title[: LONGEST_TITLE - len(end)] + end for end in ends)
    return next(candidate for candidate in candidates if candidate.casefold() not in taken)


def _sheet(lines: Lines) -> Iterator[bytes]:
    yield f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>'.encode()
    for line in lines:
        yield f"<row>{''.join(map(_cell, line))}</row>".encode()
    yield b"</sheetData></worksheet>"


def _cell(value: object) -> str:
    if value is None:
        return "<c/>"
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return f"<c><v>{value!r}</v></c>"
    text = str(value)
    style = ' s="1"' if spreadsheet.is_hazardous(text) else ""
    shown = _ESCAPE.sub("_x005F_", _FORBIDDEN.sub("\ufffd", text[:LONGEST_TEXT])).replace("\r", "_x000D_")
    return f'<c t="inlineStr"{style}><is><t xml:space="preserve">{escape(shown)}</t></is></c>'


def _parts(titles: Sequence[str]) -> dict[str, str]:
    """The other files of the workbook by name."""
    numbers = range(1, len(titles) + 1)
    sheets = "".join(
        f'<sheet name={quoteattr(title)} sheetId="{number}" r:id="rId{number}"/>'
        for number, title in enumerate(titles, 1)
    )
    links = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number in numbers
    )
    kinds = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        for number in numbers
    )
    relationships = f"{_PACKAGE}/relationships"
    return {
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets></workbook>',
        "xl/styles.xml": _STYLES,
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{relationships}">{links}'
        f'<Relationship Id="styles" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
        "_rels/.rels": f'<Relationships xmlns="{relationships}"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>{kinds}</Types>',
    }
