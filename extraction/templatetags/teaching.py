"""Label runs in templates."""

from collections.abc import Mapping

from django import template

from extraction.domain.label_quality.selection import PickReason
from extraction.models import LabelRun
from extraction.services.teaching import messages, prompts, teachers

register = template.Library()


@register.filter
def prompted(run: LabelRun) -> bool:
    """Whether the run's teacher gets a prompt."""
    return prompts.takes_prompt(run.teacher)


@register.filter
def prompt_name(run: LabelRun) -> str:
    """Which prompt a run sends, in a few words."""
    return prompts.of_run(run)


@register.filter
def method_words(run: LabelRun) -> str:
    """What a request of the run asks for, in a few words; empty for the usual method."""
    return teachers.in_words(run.teacher)


@register.filter
def stopped_because(run: LabelRun) -> str:
    """Why a run ended before its last document, in a sentence; empty where it did not."""
    return messages.stopped(run)


@register.filter
def reason_of(reasons: Mapping[int, PickReason], document: int) -> str:
    """Why a run picked the document, in two or three words; empty where it was not picked."""
    return str(messages.REASONS[reasons[document]]) if document in reasons else ""
