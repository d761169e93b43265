"""Sentences of this stage for people."""

from django.utils.translation import gettext, gettext_lazy, ngettext

from extraction.domain.json_types import JsonObject
from extraction.services import figures
from extraction.services.reports.promotion import Concern
from extraction.services.reports.verdict import Measure, Standing, Verdict
from extraction.services.training.sufficiency import MINIMUM

_CONCERNS = {
    Concern.NOT_VALIDATED: gettext_lazy("It was not measured: there were no validation documents."),
    Concern.WORSE_THAN_SERVING: gettext_lazy("It reads worse than the model that serves now."),
    Concern.ROWS_WORSE_THAN_SERVING: gettext_lazy("It reads rows worse than the model that serves now."),
    Concern.WORSE_THAN_TEACHER: gettext_lazy("It reads worse than the teacher."),
    Concern.FEW_DOCUMENTS: gettext_lazy("It learned from fewer than %(number)s documents."),
}
# By both measures.
_AGREE = {
    Standing.BETTER: gettext_lazy(
        "%(student)s is better than its teacher %(teacher)s %(on)s: by mean ANLS (%(mean)s) and by documents with "
        "every field right (%(whole)s)."
    ),
    Standing.LEVEL: gettext_lazy(
        "%(student)s is level with its teacher %(teacher)s %(on)s: by mean ANLS (%(mean)s) and by documents with "
        "every field right (%(whole)s)."
    ),
    Standing.WORSE: gettext_lazy(
        "%(student)s is worse than its teacher %(teacher)s %(on)s: by mean ANLS (%(mean)s) and by documents with "
        "every field right (%(whole)s)."
    ),
}
# By the one and by the other.
_DISAGREE = {
    (Standing.BETTER, Standing.LEVEL): gettext_lazy(
        "%(student)s is better than its teacher %(teacher)s %(on)s by mean ANLS (%(mean)s), but level with it "
        "by documents with every field right (%(whole)s)."
    ),
    (Standing.BETTER, Standing.WORSE): gettext_lazy(
        "%(student)s is better than its teacher %(teacher)s %(on)s by mean ANLS (%(mean)s), but worse than it "
        "by documents with every field right (%(whole)s)."
    ),
    (Standing.LEVEL, Standing.BETTER): gettext_lazy(
        "%(student)s is level with its teacher %(teacher)s %(on)s by mean ANLS (%(mean)s), but better than it "
        "by documents with every field right (%(whole)s)."
    ),
    (Standing.LEVEL, Standing.WORSE): gettext_lazy(
        "%(student)s is level with its teacher %(teacher)s %(on)s by mean ANLS (%(mean)s), but worse than it "
        "by documents with every field right (%(whole)s)."
    ),
    (Standing.WORSE, Standing.BETTER): gettext_lazy(
        "%(student)s is worse than its teacher %(teacher)s %(on)s by mean ANLS (%(mean)s), but better than it "
        "by documents with every field right (%(whole)s)."
    ),
    (Standing.WORSE, Standing.LEVEL): gettext_lazy(
        "%(student)s is worse than its teacher %(teacher)s %(on)s by mean ANLS (%(mean)s), but level with it "
        "by documents with every field right (%(whole)s)."
    ),
}


def of_concern(concern: Concern) -> str:
    return str(_CONCERNS[concern]) % {"number": MINIMUM}


def concern_json(concern: Concern) -> JsonObject:
    """`{"code", "sentence"}`, as programs get it."""
    return {"code": concern.value, "sentence": of_concern(concern)}


def of_verdict(verdict: Verdict) -> str:
    """One sentence where both measures agree, else two that say so, and one for the rows of each group."""
    on = ngettext("on %(count)s document", "on %(count)s documents", verdict.documents)
    values = {
        "student": verdict.student,
        "teacher": verdict.teacher,
        "on": on % {"count": figures.whole(verdict.documents)},
        "mean": _figures(verdict.mean),
        "whole": _figures(verdict.all_fields),
    }
    if verdict.agree:
        sentences = [str(_AGREE[verdict.mean.standing]) % values]
    else:
        sentences = [
            str(_DISAGREE[verdict.mean.standing, verdict.all_fields.standing]) % values,
            gettext("The two measures disagree: a service that needs whole documents goes by the second."),
        ]
    return " ".join([*sentences, *(_of_rows(name, measure) for name, measure in verdict.rows.items())])


def _of_rows(name: str, measure: Measure) -> str:
    """Without a standing: the interval of the lead is not known."""
    return gettext("Rows of %(name)s: cell F1 %(figures)s.") % {"name": name, "figures": _figures(measure)}


def _figures(measure: Measure) -> str:
    student, teacher = figures.decimal(100 * measure.student, 1), figures.percent(measure.teacher)
    return gettext("%(student)s against %(teacher)s") % {"student": student, "teacher": teacher}
