"""Label runs: every document once, whatever happens."""

from typing import Any

import pytest

from extraction.domain.progress import Cancelled, Silent
from extraction.models import Document, Job, Label, LabelRun, Project, Response, Source
from extraction.services.errors import Conflict, Invalid
from extraction.services.jobs import queue
from extraction.services.labels import ranking, store
from extraction.services.teaching import label_runs
from extraction.services.teaching.estimates import Summary
from tests.support import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return builders.project()


def said(document: Document) -> dict[str, str | None]:
    return {name: label.value for name, label in ranking.best(document).items()}


class Watched(Silent):
    """A progress that stops the work after so many steps."""

    def __init__(self, stop_after: int = 10**9) -> None:
        self.steps: list[tuple[int, int]] = []
        self.stop_after = stop_after

    def report(self, done: int, total: int, message: str = "") -> None:
        self.steps.append((done, total))

    def cancelled(self) -> bool:
        return len(self.steps) >= self.stop_after


def started(project: Project, **options: Any) -> LabelRun:
    """A run whose work the test does itself: a job that waits would keep the next run from starting."""
    run = label_runs.start(project, teacher="rules", **options)
    assert run.job is not None
    queue.cancel(run.job)
    return run


class TestRuns:
    def test_rules_label_what_they_have_not_labelled(self, project: Project) -> None:
        documents = [builders.document(project) for _ in range(3)]
        builders.document(project, state=Document.State.QUEUED)
        run = started(project)
        label_runs.run(run.pk, Silent())
        run.refresh_from_db()
        assert Summary.of(run).to_json() == {
            "teacher": "rules",
            "documents": 3,
            "labels": 12,
            "refusals": 0,
            "malformed": 0,
            "failures": 0,
            "tokens": {"input": 0, "output": 0},
            "usd": 0.0,
            "stopped_because": "",
            "awaited": 0,
            "reasons": {},
        }
        assert not Response.objects.exists()
        for document in documents:
            assert said(document)["total"] == "3.30"
        label = Label.objects.filter(field="date").first()
        assert label is not None
        assert (label.source, label.teacher, label.normalized) == (Source.TEACHER, "rules", "2018-12-25")
        assert label.confidence is not None
        assert label_runs.estimate(project, "rules").documents == 0
        again = started(project)
        label_runs.run(again.pk, Silent())
        assert Label.objects.count() == 12

    def test_other_teachers_labels_do_not_count_as_its_own(self, project: Project) -> None:
        document = builders.document(project)
        store.write(document, "total", "9.99", source=Source.TEACHER, teacher="recorded")
        assert label_runs.estimate(project, "rules").documents == 1

    def test_the_limit_holds_over_a_restart(self, project: Project) -> None:
        for _ in range(4):
            builders.document(project)
        run = started(project, limit=3)
        with pytest.raises(Cancelled):
            label_runs.run(run.pk, Watched(stop_after=2))
        run.refresh_from_db()
        assert run.documents == 2
        watched = Watched()
        label_runs.run(run.pk, watched)
        run.refresh_from_db()
        assert (run.documents, run.labels) == (3, 12)
        assert watched.steps[0] == (1, 1)

    def test_a_run_done_twice_doubles_nothing(self, project: Project) -> None:
        builders.document(project)
        run = started(project)
        label_runs.run(run.pk, Silent())
        label_runs.run(run.pk, Silent())
        assert Label.objects.count() == 4

    def test_one_run_of_a_project_at_a_time(self, project: Project) -> None:
        run = label_runs.start(project, teacher="rules")
        assert run.job is not None
        assert (run.job.kind, run.job.subject) == ("label", run.pk)
        with pytest.raises(Conflict, match="still going on"):
            label_runs.start(project, teacher="rules")
        Job.objects.update(state=Job.State.DONE)
        label_runs.start(project, teacher="rules")

    def test_an_unknown_teacher_is_refused(self, project: Project) -> None:
        for call in (
            lambda: label_runs.start(project, teacher="oracle"),
            lambda: label_runs.estimate(project, "oracle"),
            lambda: label_runs.teacher_name("oracle"),
        ):
            with pytest.raises(Invalid, match="no teacher 'oracle'"):
                call()
        assert label_runs.teacher_name(None) == "rules"

    def test_a_run_of_a_deleted_project_is_nothing(self) -> None:
        label_runs.run(4711, Silent())
