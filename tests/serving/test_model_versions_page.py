"""Models: which serves, promoting and rolling back, comparing, downloading."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from extraction.models import Job, ModelVersion, Project, Report, Role, Source, TrainingRun, User
from extraction.services import storage
from extraction.services.labels import store
from extraction.services.training import training_runs
from extraction.web.serving import model_versions
from tests.support import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return builders.user("olga")


@pytest.fixture
def project(owner: User) -> Project:
    held = builders.project("receipts", owner=owner)
    for _ in range(2):
        store.write(builders.document(held), "total", "3.30", source=Source.TEACHER, teacher="rules")
    return held


@pytest.fixture
def page(client: Client, owner: User) -> Client:
    client.force_login(owner)
    return client


def model(
    project: Project, name: str, anls: float = 0.8, stage: str = "candidate", rows: float | None = None
) -> ModelVersion:
    run = training_runs.start(project, name=name, config={"base": "tiny"})
    score = {"n": 2, "anls": anls, "anls_ci95": [anls - 0.1, anls + 0.1], "exact": anls, "normalized_exact": anls}
    run.validation = {
        "documents": 2,
        "mean_anls": anls,
        "mean_anls_ci95": [anls - 0.1, anls + 0.1],
        "all_fields": anls,
        "fields": {"total": score},
    }
    if rows is not None:
        run.validation["groups"] = {"items": builders.group_score(rows).to_json()}
    run.save()
    folder = storage.path(run.folder)
    folder.mkdir(parents=True)
    (folder / "model.onnx").write_bytes(b"graph")
    return ModelVersion.objects.create(
        project=project, run=run, name=name, folder=run.folder, sha256="0" * 64, bytes=24_000_000, stage=stage
    )


def listing(page: Client, **query: str) -> str:
    response = page.get(reverse("models", args=["receipts"]), query)
    assert response.status_code == 200
    return response.content.decode()


def test_without_a_model_the_page_leads_to_training(page: Client, project: Project) -> None:
    text = listing(page)
    assert "There is no model yet" in text
    assert reverse("training", args=["receipts"]) in text


def test_versions_show_stage_scores_and_lineage(page: Client, project: Project) -> None:
    first = model(project, "first", 0.75, "production")
    text = listing(page)
    assert "Serving" in text
    assert "75.0 %" in text
    assert "22.9" in text
    assert first.run.snapshot is not None
    assert first.run.snapshot.sha256[:12] in text


def test_versions_show_the_rows_that_they_read(page: Client, owner: User) -> None:
    held = builders.project("receipts", owner=owner, schema=builders.WITH_ROWS)
    store.write(builders.document(held), "total", "3.30", source=Source.TEACHER, teacher="rules")
    model(held, "old", 0.5)
    model(held, "first", 0.5, "production", rows=0.612)
    model(held, "second", 0.5, rows=0.712)
    text = listing(page)
    assert "Items, cell F1" in text
    dialog = text[text.index("Promote second?") :]
    assert dialog.index("71.2 %") < dialog.index("61.2 %")
    compared = listing(page, left="first", right="second")
    compared = compared[compared.index("Compare") :]
    for words in ("Cell F1", "Row F1", "ANLS*", "61.2 %", "71.2 %", "+10.0", "51 % – 71 %"):
        assert words in compared, words
    assert "+10.0" not in listing(page, left="old", right="second")


def test_without_groups_models_show_no_rows(page: Client, project: Project) -> None:
    model(project, "first")
    assert "cell F1" not in listing(page)


def test_versions_name_their_encoder_and_its_licence(page: Client, project: Project) -> None:
    made = model(project, "first")
    assert "not for commercial use" not in listing(page)
    encoder = {"base": "a/b", "title": "LayoutLMv3", "licence": "CC BY-NC-SA 4.0: not for commercial use"}
    TrainingRun.objects.filter(pk=made.run_id).update(encoder=encoder)
    assert "Started from LayoutLMv3 (CC BY-NC-SA 4.0: not for commercial use)." in listing(page)


def test_promoting_makes_the_model_serve_and_asks_for_its_answers(page: Client, project: Project) -> None:
    first, second = model(project, "first", stage="production"), model(project, "second")
    response = page.post(reverse("model_promote", args=["receipts", "second"]))
    first.refresh_from_db()
    second.refresh_from_db()
    assert response.status_code == 302
    assert (first.stage, second.stage) == ("archived", "production")
    assert Job.objects.filter(kind="predict", subject=second.pk).exists()


def test_the_dialog_shows_what_it_would_replace(page: Client, project: Project) -> None:
    model(project, "first", 0.9, "production")
    model(project, "second", 0.95)
    value = builders.report_value(builders.reported("rules", "teacher", 0.875))
    Report.objects.create(project=project, value=value.to_json())
    text = " ".join(listing(page).split())
    dialog = text[text.index("Promote second?") :]
    for part in ("95.0 %", "candidate", "90.0 %", "serving", "87.5 %", "teacher"):
        assert part in dialog
    assert "all the same" not in dialog


@pytest.mark.parametrize(
    ("anls", "teacher", "documents", "sentence"),
    [
        (0.7, None, 90, "It reads worse than the model that serves now."),
        (0.85, 0.9, 90, "It reads worse than the teacher."),
        (0.95, None, 7, "It learned from fewer than 25 documents."),
        (None, None, 90, "It was not measured"),
    ],
)
def test_a_worse_model_takes_a_second_word(
    page: Client, project: Project, anls: float | None, teacher: float | None, documents: int, sentence: str
) -> None:
    model(project, "first", 0.8, "production")
    second = model(project, "second", anls or 0.0)
    audit = {"documents": documents, "without_words": 0, "fields": {}, "checked": 0, "issues": 0}
    audit |= {"reasons": {}, "listed": [], "errors": {}, "sources": {}}
    TrainingRun.objects.filter(pk=second.run_id).update(label_audit=audit)
    if anls is None:
        TrainingRun.objects.filter(pk=second.run_id).update(validation={})
    if teacher is not None:
        value = builders.report_value(builders.reported("rules", "teacher", teacher))
        Report.objects.create(project=project, value=value.to_json())
    text = listing(page)
    assert sentence in text
    assert "Promote it all the same" in text
    refused = page.post(reverse("model_promote", args=["receipts", "second"]))
    assert refused.status_code == 409
    assert sentence in refused.content.decode()
    assert project.model_versions.get(stage="production").name == "first"
    page.post(reverse("model_promote", args=["receipts", "second"]), {"confirmed": "yes"})
    assert project.model_versions.get(stage="production").name == "second"


def test_rolling_back_brings_the_last_one_back(page: Client, project: Project) -> None:
    model(project, "first")
    model(project, "second")
    for name in ("first", "second"):
        page.post(reverse("model_promote", args=["receipts", name]))
    assert "Roll back to first?" in listing(page)
    page.post(reverse("roll_back", args=["receipts"]))
    assert project.model_versions.get(stage="production").name == "first"
    # The newer one comes back, which is no roll-back, and what serves now is not offered.
    assert "Roll back" not in listing(page)
    assert "Serve second again?" in listing(page)
    page.post(reverse("roll_back", args=["receipts"]))
    assert "Serve first again?" in listing(page)
    page.post(reverse("model_promote", args=["receipts", "first"]))
    page.post(reverse("model_promote", args=["receipts", "second"]))
    assert "Roll back to first?" in listing(page)


def test_rolling_back_without_a_past_is_refused(page: Client, project: Project) -> None:
    model(project, "first", stage="production")
    assert "again?" not in listing(page)
    assert "Roll back" not in listing(page)
    assert page.post(reverse("roll_back", args=["receipts"])).status_code == 409


def test_a_link_promotes_nothing(page: Client, project: Project) -> None:
    model(project, "first")
    assert page.get(reverse("model_promote", args=["receipts", "first"])).status_code == 405


def test_unknown_models_are_not_found(page: Client, project: Project) -> None:
    assert page.post(reverse("model_promote", args=["receipts", "nobody"])).status_code == 404
    assert page.get(reverse("model_file", args=["receipts", "nobody", "model.onnx"])).status_code == 404


def test_two_versions_are_compared(page: Client, project: Project) -> None:
    model(project, "first", 0.70)
    model(project, "second", 0.85)
    text = listing(page, left="first", right="second")
    assert "+15.0" in text
    assert "different frozen labels" not in text


def test_versions_from_other_labels_are_compared_with_a_warning(page: Client, project: Project) -> None:
    model(project, "first")
    store.write(builders.document(project), "total", "3.30", source=Source.TEACHER, teacher="rules")
    model(project, "second")
    assert "different frozen labels" in listing(page, left="first", right="second")


def test_comparing_with_an_unknown_name_shows_the_page_without_a_comparison(page: Client, project: Project) -> None:
    model(project, "first")
    assert "percentage points" not in listing(page, left="first", right="<script>")


def test_files_are_downloads(page: Client, project: Project) -> None:
    model(project, "first")
    response: Any = page.get(reverse("model_file", args=["receipts", "first", "model.onnx"]))
    assert b"".join(response.streaming_content) == b"graph"
    assert response["Content-Disposition"] == 'attachment; filename="first-model.onnx"'
    assert reverse("model_file", args=["receipts", "first", "model.onnx"]) in listing(page)


@pytest.mark.parametrize("name", ["..", "secret", ".%2e", "..%2f..%2f..%2f..%2fsecret"])
def test_only_files_of_the_model_can_be_downloaded(page: Client, project: Project, name: str, data_dir: Path) -> None:
    model(project, "first")
    (data_dir / "secret").write_text("key")
    assert page.get(f"/projects/receipts/models/first/files/{name}").status_code == 404


def test_a_model_whose_files_are_gone_is_still_listed(page: Client, project: Project) -> None:
    storage.remove(storage.path(model(project, "first").folder))
    assert "The files of this model are gone." in listing(page)


def test_a_viewer_looks_and_cannot_promote(client: Client, project: Project) -> None:
    model(project, "first")
    client.force_login(builders.member(project, Role.VIEWER))
    assert "Promote" not in listing(client)
    assert client.post(reverse("model_promote", args=["receipts", "first"])).status_code == 403


def test_the_serving_model_is_listed_however_many_are_newer(
    page: Client, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_versions, "LISTED", 2)
    for name in ("oldest", "old"):
        model(project, name)
        page.post(reverse("model_promote", args=["receipts", name]))
    for number in range(3):
        model(project, f"more-{number}")
    text = listing(page)
    assert "old stops serving and oldest serves again." in text
    assert '<tr id="old"' in text
    assert "more-0" not in text


def test_the_number_of_queries_does_not_grow_with_the_versions(
    page: Client, project: Project, django_assert_max_num_queries: Any
) -> None:
    model(project, "first", stage="production")
    with django_assert_max_num_queries(25) as first:
        listing(page)
    for number in range(4):
        model(project, f"more-{number}")
    with django_assert_max_num_queries(len(first.captured_queries)):
        listing(page)
