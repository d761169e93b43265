"""Answers of a system that a report shows: the worst of flat fields, and the tables with the most left to do."""

from __future__ import annotations

from collections.abc import Iterator
from operator import attrgetter

from extraction.domain.evaluation.similarity import anls
from extraction.domain.fields import Field
from extraction.domain.line_items.comparison import answered, compare
from extraction.domain.line_items.rows import flat, groups, rows_of
from extraction.domain.prediction import FieldValue
from extraction.domain.results.reports import WrongAnswer
from extraction.domain.results.wrong_tables import WrongTable
from extraction.models import Label
from extraction.services.reports.corpus import Corpus
from extraction.services.reports.systems import Answers

WORST, WORST_TABLES = 50, 20


def worst_answers(corpus: Corpus, answers: Answers) -> list[WrongAnswer]:
    """At most `WORST` answers for flat fields that differ from the truth, the least similar first."""
    wrong = []
    for field in flat(corpus.project.schema).fields:
        for pk, label, answer in _answered(corpus, answers, field):
            given = answer.value if field.as_printed else answer.normalized
            right = label.value if field.as_printed else label.normalized or label.value
            document = corpus.documents[pk].name
            wrong.append(WrongAnswer(pk, document, field.name, right, given, anls(right, given)))
    wrong.sort(key=attrgetter("nls", "document", "field"))
    return [answer for answer in wrong[:WORST] if answer.nls < 1]


def worst_tables(corpus: Corpus, answers: Answers) -> list[WrongTable]:
    """At most `WORST_TABLES` groups of documents with a row that is not right, the most corrections first."""
    wrong = []
    for group in groups(corpus.project.schema):
        for pk, label, answer in _answered(corpus, answers, group):
            if (truth := rows_of(group, label.value)) is None:
                continue
            compared = compare(group, truth, answered(group, answer), corpus.conventions).rows()
            wrong.append(WrongTable.of(pk, corpus.documents[pk].name, group.name, compared))
    wrong.sort(key=lambda table: (-table.corrections, table.name, table.field))
    return [table for table in wrong[:WORST_TABLES] if table.corrections]


def _answered(corpus: Corpus, answers: Answers, field: Field) -> Iterator[tuple[int, Label, FieldValue]]:
    """The documents with a truth for the field, that truth, and the answer."""
    for pk, truth in corpus.truths.items():
        if label := truth.get(field.name):
            yield pk, label, answers.get(pk, {}).get(field.name) or FieldValue(None, None)
