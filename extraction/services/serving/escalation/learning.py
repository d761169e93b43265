"""Labels of a teacher's answer about a file of a caller, so that the next training learns from the hard cases."""

from __future__ import annotations

from extraction.models import Document, Source, Split, TeacherCall
from extraction.services.labels import store
from extraction.services.labels.store import LabelInput
from extraction.services.serving import field_extraction, registry
from extraction.services.teaching import apply_responses


def run(call: int) -> None:
    """The work of a LEARN job, harmless to repeat. Documents that are not trained on, or rejected, get no labels."""
    rows = TeacherCall.objects.select_related("run__project__schema_version", "document__project", "model")
    row = rows.filter(pk=call).first()
    if row is None or row.run is None or row.document is None:
        return
    document = row.document
    if document.split != Split.TRAIN or document.review == Document.Review.REJECTED:
        return
    answers = row.run.responses.filter(document=document).select_related("document")
    apply_responses.apply(row.run, list(answers))
    _write_student(row, document)


def _write_student(call: TeacherCall, document: Document) -> None:
    """What the student read, so that review shows where the two differ."""
    model = call.model
    if model is None or document.labels.filter(source=Source.STUDENT, teacher=model.name).exists():
        return
    names = set(document.project.schema.names)
    predicted = registry.predictor(model).predict(document.domain_pages())
    store.write_many(
        document.project,
        [
            LabelInput(
                document,
                name,
                answer.value,
                Source.STUDENT,
                spans=answer.spans,
                normalized=answer.normalized,
                confidence=answer.confidence,
                teacher=model.name,
                rows=answer.rows,
            )
            for name, answer in field_extraction.by_the_projects_order(document.project, predicted).items()
            if name in names
        ],
    )
