"""Forms that start a training run and a cross-check."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from extraction.domain.learning.folds import FEWEST_FOLDS, MOST_FOLDS
from extraction.domain.learning.training import EncoderInfo, Settings
from extraction.domain.notation import texts
from extraction.models import Project
from extraction.services.sentences import translated
from extraction.services.training import messages, snapshots, students, sufficiency
from extraction.services.training.cross_checks import checks

# A value with its title, or the title of a group of them.
Choice = tuple[str, str | list[tuple[str, str]]]


class TrainingForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=50, help_text=_("Of the run and of the model that it makes."))
    labels = forms.ChoiceField(label=_("Labels to learn from"))
    minutes = forms.FloatField(
        label=_("Minutes"),
        min_value=0.1,
        max_value=1440,
        initial=20,
        help_text=_("Wall clock, at most; a run that has gone through all its rounds ends sooner."),
    )
    seed = forms.IntegerField(
        label=_("Seed"), min_value=0, initial=0, help_text=_("The same seed repeats the same run.")
    )
    encoder = forms.ChoiceField(
        label=_("Start from"),
        required=False,
        help_text=_("With its licence. All but the built-in one are downloaded when the run starts."),
    )
    other = forms.CharField(
        label=_("Another encoder"),
        required=False,
        max_length=200,
        help_text=_("A hub name of a Hugging Face encoder, or a folder for superusers; look up its licence first."),
    )
    config = forms.CharField(
        label=_("Advanced settings"),
        required=False,
        strip=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 5, "class": "code", "spellcheck": "false", "placeholder": "epochs = 12"}),
        help_text=_("TOML or JSON; only what should differ from the defaults."),
    )

    anyway = forms.BooleanField(label=_("Train all the same"), required=False)

    def __init__(self, project: Project, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial={"name": suggested_name(project)})
        self.usable = snapshots.usable(project)
        chosen = (data or {}).get("labels", snapshots.BEST)
        self.sufficiency = sufficiency.of_project(project, chosen if chosen in self.usable else snapshots.BEST)
        self.warnings = messages.of_sufficiency(self.sufficiency) if self.sufficiency.documents else []
        self.fields["labels"].choices = [  # type: ignore[attr-defined]
            (choice, messages.of_choice(choice, count)) for choice, count in self.usable.items()
        ]
        self.fields["encoder"].choices = encoders(project)  # type: ignore[attr-defined]

    def clean_config(self) -> Settings:
        return parse_config(self.cleaned_data["config"])

    def clean(self) -> dict[str, Any]:
        """Arguments of `training_runs.start`: the encoder is one of the settings."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not cleaned.pop("anyway", False) and 0 < self.sufficiency.documents < sufficiency.MINIMUM:
            self.add_error("anyway", gettext("Say so if it is to be trained on so few documents."))
        named = [name for name in (cleaned.pop("encoder", ""), cleaned.pop("other", "")) if name]
        config = cleaned.get("config", {})
        named += [config["base"]] if "base" in config else []
        if len(named) > 1:
            raise forms.ValidationError(gettext("More than one encoder is named to start from; name one."))
        if named and "config" in cleaned:
            cleaned["config"] = {"base": named[0], **config}
        return cleaned


class CrossCheckForm(forms.Form):
    folds = forms.TypedChoiceField(
        label=_("Folds"),
        coerce=int,
        choices=[(number, number) for number in range(FEWEST_FOLDS, MOST_FOLDS + 1)],
        initial=checks.FOLDS,
        help_text=_("A training for each. More folds learn from more documents, and have less time each."),
    )
    minutes = forms.FloatField(
        label=_("Minutes"),
        min_value=0.1,
        max_value=1440,
        initial=checks.MINUTES,
        help_text=_("Wall clock of all trainings together, at most."),
    )


def encoders(project: Project) -> list[Choice]:
    """Encoders to start from, with licences; the first one is taken where nothing is chosen."""
    offered = students.encoder_choices()
    return [
        ("", _title(students.usual_encoder(project))),
        (gettext("Commercial use allowed"), [(encoder.base, _title(encoder)) for encoder in offered.commercial]),
        (gettext("Not for commercial use"), [(encoder.base, _title(encoder)) for encoder in offered.restricted]),
    ]


def _title(encoder: EncoderInfo) -> str:
    return f"{translated(encoder.title)} ({translated(encoder.licence.name)})"


def suggested_name(project: Project) -> str:
    """`student-1`, or the first number after it that is free."""
    taken = set(project.training_runs.values_list("name", flat=True))
    number = len(taken) + 1
    while f"student-{number}" in taken:
        number += 1
    return f"student-{number}"


def parse_config(text: str) -> Settings:
    """A table from TOML or JSON; raises `ValidationError` with line and column of what cannot be read."""
    if not text.strip():
        return {}
    try:
        if not text.lstrip().startswith(("{", "[{")):
            return texts.toml(text, gettext("The text of the settings"))
        value = texts.json_value(text, gettext("The text of the settings"))
    except texts.Unreadable as error:
        raise forms.ValidationError(translated(error)) from None
    if not isinstance(value, dict):
        raise forms.ValidationError(gettext("The settings must be one JSON object."))
    return value
