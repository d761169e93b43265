"""Training pages: what is started, what is refused with nothing lost, what a run shows."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from extraction.domain.evaluation.scoring import Evaluation
from extraction.domain.learning.label_audit import LabelAudit
from extraction.domain.learning.training import StopReason
from extraction.models import Document, Job, ModelVersion, Project, Role, Source, TrainingRun, User
from extraction.services.jobs import execution
from extraction.services.labels import store
from extraction.services.training import training_runs
from tests.support import builders

pytestmark = pytest.mark.django_db

CURVE = [{"step": step, "seconds": step, "loss": 3 / (step + 1), "anls": step / 100} for step in range(0, 100, 10)]
TYPED = {"name": "first", "labels": "best", "minutes": "5", "seed": "3", "config": 'base = "tiny"\nepochs = 2'}


@pytest.fixture
def owner() -> User:
    return builders.user("olga")


@pytest.fixture
def project(owner: User) -> Project:
    held = builders.project("receipts", owner=owner)
    for _ in range(3):
        store.write(builders.document(held), "total", "3.30", source=Source.TEACHER, teacher="rules")
    return held


@pytest.fixture
def page(client: Client, owner: User) -> Client:
    client.force_login(owner)
    return client


def post(page: Client, **typed: str) -> Any:
    return page.post(reverse("training", args=["receipts"]), {**TYPED, "anyway": "on", **typed})


def started(project: Project, **values: Any) -> TrainingRun:
    run = training_runs.start(project, name=values.pop("name", "first"), config={"base": "tiny"})
    TrainingRun.objects.filter(pk=run.pk).update(**values)
    run.refresh_from_db()
    return run


def show(page: Client, run: TrainingRun, **headers: str) -> str:
    response = page.get(reverse("training_run", args=["receipts", run.pk]), headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def test_training_on_too_little_takes_a_second_word(page: Client, project: Project) -> None:
    """What it comes to is known before it starts, so that nobody waits for a model that reads nothing."""
    text = page.get(reverse("training", args=["receipts"])).content.decode()
    assert "A student learns little from" in text
    assert "25 are a start, 200 give the best results." in text
    refused = post(page, anyway="")
    assert refused.status_code == 400
    assert "Say so if it is to be trained on so few documents." in refused.content.decode()
    assert not project.training_runs.exists()
    assert post(page).status_code == 302


def test_with_enough_labels_nothing_is_asked(page: Client, project: Project) -> None:
    for _ in range(25):
        document = builders.document(project)
        for field in project.schema.names:
            store.write(document, field, "3.30", source=Source.TEACHER, teacher="rules", spans=())
    text = page.get(reverse("training", args=["receipts"])).content.decode()
    assert "learns little" not in text
    assert "Train all the same" not in text
    assert post(page, anyway="").status_code == 302


def test_labels_that_were_taken_back_are_not_enough(page: Client, project: Project) -> None:
    for _ in range(25):
        document = builders.document(project)
        store.write(document, "total", "3.30", source=Source.REVIEWER, spans=())
        store.write(document, "total", None, source=Source.REVIEWER, withdrawn=True)
    assert "A student learns little from" in page.get(reverse("training", args=["receipts"])).content.decode()


def test_fields_with_few_labels_are_named(page: Client, project: Project) -> None:
    for _ in range(25):
        store.write(builders.document(project), "total", "3.30", source=Source.TEACHER, teacher="rules", spans=())
    text = page.get(reverse("training", args=["receipts"])).content.decode()
    assert "Few labels to learn from: company (0)" in text
    assert "total (" not in text


def test_a_project_without_labels_says_where_to_get_some(client: Client, owner: User) -> None:
    builders.project("empty", owner=owner)
    client.force_login(owner)
    text = client.get(reverse("training", args=["empty"])).content.decode()
    assert "Nothing was trained yet" in text
    assert reverse("teacher", args=["empty"]) in text


def test_the_form_suggests_a_name_and_counts_documents(page: Client, project: Project) -> None:
    text = page.get(reverse("training", args=["receipts"])).content.decode()
    assert 'value="student-1"' in text
    assert "Best of each field (3 documents)" in text
    assert "Truth (0 documents)" in text


def test_the_suggested_name_is_free(page: Client, project: Project) -> None:
    started(project, name="student-2")
    assert 'value="student-3"' in page.get(reverse("training", args=["receipts"])).content.decode()


def test_a_run_is_started_with_what_was_typed(page: Client, project: Project, owner: User) -> None:
    response = post(page)
    run = project.training_runs.get()
    assert response["Location"] == reverse("training_run", args=["receipts", run.pk])
    assert (run.name, run.labels, run.minutes, run.seed, run.author) == ("first", "best", 5, 3, owner)
    assert run.config == {"base": "tiny", "epochs": 2}
    assert run.job is not None
    assert run.job.state == Job.State.QUEUED


def test_settings_may_be_json(page: Client, project: Project) -> None:
    post(page, config='{"epochs": 4}')
    assert project.training_runs.get().config == {"epochs": 4}


@pytest.mark.parametrize("running", [False, True])
def test_a_state_is_said_once(page: Client, project: Project, running: bool) -> None:
    run = started(project)
    Job.objects.filter(pk=run.job_id).update(state=Job.State.RUNNING if running else Job.State.FAILED)
    text = show(page, run)
    assert text.count('class="job"') == running
    assert (text.count(">Running<"), text.count(">Failed<")) == (int(running), int(not running))


def test_encoders_are_offered_with_their_licences(page: Client, project: Project) -> None:
    text = page.get(reverse("training", args=["receipts"])).content.decode()
    free, unfree = text.split('<optgroup label="Not for commercial use">')
    assert "MiniLM, built in (Apache-2.0)" in free
    assert "LiLT, English (MIT)" in free
    assert "LayoutLMv3 (CC BY-NC-SA 4.0)" in unfree


def test_the_encoder_of_the_installation_is_the_usual_one(page: Client, project: Project, settings: Any) -> None:
    settings.KD_STUDENT_BASE = "someone/bros-small"
    text = page.get(reverse("training", args=["receipts"])).content.decode()
    assert '<option value="" selected>someone/bros-small (Apache-2.0)</option>' in text


def test_a_run_shows_the_encoder_that_it_was_started_with(page: Client, project: Project, settings: Any) -> None:
    settings.KD_STUDENT_BASE = "someone/bros-small"
    run = training_runs.start(project, name="first")
    settings.KD_STUDENT_BASE = ""
    text = show(page, run)
    assert "someone/bros-small" in text
    assert "MiniLM" not in text


@pytest.mark.parametrize(
    "typed", [{"encoder": "microsoft/layoutlmv3-base"}, {"other": "microsoft/layoutlmv3-base", "config": ""}]
)
def test_a_chosen_encoder_is_a_setting_of_the_run(page: Client, project: Project, typed: dict[str, str]) -> None:
    post(page, **{"config": "epochs = 2", **typed})
    run = project.training_runs.get()
    assert run.config["base"] == "microsoft/layoutlmv3-base"
    text = show(page, run)
    assert "LayoutLMv3" in text
    assert "not for commercial use" in text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"config": 'base = "a/b"', "encoder": "microsoft/layoutlmv3-base"}, "More than one encoder is named"),
        ({"config": "", "other": "a/b", "encoder": "microsoft/layoutlmv3-base"}, "More than one encoder is named"),
        ({"config": "epochs = "}, "The text of the settings is not valid TOML"),
        ({"config": '{"epochs": }'}, "The text of the settings is not valid JSON"),
        ({"config": '[{"epochs": 1}]'}, "The settings must be one JSON object."),
        ({"config": "epoch = 3"}, "is unknown"),
        ({"config": "epochs = 1.5"}, "whole number"),
        ({"config": "epochs = 5000"}, "must lie between"),
        ({"name": "../up"}, "letters, digits"),
        ({"name": "teacher"}, "reserved"),
        ({"name": ""}, "This field is required."),
        ({"minutes": "soon"}, "Enter a number."),
        ({"minutes": "nan"}, "Enter a number."),
        ({"minutes": "0"}, "greater than or equal"),
        ({"seed": "-1"}, "greater than or equal"),
        ({"seed": "2147483648"}, "at most 2147483647"),
        ({"labels": "truth"}, "No document of the split train"),
        ({"labels": "gossip"}, "Select a valid choice."),
    ],
)
def test_what_cannot_be_used_is_said_and_nothing_typed_is_lost(
    page: Client, project: Project, typed: dict[str, str], sentence: str
) -> None:
    response = post(page, **typed)
    text = response.content.decode()
    assert response.status_code == 400
    assert sentence in text
    assert "epochs = 2" in text or "config" in typed
    for value in typed.values():
        assert value.replace('"', "&quot;") in text
    assert not project.training_runs.exists()


def test_a_taken_name_is_refused(page: Client, project: Project) -> None:
    started(project)
    response = post(page)
    assert response.status_code == 400
    assert "already has a training run named first" in response.content.decode()


def test_a_viewer_looks_and_cannot_start(client: Client, project: Project) -> None:
    client.force_login(builders.member(project, Role.VIEWER))
    assert "Start training" not in client.get(reverse("training", args=["receipts"])).content.decode()
    assert post(client).status_code == 403


def test_the_list_takes_the_same_number_of_queries_for_any_number_of_runs(
    page: Client, project: Project, django_assert_max_num_queries: Any
) -> None:
    url = reverse("training", args=["receipts"])
    with django_assert_max_num_queries(25) as first:
        page.get(url)
    for number in range(5):
        started(project, name=f"run-{number}")
    with django_assert_max_num_queries(len(first.captured_queries)):
        page.get(url)


def test_a_running_run_polls_and_shows_its_curves(page: Client, project: Project) -> None:
    run = started(project, curve=CURVE, log="\n".join(f"line {number}" for number in range(40)), seconds=75)
    text = show(page, run)
    assert 'hx-trigger="every 2s, job-ended from:body"' in text
    assert text.count('class="chart"') == 2
    assert "line 39" in text
    assert "line 3\n" not in text


def test_the_documents_are_counted_as_the_run_used_them(page: Client, project: Project) -> None:
    def counted(run: TrainingRun) -> str:
        return " ".join(show(page, run).split())

    Document.objects.filter(pk=project.documents.first().pk).update(split="validation")  # type: ignore[union-attr]
    run = started(project)
    assert "2 to learn from, 1 held out to calibrate the confidence" in counted(run)
    TrainingRun.objects.filter(pk=run.pk).update(label_audit=LabelAudit(documents=40).to_json())
    assert "40 to learn from, others held out to calibrate the confidence" in counted(run)
    TrainingRun.objects.filter(pk=run.pk).update(validation=Evaluation(10, 0.8, (0.7, 0.9), 0.5, {}).to_json())
    assert "40 to learn from, 10 held out to calibrate the confidence" in counted(run)
    assert "Read before" not in counted(run)
    TrainingRun.objects.filter(pk=run.pk).update(pretraining_documents=1200)
    assert "1,200 documents, labelled or not, for their words alone" in counted(run)


def test_the_fragment_is_only_what_changes(page: Client, project: Project) -> None:
    text = show(page, started(project, curve=CURVE), **{"HX-Request": "true"})
    assert text.strip().startswith('<div id="live"')
    assert "<html" not in text
    assert "What it learns from" not in text


def test_the_fragment_does_not_load_what_it_does_not_show(
    page: Client, project: Project, django_assert_max_num_queries: Any
) -> None:
    run = started(project, curve=CURVE)
    with django_assert_max_num_queries(25) as asked:
        show(page, run, **{"HX-Request": "true"})
    assert not [query for query in asked.captured_queries if "extraction_snapshot" in query["sql"]]


def test_polling_ends_with_the_run(page: Client, project: Project) -> None:
    run = started(project, curve=CURVE, stop_reason=StopReason.COMPLETED, epochs_planned=12, epochs_done=12, log="a\nb")
    Job.objects.update(state=Job.State.DONE)
    ModelVersion.objects.create(project=project, run=run, name=run.name, folder="x", sha256="0" * 64, bytes=1)
    text = show(page, run)
    assert "every 2s" not in text
    assert "It had gone through the documents 12 times, as planned." in text
    assert "See the model and promote it" in text
    assert "Go on" not in text


def test_a_failed_run_says_why_and_goes_on_when_asked(page: Client, project: Project) -> None:
    run = started(project)
    Job.objects.update(state=Job.State.FAILED, error="The disk is full.")
    assert "The disk is full." in show(page, run)
    response = page.post(reverse("training_again", args=["receipts", run.pk]))
    run.refresh_from_db()
    assert response.status_code == 302
    assert run.job is not None
    assert run.job.state == Job.State.QUEUED


def test_a_double_click_on_go_on_queues_one_job(page: Client, project: Project) -> None:
    run = started(project)
    Job.objects.update(state=Job.State.CANCELLED)
    answers = [page.post(reverse("training_again", args=["receipts", run.pk])).status_code for _ in range(2)]
    assert answers == [302, 409]
    assert Job.objects.filter(state=Job.State.QUEUED).count() == 1


def test_a_finished_job_without_a_model_is_a_failure_and_can_go_on(page: Client, project: Project) -> None:
    run = started(project)
    Job.objects.update(state=Job.State.DONE)
    text = show(page, run)
    assert ">Failed<" in text
    assert "every 2s" not in text
    assert "Go on" in text


def test_a_run_that_a_command_left_without_a_job_can_go_on(page: Client, project: Project) -> None:
    run = started(project, job=None)
    assert "Go on" in show(page, run)
    assert page.post(reverse("training_again", args=["receipts", run.pk])).status_code == 302


def test_a_run_in_a_command_runs_like_any_other(page: Client, project: Project) -> None:
    run = started(project)
    assert execution.claim(run.job_id) is not None  # type: ignore[arg-type]
    text = show(page, run)
    assert ">Running<" in text
    assert "every 2s" in text
    assert "Go on" not in text
    assert page.post(reverse("training_again", args=["receipts", run.pk])).status_code == 409


def test_a_running_run_cannot_be_started_again(page: Client, project: Project) -> None:
    run = started(project)
    assert page.post(reverse("training_again", args=["receipts", run.pk])).status_code == 409


def test_a_run_of_another_project_is_not_found(page: Client, project: Project, owner: User) -> None:
    other = builders.project("other", owner=owner)
    assert page.get(reverse("training_run", args=[other.slug, started(project).pk])).status_code == 404


def test_validation_figures_are_shown(page: Client, project: Project) -> None:
    score = {"n": 7, "anls": 0.8125, "anls_ci95": [0.7, 0.9], "exact": 0.5, "normalized_exact": 0.75}
    evaluation = {"documents": 7, "mean_anls": 0.8125, "mean_anls_ci95": [0.7, 0.9], "all_fields": 0.5}
    run = started(project, validation={**evaluation, "fields": {"total": score}})
    text = show(page, run)
    assert "81.2 %" in text
    assert "70.0 % – 90.0 %" in text
    assert "Rows of" not in text


def test_validation_figures_of_rows_are_shown(page: Client, project: Project) -> None:
    scores = builders.reported("first", "student", 0.8, groups={"items": 0.612}).scores
    text = show(page, started(project, validation=scores.to_json()))
    assert "Rows of items" in text
    assert "Cells 61.2 %, rows 61.2 %" in text
    assert "51.2 % – 71.2 %" in text
