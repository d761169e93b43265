import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from extraction.domain.json_types import JsonObject
from extraction.domain.results.reports import ReportedSystem, ReportValue
from extraction.management.base import KdCommand, Terminal
from extraction.models import Project
from extraction.services.errors import Invalid
from extraction.services.operation import demonstration
from extraction.services.reports import reports
from extraction.services.serving import registry

# What the samples' demonstration may take, set-up aside; training gets what the other steps leave of it.
SECONDS = 345
REPORT_SECONDS = 40
OWN_MINUTES = 10.0
TEACHER = """\
The teacher is `{name}`: fixed rules about keywords, positions and types, no model. It costs nothing and leaves much to
be desired; labels of a better one are loaded with `manage.py load {slug} --labels FILE.jsonl --source teacher`."""


@dataclass(frozen=True, slots=True)
class DemoResult:
    """The demonstrated project, its newest report and the seconds that the demonstration took."""

    project: str
    report: ReportValue | None
    seconds: float

    def to_json(self) -> JsonObject:
        report = None if self.report is None else self.report.to_json()
        return {"project": self.project, "report": report, "seconds": self.seconds}


class Command(KdCommand[DemoResult]):
    help = "Runs the whole loop once, on sample documents or on a folder of yours, then serves the application."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--data", type=Path, metavar="FOLDER", help="your documents instead of samples")
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--setup-seconds", type=int, default=0, metavar="S", help="what set-up took, to be told")
        parser.add_argument("--train", type=int, default=demonstration.TRAIN, metavar="N", help="samples to learn from")
        parser.add_argument("--test", type=int, default=demonstration.TEST, metavar="N", help="samples to score on")
        parser.add_argument("--minutes", type=float, metavar="M", help="training time; default: what is left of six")
        parser.add_argument("--no-serve", action="store_true", help="stop after the report")
        parser.add_argument(
            "--seconds", type=float, metavar="S", help="only serve; what the rest took before, to be told"
        )

    def run(self, options: Mapping[str, Any]) -> DemoResult:
        started = time.monotonic()
        folder = options["data"]
        if folder is not None and not folder.is_dir():
            raise Invalid(f"There is no folder {folder}.")
        user, password = demonstration.account()
        project = demonstration.project(folder, user)
        worked = options["seconds"] is None and self._go_on(project, folder, options, started)
        started -= options["seconds"] or 0.0
        result = DemoResult(project.slug, reports.latest(project), round(time.monotonic() - started, 1))
        if not options["no_serve"]:
            if worked:
                again(time.monotonic() - started)
            self._serve(result, options, password, started)
        return result

    def _go_on(self, project: Project, folder: Path | None, options: Mapping[str, Any], started: float) -> bool:
        """Do what is not done yet; whether there was anything. Each step tells on stderr how far it is."""
        if registry.serving(project) is None:
            self._learn(project, folder, options, started)
        elif reports.latest(project) is not None:
            return False
        demonstration.report(project, Terminal("Scoring"))
        return True

    def _learn(self, project: Project, folder: Path | None, options: Mapping[str, Any], started: float) -> None:
        if folder is None:
            made = demonstration.make_samples(options["train"], options["test"], Terminal("Making samples"))
            documents = demonstration.load_samples(project, made, Terminal("Reading"))
        else:
            documents = demonstration.load_folder(project, folder, Terminal("Reading"))
        for refused in documents.refused:
            self.stderr.write(f"{refused.file}: {refused.reason}")
        teacher = demonstration.label(project, Terminal("Labelling"))
        self.stderr.write(TEACHER.format(name=teacher, slug=project.slug))
        left = (SECONDS - REPORT_SECONDS - (time.monotonic() - started)) / 60
        minutes = options["minutes"] or (OWN_MINUTES if folder else max(left, 1.5))
        try:
            demonstration.train(project, minutes, Terminal("Training"))
        except Invalid as error:
            self.stderr.write(str(error))

    def _serve(self, result: DemoResult, options: Mapping[str, Any], password: str, started: float) -> None:
        """The application in a process of its own, until somebody stops it."""
        host, port = options["host"], options["port"]
        command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "run", "--host", host, "--port", str(port)]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
            signal.signal(signal.SIGTERM, lambda *_: server.terminate())
            try:
                while server.poll() is None and not _answers(host, port):
                    time.sleep(0.2)
                if server.poll() is None:
                    self.show(result)
                    self._show_ready(options, password, time.monotonic() - started)
                sys.exit(server.wait())
            except KeyboardInterrupt:
                # The server got the signal too, and takes its time to stop its workers.
                sys.exit(server.wait())

    def _show_ready(self, options: Mapping[str, Any], password: str, seconds: float) -> None:
        self.stdout.write(f"demo ready in {seconds:.0f} s (set-up {options['setup_seconds']} s)")
        url = f"http://{options['host']}:{options['port']}"
        self.stdout.write(f"{url}  login {demonstration.ACCOUNT}  password {password}")
        self.stdout.flush()

    def show(self, result: DemoResult) -> None:
        """The report as a table, the means last."""
        report = result.report
        systems = report.systems if report else ()
        self.stdout.write(report.note if report else "Nothing could be compared.")
        if report and systems:
            self.stdout.write(f"ANLS on {report.documents} documents of the split {report.split}")
            names = "".join(f"{name:>12}" for name in systems[0].scores.fields)
            self.stdout.write(f"{'':<24}{names}{'mean':>8}{'95 % interval':>18}{'documents/s':>13}")
        for system in systems:
            self.stdout.write(_row(system))
        means = {system.kind: f"{system.scores.mean_anls:.3f}" for system in systems}
        self.stdout.write(f"mean ANLS student {means.get('student', 'none')} teacher {means.get('teacher', 'none')}")


def _row(system: ReportedSystem) -> str:
    label = system.kind if system.kind == system.name else f"{system.kind} {system.name}"
    scores = "".join(f"{score.anls:>12.3f}" for score in system.scores.fields.values())
    low, high = system.scores.mean_anls_ci95
    speed = system.documents_per_second
    shown = "recorded" if speed is None else f"{speed:.1f}"
    return f"{label:<24}{scores}{system.scores.mean_anls:>8.3f}{f'{low:.3f} – {high:.3f}':>18}{shown:>13}"


def again(seconds: float) -> None:
    """Start this command anew, only to serve: the memory that training took is free again."""
    sys.stderr.flush()
    os.execv(sys.executable, [sys.executable, *sys.argv, "--seconds", f"{seconds:.0f}"])  # noqa: S606


def _answers(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("HEAD", "/", headers={"Host": "localhost"})
        return connection.getresponse().status < 500
    except OSError:
        return False
    finally:
        connection.close()
