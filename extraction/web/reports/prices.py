"""The form of prices from which yearly costs follow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from extraction.domain.results.costs import USUAL, Prices


class PricesForm(forms.Form):
    documents = forms.IntegerField(
        label=_("Documents a year"), min_value=1, max_value=10**12, required=False, initial=USUAL.documents_a_year
    )
    machine_hour = forms.DecimalField(
        label=_("Hour of a machine like this, $"),
        min_value=0,
        max_digits=12,
        decimal_places=6,
        required=False,
        initial=USUAL.machine_hour,
    )
    person_hour = forms.DecimalField(
        label=_("Hour of a person who reviews, $"),
        min_value=0,
        max_digits=12,
        decimal_places=6,
        required=False,
        initial=USUAL.person_hour,
    )
    document = forms.DecimalField(
        label=_("Teacher, a document, $"), min_value=0, max_digits=12, decimal_places=6, required=False
    )
    million_input = forms.DecimalField(
        label=_("Teacher, million tokens in, $"), min_value=0, max_digits=12, decimal_places=6, required=False
    )
    million_output = forms.DecimalField(
        label=_("Teacher, million tokens out, $"), min_value=0, max_digits=12, decimal_places=6, required=False
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
        hour, person = typed["machine_hour"], typed["person_hour"]
        return Prices(
            documents_a_year=typed["documents"] or USUAL.documents_a_year,
            machine_hour=USUAL.machine_hour if hour is None else hour,
            document=typed["document"],
            million_input=typed["million_input"],
            million_output=typed["million_output"],
            person_hour=USUAL.person_hour if person is None else person,
        )
