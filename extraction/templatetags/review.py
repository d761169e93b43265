"""Review in templates, also in those of other stages."""

from django import template

from extraction.models import Project, User
from extraction.services.review import assignments

register = template.Library()


@register.simple_tag
def reviewers(project: Project) -> list[User]:
    """The members who may review, by name."""
    return assignments.reviewers(project)
