"""Starting a cross-check: refusals, one at a time, going on; by the command as well."""

import json
from pathlib import Path
from typing import Any

import pytest

from extraction.domain.progress import Silent
from extraction.models import CrossCheck, Job, Project, RunState, Source
from extraction.services.errors import Conflict, Invalid
from extraction.services.jobs import execution, queue
from extraction.services.labels import store
from extraction.services.projects import projects
from extraction.services.training.cross_checks import checks, work
from tests.support import builders
from tests.support.commands import Command
from tests.training.cross_checks.slips import DOCUMENTS, KEYWORDS, WRONG, slips

pytestmark = pytest.mark.django_db


def failing(*arguments: object) -> None:
    raise Invalid("The disk is full.")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"folds": 1}, "2 to 5 folds"),
        ({"folds": 6}, "2 to 5 folds"),
        ({"minutes": 0}, "minutes"),
        ({"seed": -1}, "seed"),
        ({"config": {"kind": "magic"}}, "magic"),
        ({"config": {"kind": "keywords", "fewest": 0}}, "fewest"),
    ],
)
def test_a_bad_request_starts_nothing(project: Project, options: dict[str, Any], words: str) -> None:
    with pytest.raises(Invalid, match=words):
        checks.start(project, **{"config": KEYWORDS, **options})
    assert not CrossCheck.objects.exists()


def test_too_few_documents_are_refused_in_one_sentence() -> None:
    project = slips(builders.project(), 40)
    with pytest.raises(Invalid, match="in 2 folds needs 50 labelled documents of the split train, and there are 40"):
        checks.start(project, config=KEYWORDS)
    assert checks.start(project, folds=5, config=KEYWORDS).state is RunState.QUEUED


def test_an_unlabelled_project_has_nothing_to_check() -> None:
    project = builders.project()
    builders.document(project)
    with pytest.raises(Invalid, match="and there are 0"):
        checks.start(project)


def test_folders_of_the_server_are_for_superusers(project: Project, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="Only a superuser"):
        checks.start(project, config={"base": str(tmp_path)}, actor=builders.user())


def test_one_at_a_time(project: Project) -> None:
    first = checks.start(project, config=KEYWORDS)
    with pytest.raises(Conflict, match="still under way"):
        checks.start(project, config=KEYWORDS)
    with pytest.raises(Conflict, match="still under way"):
        checks.again(first)
    queue.cancel(Job.objects.get())
    assert checks.start(project, config=KEYWORDS).pk != first.pk


def test_a_complete_one_does_not_go_on(project: Project) -> None:
    row = checks.start(project, config=KEYWORDS)
    execution.run(row.job_id)  # type: ignore[arg-type]
    with pytest.raises(Conflict, match="complete"):
        checks.again(CrossCheck.objects.get())


def test_a_failure_is_told_and_the_same_one_can_go_on(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    row = checks.start(project, config=KEYWORDS)
    with monkeypatch.context() as patch:
        patch.setattr(work, "_store", failing)
        execution.run(row.job_id)  # type: ignore[arg-type]
    row = CrossCheck.objects.select_related("job").get()
    assert (row.state, row.job and row.job.error) == (RunState.FAILED, "The disk is full.")
    checks.again(row)
    execution.run(row.job_id)  # type: ignore[arg-type]
    assert CrossCheck.objects.get().state is RunState.DONE


def test_a_project_without_labels_to_learn_fails_with_a_sentence() -> None:
    project = builders.project()
    for _ in range(DOCUMENTS + 10):
        store.write(builders.document(project), "total", "77.77", source=Source.TEACHER, teacher="model")
    row = checks.start(project, config=KEYWORDS)
    execution.run(row.job_id)  # type: ignore[arg-type]
    assert "nothing to learn from" in Job.objects.get(pk=row.job_id).error


class TestCommand:
    @pytest.fixture
    def config(self, tmp_path: Path) -> Path:
        path = tmp_path / "keywords.toml"
        path.write_text("".join(f"{name} = {json.dumps(value)}\n" for name, value in KEYWORDS.items()))
        return path

    def test_it_checks_and_assesses(self, project: Project, command: Command, config: Path) -> None:
        code, answer = command("cross_check", project.slug, "--config", config)
        assert code == 0
        assert (answer["state"], answer["folds"], answer["documents"]) == ("done", 2, DOCUMENTS)
        counts = {"labels": DOCUMENTS, "agrees": DOCUMENTS - WRONG, "differs": WRONG}
        assert answer["fields"] == [{"field": "total", **counts}]

    def test_it_goes_on_with_one_that_was_stopped(
        self, project: Project, command: Command, config: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(work, "_store", failing)
            assert command("cross_check", project.slug, "--config", config) == (2, "The disk is full.")
        assert CrossCheck.objects.get().state is RunState.FAILED
        assert command("cross_check", project.slug, "--config", config, "--folds", 2)[0] == 0
        assert CrossCheck.objects.get().state is RunState.DONE

    def test_it_takes_up_what_waits_with_the_same_options_alone(self, project: Project) -> None:
        checks.start(project, config=KEYWORDS)
        with pytest.raises(Conflict, match="still under way"):
            checks.check_here(project, Silent(), config=KEYWORDS, folds=3)
        row = checks.check_here(projects.find(project.slug), Silent(), config=KEYWORDS, folds=2)
        assert (CrossCheck.objects.get(), row.state) == (row, RunState.DONE)

    def test_it_refuses_in_one_sentence(self, command: Command, project: Project) -> None:
        code, sentence = command("cross_check", project.slug, "--folds", 9)
        assert (code, sentence) == (2, "A cross-check has from 2 to 5 folds, not 9.")
