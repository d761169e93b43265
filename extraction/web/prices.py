"""What is typed to learn what a year costs, and the cost column of a report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms

from extraction.domain import costs
from extraction.domain.costs import Prices, Usage, YearlyCost

DOCUMENTS_A_YEAR = 100_000
# What two processor cores cost an hour at the common providers.
MACHINE_HOUR = Decimal("0.10")


@dataclass(frozen=True, slots=True)
class Lineage:
    """What a student cost once: documents that were labelled for it, and seconds of training."""

    labelled: int = 0
    training_seconds: float = 0.0


class PricesForm(forms.Form):
    documents = forms.IntegerField(
        label="Documents a year", min_value=1, max_value=10**12, required=False, initial=DOCUMENTS_A_YEAR
    )
    machine_hour = forms.DecimalField(
        label="Hour of a machine like this, $",
        min_value=0,
        max_digits=12,
        decimal_places=6,
        required=False,
        initial=MACHINE_HOUR,
    )
    document = forms.DecimalField(
        label="Teacher, a document, $", min_value=0, max_digits=12, decimal_places=6, required=False
    )
    million_input = forms.DecimalField(
        label="Teacher, million tokens in, $", min_value=0, max_digits=12, decimal_places=6, required=False
    )
    million_output = forms.DecimalField(
        label="Teacher, million tokens out, $", min_value=0, max_digits=12, decimal_places=6, required=False
    )

    def __init__(self, data: Mapping[str, Any]) -> None:
        """Without anything typed the form shows what it counts with."""
        typed = any(name in data for name in self.base_fields)
        super().__init__(data if typed else {name: field.initial for name, field in self.base_fields.items()})

    def prices(self) -> Prices | None:
        """`None` where something typed cannot be read; what was left empty counts as at first."""
        if not self.is_valid():
            return None
        typed = self.cleaned_data
        hour = typed["machine_hour"]
        return Prices(
            documents_a_year=typed["documents"] or DOCUMENTS_A_YEAR,
            machine_hour=MACHINE_HOUR if hour is None else hour,
            document=typed["document"],
            million_input=typed["million_input"],
            million_output=typed["million_output"],
        )


def usage_of(value: Mapping[str, Any]) -> Usage:
    """What the teacher used, as a report keeps it."""
    return Usage(
        documents=int(value.get("documents") or 0),
        input_tokens=int(value.get("input_tokens") or 0),
        output_tokens=int(value.get("output_tokens") or 0),
        usd=Decimal(str(value.get("usd") or 0)),
    )


def yearly(system: Mapping[str, Any], prices: Prices, usage: Usage, lineage: Lineage) -> YearlyCost | None:
    """The cost of one system of a report; `None` where neither price nor speed tells."""
    speed = system.get("documents_per_second")
    if system["kind"] == "teacher":
        return costs.of_teacher(prices, usage, speed)
    if system["kind"] == "student":
        return costs.of_student(
            prices, usage, speed, labelled=lineage.labelled, training_seconds=lineage.training_seconds
        )
    return costs.of_local(prices, speed)
