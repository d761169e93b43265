"""Outcomes of an extraction as to the teacher: whether it was asked, and why not."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """`NO_CONSENT`: nobody agreed that pictures go to this teacher's provider. `UNAVAILABLE`: the project's teacher
    cannot be asked here. `FAILED`: it gave no usable answer in time, so the student's stands."""

    OFF = "off"
    NOT_NEEDED = "not_needed"
    NO_BUDGET = "no_budget"
    NO_CONSENT = "no_consent"
    UNAVAILABLE = "unavailable"
    FAILED = "failed"
    DONE = "done"


class AnswerSource(StrEnum):
    """Who gives an answer; `BOTH` say the same."""

    STUDENT = "student"
    TEACHER = "teacher"
    BOTH = "both"
