"""Training runs by program: started, watched, refused."""

from django.test import Client

from extraction.domain.learning.label_audit import LabelAudit, LabelCounts
from extraction.models import Job, Project, Source, TrainingRun, User
from extraction.services.labels import store
from tests.support import builders
from tests.support.programs import ROOT, SCORES, model

URL = f"{ROOT}/projects/slips"


def labelled(project: Project) -> None:
    for _ in range(2):
        store.write(builders.document(project), "total", "3.30", source=Source.TEACHER, teacher="rules")


def test_a_training_run_is_queued_once_and_can_be_watched(caller: Client, project: Project, owner: User) -> None:
    labelled(project)
    wanted = {"name": "second", "labels": "teacher", "config": {"base": "tiny"}, "minutes": 2}
    response = caller.post(f"{URL}/training-runs", wanted, content_type="application/json")
    answer = response.json()
    assert response.status_code == 202
    assert (answer["state"], answer["labels"], answer["minutes"], answer["seed"]) == ("queued", "teacher", 2, 0)
    run = TrainingRun.objects.get()
    assert run.author == owner
    assert response.headers["Location"] == f"{URL}/training-runs/{run.pk}"
    TrainingRun.objects.update(curve=[{"step": 10, "seconds": 1.0, "loss": 2.0}], validation=SCORES)
    Job.objects.update(state=Job.State.FAILED, error="The disk is full.")
    watched = caller.get(response.headers["Location"]).json()
    assert (watched["state"], watched["error"], watched["model"]) == ("failed", "The disk is full.", None)
    assert watched["curve"][0]["loss"] == 2.0
    assert watched["validation"] == SCORES | {"groups": {}}
    assert watched["advice"] == []
    TrainingRun.objects.update(job=None)
    assert caller.get(response.headers["Location"]).json()["state"] == "cancelled"
    again = caller.post(f"{URL}/training-runs", wanted, content_type="application/json")
    assert again.status_code == 409
    assert TrainingRun.objects.count() == 1


def test_a_run_gives_advice(caller: Client, project: Project) -> None:
    row = model(project, "first")
    audit = LabelAudit(documents=40, without_words=2, fields={"total": LabelCounts(found=0, unfound=38)})
    TrainingRun.objects.filter(pk=row.run_id).update(label_audit=audit.to_json(), validation={})
    answer = caller.get(f"{URL}/training-runs/{row.run_id}").json()
    assert [(piece["code"], piece["data"]) for piece in answer["advice"]] == [
        ("unread_documents", {"count": 2, "documents": 40}),
        ("unfound_labels", {"field": "total", "unfound": 38, "stated": 38}),
    ]
    assert answer["advice"][0]["sentence"].startswith("On 2 documents of 40 no words were read")
    # There were no validation documents.
    assert answer["validation"] is None


def test_a_finished_job_without_a_model_is_a_failure(caller: Client, project: Project) -> None:
    labelled(project)
    caller.post(f"{URL}/training-runs", {"name": "second"}, content_type="application/json")
    Job.objects.update(state=Job.State.DONE)
    run = TrainingRun.objects.get()
    assert caller.get(f"{URL}/training-runs/{run.pk}").json()["state"] == "failed"


def test_a_run_that_made_a_model_names_it(caller: Client, project: Project) -> None:
    row = model(project, "first")
    answer = caller.get(f"{URL}/training-runs/{row.run_id}").json()
    assert (answer["state"], answer["model"]) == ("done", "first")
    assert caller.get(f"{URL}/training-runs/{row.run_id + 1}").status_code == 404


def test_what_cannot_be_trained_is_refused(caller: Client, project: Project) -> None:
    def refusal(**wanted: object) -> dict[str, object]:
        response = caller.post(f"{URL}/training-runs", wanted, content_type="application/json")
        assert response.status_code == 422
        problem: dict[str, object] = response.json()
        return problem

    assert "has labels" in str(refusal(name="second")["detail"])
    assert refusal(name="second", minutes=0)["errors"] == [
        {"pointer": "/body/minutes", "detail": "Input should be greater than 0"}
    ]
    assert "reserved" in str(refusal(name="teacher")["detail"])
    labelled(project)
    assert "no-such-setting" in str(refusal(name="second", config={"no-such-setting": 1})["detail"])
    assert "printable" in str(refusal(name="second", config={"base": "tiny\0"})["detail"])
