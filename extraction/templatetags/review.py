"""Review in templates, also in those of other stages."""

from django import template

from extraction.domain.field_types.base import Meaning
from extraction.models import Project, User
from extraction.services.labels import rows
from extraction.services.review import assignments, messages

register = template.Library()


@register.filter
def meaning(value: Meaning) -> str:
    """One of the values that a text can mean, in words."""
    return messages.in_words(value)


@register.filter
def shown(value: str) -> str:
    """A value in a line: of a table the number of its rows."""
    return rows.shown(value)


@register.simple_tag
def reviewers(project: Project) -> list[User]:
    """The members who may review, by name."""
    return assignments.reviewers(project)
