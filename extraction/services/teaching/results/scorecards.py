"""Scorecards: what each teacher with each prompt is worth, by other teachers' answers and by what people said."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from typing import NamedTuple

from django.db.models import Sum

from extraction.domain import label_sources
from extraction.domain.evaluation.proportions import Proportion
from extraction.domain.field_types.readers.texts import letters
from extraction.domain.fields import Field
from extraction.domain.label_quality.agreement import consensus
from extraction.models import Label, LabelRun, Project, Source

# The newest documents with labels of teachers, which are looked at.
LOOKED_AT = 2000


class Who(NamedTuple):
    """A teacher with the number of its prompt version; 0: as kdweb writes it, or a teacher without a prompt."""

    teacher: str
    prompt: int

    @property
    def key(self) -> str:
        return f"{self.teacher} {self.prompt}"


@dataclass(frozen=True, slots=True)
class Scorecard:
    """`equal`: its answers that are those of another one, counted for each other one. `estimated`: accuracy without
    truth, from agreement (0–1). `people`: its answers that are those of people. `None` where nothing tells."""

    teacher: str
    prompt: int
    documents: int
    labels: int
    equal: Proportion | None
    estimated: float | None
    people: Proportion | None
    usd: Decimal


class _Row(NamedTuple):
    document: int
    field: str
    source: str
    teacher: str
    prompt: int | None
    withdrawn: bool
    normalized: str | None
    value: str | None


# What was said about the fields of documents, by document and field.
Said = dict[tuple[int, str], dict[Who, Hashable]]


def scorecards(project: Project) -> list[Scorecard]:
    """Of each teacher and prompt that left labels, the most labels first; fields that are groups do not count.

    Three queries.
    """
    teachers, people = _said(project)
    documents: dict[Who, set[int]] = defaultdict(set)
    labels = Counter[Who]()
    for (pk, _), answers in teachers.items():
        for who in answers:
            documents[who].add(pk)
            labels[who] += 1
    equal, right = _equal(teachers), _right(teachers, people)
    estimated, spent = _estimated(teachers), _spent(project)
    return [
        Scorecard(
            who.teacher,
            who.prompt,
            len(documents[who]),
            count,
            equal.get(who),
            estimated.get(who),
            right.get(who),
            spent.get(who, Decimal(0)),
        )
        for who, count in labels.most_common()
    ]


def _said(project: Project) -> tuple[Said, dict[tuple[int, str], Hashable]]:
    """What teachers and what people say now."""
    fields = {field.name: field for field in project.schema.fields if not field.kind.has_parts}
    labelled = Label.objects.filter(document__project=project, source=Source.TEACHER).order_by("-document_id")
    documents = list(labelled.values_list("document_id", flat=True).distinct()[:LOOKED_AT])
    by_people = label_sources.names(by_people=True)
    rows = Label.objects.filter(document__in=documents, field__in=fields, source__in=[Source.TEACHER, *by_people])
    read = rows.order_by("pk").values_list(
        "document_id", "field", "source", "teacher", "run__prompt_version__number", "withdrawn", "normalized", "value"
    )
    newest = {
        (row.document, row.field, row.source, row.teacher, row.prompt): row for row in map(_Row._make, read.iterator())
    }
    teachers: Said = defaultdict(dict)
    people: dict[tuple[int, str], Hashable] = {}
    standing = [row for row in newest.values() if not row.withdrawn]
    # The source that wins comes last and replaces the others.
    for row in sorted(standing, key=lambda row: -label_sources.find(row.source).rank):
        meaning = _meaning(fields[row.field], row)
        if row.source == Source.TEACHER:
            teachers[row.document, row.field][Who(row.teacher, row.prompt or 0)] = meaning
        else:
            people[row.document, row.field] = meaning
    return teachers, people


def _meaning(field: Field, row: _Row) -> str | None:
    """Equal for answers that mean the same: of texts letters and digits alone."""
    text = row.normalized if row.normalized is not None else row.value
    if text is None:
        return None
    return (letters(text) or text if field.kind.free_text else text).casefold()


def _equal(teachers: Said) -> dict[Who, Proportion]:
    hits, counts = Counter[Who](), Counter[Who]()
    for answers in teachers.values():
        for (one, first), (other, second) in combinations(answers.items(), 2):
            for who in (one, other):
                counts[who] += 1
                hits[who] += first == second
    return {who: Proportion(hits[who], count) for who, count in counts.items()}


def _right(teachers: Said, people: Mapping[tuple[int, str], Hashable]) -> dict[Who, Proportion]:
    hits, counts = Counter[Who](), Counter[Who]()
    for place, answers in teachers.items():
        if place in people:
            for who, meaning in answers.items():
                counts[who] += 1
                hits[who] += meaning == people[place]
    return {who: Proportion(hits[who], count) for who, count in counts.items()}


def _estimated(teachers: Said) -> dict[Who, float]:
    """The accuracy by field that agreement tells, averaged over the answers that others gave as well."""
    questions: dict[str, list[Mapping[str, Hashable]]] = defaultdict(list)
    names = {who.key: who for answers in teachers.values() for who in answers}
    for (_, field), answers in teachers.items():
        if len(answers) > 1:
            questions[field].append({who.key: meaning for who, meaning in answers.items()})
    total, weights = defaultdict[Who, float](float), Counter[Who]()
    for asked in questions.values():
        given = Counter(key for answers in asked for key in answers)
        for key, accuracy in consensus(asked).accuracy.items():
            total[names[key]] += accuracy * given[key]
            weights[names[key]] += given[key]
    return {who: total[who] / weights[who] for who in weights}


def _spent(project: Project) -> dict[Who, Decimal]:
    """Dollars for runs that made labels."""
    runs = LabelRun.objects.filter(project=project, sample__isnull=True).order_by()
    rows = runs.values_list("teacher", "prompt_version__number").annotate(usd=Sum("usd"))
    return {Who(teacher, prompt or 0): usd for teacher, prompt, usd in rows}
