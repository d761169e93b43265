"""Sentences about serving models."""

from django.utils.translation import gettext

from extraction.domain.errors import gettext_noop
from extraction.models import ModelVersion

REMEDY = gettext_noop(
    "Promote another model of the project, or train one again from the same labels; until then it answers 409."
)


def unusable(model: ModelVersion) -> str:
    sentence = gettext(
        "The model %(model)s serves %(project)s and cannot be used: it is of another version of kdweb, or its files "
        "are gone."
    )
    return sentence % {"model": model, "project": model.project}
