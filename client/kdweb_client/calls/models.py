# Made by client/generate.py from the OpenAPI document.
"""Versions of the student, and which one serves."""

from __future__ import annotations

from collections.abc import Iterator

from kdweb_client.calling import Calls, address
from kdweb_client.schemas.models import CanaryState, Escalation, Evidence, Guarantees, Model, Promoted


class ModelsCalls(Calls):
    """Versions of the student, and which one serves."""

    def canary(self) -> CanaryState:
        """How a candidate does on a share of the traffic.

        The running canary, else the last one: both versions on the same documents, and what may be said by now.
        """
        return self._object(CanaryState, "GET", address("projects", self._project, "canary"))

    def start_canary(
        self,
        model: str,
        *,
        documents: int = 50,
        margin: float = 0.01,
        promotes: bool = False,
        share: int = 10,
        idempotency_key: str | None = None,
    ) -> CanaryState:
        """Let a candidate answer a share of the documents.

        Calls that name a model are not affected. Refused while another canary runs.

        `model`: The candidate.
        `documents`: So many are compared before it may be promoted.
        `margin`: Mean ANLS (0–1) by which it may be worse at the lower bound.
        `promotes`: It is promoted by itself where it is surely not worse; else it is an offer.
        `share`: Per cent of the documents, drawn by their content.
        `idempotency_key`: A name for this request; one is made up where none is given.
        """
        return self._object(
            CanaryState,
            "POST",
            address("projects", self._project, "canary"),
            body={"model": model, "documents": documents, "margin": margin, "promotes": promotes, "share": share},
            key=idempotency_key,
        )

    def promote_canary(self, *, idempotency_key: str | None = None) -> CanaryState:
        """Make the candidate serve.

        Whatever the figures say.

        `idempotency_key`: A name for this request; one is made up where none is given.
        """
        return self._object(
            CanaryState, "POST", address("projects", self._project, "canary", "promote"), key=idempotency_key
        )

    def roll_back_canary(self, *, idempotency_key: str | None = None) -> CanaryState:
        """Take the candidate out of the traffic.

        Also after it was promoted: the version before serves again. Requests under way are answered by the version
        that they began with.

        `idempotency_key`: A name for this request; one is made up where none is given.
        """
        return self._object(
            CanaryState, "POST", address("projects", self._project, "canary", "rollback"), key=idempotency_key
        )

    def stop_canary(self, *, idempotency_key: str | None = None) -> CanaryState:
        """End the comparison without a verdict.

        The serving version answers everything again.

        `idempotency_key`: A name for this request; one is made up where none is given.
        """
        return self._object(
            CanaryState, "POST", address("projects", self._project, "canary", "stop"), key=idempotency_key
        )

    def escalation(self) -> Escalation:
        """When the teacher reads beside the student.

        Settings, what this month cost and why, and what more money would bring.
        """
        return self._object(Escalation, "GET", address("projects", self._project, "escalation"))

    def change_escalation(
        self,
        active: bool,
        *,
        consent: str = "",
        keep_unsure: bool = False,
        monthly_usd: float = 10.0,
        timeout_seconds: int = 30,
        weights: dict[str, float] | None = None,
    ) -> Escalation:
        """Set when the teacher reads beside the student.

        Replaces all settings. Refused where pictures would leave the machine without `consent`; it holds until it
        is switched off.

        `consent`: Identifier of the provider to which pictures may go: `consent.provider`.
        `keep_unsure`: Files whose answers stay unsure become documents that wait for review, also while it is off.
        `monthly_usd`: Dollars in a calendar month (UTC).
        `timeout_seconds`: Then the student's answer is given alone.
        `weights`: Of fields that differ from 1.
        """
        return self._object(
            Escalation,
            "PUT",
            address("projects", self._project, "escalation"),
            body={
                "active": active,
                "consent": consent,
                "keep_unsure": keep_unsure,
                "monthly_usd": monthly_usd,
                "timeout_seconds": timeout_seconds,
                "weights": weights,
            },
        )

    def measure_escalation(self, *, idempotency_key: str | None = None) -> Escalation:
        """Measure what escalation would bring.

        Reads the validation documents with the serving student; the curve is there once `measuring` is false.

        `idempotency_key`: A name for this request; one is made up where none is given.
        """
        return self._object(
            Escalation, "POST", address("projects", self._project, "escalation", "curve"), key=idempotency_key
        )

    def forgetting(self) -> Evidence:
        """What models owe and have forgotten.

        With the evidence: both snapshots, how the successor was trained, and when the old files were deleted.
        """
        return self._object(Evidence, "GET", address("projects", self._project, "forgetting"))

    def start_forgetting(self, *, idempotency_key: str | None = None) -> Evidence:
        """Begin what is owed now.

        `idempotency_key`: A name for this request; one is made up where none is given.
        """
        return self._object(
            Evidence, "POST", address("projects", self._project, "forgetting", "start"), key=idempotency_key
        )

    def guarantees(self) -> Guarantees:
        """Which answers may be accepted unseen.

        Of the serving model, by field.
        """
        return self._object(Guarantees, "GET", address("projects", self._project, "guarantees"))

    def set_targets(self, targets: dict[str, float | None]) -> Guarantees:
        """Allow wrong answers.

        The share of wrong answers that each field may have among those that are accepted unseen.

        `targets`: From 0.001 to 0.5; null accepts none unseen. Fields that are not named stay as they are.
        """
        return self._object(
            Guarantees, "PATCH", address("projects", self._project, "guarantees"), body={"targets": targets}
        )

    def check_answers(self, *, idempotency_key: str | None = None) -> Guarantees:
        """Check the serving model's answers.

        A worker lets the model read what people checked by now, as it does when a model is promoted.

        `idempotency_key`: A name for this request; one is made up where none is given.
        """
        return self._object(
            Guarantees, "POST", address("projects", self._project, "guarantees", "check"), key=idempotency_key
        )

    def list_models(self) -> Iterator[Model]:
        """List model versions.

        Newest first.
        """
        return self._list(Model, address("projects", self._project, "models"))

    def promote_model(self, name: str, *, idempotency_key: str | None = None) -> Promoted:
        """Make a model serve.

        The model that served before is archived. Promoting the serving model changes nothing. A model that reads
        worse than the serving one or the teacher is promoted all the same: `warnings` say what spoke against it.

        `idempotency_key`: A name for this request; one is made up where none is given.
        """
        return self._object(
            Promoted, "POST", address("projects", self._project, "models", name, "promote"), key=idempotency_key
        )
