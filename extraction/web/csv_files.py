"""Tables as CSV files that a spreadsheet opens without running anything that stands in them."""

import csv
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

# A cell that starts with one of these is a formula to some spreadsheet; an apostrophe makes it text.
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
# What some of them overlook at the start.
OVERLOOKED = " \n\xa0\u3000\u200b\ufeff"


def cell(value: object) -> object:
    """The value as it may be written: texts from documents are defused, numbers stay numbers, `None` is empty."""
    if value is None:
        return ""
    if isinstance(value, str) and value.lstrip(OVERLOOKED).startswith(STARTS_A_FORMULA):
        return f"'{value}"
    return value


def response(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A download called `name`. The byte order mark tells spreadsheets that it is UTF-8."""
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.write("\ufeff")
    writer = csv.writer(answer)
    writer.writerow(header)
    writer.writerows([cell(value) for value in row] for row in rows)
    return answer
