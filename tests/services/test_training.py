"""A training run from labels to a registered model, with a tiny student; what goes wrong is kept in the run."""

import pytest

from extraction.domain.progress import Cancelled, Silent
from extraction.models import Document, Job, Label, ModelVersion, Project, Source, TrainingRun
from extraction.services import labels, predicting, registry, reporting, training
from extraction.services.errors import Conflict, Invalid
from tests import builders

pytestmark = pytest.mark.django_db

TINY = {"base": "tiny", "epochs": 2}


class Impatient(Silent):
    """Cancels after so many steps."""

    def __init__(self, steps: int) -> None:
        self.left = steps

    def report(self, done: int, total: int, message: str = "") -> None:
        self.left -= 1

    def cancelled(self) -> bool:
        return self.left < 0


@pytest.fixture
def project() -> Project:
    """Twelve labelled training documents and one of the test split."""
    held = builders.project()
    for number in range(13):
        total = f"{number + 1}.{number}0"
        lines = ("BEAN THERE SDN BHD", "12 Harbour Road", "Date: 25/12/2018", "Tax 0.10", f"Total {total}")
        document = builders.document(held, *lines, split="train" if number else "test")
        source = Source.TEACHER if number else Source.TRUTH
        labels.write(document, "total", total, source=source, teacher="rules" if number else "")
    return held


def start(project: Project, name: str = "first", **arguments: object) -> TrainingRun:
    return training.start(project, name=name, config=TINY, **arguments)  # type: ignore[arg-type]


@pytest.mark.slow
def test_a_run_ends_in_a_model_that_answers(project: Project) -> None:
    run = start(project)
    assert Job.objects.get(kind=Job.Kind.TRAIN).subject == run.pk
    model = training.run(run.pk, Silent())
    run.refresh_from_db()
    assert run.stopped_because
    assert run.curve
    assert run.seconds
    assert run.validation is not None
    assert set(run.validation["fields"]) == {"total"}
    assert training.run(run.pk, Silent()) == model
    assert ModelVersion.objects.count() == 1

    registry.promote(model)
    unlabelled = builders.document(project, "OTHER SHOP", "Total 7.70")
    assert predicting.run(model.pk, Silent()) == 1
    said = Label.objects.filter(document=unlabelled)
    assert {(label.source, label.teacher) for label in said} == {("student", "first")}
    assert set(said.values_list("field", flat=True)) == set(project.schema.names)
    unlabelled.refresh_from_db()
    assert unlabelled.review == Document.Review.WAITING
    assert predicting.run(model.pk, Silent()) == 0

    result = reporting.evaluate(project, "first", timed=False)
    assert (result["system"], result["documents"]) == ("first", 1)


@pytest.mark.slow
def test_a_cancelled_run_says_so_and_goes_on_when_asked(project: Project) -> None:
    run = start(project)
    with pytest.raises(Cancelled):
        training.run(run.pk, Impatient(14))
    run.refresh_from_db()
    assert run.stopped_because == "Cancelled."
    assert not ModelVersion.objects.exists()
    Job.objects.update(state=Job.State.CANCELLED)
    training.run(training.again(run).pk, Silent())
    assert ModelVersion.objects.get().name == "first"


def test_labels_that_stand_nowhere_teach_nothing() -> None:
    project = builders.project()
    labels.write(builders.document(project), "company", "Nothing of the kind", source=Source.TRUTH)
    run = start(project)
    with pytest.raises(Invalid, match="nothing to learn from"):
        training.run(run.pk, Silent())
    run.refresh_from_db()
    assert "nothing to learn from" in run.stopped_because


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"name": "two words"}, "'two words'"),
        ({"name": "teacher"}, "reserved"),
        ({"name": "../up"}, "letters"),
        ({"minutes": 0}, "minutes"),
        ({"seed": -1}, "seed"),
        ({"seed": 2**31}, "at most 2147483647"),
        ({"config": {"epochs": "many"}}, "epochs"),
        ({"config": {"magic": 1}}, "magic"),
        ({"labels": "claim"}, "No document"),
    ],
)
def test_a_bad_request_starts_nothing(project: Project, arguments: dict[str, object], words: str) -> None:
    with pytest.raises(Invalid, match=words):
        training.start(project, **{"name": "first", "config": TINY, **arguments})  # type: ignore[arg-type]
    assert not TrainingRun.objects.exists()


def test_a_name_is_used_once(project: Project) -> None:
    start(project)
    with pytest.raises(Conflict, match="already has a training run named first"):
        start(project)
    with pytest.raises(Conflict, match="still under way"):
        training.start_or_resume(project, name="first", config=TINY, labels="best", minutes=20, seed=0)


def test_an_unfinished_run_is_resumed_only_as_it_was_started(project: Project) -> None:
    wanted = {"config": TINY, "labels": "best", "minutes": 20, "seed": 0}
    run = training.start_or_resume(project, name="first", **wanted)
    assert training.start_or_resume(project, name="first", **wanted) == run
    with pytest.raises(Conflict, match="other settings"):
        training.start_or_resume(project, name="first", **{**wanted, "seed": 1})


def test_doubtful_labels_weigh_less(project: Project) -> None:
    document = builders.document(project)
    labels.write(document, "date", "25/12/2018", source=Source.TEACHER, teacher="rules", unsure=True)
    labels.write(document, "total", "3.30", source=Source.TEACHER, teacher="rules")
    run = start(project)
    assert run.snapshot is not None
    found = [*training.examples(run.snapshot, "train"), *training.examples(run.snapshot, "validation")]
    doubtful = next(example for example in found if example.id == document.sha256)
    assert doubtful.weight_of("date") < doubtful.weight_of("total")
