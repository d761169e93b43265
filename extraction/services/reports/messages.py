"""Sentences of this stage for people."""

from extraction.domain.json_types import JsonObject
from extraction.services.reports.promotion import Concern
from extraction.services.reports.verdict import Measure, Verdict
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


def of_verdict(verdict: Verdict) -> str:
    """One sentence where both measures agree, else two that say so."""
    mean = f"by mean ANLS ({_figures(verdict.mean)})"
    whole = f"by documents with every field right ({_figures(verdict.all_fields)})"
    standing, other = verdict.mean.standing.value, verdict.all_fields.standing.value
    plural = "" if verdict.documents == 1 else "s"
    on = f"on {verdict.documents:,} document{plural}"
    if verdict.agree:
        return f"{verdict.student} is {standing} its teacher {verdict.teacher} {on}: {mean} and {whole}."
    return (
        f"{verdict.student} is {standing} its teacher {verdict.teacher} {on} {mean}, but {other} it {whole}. "
        "The two measures disagree: a service that needs whole documents goes by the second."
    )


def _figures(measure: Measure) -> str:
    return f"{100 * measure.student:.1f} against {100 * measure.teacher:.1f} %"
