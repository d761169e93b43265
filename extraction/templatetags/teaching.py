"""Label runs in templates."""

from django import template

from extraction.models import LabelRun
from extraction.services.teaching import messages

register = template.Library()


@register.filter
def stopped_because(run: LabelRun) -> str:
    """Why a run ended before its last document, in a sentence; empty where it did not."""
    return messages.stopped(run)
