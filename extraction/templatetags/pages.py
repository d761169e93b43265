"""What templates of pages need beyond Django: the project's links and figures for people."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext

from extraction.domain.errors import gettext_noop
from extraction.domain.escalation.outcomes import AnswerSource, Outcome
from extraction.domain.results.extraction import CellAnswer, RowAnswer
from extraction.models import Extraction, Job, Role
from extraction.services import figures
from extraction.services.jobs import kinds, queue, workers
from extraction.services.projects.next_step import steps_of
from extraction.services.projects.summaries import ProjectSummary, standing_of
from extraction.services.sentences import translated
from extraction.services.serving.answers import messages as answer_messages
from extraction.services.serving.answers.shown import Standing
from extraction.services.serving.escalation import messages as escalation_messages

register = template.Library()

K = TypeVar("K")
V = TypeVar("V")

# (name of the URL and of its icon, title, whether a line stands above)
LINKS = (
    ("project", gettext_noop("Overview"), False),
    ("documents", gettext_noop("Documents"), False),
    ("teacher", gettext_noop("Teacher"), False),
    ("review", gettext_noop("Review"), False),
    ("questions", gettext_noop("Questions"), False),
    ("training", gettext_noop("Training"), False),
    ("models", gettext_noop("Models"), False),
    ("reports", gettext_noop("Reports"), False),
    ("findings", gettext_noop("Findings"), False),
    ("claim_list", gettext_noop("Claims"), False),
    ("api", "API", False),
    ("fields", gettext_noop("Fields"), True),
    ("members", gettext_noop("Members"), False),
    ("audit_log", gettext_noop("Audit log"), False),
    ("retention", gettext_noop("Retention"), False),
)
# Links for members with a role that goes as far.
NEEDED = {"review": Role.REVIEWER, "questions": Role.REVIEWER, "audit_log": Role.OWNER, "findings": Role.AUDITOR}


@register.inclusion_tag("projects/_project_links.html", takes_context=True)
def project_links(context: dict[str, Any]) -> dict[str, Any]:
    """The pages of the request's project; the one whose path the request's path starts with is current."""
    request = context["request"]
    home = reverse("project", args=[request.access.project.slug])
    links = []
    for name, title, gap in LINKS:
        if not request.access.allows(NEEDED.get(name, Role.VIEWER)):
            continue
        url = reverse(name, args=[request.access.project.slug])
        current = request.path == home if url == home else request.path.startswith(url)
        icon = "overview" if name == "project" else name
        links.append({"url": url, "title": gettext(title), "gap": gap, "current": current, "icon": f"icons/{icon}.svg"})
    return {"links": links}


@register.inclusion_tag("projects/_steps.html", takes_context=True)
def project_steps(context: dict[str, Any]) -> dict[str, Any]:
    """The steps of the request's project with the next one; the overview has counted already."""
    access = context["request"].access
    summary = context.get("summary")
    if not isinstance(summary, ProjectSummary):
        summary = standing_of(access.project, access.roles)
    return {"request": context["request"], "steps": steps_of(summary), "slug": access.project.slug}


@register.simple_tag
def login_provider() -> str:
    """The name of the OpenID provider; empty without one."""
    return settings.KD_OIDC.name if settings.KD_OIDC else ""


@register.simple_tag(takes_context=True)
def way_back(context: dict[str, Any]) -> str:
    """Path of the page that the user came from, if it is one of ours, else of the list of projects."""
    request = context["request"]
    try:
        referrer = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return reverse("projects")
    if referrer.netloc != request.get_host():
        return reverse("projects")
    return str(referrer.path) + (f"?{referrer.query}" if referrer.query else "")


@register.filter
def percent(share: float | str | None, digits: int = 1) -> str:
    """A share from 0 to 1 as a percentage: `0.962` becomes `96.2 %`; what a template did not find (`""`) is none."""
    return "–" if share is None or isinstance(share, str) else figures.percent(share, digits)


@register.filter
def points(difference: float) -> str:
    """A difference of shares in percentage points, with its sign: `-0.0125` becomes `-1.3`."""
    return figures.decimal(100 * difference, 1, sign=True)


@register.filter
def dollars(amount: Decimal | float | str, digits: int | None = None) -> str:
    """A sum for people, see `figures.dollars`: `$12.40`, `$0.0031`, `$0`."""
    return figures.dollars(0 if isinstance(amount, str) else amount, digits)


@register.filter
def duration(seconds: float | None) -> str:
    """Seconds for people: `42 s`, `3 min 5 s`, `2 h 10 min`."""
    if seconds is None:
        return "–"
    whole = max(round(seconds), 0)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min"


@register.filter
def seconds_left(job: Job) -> float | None:
    return queue.seconds_left(job)


@register.filter
def thousandths(share: float) -> str:
    """A coordinate for the overlays, whose view boxes are 1000 wide and high."""
    return f"{1000 * share:.1f}"


@register.filter
def unattended(job: Job) -> bool:
    """Whether the work waits for a worker that does not run."""
    if job.state != Job.State.QUEUED:
        return False
    return any(job.kind in kinds.names(name) for name, alive in workers.alive().items() if not alive)


@register.filter
def job_title(job: Job) -> str:
    """What the work is, in words."""
    return translated(kinds.title(job.kind))


@register.filter
def pairs(mapping: Mapping[K, V]) -> Iterable[tuple[K, V]]:
    """Keys and values of `mapping`, in its order.

    In a template `mapping.items` is the value of the key "items" where there is one, and people name fields.
    """
    return mapping.items()


@register.filter
def answer_source(source: str) -> str:
    """Who gives an answer, in words."""
    return str(escalation_messages.SOURCES[AnswerSource(source)])


@register.filter
def outcome_title(row: Extraction) -> str:
    """What became of asking the teacher about a file; a dash where there is nothing to say."""
    if row.state != Extraction.State.DONE or row.escalated == Outcome.OFF:
        return "–"
    return str(escalation_messages.OUTCOMES[Outcome(row.escalated)])


@register.filter
def spent(row: Extraction) -> str:
    """What the teacher's answer about a file cost; a dash where it gave none."""
    return figures.dollars(row.usd) if row.usd or row.escalated == Outcome.DONE else "–"


@register.filter
def standing_title(standing: Standing) -> str:
    """Whether somebody should look at an answer, in words."""
    return str(answer_messages.STANDINGS[standing])


@register.filter
def cells(row: RowAnswer, columns: Sequence[str]) -> list[CellAnswer | None]:
    """The row's cells by column; `None` where a column has none."""
    return [row.cells.get(name) for name in columns]
