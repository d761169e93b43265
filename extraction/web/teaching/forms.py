"""Forms that start label runs and trials."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict

from extraction.models import Project
from extraction.services.documents.bulk.selection import Selection, check_unchanged
from extraction.services.errors import Conflict, Invalid
from extraction.services.teaching import prompts, teachers, trials

AT_LEAST_ONE = "The number of documents must be a whole number of at least 1."


class TeacherField(forms.CharField):
    """Any teacher's name; those that are set up here are offered in the list `teachers`."""

    def __init__(self) -> None:
        attributes = {"list": "teachers", "autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}
        super().__init__(
            label="Teacher",
            max_length=200,
            widget=forms.TextInput(attrs=attributes),
            help_text="rules, or a provider and its model, such as anthropic:claude-sonnet-4-5.",
        )

    def clean(self, value: Any) -> str:
        name: str = super().clean(value)
        try:
            teachers.check(name)
        except Invalid as error:
            raise forms.ValidationError(str(error)) from None
        return name


class BudgetField(forms.DecimalField):
    def __init__(self, help_text: str) -> None:
        super().__init__(
            label="Budget in dollars",
            required=False,
            min_value=Decimal(0),
            max_digits=10,
            decimal_places=4,
            widget=forms.NumberInput(attrs={"placeholder": "No limit"}),
            help_text=help_text,
        )


class LabelForm(forms.Form):
    teacher = TeacherField()
    prompt = forms.TypedChoiceField(label="Prompt", coerce=int, required=False, empty_value=None)
    limit = forms.IntegerField(
        label="Documents, at most",
        required=False,
        min_value=1,
        max_value=1_000_000,
        help_text="Empty: all that this teacher has not labelled yet.",
        error_messages={"invalid": AT_LEAST_ONE, "min_value": AT_LEAST_ONE},
    )
    budget = BudgetField("Empty: no limit. With a budget nothing more is asked for once the next answer would pass it.")
    # The box for it stands with the estimate, which knows where the pictures would go.
    consent = forms.CharField(required=False)
    # Of documents that were chosen in their list: the query that selects them, and the seal of what it selected.
    selection = forms.CharField(required=False)
    seal = forms.CharField(required=False)

    def __init__(self, project: Project, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial={"teacher": teachers.offered()[-1], "prompt": in_force(project)})
        self.fields["prompt"].choices = choices(project)  # type: ignore[attr-defined]
        self._project = project

    def clean(self) -> dict[str, Any]:
        """With `chosen`, the primary keys of the selected documents, in place of the query."""
        values = dict(self.cleaned_data)
        query, seal = values.pop("selection", ""), values.pop("seal", "")
        values["chosen"] = None
        if query:
            try:
                chosen = Selection.parse(QueryDict(query), self._project.schema).chosen(self._project)
                check_unchanged(chosen, seal)
            except (Invalid, Conflict) as error:
                raise forms.ValidationError(str(error)) from None
            values["chosen"] = chosen.keys
        return values


class TrialForm(forms.Form):
    teacher = TeacherField()
    first = forms.TypedChoiceField(label="First prompt", coerce=int)
    second = forms.TypedChoiceField(label="Second prompt", coerce=int, required=False, empty_value=None)
    documents = forms.IntegerField(
        label="Documents",
        min_value=1,
        max_value=trials.LARGEST,
        initial=20,
        help_text=f"At most {trials.LARGEST}. Those that a person checked are taken first.",
        error_messages={"invalid": AT_LEAST_ONE, "min_value": AT_LEAST_ONE},
    )
    budget = BudgetField("For each prompt. Empty: no limit.")
    consent = forms.CharField(required=False)

    def __init__(self, project: Project, data: Mapping[str, Any] | None = None) -> None:
        initial = {"teacher": teachers.offered()[-1], "first": in_force(project)}
        super().__init__(data, initial=initial, auto_id="trial_%s")
        versions = choices(project)
        self.fields["first"].choices = versions  # type: ignore[attr-defined]
        self.fields["second"].choices = [("", "None, only look at the first"), *versions]  # type: ignore[attr-defined]

    def numbers(self) -> list[int]:
        """The prompts to try, each once."""
        chosen = (self.cleaned_data["first"], self.cleaned_data["second"])
        return list(dict.fromkeys(number for number in chosen if number is not None))


def in_force(project: Project) -> int:
    return project.prompt_version.number if project.prompt_version else prompts.OWN_WORDS


def choices(project: Project) -> list[tuple[int, str]]:
    """Every prompt of the project by number, the newest first."""
    now = in_force(project)
    names = [(row.number, prompts.title(row)) for row in project.prompt_versions.all()]
    names.append((prompts.OWN_WORDS, prompts.title(None)))
    return [(number, f"{name} (in force)" if number == now else name) for number, name in names]
