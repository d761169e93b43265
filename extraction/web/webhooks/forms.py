"""The settings of an endpoint of webhooks as a form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from django import forms
from django.utils.translation import gettext_lazy as _

from extraction.models import WebhookEndpoint
from extraction.services.sentences import translated
from extraction.services.webhooks import endpoints
from extraction.services.webhooks.endpoints import Settings
from extraction.services.webhooks.events import registry
from extraction.services.webhooks.events.extractions import EXTRACTION_DONE, EXTRACTION_FAILED


class EndpointForm(forms.Form):
    """What `endpoints.Settings` holds; its services check the address."""

    url = forms.CharField(
        label=_("Address"),
        max_length=endpoints.LONGEST_URL,
        widget=forms.URLInput(attrs={"placeholder": "https://example.com/hook", "autocomplete": "off"}),
        help_text=_("Events are sent there by POST, as JSON."),
    )
    kinds = forms.MultipleChoiceField(
        label=_("Events"),
        widget=forms.CheckboxSelectMultiple,
        initial=[EXTRACTION_DONE.name, EXTRACTION_FAILED.name],
    )
    every_seconds = forms.IntegerField(
        label=_("Seconds between requests"),
        min_value=0,
        max_value=endpoints.LONGEST_PAUSE,
        initial=0,
        help_text=_("0: a request for each event. Else at most one in so many seconds, with a list of events."),
    )
    active = forms.BooleanField(label=_("Send events"), required=False, initial=True)

    def __init__(self, data: Mapping[str, Any] | None = None, initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial=dict(initial or {}))
        choices = [(kind.name, translated(kind.title)) for kind in registry.choices()]
        self.fields["kinds"].choices = choices  # type: ignore[attr-defined]

    @classmethod
    def of(cls, row: WebhookEndpoint, data: Mapping[str, Any] | None = None) -> Self:
        wanted = Settings.of(row)
        return cls(data, {name: getattr(wanted, name) for name in Settings.__dataclass_fields__})

    def settings(self) -> Settings:
        """Of a valid form."""
        return Settings(**self.cleaned_data)
