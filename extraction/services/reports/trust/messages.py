"""Sentences about trust in a report."""

from __future__ import annotations

from django.utils.translation import gettext

from extraction.domain.trust.pairs import PairCounts
from extraction.services import figures
from extraction.services.reports.trust.comparing import Pair
from extraction.services.reports.trust.curves import Trust

# A difference that chance makes in fewer than so many of a hundred cases is told as one.
SIGNIFICANT = 0.05
# The mean distance of confidence and truth from which confidences are not to be taken at their word.
FAR = 0.05


def of_confidences(trust: Trust) -> str:
    """Whether confidences come true, in two or three sentences."""
    known = trust.confidences
    if known is None:
        return gettext("Reports of earlier versions kept no confidences: write a new one to see them.")
    if not known.count:
        return gettext("%(system)s says of no answer how sure it is.") % {"system": trust.system}
    right = sum(level.right for level in known.levels) / known.count
    sure = sum(level.confidence * level.count for level in known.levels) / known.count
    values = {"system": trust.system, "sure": figures.percent(sure), "right": figures.percent(right)}
    sentences = [gettext("%(system)s is %(sure)s sure on average, and %(right)s of its answers are right.") % values]
    distance = {"distance": figures.decimal(100 * known.calibration_error, 1)}
    if known.calibration_error < FAR:
        sentences.append(
            gettext("Its confidences can be taken at their word: they are %(distance)s points off on average.")
            % distance
        )
    else:
        sentences.append(
            gettext("Its confidences are %(distance)s points off on average: go by the thresholds, not by them.")
            % distance
        )
    if known.auroc is not None:
        sentences.append(
            gettext("Of a right and a wrong answer it is surer of the right one in %(share)s of the cases.")
            % {"share": figures.percent(known.auroc, 0)}
        )
    return " ".join(sentences)


def of_pair(pair: Pair, counts: PairCounts) -> str:
    """Who has more right, and whether that may be chance."""
    values = {
        "left": pair.left,
        "right": pair.right,
        "only_left": figures.whole(counts.only_left),
        "only_right": figures.whole(counts.only_right),
    }
    if counts.only_left == counts.only_right:
        return gettext("Neither has more right: %(only_left)s each that the other has wrong.") % values
    if counts.p_value >= SIGNIFICANT:
        return (
            gettext(
                "%(left)s alone is right on %(only_left)s, %(right)s alone on %(only_right)s: such a difference may be "
                "chance."
            )
            % values
        )
    better = {"better": pair.left if counts.only_left > counts.only_right else pair.right}
    sentence = gettext(
        "%(left)s alone is right on %(only_left)s, %(right)s alone on %(only_right)s: %(better)s is better, which "
        "chance hardly explains."
    )
    return sentence % (values | better)
