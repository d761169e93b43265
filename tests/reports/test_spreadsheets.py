"""Text of a document cannot become a formula in a downloaded table."""

import csv
import io

import pytest

from extraction.services.reports.export import spreadsheet


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        " =1",
        "\n=1",
        "\xa0=1",
        "\ufeff+1",
        "\u2060=1",
        "\xad=1",
        "\v=1",
        "\f=1",
        "\x00=1",
        "\x1b@A1",
        "\u200e\u202a-1",
        "\ufe0f=1",
        "\u034f=1",
        "\u2800\u3164=1",
        "＝1",
        "－1",
        '=HYPERLINK("http://x.example","a")',
    ],
)
def test_formulas_become_text(text: str) -> None:
    assert spreadsheet.cell(text) == f"'{text}"


@pytest.mark.parametrize("value", ["12/03/2026", "RM 3.30", "a=b", "", -1.5, 3])
def test_what_is_no_formula_stays(value: object) -> None:
    assert spreadsheet.cell(value) == value


def test_nothing_is_an_empty_cell() -> None:
    assert spreadsheet.cell(None) == ""


def test_rows_read_back_as_they_were_written() -> None:
    lines = list(spreadsheet.table(["name", "text"], [["a", 'say "hé"\nnow'], ["b", "=1"]]))
    assert len(lines) == 3
    rows = list(csv.reader(io.StringIO("".join(lines).removeprefix("\ufeff"))))
    assert rows == [["name", "text"], ["a", 'say "hé"\nnow'], ["b", "'=1"]]
