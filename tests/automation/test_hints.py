"""Hints: written from corrections that are alike, tried, adopted; costs, consent, and what goes wrong."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from extraction.domain.learning.corrections import Difference
from extraction.domain.progress import Silent
from extraction.engines.teacher import registry
from extraction.engines.teacher.hints import HintReply, HintRequest
from extraction.engines.teacher.protocol import Answer, Reading, Reply, Unreachable, Usage
from extraction.models import Document, Hint, Job, Project, Source, User
from extraction.services.automation import settings
from extraction.services.automation.hints import corrections, hints
from extraction.services.automation.jobs import HINT
from extraction.services.automation.settings import Settings
from extraction.services.errors import Conflict, Invalid
from extraction.services.jobs import execution, queue
from extraction.services.labels import store
from extraction.services.labels.store import LabelInput
from extraction.services.teaching import label_runs, prompt_comparison, prompts
from tests.support import builders
from tests.support.providers import KEY, Provider
from tests.support.scripted_teacher import CENT, PROVIDER, Scripted, use

pytestmark = pytest.mark.django_db(transaction=True)
State = Hint.State
TEACHER = "acme:reader-1"
TEXT = "Leave out what follows the name of the company."


class Writer(Scripted):
    """Writes one hint for everything."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.requests: list[HintRequest] = []
        self.fault: Exception | None = None

    def write_hint(self, request: HintRequest) -> HintReply:
        self.requests.append(request)
        if self.fault:
            raise self.fault
        return HintReply(TEXT, Usage(100, 10, CENT))

    def estimate_hint(self, request: HintRequest) -> Usage:
        return Usage(100, 10, CENT)


@pytest.fixture
def writer(monkeypatch: pytest.MonkeyPatch) -> Writer:
    """Adds SDN BHD to companies unless a rule forbids it."""

    def say(_: Reading) -> Reply:
        name = "BEAN THERE" if held.parts.rules else "BEAN THERE SDN BHD"
        return Reply({"company": Answer(name)}, Usage(100, 10, CENT))

    monkeypatch.setattr("tests.support.scripted_teacher.Scripted", Writer)
    held = use(monkeypatch, say)
    assert isinstance(held, Writer)
    return held


@pytest.fixture
def project(owner: User) -> Project:
    return builders.project("receipts", owner=owner)


@pytest.fixture
def owner() -> User:
    return builders.user("olga")


def corrected(
    project: Project, said: str | None, right: str | None, *, field: str = "company", **options: Any
) -> Document:
    document = builders.document(project, **options)
    store.write(document, field, said, source=Source.TEACHER, teacher=TEACHER)
    store.write(document, field, right, source=Source.REVIEWER)
    return document


def habit(project: Project, count: int = 3) -> list[Document]:
    return [corrected(project, "BEAN THERE SDN BHD", "BEAN THERE") for _ in range(count)]


def asked(project: Project, **options: Any) -> Hint:
    [group, *_] = corrections.groups(project)
    wanted = {"field": group.field, "vendor": group.vendor, "difference": group.difference.value}
    return hints.request(project, **{**wanted, "consent": PROVIDER, **options})


def written(project: Project) -> Hint:
    hint = asked(project)
    execution.run(Job.objects.get(kind="hint", subject=hint.pk).pk)
    hint.refresh_from_db()
    return hint


class TestGroups:
    def test_corrections_of_one_kind_make_a_group(self, project: Project) -> None:
        habit(project)
        for right in ("1.00", "2.00", "3.00"):
            corrected(project, None, right, field="total")
        corrected(project, "BEAN THERE SDN BHD", "ANOTHER SHOP")
        found = [(group.field, group.difference, len(group.corrections)) for group in corrections.groups(project)]
        assert found == [("company", Difference.SHORTER, 3), ("total", Difference.MISSED, 3)]

    def test_a_vendor_with_enough_of_them_has_its_own(self, project: Project) -> None:
        for vendor, count in (("Bean There", 3), ("Other", 1), ("Third", 2)):
            for number in range(count):
                document = corrected(project, f"{number}9.00", f"{number}.00", field="total")
                store.write(document, "company", vendor, source=Source.REVIEWER)
        found = [(group.vendor, len(group.corrections)) for group in corrections.groups(project)]
        assert found == [("", 3), ("BEAN THERE", 3)]

    def test_values_that_mean_the_same_are_no_correction(self, project: Project) -> None:
        for _ in range(3):
            corrected(project, "RM 3.30", "3.30", field="total")
        assert corrections.groups(project) == []

    def test_documents_of_split_test_stay_for_measuring(self, project: Project) -> None:
        for _ in range(3):
            corrected(project, "A", "B", split="test")
        assert corrections.groups(project) == []

    def test_what_nobody_looked_at_is_no_correction(self, project: Project) -> None:
        """One answer that held for a vendor's documents is one correction."""
        habit(project, 2)
        document = builders.document(project)
        store.write(document, "company", "BEAN THERE SDN BHD", source=Source.TEACHER, teacher=TEACHER)
        held = LabelInput(document, "company", "BEAN THERE", Source.REVIEWER, unseen=True)
        store.write_many(project, [held])
        assert corrections.groups(project) == []

    def test_two_are_no_habit(self, project: Project) -> None:
        habit(project, 2)
        assert corrections.groups(project) == []


class TestWriting:
    def test_a_hint_is_written_once_from_what_was_corrected(self, project: Project, writer: Writer) -> None:
        habit(project)
        hint = written(project)
        assert (hint.state, hint.text, hint.usd) == (State.PROPOSED, TEXT, CENT)
        [request] = writer.requests
        assert request.pairs == (("BEAN THERE SDN BHD", "BEAN THERE"),) * 3
        assert corrections.groups(project) == []
        execution.run(queue.enqueue(HINT, project=project, subject=hint.pk).pk)
        assert len(writer.requests) == 1

    def test_nothing_is_sent_without_consent(self, project: Project, writer: Writer) -> None:
        habit(project)
        with pytest.raises(label_runs.ConsentNeeded, match="Values of the documents leave this machine"):
            asked(project, consent="")
        assert not Hint.objects.exists()

    def test_the_dollars_of_the_month_hold(self, project: Project, writer: Writer) -> None:
        habit(project)
        settings.change(project, Settings(monthly_usd=Decimal("0.00")))
        with pytest.raises(Conflict, match="used up"):
            asked(project)
        settings.change(project, Settings(monthly_usd=Decimal("0.01")))
        written(project)
        for _ in range(3):
            corrected(project, None, "1.00", field="total")
        with pytest.raises(Conflict, match="used up"):
            asked(project)

    def test_a_failure_costs_what_it_cost_and_can_be_tried_again(self, project: Project, writer: Writer) -> None:
        habit(project)
        writer.fault = Unreachable("acme:reader-1 found nothing.", Usage(1, 1, CENT))
        hint = written(project)
        assert (hint.state, hint.error, hint.usd) == (State.FAILED, "acme:reader-1 found nothing.", CENT)
        assert corrections.groups(project)
        writer.fault = None
        queue.retry(Job.objects.get(kind="hint"))
        execution.run(Job.objects.get(kind="hint").pk)
        hint.refresh_from_db()
        assert (hint.state, hint.usd) == (State.PROPOSED, 2 * CENT)

    def test_a_lost_job_is_healed(self, project: Project, writer: Writer) -> None:
        habit(project)
        hint = asked(project)
        Job.objects.all().delete()
        queue.heal()
        execution.run(Job.objects.get(kind="hint").pk)
        hint.refresh_from_db()
        assert hint.state == State.PROPOSED

    def test_rules_write_none(self, project: Project) -> None:
        habit(project)
        assert hints.writer(project) is None
        with pytest.raises(Invalid, match="Only a model can write hints"):
            asked(project)

    def test_a_group_that_is_gone_is_refused(self, project: Project, writer: Writer) -> None:
        habit(project)
        asked(project)
        with pytest.raises(Conflict):
            hints.request(project, field="company", vendor="", difference="shorter", consent=PROVIDER)


class TestTrial:
    def test_both_prompts_are_compared_on_corrected_and_other_documents(self, project: Project, writer: Writer) -> None:
        documents = habit(project)
        right = [corrected(project, "BEAN THERE", "BEAN THERE") for _ in range(5)]
        builders.document(project)
        hint = written(project)
        sample = hints.sample(hint)
        assert set(sample[:3]) == {document.pk for document in documents}
        assert len(sample) == 6
        assert set(sample[3:]) <= {document.pk for document in right}
        assert (hints.estimate(hint).documents, hints.estimate(hint).usd) == (6, 0.12)
        hint = hints.attempt(hint, consent=PROVIDER)
        assert hint.before is not None
        assert hint.after is not None
        for run in (hint.before, hint.after):
            label_runs.run(run.pk, Silent())
        found = prompt_comparison.compare(project, hint.before, hint.after)
        scores = [side.reviewed.fields["company"].anls for side in found.sides if side.reviewed]
        assert scores[0] < scores[1] == 1.0
        project.refresh_from_db()
        assert (hint.state, project.prompt_version) == (State.TRIED, None)
        assert hints.spent(project) == 13 * CENT

    def test_a_person_takes_it_into_the_prompt(self, project: Project, writer: Writer, owner: User) -> None:
        habit(project)
        prompts.save(project, prompts.Parts(rules=("No currency signs.",)))
        hint = hints.attempt(written(project), consent=PROVIDER, actor=owner)
        version = hints.adopt(hint, actor=owner)
        assert prompts.parts(version).rules == ("No currency signs.", hints.rule(hint))
        assert version == hint.tried_as
        project.refresh_from_db()
        assert project.prompt_version == version
        hint.refresh_from_db()
        assert (hint.state, hint.decided_by) == (State.ADOPTED, owner)
        for decide in (hints.adopt, hints.reject, hints.attempt):
            with pytest.raises(Conflict):
                decide(hint)

    def test_what_was_typed_since_the_trial_stays(self, project: Project, writer: Writer) -> None:
        habit(project)
        hint = hints.attempt(written(project), consent=PROVIDER)
        prompts.save(project, prompts.Parts(role="Read slowly."))
        parts = prompts.parts(hints.adopt(hint))
        assert (parts.role, parts.rules) == ("Read slowly.", (hints.rule(hint),))

    def test_one_that_is_rejected_makes_no_other(self, project: Project, writer: Writer) -> None:
        habit(project)
        hints.reject(written(project))
        assert corrections.groups(project) == []

    def test_too_many_rules_are_refused(self, project: Project, writer: Writer) -> None:
        habit(project)
        prompts.save(project, prompts.Parts(rules=tuple(f"Rule {number}." for number in range(30))))
        with pytest.raises(Invalid, match="30 rules"):
            hints.adopt(written(project))


class TestModel:
    """What a model is sent, and how its answers are read."""

    MODEL = "openai:qwen2.5-vl"

    @pytest.fixture
    def outside(self, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
        def set_up(provider: Any) -> Any:
            monkeypatch.setenv("OPENAI_API_KEY", KEY)
            monkeypatch.setenv("KD_TEACHER_BASE_URL", provider.url + "/v1")
            return provider

        return set_up

    def test_values_go_as_json_and_no_picture(self, outside: Callable[..., Any]) -> None:
        request = HintRequest("receipt", "Company", "the shop", 'A "B"', "x", (("A\nB", None),))
        with outside(Provider(pictures=False, truth=lambda _: {"hint": f" {TEXT}\n"})) as provider:
            reply = registry.teacher(self.MODEL).write_hint(request)  # type: ignore[attr-defined]
        [sent] = provider.requests
        assert (reply.text, sent.images) == (TEXT, ())
        assert json.dumps([{"given": "A\nB", "right": None}], indent=1) in sent.text
        assert not provider.complaints

    @pytest.mark.parametrize("answer", ["", "x" * 401])
    def test_no_hint_or_a_long_one_is_none(self, outside: Callable[..., Any], answer: str) -> None:
        request = HintRequest("receipt", "Company", "", "", "x", (("A", "B"),))
        with outside(Provider(pictures=False, truth=lambda _: {"hint": answer})), pytest.raises(Unreachable):
            registry.teacher(self.MODEL).write_hint(request)  # type: ignore[attr-defined]
