"""The start of a canary as a form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from extraction.domain.canaries.verdicts import Rule
from extraction.models import ModelVersion
from extraction.services.serving.canaries import lifecycle
from extraction.services.serving.canaries.lifecycle import Wanted


class CanaryForm(forms.Form):
    """The candidate is one of `models`, the newest at first. The margin is typed in points."""

    model = forms.ChoiceField(label=_("Candidate"))
    share = forms.IntegerField(
        label=_("Per cent of the documents"),
        min_value=1,
        max_value=lifecycle.MOST_SHARE,
        initial=Wanted().share,
        help_text=_("Drawn by their content: the same file always has the same answer."),
    )
    margin = forms.FloatField(
        label=_("Margin, in points of ANLS"),
        min_value=0.1,
        max_value=20,
        initial=100 * Rule().margin,
        help_text=_("So much worse it may be at the lower bound and still count as not worse."),
    )
    documents = forms.IntegerField(
        label=_("Documents to compare"),
        min_value=1,
        max_value=lifecycle.MOST_DOCUMENTS,
        initial=Rule().documents,
        help_text=_("At least so many before it may be promoted."),
    )
    promotes = forms.BooleanField(label=_("Promote it by itself once it is surely not worse"), required=False)

    def __init__(self, models: Sequence[ModelVersion], data: Mapping[str, Any] | None = None, chosen: str = "") -> None:
        super().__init__(data, initial={"model": chosen})
        self.fields["model"].choices = [(model.name, model.name) for model in models]  # type: ignore[attr-defined]

    def wanted(self) -> Wanted:
        """What was typed."""
        typed = self.cleaned_data
        return Wanted(typed["share"], typed["margin"] / 100, typed["documents"], typed["promotes"])
