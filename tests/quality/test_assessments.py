"""Assessment of labels: what it makes of pages, other answers and people's corrections, and what follows from it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from extraction.domain.learning.training import Part
from extraction.domain.progress import Silent
from extraction.models import Document, Job, Label, LabelQuality, Page, Project, Source
from extraction.services.jobs import execution
from extraction.services.labels import store
from extraction.services.quality import assessments
from extraction.services.quality.jobs import ASSESS
from extraction.services.review import actions, queue
from extraction.services.training import data, snapshots
from tests.support import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return builders.project()


def said(document: Document, value: str | None, field: str = "total", teacher: str = "model") -> Label:
    return store.write(document, field, value, source=Source.TEACHER, teacher=teacher)


def assess(project: Project) -> None:
    assessments.run(project.pk, Silent())


def probability(label: Label) -> float:
    return LabelQuality.objects.get(label=label).probability


def test_a_printed_total_is_more_probable_than_one_that_nobody_sees(project: Project) -> None:
    printed, invented = said(builders.document(project), "3.30"), said(builders.document(project), "9.99")
    assess(project)
    assert probability(printed) > 0.9
    assert probability(invented) < 0.5


def test_another_teacher_s_answer_changes_what_the_first_is_worth(project: Project) -> None:
    document = builders.document(project)
    first = said(document, "3.00")
    assess(project)
    alone = probability(first)
    second = said(document, "3.30", teacher="other")
    assess(project)
    assert probability(first) < alone
    assert LabelQuality.objects.filter(label__in=[first, second]).count() == 2


def test_it_decides_the_order_of_review_and_what_lists_show(project: Project) -> None:
    documents = [builders.document(project) for _ in range(3)]
    for document, value in zip(documents, ["3.30", "9.99", "3.00"], strict=True):
        said(document, value)
    assess(project)
    first = queue.waiting(project).first()
    assert first == documents[1]
    best = documents[1].best_labels.get(field="total")
    assert best.confidence == pytest.approx(probability(best.label))


def test_what_people_correct_teaches_whom_to_believe(project: Project) -> None:
    person = builders.user()
    for number in range(20):
        document = builders.document(project)
        said(document, "3.00", teacher="bad")
        said(document, "3.30", teacher="good")
        actions.save(document, "total", "3.30", known=0, actor=person)
        if number == 5:
            assess(project)
    fresh = builders.document(project)
    bad, good = said(fresh, "3.00", teacher="bad"), said(fresh, "3.30", teacher="good")
    assess(project)
    assert assessments.estimator_of(project).labels == 40
    assert probability(bad) < 0.3 < 0.7 < probability(good)


def test_what_people_say_is_no_evidence_about_the_label_itself(project: Project) -> None:
    document = builders.document(project)
    label = said(document, "3.30")
    assess(project)
    before = LabelQuality.objects.get(label=label).signals
    actions.save(document, "total", "3.00", known=0, actor=builders.user())
    LabelQuality.objects.all().delete()
    assess(project)
    row = LabelQuality.objects.get(label=label)
    assert row.signals == before
    assert row.right is False


def test_repeating_it_changes_nothing(project: Project) -> None:
    said(builders.document(project), "3.30")
    assess(project)
    rows = list(LabelQuality.objects.values_list("pk", "probability", "signals"))
    assess(project)
    assert list(LabelQuality.objects.values_list("pk", "probability", "signals")) == rows


def test_a_crash_between_batches_loses_nothing(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assessments, "BATCH", 1)
    labels = [said(builders.document(project), "3.30") for _ in range(3)]
    collect = assessments.collecting.collect

    def killed(project: Project, documents: list[int]) -> list[object]:
        if LabelQuality.objects.count() == 2:
            raise KeyboardInterrupt
        return list(collect(project, documents))

    monkeypatch.setattr(assessments.collecting, "collect", killed)
    with pytest.raises(KeyboardInterrupt):
        assess(project)
    monkeypatch.undo()
    assess(project)
    assert LabelQuality.objects.filter(label__in=labels).count() == 3


def test_labels_are_assessed_after_they_were_written_and_one_job_is_enough(
    project: Project, django_capture_on_commit_callbacks: pytest.FixtureRequest
) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        labels = [said(builders.document(project), "3.30") for _ in range(3)]
    [job] = Job.objects.filter(kind=ASSESS.name)
    execution.run(job.pk)
    assert LabelQuality.objects.filter(label__in=labels).count() == 3


def test_a_student_s_labels_and_those_of_unread_documents_wait(project: Project) -> None:
    store.write(builders.document(project), "total", "3.30", source=Source.STUDENT, teacher="v1", confidence=0.8)
    unread = builders.document(project, state=Document.State.QUEUED)
    label = said(unread, "3.30")
    assess(project)
    assert not LabelQuality.objects.exists()
    Document.objects.filter(pk=unread.pk).update(state=Document.State.READY)
    assess(project)
    assert probability(label) > 0.5


def test_a_document_that_was_read_again_is_assessed_again(project: Project) -> None:
    document = builders.document(project)
    label = said(document, "3.30")
    assess(project)
    before = probability(label)
    words = builders.page("Nothing here").to_json()["words"]
    Page.objects.filter(document=document).update(words=words)
    assessments.on_document_read(Document.objects.get(pk=document.pk))
    assess(project)
    assert probability(label) < before


def test_a_label_that_is_hardly_right_teaches_nothing(project: Project) -> None:
    sure, doubtful = builders.document(project), builders.document(project)
    said(sure, "3.30")
    said(doubtful, "9.99")
    said(doubtful, "3.30", teacher="other")
    store.write(builders.document(project), "total", "9.99", source=Source.REVIEWER, author=builders.user())
    assess(project)
    frozen = snapshots.freeze(project)
    examples = [*data.SnapshotExamples(frozen, Part.TRAIN), *data.SnapshotExamples(frozen, Part.VALIDATION)]
    weights = {example.id: example.weight_of("total") for example in examples}
    assert weights[doubtful.sha256] == 0
    assert weights[sure.sha256] >= 0.9
    assert sorted(weights.values())[-1] == 1
    LabelQuality.objects.update(probability=0.5)
    assert frozen.documents == type(frozen).objects.get(pk=frozen.pk).documents
    assert snapshots.freeze(project).pk != frozen.pk


def test_the_address_of_a_vendor_is_compared_with_its_other_documents() -> None:
    project = builders.project()
    labels = []
    for number in range(7):
        document = builders.document(project)
        said(document, "BEAN THERE SDN BHD", "company")
        address = "12 Harbour Road, 50450 Kuala Lumpur" if number else "Harbour Road"
        labels.append(said(document, address, "address"))
    assess(project)
    assert LabelQuality.objects.get(label=labels[0]).signals["vendor_differs"] > 0
    assert LabelQuality.objects.get(label=labels[1]).signals["vendor_agrees"] > 0.5


def test_other_fields_are_other_questions(project: Project) -> None:
    label = said(builders.document(project), "3.30")
    assess(project)
    assessments.on_schema_changed(project)
    assert not LabelQuality.objects.exists()
    assess(project)
    assert probability(label) > 0.5


def test_more_documents_take_no_more_queries(project: Project) -> None:
    counts = []
    for number in (1, 2, 8):
        for _ in range(number):
            said(builders.document(project), "3.30")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assess(project)
        counts.append(len(queries))
    assert counts[1] == counts[2]
