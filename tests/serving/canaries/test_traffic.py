"""Who answers: a share of the documents by content, whatever the entry point, and never where a model is named."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from extraction.models import Canary, Extraction, ExtractionBatch, Job, ModelVersion, Project
from extraction.services import storage
from extraction.services.jobs import execution
from extraction.services.serving import registry
from extraction.services.serving.canaries import lifecycle, traffic
from extraction.services.serving.canaries.lifecycle import Wanted
from tests.serving.batches.sending import URL as BATCHES
from tests.serving.canaries.worlds import Says, kept, send, slip
from tests.support.programs import ROOT

pytestmark = pytest.mark.django_db
URL = f"{ROOT}/projects/slips/extract"


def hashes(count: int) -> list[str]:
    return [hashlib.sha256(str(number).encode()).hexdigest() for number in range(count)]


def test_the_share_is_drawn_by_content_and_canary(candidate: ModelVersion) -> None:
    first = lifecycle.start(candidate, Wanted(share=10))
    drawn = {sha256 for sha256 in hashes(4000) if traffic.takes(first, sha256)}
    assert 300 < len(drawn) < 500
    assert drawn == {sha256 for sha256 in hashes(4000) if traffic.takes(Canary.objects.get(), sha256)}
    lifecycle.stop(candidate.project)
    second = lifecycle.start(candidate, Wanted(share=10))
    assert drawn != {sha256 for sha256 in hashes(4000) if traffic.takes(second, sha256)}


def test_files_outside_of_the_share_are_answered_as_ever(
    project: Project, candidate: ModelVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    canary = lifecycle.start(candidate, Wanted(share=1))
    monkeypatch.setattr(traffic, "takes", lambda canary, sha256: False)
    assert send(project, 1) == "first"
    assert not canary.compared.exists()


def test_every_entry_point_follows_the_canary(caller: Client, client: Client, canary: Canary) -> None:
    assert caller.post(URL, {"file": slip(1)}).json()["model"] == "second"

    waiting = caller.post(f"{URL}?mode=async", {"file": slip(2)}).json()
    execution.run(Job.objects.get(kind="extract").pk)
    assert caller.get(f"{ROOT}/extractions/{waiting['id']}").json()["model"] == "second"

    batch = caller.post(BATCHES, {"file": [slip(3)]}).json()
    execution.run(Job.objects.get(kind="extract_batch").pk)
    results = b"".join(caller.get(f"{ROOT}/batches/{batch['id']}/results").streaming_content)  # type: ignore[attr-defined]
    assert b'"model": "second"' in results

    client.force_login(canary.project.members.get())
    assert client.post(reverse("api_try", args=["slips"]), {"file": slip(4)}).status_code == 200
    assert set(Extraction.objects.values_list("model__name", flat=True)) == {"second"}
    assert canary.compared.count() == 4


@pytest.mark.parametrize("name", ["first", "second"])
def test_a_named_model_is_never_overridden(caller: Client, canary: Canary, name: str) -> None:
    assert caller.post(f"{URL}?model={name}", {"file": slip(1)}).json()["model"] == name
    caller.post(f"{URL}?model={name}&mode=async", {"file": slip(2)})
    caller.post(f"{BATCHES}?model={name}", {"file": [slip(3)]})
    for job in Job.objects.filter(kind__in=["extract", "extract_batch"]):
        execution.run(job.pk)
    assert set(Extraction.objects.values_list("model__name", "state")) == {(name, "done")}
    assert not canary.compared.exists()


def test_the_same_file_again_is_answered_alike_and_compared_once(project: Project, canary: Canary) -> None:
    assert [send(project, 7), send(project, 7)] == ["second", "second"]
    assert canary.compared.count() == 1


class TestFailure:
    """A candidate that fails harms no caller."""

    @pytest.fixture
    def _failing(self, says: dict[str, Says]) -> None:
        def fail(number: int) -> str:
            raise RuntimeError("torn weights")

        says["second"] = fail

    @pytest.mark.usefixtures("_failing")
    def test_the_serving_version_answers(self, caller: Client, canary: Canary) -> None:
        answer = caller.post(URL, {"file": slip(1)}).json()
        assert (answer["model"], answer["fields"]["total"]["value"]) == ("first", "1.00")
        waiting = caller.post(f"{URL}?mode=async", {"file": slip(2)}).json()
        execution.run(Job.objects.get(kind="extract").pk)
        assert caller.get(f"{ROOT}/extractions/{waiting['id']}").json()["model"] == "first"
        canary.refresh_from_db()
        assert (canary.failures, canary.state) == (2, "running")

    @pytest.mark.usefixtures("_failing")
    def test_after_some_it_is_rolled_back(self, project: Project, canary: Canary) -> None:
        for number in range(traffic.MOST_FAILURES):
            assert send(project, number) == "first"
        canary.refresh_from_db()
        assert (canary.state, canary.ending) == ("rolled_back", "failures")
        assert send(project, 99) == "first"

    def test_one_that_cannot_be_loaded(
        self, project: Project, canary: Canary, says: dict[str, Says], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        del says["second"]
        assert send(project, 1) == "first"

    def test_a_document_that_cannot_be_kept(
        self, project: Project, canary: Canary, monkeypatch: pytest.MonkeyPatch, data_dir: Path
    ) -> None:
        def full(*arguments: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(storage, "keep_copy", full)
        assert send(project, 1) == "second"
        assert not canary.compared.exists()
        assert not kept(data_dir)


class TestEnd:
    """What waits when a canary ends finishes; what comes after it goes to the serving version."""

    def test_a_waiting_extraction_keeps_its_model(self, caller: Client, project: Project, canary: Canary) -> None:
        waiting = caller.post(f"{URL}?mode=async", {"file": slip(1)}).json()
        lifecycle.roll_back(project)
        execution.run(Job.objects.get(kind="extract").pk)
        assert caller.get(f"{ROOT}/extractions/{waiting['id']}").json()["model"] == "second"
        assert send(project, 1) == "first"
        assert not canary.compared.exists()

    def test_the_rest_of_a_batch_goes_to_the_serving_version(
        self, caller: Client, project: Project, canary: Canary
    ) -> None:
        caller.post(BATCHES, {"file": [slip(1)]})
        lifecycle.roll_back(project)
        execution.run(Job.objects.get(kind="extract_batch").pk)
        assert ExtractionBatch.objects.get().state == "done"
        assert Extraction.objects.get().model.name == "first"

    def test_after_promotion_the_candidate_answers_all(self, project: Project, canary: Canary) -> None:
        lifecycle.promote(project)
        assert send(project, 1) == "second"
        assert registry.serving(project) == canary.candidate
