"""What a deleted document leaves elsewhere is erased: reports, audits, answers, hints, jobs, pre-trained weights."""

from __future__ import annotations

import os
from io import BytesIO

import pytest
from django.utils import timezone

from extraction.domain.results.reports import WrongAnswer
from extraction.models import (
    Canary,
    CanaryDocument,
    CrossCheck,
    Deletion,
    Extraction,
    Forgetting,
    Hint,
    Job,
    Label,
    LabelImport,
    Project,
    Report,
    TrainingRun,
)
from extraction.services import storage
from extraction.services.documents.label_files import imports as label_files
from extraction.services.privacy import deletions
from extraction.services.privacy.forgetting.verify import Place, verify
from extraction.services.training import snapshots
from tests.privacy import worlds
from tests.support import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return builders.project()


def places(project: Project) -> set[Place]:
    [document] = verify(project).documents
    return {left.place for left in document.left}


def folds(project: Project) -> list[int]:
    """The number of cross-checks whose folds have learned the deleted document."""
    [document] = verify(project).documents
    return [left.number for left in document.left if left.place is Place.CROSS_CHECKS]


def test_reports_keep_their_figures_and_lose_the_text(project: Project) -> None:
    gone, stays = worlds.labelled(project, 2, split="test")
    errors = [WrongAnswer(row.pk, row.name, "total", "1.10", "7.70", 0.1) for row in (gone, stays)]
    value = builders.report_value(builders.reported("first", "student", 0.9, errors=errors))
    report = Report.objects.create(project=project, value=value.to_json())
    worlds.delete(gone)
    assert Place.REPORTS in places(project)
    deletions.settle()
    report.refresh_from_db()
    restored = report.as_domain()
    assert restored is not None
    assert [error.document for error in restored.systems[0].errors] == [stays.pk]
    assert restored.systems[0].scores == value.systems[0].scores
    assert places(project) == set()


def test_a_report_that_was_under_way_loses_it_later(project: Project) -> None:
    gone = worlds.labelled(project, 1, split="test")[0]
    key = gone.pk
    worlds.delete(gone)
    deletions.settle()
    errors = [WrongAnswer(key, gone.name, "total", "1.10", "7.70", 0.1)]
    value = builders.report_value(builders.reported("first", "student", 0.9, errors=errors))
    Report.objects.create(project=project, value=value.to_json())
    assert places(project) == {Place.REPORTS}
    deletions.erase_late_traces()
    assert places(project) == set()


def test_audits_lose_their_lines_about_it(project: Project) -> None:
    gone, stays = worlds.labelled(project, 2)
    listed = [{"document": row.sha256, "field": "total", "reasons": ["unfound"]} for row in (gone, stays)]
    run = TrainingRun.objects.create(project=project, name="old", label_audit={"documents": 2, "listed": listed})
    worlds.delete(gone)
    deletions.settle()
    run.refresh_from_db()
    assert run.audit is not None
    assert [issue.document for issue in run.audit.listed] == [stays.sha256]


def test_answers_about_the_same_file_are_emptied(project: Project) -> None:
    gone, stays = worlds.labelled(project, 2)
    model = worlds.trained_without_labels(project)
    for row in (gone, stays):
        Extraction.objects.create(
            project=project,
            model=model,
            name=row.name,
            sha256=row.sha256,
            state="done",
            fields={"total": {}},
            unsure=True,
        )
    worlds.delete(gone)
    assert Place.ANSWERS in places(project)
    deletions.settle()
    emptied = Extraction.objects.get(sha256=gone.sha256)
    assert (emptied.state, emptied.fields) == (Extraction.State.FAILED, None)
    # Like any other that failed it says nothing about its values.
    assert emptied.as_domain().unsure is None
    assert emptied.name != gone.name
    assert Extraction.objects.get(sha256=stays.sha256).fields == {"total": {}}
    assert places(project) == set()


def test_what_canaries_keep_of_the_same_file(project: Project) -> None:
    gone, stays = worlds.labelled(project, 2)
    first, second = (worlds.trained_without_labels(project, name) for name in ("first", "second"))
    canary = Canary.objects.create(project=project, candidate=second, serving=first, share=10)
    folder = storage.canary_folder(project)
    folder.mkdir(parents=True)
    (folder / "waits").write_bytes(b"slip")
    kept = {"canary": canary, "name": "slip.pdf", "serving": {"total": {}}}
    CanaryDocument.objects.create(**kept, sha256=gone.sha256, file=storage.relative(folder / "waits"))
    other = CanaryDocument.objects.create(**kept, sha256=stays.sha256)
    worlds.delete(gone)
    assert Place.CANARIES in places(project)
    deletions.settle()
    assert canary.compared.get() == other
    assert not (folder / "waits").exists()
    assert places(project) == set()
    # The same bytes, sent afterwards, are none of what was deleted.
    CanaryDocument.objects.create(**kept, sha256=gone.sha256)
    deletions.erase_late_traces()
    assert canary.compared.count() == 2


def test_hints_that_were_written_from_it(project: Project) -> None:
    gone, _ = worlds.labelled(project, 2)
    label = Label.objects.filter(document=gone).latest("pk")
    columns = {"project": project, "field": "total", "difference": "other", "corrections": [label.pk]}
    proposed = Hint.objects.create(**columns, text="Not 1.10.", state=Hint.State.PROPOSED)
    Hint.objects.create(**columns, text="Not 1.10.", state=Hint.State.ADOPTED)
    worlds.delete(gone)
    deletions.settle()
    proposed.refresh_from_db()
    assert (proposed.text, proposed.state) == ("", Hint.State.REJECTED)
    # One in the prompt is for a person to judge.
    assert places(project) == {Place.HINTS}


def test_label_files_that_may_hold_it(project: Project) -> None:
    gone, stays = worlds.labelled(project, 2)
    content = f'{{"file": "{gone.name}", "total": "1.00"}}\n'.encode()
    rows = {
        state: label_files.add(project, f"{state}.jsonl", BytesIO(content), format="jsonl", source="teacher")
        for state in ("mapping", "loaded")
    }
    for state, row in rows.items():
        LabelImport.objects.filter(pk=row.pk).update(state=state, lines=[[1, f"{gone.name} is not in the project."]])
    worlds.delete(gone)
    assert Place.LABEL_FILES in places(project)
    later = label_files.add(project, "later.jsonl", BytesIO(content), format="jsonl", source="teacher")
    LabelImport.objects.filter(pk=later.pk).update(state="mapping")
    deletions.settle()
    assert Place.LABEL_FILES not in places(project)
    assert not any(storage.path(row.file).exists() for row in rows.values())
    assert storage.path(later.file).exists()
    assert dict(LabelImport.objects.values_list("name", "state")) == {
        "mapping.jsonl": "refused",
        "loaded.jsonl": "loaded",
        "later.jsonl": "mapping",
    }
    assert Label.objects.filter(document=stays).exists()


def test_pretrained_weights_and_jobs_go(project: Project) -> None:
    gone = builders.document(project)
    Job.objects.create(kind="read", project=project, subject=gone.pk, state=Job.State.FAILED, error=gone.name)
    weights = storage.project_folder(project) / "pretrained" / "abc.safetensors"
    weights.parent.mkdir(parents=True)
    weights.write_bytes(b"weights")
    worlds.delete(gone)
    assert Place.PRETRAINED in places(project)
    deletions.settle()
    assert not weights.exists()
    assert not Job.objects.filter(kind="read").exists()
    assert places(project) == set()


def test_weights_of_before_on_another_machine_go_there(project: Project) -> None:
    worlds.delete(builders.document(project))
    deletions.settle()
    old, new = (storage.project_folder(project) / "pretrained" / f"{name}.safetensors" for name in ("old", "new"))
    old.parent.mkdir(parents=True)
    for path in (old, new):
        path.write_bytes(b"weights")
    os.utime(old, (1, 1))
    deletions.drop_outdated_weights()
    assert (old.exists(), new.exists()) == (False, True)


def test_what_a_stopped_cross_check_had_learned_goes(project: Project) -> None:
    gone, stays = worlds.labelled(project, 2)
    made = {"project": project, "snapshot": snapshots.freeze(project), "folds": 2, "minutes": 1, "kind": "layout"}
    checks = []
    for state in (Job.State.FAILED, Job.State.RUNNING):
        job = Job.objects.create(kind="cross_check", project=project, subject=1, state=state)
        checks.append(CrossCheck.objects.create(**made, parts=[[gone.pk], [stays.pk]], job=job))
    stopped, going_on = (
        storage.cross_check_folder(project) / str(each.pk) / "0" / "checkpoint" / "samples" for each in checks
    )
    for path in (stopped, going_on):
        path.parent.mkdir(parents=True)
        path.write_bytes(b"words")
    worlds.delete(gone)
    assert folds(project) == [2]
    deletions.settle()
    assert (stopped.exists(), going_on.exists()) == (False, True)
    assert folds(project) == [1]


def test_folds_of_before_on_another_machine_go_there(project: Project) -> None:
    worlds.delete(builders.document(project))
    deletions.settle()
    old, new = (storage.cross_check_folder(project) / name / "0" / "samples" for name in ("1", "2"))
    for path in (old, new):
        path.parent.mkdir(parents=True)
        path.write_bytes(b"words")
    os.utime(old, (1, 1))
    deletions.drop_outdated_folds()
    assert (old.exists(), new.exists()) == (False, True)


def test_checkpoints_of_before_on_another_machine_go_there(project: Project) -> None:
    run = TrainingRun.objects.create(project=project, name="first", folder="projects/1/models/first")
    other = TrainingRun.objects.create(project=project, name="other", folder="projects/1/models/other")
    Forgetting.objects.create(project=project, run=run, documents=[], state="not_needed", files_deleted=timezone.now())
    Forgetting.objects.create(project=project, run=other, documents=[])
    old, new, owed = (
        storage.path(each.folder) / "checkpoint" / f"checkpoint-{step}" / "model.safetensors"
        for each, step in ((run, 10), (run, 20), (other, 10))
    )
    for path in (old, new, owed):
        path.parent.mkdir(parents=True)
        path.write_bytes(b"weights")
        os.utime(path, (1, 1))
    # This one the run wrote after it had begun anew.
    os.utime(new)
    deletions.drop_outdated_checkpoints()
    assert [path.exists() for path in (old, new, owed)] == [False, True, True]


def test_the_same_bytes_again_are_another_document(project: Project) -> None:
    gone = builders.document(project)
    worlds.delete(gone)
    deletions.settle()
    again = builders.document(project)
    assert again.sha256 == gone.sha256
    kept = storage.document_folder(again) / "original.jpg"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"picture")
    assert places(project) == set()


def test_a_deletion_that_was_settled_is_not_settled_again(project: Project) -> None:
    worlds.delete(builders.document(project))
    assert deletions.settle() == 1
    assert deletions.settle() == 0
    assert Deletion.objects.get().settled is not None
