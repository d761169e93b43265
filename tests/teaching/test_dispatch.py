"""Teachers outside: answers are kept when they come, none is paid for twice, and no budget is overdrawn."""

import threading
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from extraction.domain.fields import Schema
from extraction.domain.progress import Cancelled, Silent
from extraction.engines.teacher.protocol import Answer, Reading, Rejected, Reply, Unreachable, Usage
from extraction.models import Document, Job, Label, LabelRun, Project, Response, Source
from extraction.services.errors import Invalid
from extraction.services.jobs import execution, queue
from extraction.services.labels import store
from extraction.services.operation import demonstration
from extraction.services.projects import projects
from extraction.services.teaching import dispatch, label_runs, messages, prompts, teachers
from extraction.services.teaching.estimates import Consent, Estimate, Tokens
from tests.support import builders
from tests.support.scripted_teacher import CENT, CONSENT, GOOD, PROVIDER, Scripted, use
from tests.support.servers.workers import wait

# Answers are stored by the threads that asked, each with a connection of its own.
pytestmark = pytest.mark.django_db(transaction=True)

REFUSED = Reply({}, Usage(100, 5, CENT), refusal="I would rather not.", raw="I would rather not.")
MALFORMED = Reply({}, Usage(300, 30, 3 * CENT), malformed=True, raw="The total is 3.30.", attempts=3)


@pytest.fixture
def project() -> Project:
    return builders.project()


@pytest.fixture
def teacher(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Scripted]:
    def made(*replies: Reply | Exception, **options: Any) -> Scripted:
        """Gives these replies in order, then good ones."""
        left = list(replies)

        def say(_: Reading) -> Reply:
            reply = left.pop(0) if left else GOOD
            if isinstance(reply, Exception):
                raise reply
            return reply

        return use(monkeypatch, say, **options)

    return made


def begun(project: Project, documents: int = 0, **options: Any) -> LabelRun:
    for _ in range(documents):
        builders.document(project)
    run = label_runs.start(project, teacher="acme:reader-1", consent=PROVIDER, **options)
    return without_job(run)


def without_job(run: LabelRun) -> LabelRun:
    """The run, whose work the test does itself: a job that waits would keep the next run from starting."""
    assert run.job is not None
    queue.cancel(run.job)
    return run


def done(run: LabelRun) -> LabelRun:
    label_runs.run(run.pk, Silent())
    run.refresh_from_db()
    return run


def test_answers_are_kept_word_for_word_and_become_labels(project: Project, teacher: Callable[..., Scripted]) -> None:
    held = teacher()
    run = done(begun(project, 3))
    assert (run.documents, run.labels, run.input_tokens, run.output_tokens, run.usd) == (3, 6, 300, 30, 3 * CENT)
    assert held.asked == 3
    row = Response.objects.first()
    assert row is not None
    assert (row.raw, row.prompt_sha256) == (GOOD.raw, held.prompt(project.schema).sha256)
    label = Label.objects.filter(field="date").first()
    assert label is not None
    assert (label.source, label.teacher, label.normalized) == (Source.TEACHER, "acme:reader-1", "2018-12-25")


def test_several_documents_are_asked_for_at_once(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    together = threading.Barrier(4, timeout=60)

    def say(_: Reading) -> Reply:
        together.wait()
        return GOOD

    held = use(monkeypatch, say, concurrency=4)
    assert done(begun(project, 8)).documents == 8
    assert held.most_at_once == 4


def test_what_was_refused_or_off_the_format_is_kept_and_not_labelled(
    project: Project, teacher: Callable[..., Scripted]
) -> None:
    held = teacher(REFUSED, MALFORMED)
    run = done(begun(project, 3))
    assert (run.documents, run.refusals, run.malformed, run.labels) == (1, 1, 1, 2)
    assert run.usd == 5 * CENT
    assert set(Response.objects.values_list("raw", flat=True)) == {REFUSED.raw, MALFORMED.raw, GOOD.raw}
    assert done(run).documents == 1
    assert held.asked == 3
    assert done(begun(project)).documents == 2
    assert held.asked == 5


def test_answers_that_a_crash_left_without_labels_are_not_asked_for_again(
    project: Project, teacher: Callable[..., Scripted], monkeypatch: pytest.MonkeyPatch
) -> None:
    held = teacher()
    run = begun(project, 3)

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(store, "write_many", crash)
        with pytest.raises(KeyboardInterrupt):
            label_runs.run(run.pk, Silent())
    assert Response.objects.exists()
    assert not Label.objects.exists()
    done(run)
    assert (run.documents, run.labels, run.usd) == (3, 6, 3 * CENT)
    assert held.asked == 3


def test_the_count_begins_with_what_is_still_to_be_asked(project: Project, teacher: Callable[..., Scripted]) -> None:
    steps: list[tuple[int, int]] = []

    class Watched(Silent):
        def report(self, done: int, total: int, message: str = "") -> None:
            steps.append((done, total))

    teacher()
    run = done(begun(project, 2))
    builders.document(project)
    label_runs.run(run.pk, Watched())
    assert (steps[0], steps[-1]) == ((0, 1), (1, 1))


def test_what_an_earlier_run_paid_for_is_used_again(project: Project, teacher: Callable[..., Scripted]) -> None:
    held = teacher()
    done(begun(project, 2))
    Label.objects.all().delete()
    estimate = label_runs.estimate(project, "acme:reader-1")
    assert (estimate.documents, estimate.usd) == (2, 0.0)
    run = done(begun(project))
    assert (run.documents, run.labels, run.usd) == (2, 4, Decimal(0))
    assert held.asked == 2


def test_another_prompt_is_another_question(project: Project, teacher: Callable[..., Scripted]) -> None:
    held = teacher()
    done(begun(project, 2))
    Label.objects.all().delete()
    prompts.save(project, prompts.Parts(rules=("No currency signs.",)))
    run = done(begun(project))
    assert (run.prompt_version, run.usd) == (project.prompt_version, 2 * CENT)
    assert held.asked == 4


def test_the_budget_is_not_passed(project: Project, teacher: Callable[..., Scripted]) -> None:
    held = teacher(concurrency=4)
    run = done(begun(project, 6, budget=Decimal("0.035")))
    assert (run.documents, run.usd) == (3, 3 * CENT)
    assert (run.stop_reason, run.stop_spent, run.stop_each) == (LabelRun.StopReason.BUDGET, 3 * CENT, CENT)
    assert messages.stopped(run) == (
        "The budget of $0.035 is used up: $0.03 were spent, and one more document costs about $0.01."
    )
    done(run)
    assert held.asked == 3


def test_a_budget_that_pays_for_everything_stops_nothing(project: Project, teacher: Callable[..., Scripted]) -> None:
    teacher()
    run = done(begun(project, 3, budget=3 * CENT))
    assert (run.documents, run.stop_reason, messages.stopped(run)) == (3, "", "")


def test_a_budget_needs_a_price(project: Project, teacher: Callable[..., Scripted]) -> None:
    teacher(usd=Decimal(0))
    with pytest.raises(Invalid, match="price of acme:reader-1 is not known"):
        begun(project, 1, budget=Decimal(1))


def test_the_limit_counts_what_was_asked(project: Project, teacher: Callable[..., Scripted]) -> None:
    held = teacher(REFUSED)
    run = begun(project, 4, limit=2)
    done(run)
    done(run)
    assert held.asked == 2


def test_documents_without_an_answer_are_counted_and_the_run_goes_on(
    project: Project, teacher: Callable[..., Scripted]
) -> None:
    held = teacher(Unreachable("The provider took too long.", Usage(50, 0, CENT)))
    run = done(begun(project, 3))
    assert (run.documents, run.failures, run.usd) == (2, 1, 3 * CENT)
    done(run)
    assert (run.documents, run.failures) == (3, 0)
    assert held.asked == 4


def test_a_provider_that_is_gone_stops_the_run(project: Project, teacher: Callable[..., Scripted]) -> None:
    held = teacher(*[Unreachable("The provider is down.")] * 20)
    run = done(begun(project, 20))
    assert (run.stop_reason, run.stop_documents) == (LabelRun.StopReason.NO_ANSWERS, 10)
    assert messages.stopped(run) == "10 documents in a row got no answer. The provider is down."
    assert (held.asked, run.failures) == (10, 10)


def test_a_provider_that_will_not_have_us_fails_the_run(project: Project, teacher: Callable[..., Scripted]) -> None:
    held = teacher(GOOD, Rejected("The key in ACME_API_KEY was not accepted."))
    for _ in range(5):
        builders.document(project)
    run = label_runs.start(project, teacher="acme:reader-1", consent=PROVIDER)
    assert run.job is not None
    execution.run(run.job.pk)
    run.refresh_from_db()
    run.job.refresh_from_db()
    assert (run.job.state, run.job.error) == (Job.State.FAILED, "The key in ACME_API_KEY was not accepted.")
    assert (run.state, run.stop_reason) == (LabelRun.State.FAILED, LabelRun.StopReason.REJECTED)
    assert messages.stopped(run) == run.job.error
    assert (held.asked, run.documents, run.labels) == (2, 1, 2)


def test_cancelling_asks_no_more_and_loses_nothing(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    class Stop(Silent):
        wanted = False

        def cancelled(self) -> bool:
            return self.wanted

    stop, both = Stop(), threading.Barrier(2, timeout=60)

    def say(_: Reading) -> Reply:
        both.wait()
        stop.wanted = True
        return GOOD

    held = use(monkeypatch, say, concurrency=2)
    run = begun(project, 6)
    with pytest.raises(Cancelled):
        label_runs.run(run.pk, stop)
    run.refresh_from_db()
    assert held.asked == 2
    assert (run.documents, run.labels) == (2, 4)


def test_an_answer_that_comes_after_all_patience_is_kept(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    class Stopped(Silent):
        def cancelled(self) -> bool:
            return held.asked > 0

    later = threading.Event()

    def say(_: Reading) -> Reply:
        assert later.wait(60)
        return GOOD

    monkeypatch.setattr(dispatch, "GRACE", 0.01)
    held = use(monkeypatch, say)
    run = begun(project, 2)
    with pytest.raises(Cancelled):
        label_runs.run(run.pk, Stopped())
    assert not Response.objects.exists()
    later.set()
    wait(Response.objects.exists)
    run.refresh_from_db()
    assert (run.documents, run.labels, held.asked) == (1, 0, 1)
    done(begun(project))
    assert held.asked == 2
    assert Label.objects.values("document").distinct().count() == 2


def test_a_document_deleted_meanwhile_is_paid_for_and_forgotten(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def say(_: Reading) -> Reply:
        Document.objects.all().delete()
        return GOOD

    use(monkeypatch, say)
    run = done(begun(project, 1))
    assert not Response.objects.exists()
    assert (run.documents, run.usd) == (0, CENT)


def test_what_another_worker_of_the_run_stored_stands(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    document = builders.document(project)
    answers = {"total": {"value": "9.99", "evidence": None, "unsure": False, "confidence": None}}

    def say(_: Reading) -> Reply:
        Response.objects.create(
            run=LabelRun.objects.get(),
            document=document,
            teacher="acme:reader-1",
            prompt_sha256=held.prompt(project.schema).sha256,
            raw="",
            answers=answers,
            seconds=1,
        )
        return GOOD

    held = use(monkeypatch, say)
    run = done(begun(project))
    assert Label.objects.get().value == "9.99"
    assert run.usd == CENT


def test_a_missing_picture_fails_its_own_document(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    def say(_: Reading) -> Reply:
        raise FileNotFoundError(2, "No such file or directory", "page.png")

    use(monkeypatch, say)
    assert done(begun(project, 2)).failures == 2


def test_text_that_no_database_holds_is_mended(project: Project, teacher: Callable[..., Scripted]) -> None:
    teacher(Reply({"company": Answer("BEAN\x00 THERE \ud800")}, raw="\x00\ud800"))
    done(begun(project, 1))
    assert Label.objects.get().value == "BEAN� THERE ?"


def test_pictures_leave_only_with_consent(project: Project, teacher: Callable[..., Scripted]) -> None:
    held = teacher()
    builders.document(project)
    with pytest.raises(label_runs.ConsentNeeded, match="leave this machine and go to Acme"):
        label_runs.start(project, teacher="acme:reader-1")
    assert not LabelRun.objects.exists()
    run = begun(project)
    assert (run.consented is not None, run.consented_provider) == (True, PROVIDER)
    for other in ("", "another"):
        LabelRun.objects.update(consented_provider=other)
        with pytest.raises(label_runs.ConsentNeeded):
            label_runs.run(run.pk, Silent())
    assert held.asked == 0
    assert teachers.consent(teachers.find("rules")) is None


def test_an_estimate_asks_the_teacher(project: Project, teacher: Callable[..., Scripted]) -> None:
    teacher()
    for _ in range(3):
        builders.document(project)
    assert label_runs.estimate(project, "acme:reader-1", 2) == Estimate(
        "acme:reader-1", 2, Tokens(200, 20), usd=0.02, priced=True, consent=Consent(PROVIDER, CONSENT)
    )


def test_a_run_of_fields_that_changed_meanwhile_asks_for_those_it_began_with(
    project: Project, teacher: Callable[..., Scripted]
) -> None:
    held = teacher()
    run = begun(project, 1)
    before = held.prompt(project.schema).sha256
    fewer = builders.RECEIPT.to_json()
    fewer["field"] = fewer["field"][:3]
    projects.change_schema(project, Schema.from_json(fewer))
    done(run)
    assert Response.objects.get().prompt_sha256 == before
    assert set(Label.objects.values_list("field", flat=True)) == {"date"}


def test_the_demo_asks_for_consent_too(project: Project, teacher: Callable[..., Scripted], settings: Settings) -> None:
    held = teacher()
    settings.KD_TEACHER = "acme:reader-1"
    builders.document(project)
    with pytest.raises(Invalid, match=r"go to Acme\. Agree with `manage\.py label .* --yes`"):
        demonstration.label(project, Silent())
    assert held.asked == 0
