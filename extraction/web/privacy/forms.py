"""The settings of a project's retention as a form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings as installation
from django.utils.translation import gettext_lazy as _

from extraction.models import Retention
from extraction.services.privacy import settings
from extraction.services.privacy.settings import Settings

PERIODS = ("unreviewed", "rejected", "documents", "answers")


def _days(label: Any, help_text: Any = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=1, max_value=settings.MOST_DAYS, required=False, help_text=help_text
    )


class RetentionForm(forms.Form):
    """Periods in days; empty: for ever."""

    unreviewed = _days(_("Documents that nobody reviewed"), _("Days since they came."))
    rejected = _days(_("Rejected documents"), _("Days since they were rejected."))
    documents = _days(_("All documents"), _("Days since they came, reviewed or not."))
    answers = _days(_("Answers to programs"))
    when = forms.ChoiceField(
        label=_("Models forget deleted documents"),
        choices=Retention.When.choices,
        help_text=_("By a training without them, which takes as long as the first one."),
    )
    versions = forms.ChoiceField(label=_("Which versions"), choices=Retention.Versions.choices)

    def __init__(self, chosen: Settings, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial=chosen.columns())
        most = installation.KD_EXTRACTION_DAYS
        self.fields["answers"].widget.attrs["placeholder"] = str(most)
        self.fields["answers"].help_text = _("Days; at most %(days)s, as this installation says.") % {"days": most}

    @property
    def periods(self) -> list[forms.BoundField]:
        return [self[name] for name in PERIODS]

    def settings(self) -> Settings:
        """What was typed."""
        typed = dict(self.cleaned_data)
        typed["when"], typed["versions"] = Retention.When(typed["when"]), Retention.Versions(typed["versions"])
        return Settings(**typed)
