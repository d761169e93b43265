"""Sentences of this stage for people: the languages of a project's documents."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext, gettext_lazy

from extraction.domain.languages import Language, names

LANGUAGES_SAVED = gettext_lazy("Saved. Documents that another engine reads now are read again; labels stay.")


def languages_found(codes: Sequence[str]) -> str:
    """What the first documents show."""
    return names(codes) if codes else gettext("nothing yet; the first documents tell.")


def missing_data(missing: Sequence[Language]) -> str:
    """What cannot be read for want of data, and the command that brings them; empty where nothing is missing."""
    if not missing:
        return ""
    packages = " ".join(language.package for language in missing)
    which = names([language.code for language in missing])
    sentence = gettext(
        "Letters of %(languages)s are not read, because their data are missing: apt-get install %(packages)s"
    )
    return sentence % {"languages": which, "packages": packages}
