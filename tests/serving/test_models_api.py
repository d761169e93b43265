"""Models by program: listed with their scores, and promoted."""

from django.test import Client
from pytest_django import DjangoAssertNumQueries

from extraction.models import Job, Project, TrainingRun, User
from extraction.services.serving import registry
from tests.support.programs import AUTHORISING, ROOT, SCORES, model

URL = f"{ROOT}/projects/slips"


def test_models_are_listed_with_their_scores(
    caller: Client, project: Project, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    model(project, "first", "production")
    for number in range(4):
        row = model(project, f"next-{number}")
    TrainingRun.objects.filter(pk=row.run_id).update(validation=SCORES)
    with django_assert_max_num_queries(AUTHORISING + 1):
        results = caller.get(f"{URL}/models").json()["results"]
    assert [held["name"] for held in results] == ["next-3", "next-2", "next-1", "next-0", "first"]
    assert (results[0]["stage"], results[0]["validation"], results[0]["training_run"]) == (
        "candidate",
        SCORES | {"groups": {}},
        row.run_id,
    )
    assert (results[-1]["stage"], results[-1]["validation"]) == ("production", None)
    part = caller.get(f"{URL}/models", {"limit": 3}).json()
    rest = caller.get(f"{URL}/models", {"limit": 3, "cursor": part["next"]}).json()
    assert [held["name"] for held in rest["results"]] == ["next-0", "first"]
    assert rest["next"] is None


def test_a_promoted_model_serves_and_promoting_it_again_changes_nothing(
    caller: Client, project: Project, owner: User
) -> None:
    model(project, "first", "production")
    model(project, "second")
    for _ in range(2):
        response = caller.post(f"{URL}/models/second/promote")
        assert (response.status_code, response.json()["stage"]) == (200, "production")
    serving = registry.serving(project)
    assert serving is not None
    assert serving.name == "second"
    assert Job.objects.get(kind="predict").author == owner


def test_an_unknown_model_is_not_promoted(caller: Client, project: Project) -> None:
    response = caller.post(f"{URL}/models/ghost/promote")
    assert response.status_code == 404
    assert response.json()["detail"] == "Project slips has no model named 'ghost'."
