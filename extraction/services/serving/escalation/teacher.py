"""The teacher that is asked: the project's, with the prompt in force; its price, and how often it is right."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from decimal import ROUND_CEILING, Decimal
from statistics import fmean

from extraction.domain.errors import gettext_noop
from extraction.domain.escalation.gain import PRIOR, Checked, accuracy
from extraction.domain.fields import Schema
from extraction.engines.teacher import registry
from extraction.engines.teacher.protocol import Teacher
from extraction.models import LabelQuality, Project, Response, Source
from extraction.services.errors import Invalid
from extraction.services.teaching import missing, prompts, teachers

# The newest labels that a teacher is judged by, and the newest answers that its price is taken from.
MOST_CHECKED, MOST_ASSESSED, MOST_PRICED = 2000, 500, 100
# What is assumed of a teacher without a model, before its labels were assessed.
PRIOR_OF_RULES = 0.7
DIGITS = Decimal("0.000001")


def find(project: Project) -> Teacher:
    """Raises `Invalid` where the project has none that can be asked here."""
    if not project.teacher:
        raise Invalid(gettext_noop("Project {project} has no teacher yet."), project=project)
    return teachers.find(project.teacher, project.prompt_version)


def questions(project: Project, teacher: str) -> Sequence[Schema]:
    """The fields of each request about a file; one request, but for a teacher that is asked for one field at a time."""
    schema = project.schema
    names = [field.name for field in schema.fields if registry.answers(teacher, field)]
    return [asked.schema for asked in missing.divided(schema, teacher, [0], names, frozenset())]


def estimate(teacher: Teacher, schema: Schema, pages: int | None = None) -> Decimal | None:
    """Dollars for a document, if every first answer is good; 0 on this machine, `None` where the price is not known."""
    usage = teacher.estimate(schema, 1, pages)
    if usage.priced:
        return usage.usd
    return None if teacher.outside else Decimal(0)


def most(teacher: Teacher, schema: Schema, pages: int) -> Decimal | None:
    """Dollars that a document costs at most, rounded up as they are stored; 0 on this machine, `None` where the price
    is not known."""
    usage = teacher.most(schema, pages)
    if usage.priced:
        return stored(usage.usd)
    return None if teacher.outside else Decimal(0)


def stored(usd: Decimal) -> Decimal:
    """Rounded up to the digits of a column, so that no sum of rows is less than what was paid."""
    return usd.quantize(DIGITS, ROUND_CEILING)


def price(project: Project, teacher: str) -> float | None:
    """Dollars that a document has cost lately; `None` where the teacher was not asked yet."""
    rows = Response.objects.filter(run__project=project, teacher=teacher, attempts__gt=0).order_by("-pk")
    paid = list(rows.values_list("document", "usd")[:MOST_PRICED])
    # A teacher that is asked field by field has several answers a document.
    documents = {document for document, _ in paid}
    return float(sum(usd for _, usd in paid)) / len(documents) if paid else None


def accuracies(project: Project, teacher: str) -> dict[str, float]:
    """The probability that the teacher is right, by field that it answers: from labels that people have checked, before
    that from what its labels were assessed to be."""
    rows = LabelQuality.objects.filter(project=project, label__source=Source.TEACHER, label__teacher=teacher)
    newest = rows.order_by("-label_id")
    judged = newest.filter(right__isnull=False).values_list("label__field", "right")[:MOST_CHECKED]
    counts = Counter[tuple[str, bool | None]](judged)
    assessed = defaultdict[str, list[float]](list)
    for name, probability in newest.values_list("label__field", "probability")[:MOST_ASSESSED]:
        assessed[name].append(probability)
    usual = PRIOR if prompts.takes_prompt(teacher) else PRIOR_OF_RULES
    found = {}
    for field in project.schema.fields:
        if registry.answers(teacher, field):
            right, wrong = counts[field.name, True], counts[field.name, False]
            prior = fmean(assessed[field.name]) if assessed[field.name] else usual
            found[field.name] = accuracy(Checked(right, right + wrong), prior)
    return found
