"""Writing what each system of a report answered: the rows behind misses, confidences and comparisons."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction

from extraction.domain.evaluation.scoring import answer_anls, is_right, scored_forms
from extraction.domain.field_types import agree
from extraction.domain.fields import Field
from extraction.domain.line_items.rows import rows_of
from extraction.domain.prediction import FieldValue
from extraction.domain.trust.answers import ComparedAnswer
from extraction.domain.trust.causes import LabelEvidence, cause_of
from extraction.domain.trust.confidences import Confidences
from extraction.models import Label, Report, ReportedConfidences, ReportedDocument, ReportedMiss, Source
from extraction.services.reports.corpus import Batch, locked
from extraction.services.reports.systems import Answers, System

Others = Mapping[tuple[int, str], Sequence[Label]]


@dataclass(frozen=True, slots=True)
class Recorder:
    """Keeps the answers of a report's systems; `begin` first, which makes a report that is written again begin anew."""

    report: Report
    _answered: dict[tuple[str, str], list[tuple[float | None, bool]]] = field(default_factory=lambda: defaultdict(list))

    def begin(self) -> None:
        for rows in (self.report.answered, self.report.misses, self.report.confidences):
            rows.all().delete()

    def keep(self, batch: Batch, system: System, answers: Answers) -> None:
        """Write the rows of one system on a batch of documents."""
        judged = [_judged(batch, pk, answers.get(pk, {})) for pk in batch.truths]
        self._count(system, judged)
        misses = [miss for document in judged for miss in document.misses]
        others = _others(misses, system, batch)
        rows = [_miss_row(self.report, batch, system, miss, others) for miss in misses]
        self._store(system, judged, rows)

    def finish(self) -> None:
        """Write what was counted over all batches."""
        ReportedConfidences.objects.bulk_create(
            ReportedConfidences(report=self.report, system=system, field=name, value=Confidences.of(pairs).to_json())
            for (system, name), pairs in self._answered.items()
        )

    def _count(self, system: System, judged: Iterable[_JudgedDocument]) -> None:
        for document in judged:
            for each in document.answers:
                if not each.field.kind.has_parts:
                    pair = each.answer.confidence, each.right
                    self._answered[system.name, each.field.name].append(pair)
                    self._answered[system.name, ""].append(pair)

    def _store(self, system: System, judged: Iterable[_JudgedDocument], misses: Sequence[ReportedMiss]) -> None:
        with transaction.atomic():
            left = locked(document.pk for document in judged)
            ReportedDocument.objects.bulk_create(
                document.row(self.report, system) for document in judged if document.pk in left
            )
            ReportedMiss.objects.bulk_create(row for row in misses if row.document_id in left)


@dataclass(frozen=True, slots=True)
class _Judged:
    """An answer for a field of a document (a primary key) beside its label."""

    document: int
    field: Field
    label: Label
    answer: FieldValue
    right: bool
    compared: ComparedAnswer


@dataclass(frozen=True, slots=True)
class _JudgedDocument:
    pk: int
    answers: tuple[_Judged, ...]

    @property
    def misses(self) -> list[_Judged]:
        return [each for each in self.answers if not each.right and not each.field.kind.has_parts]

    def row(self, report: Report, system: System) -> ReportedDocument:
        wrong = [each.field.name for each in self.answers if not each.right]
        return ReportedDocument(
            report=report,
            document_id=self.pk,
            system=system.name,
            answers={each.field.name: each.compared.to_json() for each in self.answers},
            wrong=f",{','.join(wrong)}," if wrong else "",
        )


def _judged(batch: Batch, pk: int, answers: Mapping[str, FieldValue]) -> _JudgedDocument:
    schema, conventions = batch.project.schema, batch.conventions
    judged = []
    for part in schema.fields:
        label = batch.truths[pk].get(part.name)
        if label is None or (part.kind.has_parts and rows_of(part, label.value) is None):
            continue
        answer = answers.get(part.name) or FieldValue(None, None)
        right = is_right(part, label.value, answer, conventions)
        compared = ComparedAnswer(*scored_forms(part, label.value, answer, conventions), right)
        judged.append(_Judged(pk, part, label, answer, right, compared))
    return _JudgedDocument(pk, tuple(judged))


def _others(misses: Iterable[_Judged], system: System, batch: Batch) -> Others:
    """The newest label of each source that does not speak for the system itself, by document and field; one query.

    A student repeats what the project's teacher taught it, so that this teacher does not speak for it.
    """
    own = {system.name} | ({batch.project.teacher} if system.kind == "student" else set())
    rows = Label.objects.filter(document__in={miss.document for miss in misses}).exclude(source=Source.STUDENT)
    newest = {
        (label.document_id, label.field, label.source, label.teacher): label
        for label in rows.defer("rows", "spans").order_by("pk")
        if (label.teacher or label.source) not in own
    }
    found = defaultdict[tuple[int, str], list[Label]](list)
    for label in newest.values():
        if not label.withdrawn:
            found[label.document_id, label.field].append(label)
    return found


def _evidence(batch: Batch, miss: _Judged, others: Sequence[Label]) -> LabelEvidence:
    label = miss.label
    contradicting = sum(
        agree(miss.field, other.value, miss.answer.value, conventions=batch.conventions)
        for other in others
        if (other.source, other.teacher) != (label.source, label.teacher)
    )
    return LabelEvidence(None if label.source_kind.by_people else label.assessed, contradicting)


def _miss_row(
    report: Report,
    batch: Batch,
    system: System,
    miss: _Judged,
    others: Others,
) -> ReportedMiss:
    part, answer = miss.field, miss.answer
    cause = cause_of(
        part,
        miss.label.as_domain(),
        answer,
        batch.pages(miss.document),
        _evidence(batch, miss, others.get((miss.document, part.name), ())),
        conventions=batch.conventions,
    )
    return ReportedMiss(
        report=report,
        document_id=miss.document,
        system=system.name,
        field=part.name,
        truth=miss.compared.truth,
        answer=miss.compared.answer,
        printed=answer.value,
        spans=[span.to_json() for span in answer.spans],
        confidence=answer.confidence,
        similarity=answer_anls(part, miss.label.value, answer, batch.conventions),
        cause=cause,
        label=miss.label,
    )
