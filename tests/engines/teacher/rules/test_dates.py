"""The rules where a printed date is no single day, or of which year it is cannot be told."""

import pytest

from extraction.domain.fields import Schema
from extraction.engines.teacher.protocol import Answer, Reading
from extraction.engines.teacher.registry import teacher
from tests.support.builders import typed_page

SCHEMA = Schema.from_json({"name": "Test", "document": "invoice", "field": [{"name": "date", "type": "date"}]})

SHORT = (
    *("01.-31.03.2023", "1.-31.03.2023", "01.03. - 31.03.2023", "01.03.-31.03.2023", "01.03. bis 31.03.2023"),
    *("28.12.-03.01.2024", "vom 01.03. bis 31.03.23", "01.03.–31.03.23", "14.03. und 15.03.2023", "14./15.03.2023"),
    *("01/03 - 31/03/2023", "01/03 al 31/03/2023", "1/3 - 31/3/2023", "03/01 - 03/31/2023", "01-03 t/m 31-03-2023"),
    *("1. März - 31. März 2023", "1 mars - 31 mars 2023", "March 1 - March 31, 2023", "du 1 au 31 mars 2023"),
    *("1 de marzo al 31 de marzo de 2023", "с 01.03. по 31.03.2023", "1 марта - 31 марта 2023", "1 to 31 March 2023"),
    *("2023.03.01 ~ 03.31", "2023-03-01 - 03-31", "2023年3月1日から3月31日", "2023. 3. 1. ~ 3. 31."),
)
WHOLE = (
    *("01.03.2023 - 31.03.2023", "01.03.2023-31.03.2023", "2023-03-01 to 2023-03-31", "01/03/2023 au 31/03/2023"),
    *("Mar 1, 2023 - Mar 31, 2023", "2023年3月1日〜2023年3月31日", "1 – 31 mars 2023"),
)


def ask(*lines: str) -> Answer:
    return teacher("rules").label(Reading((typed_page("Meadow", "", *lines),)), SCHEMA).answers["date"]


@pytest.mark.parametrize("label", ["", "Date ", "Leistungszeitraum: ", "Zeitraum   "])
@pytest.mark.parametrize("period", SHORT)
def test_an_end_of_a_period_is_no_date(period: str, label: str) -> None:
    answer = ask(f"{label}{period}")
    assert (answer.value, answer.unsure) == (None, True)


@pytest.mark.parametrize("period", WHOLE)
def test_neither_end_of_a_period_is_sure(period: str) -> None:
    assert ask(f"Date {period}").unsure


@pytest.mark.parametrize("period", [*SHORT, *WHOLE])
def test_a_single_date_beside_a_period_is_the_documents(period: str) -> None:
    assert ask(f"Leistungszeitraum {period}", "Rechnungsdatum 05.04.2023").value == "05.04.2023"
    assert ask(f"Period {period}", "05.04.2023 12:30").value == "05.04.2023"


@pytest.mark.parametrize(
    "line",
    [
        *("Bon 12 - {}", "Bon-Nr. 5 {}", "Tisch 5 - {} 12:30", "1. {}", "Kasse 3 / {}", "12:30 - {}", "{} - 12:30"),
        *("{} / 12", "Seite 1/2 - {}", "12.50 - {}", "Datum: {} - Kasse 2"),
    ],
)
def test_other_numbers_beside_a_date_make_no_period(line: str) -> None:
    for date in ("14.03.2023", "14/03/2023"):
        assert ask(line.format(date)).value == date


@pytest.mark.parametrize("date", ["14/03/66", "๑๔/๐๓/๖๖", "14-03-66", "14.03.66", "25/07/68"])
@pytest.mark.parametrize("lines", [("วันที่ {}",), ("ใบเสร็จรับเงิน", "{}"), ("รวม 120.00 บาท", "Date {} 12:30")])
def test_a_short_year_on_a_thai_page_is_not_read(date: str, lines: tuple[str, ...]) -> None:
    answer = ask(*(line.format(date) for line in lines))
    assert (answer.value, answer.unsure) == (None, True)


@pytest.mark.parametrize("date", ["14/03/2566", "14/03/2023", "๑๔/๐๓/๒๕๖๖"])
def test_a_full_year_on_a_thai_page_is_read(date: str) -> None:
    assert ask(f"วันที่ {date}").value == date


def test_a_short_year_elsewhere_is_read() -> None:
    assert ask("Date 14/03/66").value == "14/03/66"
