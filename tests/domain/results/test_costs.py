"""The yearly cost column: who is paid by the document, who by the hour, and what is counted once."""

from decimal import Decimal

from extraction.domain.results import costs
from extraction.domain.results.costs import Effort, Lineage, Prices, Usage

PRICES = Prices(documents_a_year=360_000, machine_hour=Decimal("0.10"))
NOTHING = Usage()


def test_local_system_costs_the_time_it_keeps_a_machine_busy() -> None:
    # 360 000 documents at 2 a second are 50 hours.
    assert costs.of_local(PRICES, Effort(2.0)) == costs.YearlyCost(Decimal("5.0"))


def test_unknown_speed_has_no_machine_cost() -> None:
    assert costs.of_local(PRICES, Effort(None)) is None
    assert costs.of_student(PRICES, Effort(None, NOTHING, Lineage(10, 1))) is None


def test_a_given_price_of_a_document_wins() -> None:
    prices = Prices(1000, Decimal(1), document=Decimal("0.004"), million_input=Decimal(99))
    assert costs.teacher_document(prices, Usage(10, 1000, 100, Decimal(50))) == Decimal("0.004")


def test_token_prices_are_spread_over_the_labelled_documents() -> None:
    prices = Prices(1000, Decimal(1), million_input=Decimal(3), million_output=Decimal(15))
    usage = Usage(documents=100, input_tokens=200_000, output_tokens=10_000)
    assert costs.teacher_document(prices, usage) == Decimal("0.0075")


def test_without_prices_what_was_paid_counts() -> None:
    assert costs.teacher_document(PRICES, Usage(documents=200, usd=Decimal(1))) == Decimal("0.005")


def test_nothing_paid_and_nothing_given_is_no_price() -> None:
    assert costs.teacher_document(PRICES, Usage(documents=200)) is None
    assert costs.teacher_document(PRICES, NOTHING) is None


def test_token_prices_need_counted_documents() -> None:
    assert costs.teacher_document(Prices(1, Decimal(1), million_input=Decimal(3)), NOTHING) is None


def test_teacher_outside_is_paid_by_the_document_and_not_by_the_hour() -> None:
    prices = Prices(1000, Decimal(10), document=Decimal("0.01"))
    found = costs.of_teacher(prices, Effort(0.3))
    assert found is not None
    assert found.total == Decimal(10)


def test_teacher_without_a_price_is_a_local_one() -> None:
    assert costs.of_teacher(PRICES, Effort(2.0)) == costs.of_local(PRICES, Effort(2.0))
    assert costs.of_teacher(PRICES, Effort(None)) is None


def test_student_pays_once_for_labels_and_training() -> None:
    prices = Prices(360_000, Decimal("0.10"), document=Decimal("0.01"))
    found = costs.of_student(prices, Effort(2.0, NOTHING, Lineage(400, 7200)))
    assert found is not None
    assert (found.reading, found.labelling, found.training) == (Decimal("5.0"), Decimal("4.00"), Decimal("0.20"))
    assert found.total == Decimal("9.20")


def test_free_labels_cost_nothing() -> None:
    found = costs.of_student(PRICES, Effort(2.0, Usage(documents=400), Lineage(400)))
    assert found is not None
    assert found.total == Decimal("5.0")


def test_each_kind_is_paid_in_its_own_way() -> None:
    prices = Prices(360_000, Decimal("0.10"), document=Decimal("0.01"))
    effort = Effort(2.0, NOTHING, Lineage(400, 7200))
    totals = {kind: costs.yearly(kind, prices, effort) for kind in ("teacher", "student", "rules", "new kind")}
    assert {kind: cost and cost.total for kind, cost in totals.items()} == {
        "teacher": Decimal(3600),
        "student": Decimal("9.20"),
        "rules": Decimal(5),
        "new kind": Decimal(5),
    }


def test_usage_keeps_its_json() -> None:
    value = {"documents": 3, "input_tokens": 200, "output_tokens": 0, "usd": 0.1}
    assert Usage.from_json(value).to_json() == value
