"""Sentences about stored answers for people."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from extraction.services.serving.answers.shown import Standing

STANDINGS = {
    Standing.ACCEPTED: gettext_lazy("accepted unseen"),
    Standing.DOUBTFUL: gettext_lazy("doubtful"),
    Standing.CHECK: gettext_lazy("to be checked"),
    Standing.OPEN: "",
}
