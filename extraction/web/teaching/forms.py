"""Forms that start label runs and trials."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import QueryDict
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from extraction.models import LabelRun, Project
from extraction.services.documents.bulk.selection import Selection, check_unchanged
from extraction.services.errors import Conflict, Invalid
from extraction.services.sentences import translated
from extraction.services.teaching import prompts, teachers, trials

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

AT_LEAST_ONE = _("The number of documents must be a whole number of at least 1.")


class TeacherField(forms.CharField):
    """Any teacher's name; those that are set up here are offered in the list `teachers`."""

    def __init__(self) -> None:
        attributes = {"list": "teachers", "autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}
        super().__init__(
            label=_("Teacher"),
            max_length=200,
            widget=forms.TextInput(attrs=attributes),
            help_text=_("rules, or a provider and its model, such as anthropic:claude-sonnet-4-5."),
        )

    def clean(self, value: Any) -> str:
        name: str = super().clean(value)
        try:
            teachers.check(name)
        except Invalid as error:
            raise forms.ValidationError(translated(error)) from None
        return name


class BudgetField(forms.DecimalField):
    def __init__(self, help_text: _StrOrPromise) -> None:
        super().__init__(
            label=_("Budget in dollars"),
            required=False,
            min_value=Decimal(0),
            max_digits=10,
            decimal_places=4,
            widget=forms.NumberInput(attrs={"placeholder": _("No limit")}),
            help_text=help_text,
        )


class MethodField(forms.ChoiceField):
    """How a model is asked; the rules know no other way than the usual one."""

    def __init__(self, label: _StrOrPromise, help_text: _StrOrPromise = "") -> None:
        super().__init__(label=label, choices=teachers.methods, required=False, help_text=help_text)

    def clean(self, value: Any) -> str:
        chosen: str = super().clean(value)
        return chosen or teachers.METHODS[0]


class LabelForm(forms.Form):
    teacher = TeacherField()
    method = MethodField(_("Method"), _("How a model is asked. Another method makes other mistakes than the first."))
    prompt = forms.TypedChoiceField(label=_("Prompt"), coerce=int, required=False, empty_value=None)
    limit = forms.IntegerField(
        label=_("Documents, at most"),
        required=False,
        min_value=1,
        max_value=1_000_000,
        help_text=_("Empty: all that this teacher has not labelled yet."),
        error_messages={"invalid": AT_LEAST_ONE, "min_value": AT_LEAST_ONE},
    )
    # `selection` is the query below.
    first = forms.ChoiceField(
        label=_("Which documents first"),
        choices=LabelRun.Selection.choices,
        required=False,
        help_text=_("Under a limit or a budget. Those that teach most are unlike what is labelled, or still unsure."),
    )
    doubtful = forms.BooleanField(
        label=_("Ask again, in another way, only where the first answer is doubtful"), required=False
    )
    budget = BudgetField(
        _("Empty: no limit. With a budget nothing more is asked for once the next answer would pass it.")
    )
    delivery = forms.ChoiceField(
        label=_("How"),
        choices=LabelRun.Delivery.choices,
        required=False,
        help_text=_(
            "A batch costs half, and is answered within 24 hours. Models of Anthropic and OpenAI take batches."
        ),
    )
    # The box for it stands with the estimate, which knows where the pictures would go.
    consent = forms.CharField(required=False)
    # Of documents that were chosen in their list: the query that selects them, and the seal of what it selected.
    selection = forms.CharField(required=False)
    seal = forms.CharField(required=False)

    def __init__(self, project: Project, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial={"teacher": teachers.offered()[-1], "prompt": in_force(project)})
        self.fields["prompt"].choices = choices(project)  # type: ignore[attr-defined]
        self._project = project

    def clean_delivery(self) -> LabelRun.Delivery:
        return LabelRun.Delivery(self.cleaned_data["delivery"] or LabelRun.Delivery.DIRECT)

    def clean(self) -> dict[str, Any]:
        """With `chosen`, the primary keys of the selected documents, in place of the query."""
        values = dict(self.cleaned_data)
        method = values.pop("method", teachers.METHODS[0])
        if "teacher" in values:
            values["teacher"] = teachers.by_method(values["teacher"], method)
        query, seal = values.pop("selection", ""), values.pop("seal", "")
        values["selection"] = LabelRun.Selection(values.pop("first", "") or LabelRun.Selection.OLDEST)
        values["chosen"] = None
        if query:
            try:
                chosen = Selection.parse(QueryDict(query), self._project.schema).chosen(self._project)
                check_unchanged(chosen, seal)
            except (Invalid, Conflict) as error:
                raise forms.ValidationError(translated(error)) from None
            values["chosen"] = chosen.keys
        return values


class TrialForm(forms.Form):
    teacher = TeacherField()
    first = forms.TypedChoiceField(label=_("First prompt"), coerce=int)
    second = forms.TypedChoiceField(label=_("Second prompt"), coerce=int, required=False, empty_value=None)
    first_method = MethodField(_("First method"))
    second_method = MethodField(_("Second method"))
    documents = forms.IntegerField(
        label=_("Documents"),
        min_value=1,
        max_value=trials.LARGEST,
        initial=20,
        help_text=format_lazy(
            _("At most {number}. Those that a person checked are taken first."), number=trials.LARGEST
        ),
        error_messages={"invalid": AT_LEAST_ONE, "min_value": AT_LEAST_ONE},
    )
    budget = BudgetField(_("For each prompt. Empty: no limit."))
    consent = forms.CharField(required=False)

    def __init__(self, project: Project, data: Mapping[str, Any] | None = None) -> None:
        initial = {"teacher": teachers.offered()[-1], "first": in_force(project)}
        super().__init__(data, initial=initial, auto_id="trial_%s")
        versions = choices(project)
        self.fields["first"].choices = versions  # type: ignore[attr-defined]
        self.fields["second"].choices = [("", gettext("None, only look at the first")), *versions]  # type: ignore[attr-defined]

    def tries(self) -> list[trials.Try]:
        """What to try, each once. A second method alone is tried with the first prompt."""
        typed = self.cleaned_data
        first, second, method = typed["first"], typed["second"], typed["second_method"]
        if second is None and method != teachers.METHODS[0]:
            second = first
        asked = [(first, typed["first_method"]), *([] if second is None else [(second, method)])]
        tries = (trials.Try(teachers.by_method(typed["teacher"], how), number) for number, how in asked)
        return list(dict.fromkeys(tries))


def in_force(project: Project) -> int:
    return project.prompt_version.number if project.prompt_version else prompts.OWN_WORDS


def choices(project: Project) -> list[tuple[int, str]]:
    """Every prompt of the project by number, the newest first."""
    now = in_force(project)
    names = [(row.number, prompts.title(row)) for row in project.prompt_versions.all()]
    names.append((prompts.OWN_WORDS, prompts.title(None)))
    return [
        (number, gettext("%(prompt)s (in force)") % {"prompt": name} if number == now else name)
        for number, name in names
    ]
