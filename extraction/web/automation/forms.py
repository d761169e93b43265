"""The settings of a project's automation as a form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from extraction.models import Automation
from extraction.services.automation import settings
from extraction.services.automation.settings import Settings

SHARES = ("margin", "field_margin")


class SettingsForm(forms.Form):
    """`margin` and `field_margin` are in points of ANLS, hundredths of what the row holds."""

    active = forms.BooleanField(label=_("Train by itself"), required=False)
    corrections = forms.IntegerField(
        label=_("After corrections"),
        min_value=1,
        max_value=settings.MOST_COUNT,
        help_text=_("Values of people that differ from what was learned."),
    )
    labels = forms.IntegerField(
        label=_("Or after new labels"),
        min_value=1,
        max_value=settings.MOST_COUNT,
        help_text=_("Of the teacher or of people."),
    )
    minutes = forms.FloatField(
        label=_("Minutes of a training"), min_value=0.1, max_value=settings.MOST_MINUTES, help_text=_("At most.")
    )
    weekly_minutes = forms.FloatField(
        label=_("Minutes in seven days"),
        min_value=0.1,
        max_value=settings.MOST_WEEKLY,
        help_text=_("Once they are used up it waits."),
    )
    promotion = forms.ChoiceField(
        label=_("A new model"),
        choices=Automation.Promotion.choices,
        help_text=_("Where that is not sure, an owner is asked in any case."),
    )
    margin = forms.FloatField(
        label=_("May be worse by, in points"),
        min_value=0,
        max_value=100,
        help_text=_("Of mean ANLS, and 97.5 % sure. One wrong value in 200 is half a point."),
    )
    field_margin = forms.FloatField(
        label=_("Any field by, in points"),
        min_value=0,
        max_value=100,
        help_text=_("Also the rows of a group."),
    )
    monthly_usd = forms.DecimalField(
        label=_("Dollars for hints in thirty days"),
        min_value=0,
        max_value=settings.MOST_USD,
        max_digits=8,
        decimal_places=2,
        help_text=_("A hint costs about a cent; each is asked for by a person."),
    )

    @classmethod
    def of(cls, row: Automation, data: Mapping[str, Any] | None = None) -> SettingsForm:
        values = Settings.of(row).columns()
        values |= {name: round(100 * values[name], 4) for name in SHARES}
        # 20 instead of 20.0: what is shown goes back as it is.
        return cls(data, initial={name: _whole(value) for name, value in values.items()})

    def settings(self) -> Settings:
        """What was typed."""
        values = dict(self.cleaned_data)
        values |= {name: values[name] / 100 for name in SHARES}
        return Settings(**{**values, "promotion": Automation.Promotion(values["promotion"])})


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value
