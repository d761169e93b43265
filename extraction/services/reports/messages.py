"""Sentences of this stage for people."""

from extraction.domain.json_types import JsonObject
from extraction.services.reports.promotion import Concern
from extraction.services.training.sufficiency import MINIMUM

CONCERNS = {
    Concern.NOT_VALIDATED: "It was not measured: there were no validation documents.",
    Concern.WORSE_THAN_SERVING: "It reads worse than the model that serves now.",
    Concern.WORSE_THAN_TEACHER: "It reads worse than the teacher.",
    Concern.FEW_DOCUMENTS: f"It learned from fewer than {MINIMUM} documents.",
}


def concern_json(concern: Concern) -> JsonObject:
    """`{"code", "sentence"}`, as programs get it."""
    return {"code": concern.value, "sentence": CONCERNS[concern]}
