"""The budget holds over HTTP, whatever the model does: it talks, hangs, or never ends its answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from PIL import Image

from extraction.engines.teacher.lmm.configuration import Access
from extraction.models import Label, Project, Response, Source, TeacherCall
from extraction.services import storage
from extraction.services.errors import Invalid
from extraction.services.serving.escalation import asking, budget, settings
from extraction.services.serving.escalation import teacher as asked_teacher
from extraction.services.serving.escalation.settings import Settings
from extraction.services.teaching import teachers
from tests.serving.escalation.worlds import at_once, at_the_end_of_a_month, extracted, switched_on
from tests.support.providers import KEY, Fault, Provider
from tests.support.providers.wire_formats import INPUT_TOKENS

pytestmark = pytest.mark.django_db(transaction=True)

# Dollars for a token of this model, in and out.
MODEL, IN, OUT = "anthropic:claude-sonnet-4-6", Decimal("0.000003"), Decimal("0.000015")
TRUTH = {"company": "BEAN THERE SDN BHD", "date": "25/12/2018", "address": None, "total_amount": "3.30"}
# What an answer costs that nobody limits.
ENDLESS = 100_000


def at_the_limit(limit: int | None) -> int:
    return limit or ENDLESS


@pytest.fixture
def asked(project: Project, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Provider]]:
    """`asked(timeout, **how)`: the project's teacher is a model at a provider that answers so."""
    project.teacher = MODEL
    project.save()
    picture = storage.path("missing/0.jpg")
    picture.parent.mkdir(parents=True, exist_ok=True)
    Image.effect_noise((400, 600), 40).convert("RGB").save(picture)
    opened: list[Provider] = []

    def made(timeout: int = 15, **how: object) -> Provider:
        provider = Provider(truth=lambda request: TRUTH, **how).__enter__()  # type: ignore[arg-type]
        opened.append(provider)
        monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
        monkeypatch.setenv("ANTHROPIC_BASE_URL", provider.url)
        monkeypatch.setenv("KD_TEACHER_TIMEOUT", str(timeout))
        return provider

    monkeypatch.delenv("KD_TEACHER_BASE_URL", raising=False)
    at_the_end_of_a_month(monkeypatch)
    yield made
    for provider in opened:
        provider.__exit__()


def price(provider: Provider, request: int = -1) -> Decimal:
    """Dollars of an answer to that request."""
    return INPUT_TOKENS * IN + provider.tokens(provider.requests[request].limit) * OUT


def charged(provider: Provider) -> Decimal:
    """Dollars that the provider may charge: for every request that it read, answered in time or not."""
    return sum((price(provider, number) for number in range(len(provider.requests))), Decimal(0))


def test_an_answer_that_is_much_dearer_than_usual_is_within_what_was_reserved(
    project: Project, tmp_path: Path, asked: Callable[..., Provider]
) -> None:
    provider = asked(tokens=at_the_limit)
    # Twenty cents are enough for a receipt of four fields.
    switched_on(project, monthly_usd=Decimal("0.20"))
    row, call = extracted(project, tmp_path), TeacherCall.objects.get()
    assert (row.escalated, row.fields["company"]["value"]) == ("done", "BEAN THERE SDN BHD")
    assert row.usd == price(provider)
    assert budget.spent(project) == charged(provider) <= call.reserved_usd <= Decimal("0.20")


def test_a_budget_below_what_a_file_may_cost_asks_nobody(
    project: Project, tmp_path: Path, asked: Callable[..., Provider]
) -> None:
    provider = asked()
    switched_on(project, monthly_usd=Decimal("0.12"))
    assert (extracted(project, tmp_path).escalated, provider.requests) == ("no_budget", [])


def test_a_time_out_counts_as_paid_beside_the_answer_that_followed(
    project: Project, tmp_path: Path, asked: Callable[..., Provider]
) -> None:
    provider = asked(3, script=[Fault.HANG], tokens=at_the_limit)
    switched_on(project)
    row, call = extracted(project, tmp_path), TeacherCall.objects.get()
    assert (row.escalated, row.usd, len(provider.requests)) == ("done", price(provider), 2)
    # The caller is told what the answer cost, the budget keeps what the request before it may have cost.
    lost = budget.spent(project) - row.usd
    assert lost == pytest.approx(call.reserved_usd / 3, abs=Decimal("0.000002"))
    assert charged(provider) <= budget.spent(project) <= call.reserved_usd


def test_time_outs_alone_count_as_paid_and_stop_where_the_money_does(
    project: Project, tmp_path: Path, asked: Callable[..., Provider]
) -> None:
    provider = asked(3, script=[Fault.HANG] * 9, tokens=at_the_limit)
    switched_on(project)
    row, call = extracted(project, tmp_path), TeacherCall.objects.get()
    assert (row.escalated, row.usd, call.state, len(provider.requests)) == ("failed", 0, "failed", 3)
    assert "did not answer within 3 seconds" in call.error
    assert charged(provider) <= budget.spent(project) <= call.reserved_usd
    assert budget.spent(project) == pytest.approx(call.reserved_usd, abs=Decimal("0.000002"))


def test_malformed_answers_and_a_time_out_share_the_money(
    project: Project, tmp_path: Path, asked: Callable[..., Provider]
) -> None:
    provider = asked(3, script=[Fault.MALFORMED, Fault.HANG, Fault.DROP, Fault.MALFORMED], tokens=at_the_limit)
    switched_on(project)
    row, call = extracted(project, tmp_path), TeacherCall.objects.get()
    assert (row.escalated, len(provider.requests)) == ("failed", 3)
    assert charged(provider) <= budget.spent(project) <= call.reserved_usd


def test_an_answer_that_is_cut_off_is_told_as_such_and_not_believed(
    project: Project, tmp_path: Path, asked: Callable[..., Provider]
) -> None:
    provider = asked(script=[Fault.CUT] * 9, tokens=at_the_limit)
    switched_on(project)
    row, call = extracted(project, tmp_path), TeacherCall.objects.get()
    # Its text would be read as a whole answer.
    assert (row.escalated, row.fields["company"]["value"], len(provider.requests)) == ("failed", None, 1)
    assert (call.state, call.error) == ("failed", asking.CUT)
    assert not Label.objects.filter(source=Source.TEACHER).exists()
    assert (Response.objects.get().malformed, row.usd) == (True, charged(provider))
    assert budget.spent(project) == charged(provider)
    # Nor is it paid for again.
    assert (extracted(project, tmp_path).escalated, len(provider.requests)) == ("failed", 1)


@pytest.mark.parametrize("fault", [None, Fault.KEY, Fault.REQUEST, Fault.OVERLOADED])
def test_what_was_not_sent_or_turned_away_is_free(
    project: Project,
    tmp_path: Path,
    asked: Callable[..., Provider],
    fault: Fault | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked(script=[fault] * 9)
    if fault is None:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", "http://127.0.0.1:9")
    switched_on(project, timeout_seconds=60)
    assert extracted(project, tmp_path).escalated == "failed"
    assert TeacherCall.objects.get().state == "failed"
    assert budget.spent(project) == 0


@pytest.mark.parametrize("script", [(), (Fault.HANG, None, Fault.DROP, Fault.CUT)])
def test_many_callers_with_answers_at_the_limit_never_pass_the_budget(
    project: Project,
    tmp_path: Path,
    asked: Callable[..., Provider],
    monkeypatch: pytest.MonkeyPatch,
    script: tuple[Fault | None, ...],
) -> None:
    provider = asked(3, script=script, tokens=at_the_limit, latency=0.1)
    switched_on(project, monthly_usd=Decimal("0.40"))
    rows = at_once(project, tmp_path, list(range(8)), monkeypatch)
    rows += [extracted(project, tmp_path, number) for number in range(8, 20)]
    outcomes = [row.escalated for row in rows]
    assert outcomes.count("done") >= 3
    assert outcomes[-1] == "no_budget"
    assert charged(provider) <= budget.spent(project) <= Decimal("0.40")


class TestServerOfOnesOwn:
    """An OpenAI-compatible server on another machine, whose prices no list has."""

    @pytest.fixture
    def asked(
        self, asked: Callable[..., Provider], project: Project, monkeypatch: pytest.MonkeyPatch
    ) -> Callable[..., Provider]:
        project.teacher = "openai:our-own"
        project.save()
        monkeypatch.setattr(Access, "local", False)

        def made(price: str, **how: object) -> Provider:
            provider = asked(**how)
            monkeypatch.setenv("KD_TEACHER_BASE_URL", f"{provider.url}/v1")
            monkeypatch.setenv("KD_TEACHER_PRICE", price)
            return provider

        return made

    def on(self, project: Project, **chosen: object) -> None:
        consent = teachers.consent(asked_teacher.find(project))
        assert consent
        settings.change(project, Settings(active=True, **chosen), consent=consent.provider)  # type: ignore[arg-type]

    def test_without_a_price_no_budget_can_hold(self, project: Project, asked: Callable[..., Provider]) -> None:
        asked("")
        with pytest.raises(Invalid, match="price of openai:our-own is not known"):
            self.on(project)

    def test_its_price_is_counted(self, project: Project, tmp_path: Path, asked: Callable[..., Provider]) -> None:
        provider = asked("2, 10", tokens=at_the_limit)
        self.on(project, monthly_usd=Decimal(1))
        row, call = extracted(project, tmp_path), TeacherCall.objects.get()
        written = provider.tokens(provider.requests[0].limit)
        usd = (INPUT_TOKENS * 2 + written * 10) / Decimal(1_000_000)
        assert (row.escalated, row.usd) == ("done", usd)
        assert budget.spent(project) == usd <= call.reserved_usd <= 1

    def test_a_budget_below_what_a_file_may_cost_asks_nobody(
        self, project: Project, tmp_path: Path, asked: Callable[..., Provider]
    ) -> None:
        provider = asked("2, 10")
        self.on(project, monthly_usd=Decimal("0.02"))
        assert (extracted(project, tmp_path).escalated, provider.requests) == ("no_budget", [])

    def test_what_is_free_costs_nothing(self, project: Project, tmp_path: Path, asked: Callable[..., Provider]) -> None:
        asked("0,0")
        self.on(project, monthly_usd=Decimal(0))
        row = extracted(project, tmp_path)
        assert (row.escalated, row.usd, budget.spent(project)) == ("done", 0, 0)
