from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from extraction.domain.errors import quoted
from extraction.management.base import KdCommand, Terminal
from extraction.management.consent import agreed
from extraction.models import LabelRun, Project
from extraction.services.errors import Invalid
from extraction.services.jobs import execution
from extraction.services.projects import projects
from extraction.services.teaching import label_runs, messages, teachers
from extraction.services.teaching.batches import importing, summaries
from extraction.services.teaching.estimates import Estimate, Summary


class Command(KdCommand[Summary | Estimate]):
    help = "Lets a teacher label what it has not labelled yet."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug")
        parser.add_argument("--teacher", metavar="NAME", help="default: the installation's, KD_TEACHER")
        parser.add_argument(
            "--prompt", type=int, metavar="N", help="version of the prompt, 0 for kdweb's own words; default: in force"
        )
        parser.add_argument(
            "--method",
            choices=teachers.METHODS,
            default=teachers.METHODS[0],
            help="what a request to a model asks for: to fill all fields (default), to list every labelled value, or a "
            "single field (not with batches)",
        )
        parser.add_argument(
            "--doubtful",
            action="store_true",
            help="only documents with a doubtful first answer: unsure, of low confidence, contradicted, not on a page",
        )
        parser.add_argument(
            "--select",
            choices=LabelRun.Selection.values,
            default=LabelRun.Selection.OLDEST.value,
            help="documents that come first under a limit or budget: the oldest (default), or those that teach most",
        )
        parser.add_argument("--limit", type=int, metavar="N", help="ask for at most so many documents")
        parser.add_argument("--budget", metavar="USD", help="stop before more dollars than that are spent")
        how = parser.add_mutually_exclusive_group()
        how.add_argument(
            "--batch", action="store_true", help="send batches at half the price; a worker fetches the answers"
        )
        how.add_argument(
            "--export-batch", metavar="FILE", type=Path, help="write the requests into files to hand in yourself"
        )
        how.add_argument(
            "--import-batch", metavar="FILE", type=Path, help="take over the answers to batches of an earlier run"
        )
        parser.add_argument("--dry-run", action="store_true", help="tell documents, tokens and dollars; label nothing")
        parser.add_argument("--yes", action="store_true", help="agree that pictures go to an outside provider")

    def run(self, options: Mapping[str, Any]) -> Summary | Estimate:
        project = projects.find(options["slug"])
        if options["import_batch"]:
            return self._import(project, options["import_batch"])
        delivery, target = _delivery(options), options["export_batch"]
        if target and not options["dry_run"]:
            _check_target(target)
        named = label_runs.teacher_name(options["teacher"], delivery)
        teacher, limit = teachers.by_method(named, options["method"]), _limit(options["limit"])
        doubtful, selection = options["doubtful"], LabelRun.Selection(options["select"])
        if unknown := teachers.unknown_words(teacher, project):
            self.stderr.write(f"{teacher}: {unknown}")
        estimate = label_runs.estimate(
            project,
            teacher,
            limit,
            prompt=options["prompt"],
            doubtful=doubtful,
            selection=selection,
            delivery=delivery,
        )
        if options["dry_run"]:
            return estimate
        run = label_runs.label_here(
            project,
            Terminal("Labelling"),
            teacher=teacher,
            prompt=options["prompt"],
            limit=limit,
            budget=_dollars(options["budget"]),
            consent=agreed(estimate.consent, yes=options["yes"]),
            doubtful=doubtful,
            selection=selection,
            delivery=delivery,
        )
        for path in summaries.export(run, target) if target else ():
            self.stderr.write(f"{path} is to be handed in.")
        return Summary.of(run)

    def _import(self, project: Project, file: Path) -> Summary:
        run = importing.run_of(project, file)
        imported, job = importing.take(run, file, send=False)
        execution.run_now(job, Terminal("Storing"), name="Taking over answers")
        self.stderr.write(imported.sentence)
        run.refresh_from_db()
        return Summary.of(run)

    def show(self, result: Summary | Estimate) -> None:
        summary = result.summary if isinstance(result, Estimate) else result
        self.stdout.write(f"{summary.teacher}: {summary.documents} documents, {summary.labels} labels.")
        self.stdout.write(
            f"{summary.refusals} refusals, {summary.malformed} malformed answers, "
            f"{summary.failures} without an answer, "
            f"{summary.tokens.input} + {summary.tokens.output} tokens, {summary.usd:.4f} dollars."
        )
        for line in messages.picked(summary.reasons):
            self.stdout.write(f"- {line}")
        if isinstance(result, Estimate) and not result.priced:
            self.stdout.write("Nobody here knows the price of this model.")
        if isinstance(result, Estimate) and result.unanswerable:
            self.stdout.write(f"It never answers for {', '.join(result.unanswerable)}; people can fill that in.")
        if summary.awaited:
            self.stdout.write(f"{summary.awaited} documents are in batches whose answers are still to come.")
        if summary.stopped_because:
            self.stdout.write(summary.stopped_because)

    def failed(self, result: Summary | Estimate) -> bool:
        return isinstance(result, Summary) and bool(result.failures)


def _delivery(options: Mapping[str, Any]) -> LabelRun.Delivery:
    if options["export_batch"]:
        return LabelRun.Delivery.FILE
    return LabelRun.Delivery.BATCH if options["batch"] else LabelRun.Delivery.DIRECT


def _check_target(target: Path) -> None:
    """Before anything is written: a run would be under way for a file that cannot be made."""
    if not target.parent.is_dir() or target.exists():
        raise Invalid(f"{target} must name a new file in a folder that is there.")


def _limit(limit: int | None) -> int | None:
    if limit is not None and limit < 1:
        raise Invalid(f"--limit must be at least 1, not {limit}.")
    return limit


def _dollars(text: str | None) -> Decimal | None:
    if text is None:
        return None
    try:
        dollars = Decimal(text)
    except InvalidOperation:
        raise Invalid(f"--budget must be a number of dollars, not {quoted(text)}.") from None
    if not dollars.is_finite() or dollars < 0:
        raise Invalid(f"--budget must be 0 or more dollars, not {quoted(text)}.")
    return dollars
