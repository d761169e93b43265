"""What counts as new since the last training."""

import pytest

from extraction.domain.results.automation import Changes
from extraction.models import Document, Job, Project, Source, TrainingRun
from extraction.services.automation import counting
from extraction.services.labels import store
from extraction.services.review import actions
from extraction.services.training import snapshots
from tests.automation.worlds import correct, labelled, trained
from tests.support import builders

pytestmark = pytest.mark.django_db


def changes(project: Project) -> Changes:
    return counting.count(project).changes


def test_without_a_training_every_label_is_new(project: Project) -> None:
    labelled(project, 3)
    assert changes(project) == Changes(0, 3)
    assert counting.count(project).since is None


def test_what_was_learned_is_not_new(project: Project) -> None:
    documents = labelled(project, 3)
    model = trained(project, "first")
    assert changes(project) == Changes()
    assert counting.count(project).since == model.run
    correct(documents[0])
    labelled(project, 2)
    assert changes(project) == Changes(1, 2)


def test_a_value_that_was_confirmed_changes_nothing(project: Project) -> None:
    documents = labelled(project, 2)
    trained(project, "first")
    for document in documents:
        store.write(document, "total", document.labels.get().value, source=Source.REVIEWER)
    assert changes(project) == Changes()


def test_a_field_that_is_corrected_again_and_back_counts_by_where_it_stands(project: Project, owner: object) -> None:
    document = labelled(project, 2)[0]
    trained(project, "first")
    first = actions.save(document, "total", "5.00", known=0, actor=owner)  # type: ignore[arg-type]
    actions.save(document, "total", "6.00", known=first.pk, actor=owner)  # type: ignore[arg-type]
    assert changes(project) == Changes(1, 0)
    correct(document, "1.10")
    assert changes(project) == Changes()


def test_what_a_student_read_before_and_people_corrected_is_a_correction(project: Project) -> None:
    labelled(project, 2)
    trained(project, "first")
    read, confirmed = builders.document(project), builders.document(project)
    for document in (read, confirmed):
        store.write(document, "total", "3.30", source=Source.STUDENT, teacher="first")
    assert changes(project) == Changes()
    correct(read, "3.33")
    correct(confirmed, "3.30")
    assert changes(project) == Changes(1, 1)


def test_only_documents_that_are_learned_from_count(project: Project) -> None:
    documents = labelled(project, 4)
    trained(project, "first")
    for document in documents:
        correct(document)
    Document.objects.filter(pk=documents[0].pk).update(split="test")
    Document.objects.filter(pk=documents[1].pk).update(review=Document.Review.REJECTED)
    Document.objects.filter(pk=documents[2].pk).update(split="validation")
    assert changes(project) == Changes(2, 0)


def test_a_run_without_a_model_counts_only_while_it_goes_on(project: Project) -> None:
    documents = labelled(project, 2)
    run = TrainingRun.objects.create(project=project, name="x", snapshot=snapshots.freeze(project))
    run.job = Job.objects.create(kind="train", project=project, subject=run.pk)
    run.save()
    assert changes(project) == Changes()
    Job.objects.update(state=Job.State.FAILED)
    assert changes(project) == Changes(0, 2)
    correct(documents[0])
    assert changes(project) == Changes(1, 1)
