"""The settings of a project's escalation as a form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from extraction.models import Escalation, Project
from extraction.services.serving.escalation import settings
from extraction.services.serving.escalation.settings import Settings

# Names of the inputs of weights, by the number of the field: names of fields may hold anything.
WEIGHT = "weight-{number}"
# Settings that are one input each.
SIMPLE = ("active", "monthly_usd", "timeout_seconds", "keep_unsure")


class EscalationForm(forms.Form):
    """With a weight for each field of the project."""

    active = forms.BooleanField(label=_("Ask the teacher where the student is unsure"), required=False)
    monthly_usd = forms.DecimalField(
        label=_("Dollars in a month"),
        min_value=0,
        max_value=settings.MOST_USD,
        max_digits=8,
        decimal_places=2,
        help_text=_("A hard limit, shared out over the month."),
    )
    timeout_seconds = forms.IntegerField(
        label=_("Seconds to answer"),
        min_value=1,
        max_value=settings.MOST_SECONDS,
        help_text=_("After them the student's answer is given alone."),
    )
    keep_unsure = forms.BooleanField(
        label=_("Keep files whose answers stay unsure, for review"),
        required=False,
        help_text=_(
            "They become documents, also while the teacher is not asked. What people decide is told to the programs "
            "that sent them."
        ),
    )
    consent = forms.CharField(required=False)

    def __init__(self, project: Project, row: Escalation, data: Mapping[str, Any] | None = None) -> None:
        initial = Settings.of(row).columns()
        super().__init__(data, initial={name: initial[name] for name in SIMPLE})
        self._names = project.schema.names if project.schema_version else ()
        for number, name in enumerate(self._names):
            weight = row.weights.get(name, 1.0)
            self.fields[WEIGHT.format(number=number)] = forms.FloatField(
                label=project.schema[name].title,
                min_value=0,
                max_value=settings.MOST_WEIGHT,
                initial=int(weight) if float(weight).is_integer() else weight,
            )

    @property
    def weights(self) -> list[forms.BoundField]:
        return [self[WEIGHT.format(number=number)] for number in range(len(self._names))]

    @property
    def weights_wrong(self) -> bool:
        return any(weight.errors for weight in self.weights)

    def settings(self) -> Settings:
        """What was typed."""
        typed = self.cleaned_data
        weights = {name: typed[WEIGHT.format(number=number)] for number, name in enumerate(self._names)}
        return Settings(
            weights={name: weight for name, weight in weights.items() if weight != 1},
            **{name: typed[name] for name in SIMPLE},
        )
