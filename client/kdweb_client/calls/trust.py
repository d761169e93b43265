# Made by client/generate.py from the OpenAPI document.
"""Where they fail, how far to trust them, and what has changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kdweb_client.calling import Calls, address
from kdweb_client.schemas.trust import Cause, ComparedDocument, Drift, LearningCurve, Miss, Trust


class TrustCalls(Calls):
    """Where they fail, how far to trust them, and what has changed."""

    def drift(self) -> Drift:
        """What comes in against what was learned from.

        The last check of the serving model; one is made a day.
        """
        return self._object(Drift, "GET", address("projects", self._project, "drift"))

    def learning_curve(self) -> LearningCurve:
        """Quality against labels, minutes and dollars.

        Of the project's models, and what the next hundred labels would bring.
        """
        return self._object(LearningCurve, "GET", address("projects", self._project, "learning-curve"))

    def compare_systems(
        self, id: int, *, left: str = "", right: str = "", field: str = "", show: Any = "all"
    ) -> Iterator[ComparedDocument]:
        """Two systems side by side.

        Document by document, the newest first.

        `left`: The student by default, else the first system.
        `right`: The first other system by default.
        `field`: All fields by default.
        """
        return self._list(
            ComparedDocument,
            address("projects", self._project, "reports", id, "compare"),
            query={"left": left, "right": right, "field": field, "show": show},
        )

    def report_misses(
        self, id: int, *, system: str = "", field: str = "", cause: Cause | None = None
    ) -> Iterator[Miss]:
        """List the misses of a system.

        Every answer that is not right, with what went wrong and what became of the label since.

        `system`: The student by default, else the first.
        `field`: All fields by default.
        """
        return self._list(
            Miss,
            address("projects", self._project, "reports", id, "misses"),
            query={"system": system, "field": field, "cause": cause},
        )

    def report_trust(self, id: int, *, system: str = "", field: str = "", target: float = 0.02) -> Trust:
        """How far confidences come true.

        Reliability, accuracy at coverage, and the threshold for a share of wrong answers.

        `system`: The student by default, else the first.
        `field`: All fields by default.
        `target`: Share of wrong answers that may be accepted.
        """
        return self._object(
            Trust,
            "GET",
            address("projects", self._project, "reports", id, "trust"),
            query={"system": system, "field": field, "target": target},
        )
