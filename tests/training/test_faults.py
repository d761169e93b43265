"""What goes wrong in training is told in one sentence on the run, loses nothing, and leaves the serving model alone."""

import errno
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import torch
from django.utils import timezone

from extraction.domain.pages import Page
from extraction.domain.progress import Silent
from extraction.engines.student import checkpoints
from extraction.engines.student.layout.network import export
from extraction.engines.student.layout.training import trainer
from extraction.models import Job, ModelVersion, Project, Source, TrainingRun
from extraction.services import storage
from extraction.services.errors import Invalid
from extraction.services.jobs import execution, queue
from extraction.services.labels import store
from extraction.services.labels.store import LabelInput
from extraction.services.serving import registry
from extraction.services.training import training_runs
from tests.support import builders

pytestmark = pytest.mark.django_db

# Without reading the documents first, which takes most of so short a run.
TINY = {"base": "tiny", "epochs": 4, "pretrain": 0}
# Files that torch writes for one checkpoint: optimizer, scheduler, random states, arguments.
SAVED = 4


@pytest.fixture
def project() -> Project:
    """Twenty-four labelled documents."""
    held = builders.project()
    totals = [f"{number + 1}.{number}0" for number in range(24)]
    documents = [builders.document(held, "BEAN THERE SDN BHD", f"Total {total}") for total in totals]
    inputs = [
        LabelInput(document, "total", total, Source.TEACHER, teacher="rules")
        for document, total in zip(documents, totals, strict=True)
    ]
    store.write_many(held, inputs)
    return held


@pytest.fixture
def serving(project: Project) -> ModelVersion:
    """A model that serves."""
    run = training_runs.start(project, name="old", config=TINY, send=False)
    stage = ModelVersion.Stage.PRODUCTION
    return ModelVersion.objects.create(
        project=project, run=run, name="old", folder="old", sha256="0" * 64, bytes=1, stage=stage
    )


def fail(project: Project, **changed: Any) -> TrainingRun:
    """A run that ends in a refusal, as the worker does it; its row."""
    run = training_runs.start(project, name="first", config={**TINY, **changed})
    execution.run(run.job_id)  # type: ignore[arg-type]
    run = TrainingRun.objects.select_related("job").get(pk=run.pk)
    assert run.job is not None
    assert run.job.state == Job.State.FAILED
    assert run.job.error == run.stopped_because
    assert not ModelVersion.objects.filter(run=run).exists()
    assert list(ModelVersion.objects.filter(stage="production").values_list("name", flat=True)) in ([], ["old"])
    return run


def raising(error: Exception, *, times: int = 1, after: int = 0) -> Callable[..., Any]:
    """Something that fails as `error`, at its call number `after` and for `times` calls."""
    left = {"serving/calls": 0}

    def failing(do: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any, **named: Any) -> Any:
            left["serving/calls"] += 1
            if after < left["serving/calls"] <= after + times:
                raise error
            return do(*given, **named)

        return call

    return failing


def with_labels(values: dict[str, str | None], pages: list[Page] | None = None) -> Project:
    held = builders.project()
    for _ in range(4):
        document = builders.document(held, pages=pages)
        for field, value in values.items():
            store.write(document, field, value, source=Source.TEACHER, teacher="rules")
    return held


@pytest.mark.parametrize(
    ("values", "pages", "sentence"),
    [
        ({"company": "Nowhere At All Inc"}, None, "None of the labels was found on the pages"),
        ({"company": None, "total": None}, None, "Every label says that its field is not on the document"),
        ({"company": "Bean There"}, [builders.page()], "No words were read on any of the documents"),
    ],
)
def test_nothing_to_learn_is_told_apart(values: dict[str, str | None], pages: list[Page] | None, sentence: str) -> None:
    run = fail(with_labels(values, pages))
    assert run.stopped_because.startswith(sentence)
    assert run.audit is not None
    stated = sum(value is not None for value in values.values())
    # Of all four documents, those held out too.
    assert run.audit.reasons == ({"unfound": 4 * stated} if stated else {})


@pytest.mark.slow
def test_a_field_that_is_never_found_is_not_guessed(project: Project) -> None:
    for document in project.documents.all():
        store.write(document, "company", "Nowhere At All Inc", source=Source.TEACHER, teacher="rules")
    run = training_runs.start(project, name="first", config=TINY, send=False)
    model = training_runs.run(run.pk, Silent())
    run.refresh_from_db()
    assert "Company: no label teaches it, so it will be answered as not on the document." in run.log
    assert "Date: no label teaches it" in run.log
    assert run.audit is not None
    assert run.audit.fields["company"].found == 0
    assert run.audit.sources == {"teacher": 48}
    for document in project.documents.all()[:4]:
        answers = registry.predictor(model).predict(document.domain_pages())
        assert answers["company"].value is None
        assert answers["date"].value is None
    assert run.validation is not None
    assert run.validation["fields"]["company"]["anls"] == 0


@pytest.mark.slow
def test_a_full_disk_at_a_checkpoint_loses_nothing_before_it(
    project: Project, serving: ModelVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = raising(OSError(errno.ENOSPC, "No space left on device"), after=SAVED)
    monkeypatch.setattr(torch, "save", full(torch.save))
    run = fail(project, epochs=12)
    assert "The disk is full" in run.stopped_because
    assert "last checkpoint" in run.stopped_because
    [saved] = (storage.path(run.folder) / "checkpoint").glob("checkpoint-*")
    monkeypatch.undo()
    model = training_runs.run(training_runs.again(run).pk, Silent())
    assert model.name == "first"
    run.refresh_from_db()
    assert f"Going on from step {checkpoints.step(saved)}" in run.log
    serving.refresh_from_db()
    assert serving.stage == ModelVersion.Stage.PRODUCTION


@pytest.mark.slow
def test_a_full_disk_at_the_model_leaves_no_half_of_it(
    project: Project, serving: ModelVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    def torn(model: Any, path: str) -> None:
        Path(path).write_bytes(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(export, "save_model", torn)
    run = fail(project)
    assert "The disk is full" in run.stopped_because
    assert not (storage.path(run.folder) / "model.safetensors").exists()
    assert checkpoints.last(storage.path(run.folder) / "checkpoint") is not None
    monkeypatch.undo()
    assert training_runs.run(training_runs.again(run).pk, Silent()).name == "first"


@pytest.mark.parametrize(
    ("error", "batch", "advice"),
    [
        (MemoryError(), 4, "batch = 2 (now 4)"),
        (RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried"), 4, "batch = 2"),
        (RuntimeError("CUDA out of memory. Tried to allocate"), 1, "window = 256 (now 512)"),
        (OSError(errno.ENOMEM, "Cannot allocate memory"), 4, "batch = 2"),
        (MemoryError(), 0, "the setting batch = 1, or"),
    ],
)
def test_memory_that_runs_out_tells_what_to_do(
    project: Project, monkeypatch: pytest.MonkeyPatch, error: Exception, batch: int, advice: str
) -> None:
    monkeypatch.setattr(trainer, "loss", raising(error)(trainer.loss))
    run = fail(project, batch=batch)
    assert "The memory of the machine ran out" in run.stopped_because
    assert advice in run.stopped_because


def test_an_encoder_that_is_not_there_is_named(project: Project, serving: ModelVersion, tmp_path: Path) -> None:
    run = fail(project, base=str(tmp_path / "absent"))
    assert f"The encoder '{tmp_path / 'absent'}' cannot be loaded" in run.stopped_because


def test_a_folder_without_an_encoder_is_named(project: Project, tmp_path: Path) -> None:
    run = fail(project, base=str(tmp_path))
    assert str(tmp_path) in run.stopped_because
    assert "cannot be loaded: there is none of this name, or its files are not those" in run.stopped_because


def test_any_other_fault_is_no_sentence_for_people(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trainer, "loss", raising(RuntimeError("a bug"))(trainer.loss))
    run = fail(project)
    assert run.stopped_because == "Something went wrong: RuntimeError (see the log)."


@pytest.mark.slow
def test_a_written_model_that_answers_otherwise_is_refused(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "TOLERANCE", -1.0)
    run = fail(project)
    assert "differ" in run.stopped_because


def test_a_worker_that_is_killed_again_and_again_speaks_of_memory(project: Project, settings: Any) -> None:
    run = training_runs.start(project, name="first", config=TINY)
    for _ in range(settings.JOB_MAX_ATTEMPTS):
        assert execution.claim(run.job_id) is not None  # type: ignore[arg-type]
        Job.objects.update(heartbeat=timezone.now() - timedelta(days=1))
        queue.requeue_lost()
    job = Job.objects.get(pk=run.job_id)
    assert job.state == Job.State.FAILED
    assert "memory" in job.error
    assert "smaller batch" in job.error
    run.refresh_from_db()
    assert run.stopped_because == job.error


def test_a_refusal_is_one_for_commands_too(project: Project, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="cannot be loaded"):
        training_runs.train_here(project, name="first", config={"base": str(tmp_path / "absent")}, progress=Silent())
