# Made by client/generate.py from the OpenAPI document.
"""Teaching a new version."""

from __future__ import annotations

from typing import Any, Literal

from kdweb_client.calling import Calls, address
from kdweb_client.schemas.training import Automation, CrossCheck, Training


class TrainingCalls(Calls):
    """Teaching a new version."""

    def automation(self) -> Automation:
        """What the project does by itself.

        Its settings, what happens next and when, the open question, and the newest steps.
        """
        return self._object(Automation, "GET", address("projects", self._project, "automation"))

    def answer_automation(self, training_run: int, promote: bool, *, idempotency_key: str | None = None) -> Automation:
        """Answer the open question.

        Promotes the model that the question is about, or keeps the serving one. Refused (409) where the question
        was answered or another model serves by now.

        `training_run`: The one that the question is about.
        `idempotency_key`: A name for this request; one is made up where none is given.
        """
        return self._object(
            Automation,
            "POST",
            address("projects", self._project, "automation", "answer"),
            body={"training_run": training_run, "promote": promote},
            key=idempotency_key,
        )

    def start_cross_check(
        self,
        *,
        config: dict[str, Any] | None = None,
        folds: int = 2,
        minutes: float = 10,
        seed: int = 0,
        idempotency_key: str | None = None,
    ) -> CrossCheck:
        """Check labels with students that did not learn from them.

        Freezes the labels as they are now and queues the work. Refused (409) while a cross-check of the project is
        under way.

        `config`: What differs from the usual student; see docs/student.md.
        `folds`: Into how many parts the documents are dealt: a short training for each.
        `minutes`: Wall clock of all trainings together.
        `idempotency_key`: A name for this request; one is made up where none is given.
        """
        return self._object(
            CrossCheck,
            "POST",
            address("projects", self._project, "cross-checks"),
            body={"config": config, "folds": folds, "minutes": minutes, "seed": seed},
            key=idempotency_key,
        )

    def cross_check(self, id: int) -> CrossCheck:
        """A cross-check.

        How it stands, and what students say about the labels that count now.
        """
        return self._object(CrossCheck, "GET", address("projects", self._project, "cross-checks", id))

    def start_training(
        self,
        name: str,
        *,
        config: dict[str, Any] | None = None,
        labels: Literal["best", "truth", "reviewer", "teacher", "claim"] = "best",
        minutes: float = 20,
        seed: int = 0,
        idempotency_key: str | None = None,
    ) -> Training:
        """Train a model.

        Freezes the labels as they are now and queues the run. A name is given once: a second call with it is
        refused (409), so that a call may be repeated without training twice.

        `name`: Of the run and of the model it makes.
        `config`: What differs from the usual student; see docs/student.md.
        `minutes`: Wall clock at most.
        `idempotency_key`: A name for this request; one is made up where none is given.
        """
        return self._object(
            Training,
            "POST",
            address("projects", self._project, "training-runs"),
            body={"name": name, "config": config, "labels": labels, "minutes": minutes, "seed": seed},
            key=idempotency_key,
        )

    def training_run(self, id: int) -> Training:
        """A training run.

        How it stands, its learning curve, and the model once there is one.
        """
        return self._object(Training, "GET", address("projects", self._project, "training-runs", id))
