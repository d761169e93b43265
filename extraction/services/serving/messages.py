"""Sentences about serving models."""

from extraction.models import ModelVersion

REMEDY = "Promote another model of the project, or train one again from the same labels; until then it answers 409."


def unusable(model: ModelVersion) -> str:
    return (
        f"The model {model} serves {model.project} and cannot be used: it is of another version of kdweb, or its files "
        "are gone."
    )
