"""Values of columns in words of the page's language: splits, choices of labels, systems and their parts."""

from django import template
from django.utils.translation import pgettext_lazy

register = template.Library()

NAMES = {
    "train": pgettext_lazy("value", "train"),
    "validation": pgettext_lazy("value", "validation"),
    "test": pgettext_lazy("value", "test"),
    "best": pgettext_lazy("value", "best"),
    "truth": pgettext_lazy("value", "truth"),
    "reviewer": pgettext_lazy("value", "reviewer"),
    "teacher": pgettext_lazy("value", "teacher"),
    "claim": pgettext_lazy("value", "claim"),
    "student": pgettext_lazy("value", "student"),
    "rules": pgettext_lazy("value", "rules"),
    "candidate": pgettext_lazy("value", "candidate"),
    "serving": pgettext_lazy("value", "serving"),
}


@register.filter
def in_words(value: str) -> str:
    """The value itself where it has no words of its own, as that of a kind that somebody registered."""
    return str(NAMES.get(value, value))
