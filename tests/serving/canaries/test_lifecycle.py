"""Starting and ending: what is refused, what is told, and that no request is dropped meanwhile."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import IntegrityError, connection

from extraction.models import AuditEntry, Canary, Job, ModelVersion, Project, WebhookDelivery
from extraction.services.errors import Conflict, Invalid
from extraction.services.serving import registry
from extraction.services.serving.canaries import lifecycle
from extraction.services.serving.canaries.lifecycle import Wanted
from extraction.services.webhooks import endpoints
from extraction.services.webhooks.endpoints import Settings
from tests.serving.canaries.worlds import send
from tests.support.programs import model
from tests.support.servers.workers import wait


@pytest.mark.django_db
class TestStart:
    @pytest.mark.parametrize(
        "wanted",
        [
            Wanted(share=0),
            Wanted(share=51),
            Wanted(share=100),
            Wanted(margin=0),
            Wanted(margin=0.3),
            Wanted(margin=float("nan")),
            Wanted(documents=0),
        ],
    )
    def test_what_is_refused(self, candidate: ModelVersion, wanted: Wanted) -> None:
        with pytest.raises(Invalid):
            lifecycle.start(candidate, wanted)
        assert not Canary.objects.exists()

    def test_the_serving_version(self, serving: ModelVersion) -> None:
        with pytest.raises(Conflict):
            lifecycle.start(serving, Wanted())

    @pytest.mark.usefixtures("says")
    def test_without_a_serving_version(self, project: Project) -> None:
        with pytest.raises(Conflict):
            lifecycle.start(model(project, "second"), Wanted())

    def test_a_second_one(self, project: Project, canary: Canary) -> None:
        with pytest.raises(Conflict):
            lifecycle.start(model(project, "third"), Wanted())
        with pytest.raises(IntegrityError):
            Canary.objects.create(project=project, candidate=canary.candidate, serving=canary.serving, share=5)

    def test_files_that_cannot_be_used(self, candidate: ModelVersion, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(registry, "is_usable", lambda model: False)
        with pytest.raises(Conflict):
            lifecycle.start(candidate, Wanted())

    def test_its_answers_are_checked(self, canary: Canary) -> None:
        """Which of them may be accepted unseen is known only then."""
        assert Job.objects.filter(kind="check_answers", subject=canary.candidate_id).exists()


@pytest.mark.django_db
class TestEnd:
    @pytest.mark.parametrize("end", [lifecycle.promote, lifecycle.stop, lifecycle.roll_back])
    def test_nothing_runs(self, project: Project, end: Any) -> None:
        with pytest.raises(Conflict):
            end(project)

    def test_roll_back_after_promotion(self, project: Project, canary: Canary) -> None:
        lifecycle.promote(project)
        assert lifecycle.reversible(project) == canary
        lifecycle.roll_back(project)
        canary.refresh_from_db()
        assert canary.state == "rolled_back"
        assert registry.serving(project) == canary.serving
        assert project.promotions.first().rolled_back  # type: ignore[union-attr]
        with pytest.raises(Conflict):
            lifecycle.roll_back(project)

    def test_no_roll_back_over_another_promotion(self, project: Project, canary: Canary) -> None:
        lifecycle.promote(project)
        registry.promote(model(project, "third"))
        registry.promote(ModelVersion.objects.get(pk=canary.candidate_id))
        with pytest.raises(Conflict):
            lifecycle.roll_back(project)

    def test_the_audit_log_tells_it(self, project: Project, canary: Canary) -> None:
        lifecycle.promote(project)
        lifecycle.roll_back(project)
        told = AuditEntry.objects.filter(project_number=project.pk).order_by("pk")
        assert [(row.action, row.changes.get("state")) for row in told if row.name in ("first", "second")] == [
            ("canary_started", None),
            ("canary_ended", "promoted"),
            ("model_promoted", None),
            ("canary_ended", "rolled_back"),
            ("model_rolled_back", None),
        ]

    def test_programs_are_told(self, project: Project, canary: Canary) -> None:
        endpoints.create(project, Settings("https://example.com/hook", kinds=("canary.ended", "model.promoted")))
        lifecycle.promote(project)
        told = {each.kind: each.data for each in WebhookDelivery.objects.all()}
        assert set(told) == {"canary.ended", "model.promoted"}
        assert told["canary.ended"]["state"] == "promoted"
        assert (told["canary.ended"]["model"], told["canary.ended"]["ending"]) == ("second", "person")


@pytest.mark.django_db(transaction=True)
def test_no_request_is_dropped_while_versions_change(project: Project, candidate: ModelVersion) -> None:
    """Callers in threads, while a canary is started, promoted and rolled back again and again."""
    errors: list[BaseException] = []
    answered: list[str] = []
    over = threading.Event()

    def call(first: int) -> None:
        number = first
        try:
            while not over.is_set():
                answered.append(send(Project.objects.get(pk=project.pk), number))
                number += 10
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    def answered_more() -> None:
        """Waits until all callers have been answered by what is served now."""
        enough = len(answered) + 2 * len(threads)
        wait(lambda: len(answered) >= enough or errors)

    threads = [threading.Thread(target=call, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for _ in range(6):
        lifecycle.start(ModelVersion.objects.get(pk=candidate.pk), Wanted(share=50))
        answered_more()
        lifecycle.promote(project)
        answered_more()
        lifecycle.roll_back(project)
    over.set()
    for thread in threads:
        thread.join()
    assert errors == []
    assert set(answered) == {"first", "second"}
