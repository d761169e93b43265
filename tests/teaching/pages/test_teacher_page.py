"""The teacher's page: choosing, estimating, labelling, following a run."""

import itertools
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from extraction.engines.teacher import registry
from extraction.engines.teacher.kind import TeacherKind
from extraction.models import Document, Job, LabelRun, Project, Response, Role, SchemaVersion, Source, User
from extraction.services.jobs import workers
from extraction.services.labels import ranking, store
from extraction.services.teaching import messages, prompts, teachers
from tests.support import builders
from tests.support.scripted_teacher import CONSENT, PROVIDER, Scripted, use

pytestmark = pytest.mark.django_db


def show(page: Client, **headers: str) -> str:
    response = page.get(reverse("teacher", args=["receipts"]), headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def start(page: Client, **typed: str) -> Any:
    return page.post(reverse("teacher", args=["receipts"]), {"teacher": "rules", "limit": "", **typed})


def estimate(page: Client, **typed: str) -> str:
    response = page.get(reverse("teacher_estimate", args=["receipts"]), {"teacher": "rules", "limit": "", **typed})
    assert response.status_code == 200
    return response.content.decode()


def hint(text: str) -> str:
    """What the form says about its teacher; empty where it is hidden."""
    tag, _, rest = text.split('<p id="label-teacher"')[1].partition(">")
    return "" if "hidden" in tag else rest.split("</p>")[0].strip()


def test_the_page_is_honest_about_the_rules(page: Client, project: Project) -> None:
    text = show(page)
    assert "no model, free and often wrong, so that what it writes needs review." in hint(text)
    assert "Nothing was labelled here yet" in text


@pytest.mark.parametrize("kind", registry.kinds(), ids=lambda kind: kind.name)
def test_the_form_describes_the_teacher_that_it_names(page: Client, project: Project, kind: TeacherKind) -> None:
    assert hint(estimate(page, teacher=f"{kind.name}:m" if kind.has_models else kind.name)) == kind.description


@pytest.mark.parametrize(
    ("set_", "found", "named"),
    [
        ([], ["ru", "de", "tr"], "Русский, Türkçe"),
        (["cs"], ["de"], "Čeština"),
        (["he", "bg", "uk"], [], "עברית, Български, Українська"),
        (["en", "ja"], ["ru"], ""),
        ([], [], ""),
    ],
)
def test_the_page_names_the_languages_of_which_a_teacher_knows_no_words(
    page: Client, project: Project, set_: list[str], found: list[str], named: str
) -> None:
    Project.objects.update(languages_set=set_, languages_found=found)
    sentence = messages.unknown_words(named) if named else ""
    assert named in sentence
    for text in (hint(show(page)), hint(estimate(page)), show(page).split('id="teachers-title"')[1]):
        assert ("It knows no words" in text) == bool(named)
        assert sentence in text
    assert "It knows no words" not in hint(estimate(page, teacher="openai:reader"))


def can_start(text: str) -> bool:
    return "disabled" not in text.split('id="label-start"')[1].split(">")[0]


def test_nothing_is_started_where_there_is_nothing_to_label(page: Client, owner: User) -> None:
    """The button is off, and the form says why."""
    held = builders.project("receipts", owner=owner)
    assert not can_start(show(page))
    assert not can_start(nothing := estimate(page))
    assert "There is no document yet." in nothing

    unread = builders.document(held, state=Document.State.QUEUED)
    assert "No document was read yet." in estimate(page)

    Document.objects.filter(pk=unread.pk).update(state=Document.State.READY)
    assert can_start(show(page))
    assert can_start(estimate(page))

    for field in held.schema.names:
        store.write(unread, field, None, source=Source.TEACHER, teacher="rules")
    assert not can_start(labelled := estimate(page))
    assert "This teacher has nothing to add" in labelled


def test_what_is_wrong_can_be_sent_to_learn_why(page: Client, project: Project) -> None:
    assert can_start(estimate(page, teacher="oracle"))


def test_loaded_teachers_are_shown_with_counts(page: Client, project: Project) -> None:
    for document in project.documents.all()[:2]:
        for name in ("total", "date"):
            store.write(document, name, "1", source=Source.TEACHER, teacher="recorded")
    text = " ".join(show(page).split())
    assert '<th scope="row">recorded</th>' in text
    assert '<td class="num">2</td> <td class="num wide-only">4</td>' in text
    assert "it cannot be asked here" in text


def test_an_estimate_tells_documents_and_dollars_before_anything_is_spent(page: Client, project: Project) -> None:
    assert "3 documents" in estimate(page)
    assert "no cost" in estimate(page)
    assert "2 documents" in estimate(page, limit="2")
    assert not project.label_runs.exists()


@pytest.mark.parametrize("limit", ["0", "-1", "all", "1.5"])
def test_a_limit_that_is_no_number_is_said(page: Client, project: Project, limit: str) -> None:
    assert "must be a whole number of at least 1." in estimate(page, limit=limit)
    response = start(page, limit=limit)
    assert response.status_code == 400
    assert f'value="{limit}"' in response.content.decode()
    assert not project.label_runs.exists()


def test_a_run_is_started(page: Client, project: Project, owner: User) -> None:
    response = start(page, limit="2")
    run = project.label_runs.get()
    assert response["Location"] == reverse("teacher", args=["receipts"])
    assert (run.teacher, run.limit, run.author) == ("rules", 2, owner)
    assert run.job is not None
    assert run.job.kind == "label"


def test_an_unknown_teacher_is_refused(page: Client, project: Project) -> None:
    assert start(page, teacher="oracle").status_code == 400
    assert not project.label_runs.exists()
    assert "There is no teacher &#x27;oracle&#x27;" in estimate(page, teacher="oracle")


def test_a_provider_without_a_key_names_the_variable(
    page: Client, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    assert "ANTHROPIC_API_KEY" in estimate(page, teacher="anthropic:claude-sonnet-4-5")
    response = start(page, teacher="anthropic:claude-sonnet-4-5")
    assert response.status_code == 400
    assert "ANTHROPIC_API_KEY" in response.content.decode()


class TestOutside:
    """A teacher to whom pictures would leave this machine."""

    @pytest.fixture(autouse=True)
    def teacher(self, monkeypatch: pytest.MonkeyPatch) -> Scripted:
        monkeypatch.setattr(teachers, "check", lambda name: None)
        return use(monkeypatch)

    def test_consent_is_asked_for_before_pictures_leave(self, page: Client, project: Project) -> None:
        text = estimate(page, teacher="acme:reader-1")
        assert f"{CONSENT} I agree." in text
        assert f'value="{PROVIDER}"' in text
        assert "about $0.0300" in text
        assert "checked" not in text
        assert "checked" in estimate(page, teacher="acme:reader-1", consent=PROVIDER)
        assert start(page, teacher="acme:reader-1").status_code == 400
        assert start(page, teacher="acme:reader-1", consent="other").status_code == 400
        assert not project.label_runs.exists()
        assert start(page, teacher="acme:reader-1", consent=PROVIDER).status_code == 302
        assert project.label_runs.get().consented is not None

    def test_without_a_budget_it_says_that_there_is_no_limit(self, page: Client, project: Project) -> None:
        assert "without a budget there is no limit" in estimate(page, teacher="acme:reader-1")
        assert "no limit" not in estimate(page, teacher="acme:reader-1", budget="2")
        assert show(page).count('placeholder="No limit"') == 2

    def test_prompt_and_budget_are_those_that_were_chosen(self, page: Client, project: Project) -> None:
        version = prompts.save(project, prompts.Parts(role="You are a clerk."))
        prompts.choose(project, 0)
        start(page, teacher="acme:reader-1", prompt="1", budget="2.50", consent=PROVIDER)
        run = project.label_runs.get()
        assert (run.prompt_version, run.budget_usd) == (version, Decimal("2.50"))
        assert start(page, teacher="acme:reader-1", prompt="9", consent=PROVIDER).status_code == 400


def answered(project: Project, *, sample: bool = False, documents: int = 3, **columns: Any) -> LabelRun:
    """A run with a response of each kind for documents of the project."""
    chosen = list(project.documents.order_by("pk")[:documents])
    run = LabelRun.objects.create(
        project=project,
        schema_version=SchemaVersion.objects.get(project=project),
        teacher="acme:reader-1",
        sample=[document.pk for document in chosen] if sample else None,
        **columns,
    )
    kinds: list[dict[str, Any]] = [
        {"refusal": "I would rather <b>not</b>.", "raw": "<script>alert(1)</script>"},
        {"malformed": True, "raw": "The total is 3.30."},
        {"answers": {"total": {"value": "<i>3.30</i>", "evidence": None, "unsure": True, "confidence": None}}},
    ]
    for document, kind in zip(chosen, itertools.cycle(kinds), strict=False):
        Response.objects.create(
            run=run, document=document, teacher=run.teacher, prompt_sha256="0" * 64, seconds=1, **{"raw": "", **kind}
        )
    return run


def look(page: Client, run: LabelRun) -> str:
    response = page.get(reverse("label_run", args=["receipts", run.pk]))
    assert response.status_code == 200
    return response.content.decode()


def test_a_run_shows_what_was_refused_and_off_the_format_word_for_word(page: Client, project: Project) -> None:
    text = look(page, answered(project, stopped_because="The budget of $1 is used up."))
    assert "The budget of $1 is used up." in text
    assert "I would rather &lt;b&gt;not&lt;/b&gt;." in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "<script>alert" not in text
    assert "The total is 3.30." in text
    assert "&lt;i&gt;3.30" not in text


def test_a_run_that_ended_early_says_why_in_figures(page: Client, project: Project) -> None:
    start(page)
    Job.objects.update(state=Job.State.DONE)
    project.label_runs.update(
        budget_usd=Decimal("0.5"),
        stop_reason=LabelRun.StopReason.BUDGET,
        stop_spent=Decimal("0.48"),
        stop_each=Decimal("0.03"),
    )
    run = project.label_runs.get()
    assert run.state == LabelRun.State.STOPPED
    sentence = "The budget of $0.5 is used up: $0.48 were spent, and one more document costs about $0.03."
    assert sentence in look(page, run)
    text = show(page)
    assert sentence in text
    assert "Stopped early" in text


def test_a_run_that_an_older_version_stopped_keeps_its_sentence(page: Client, project: Project) -> None:
    start(page)
    Job.objects.update(state=Job.State.DONE)
    project.label_runs.update(stopped_because="It was stopped.")
    assert project.label_runs.get().state == LabelRun.State.STOPPED
    assert "It was stopped." in show(page)


@pytest.mark.parametrize("state", Job.State)
def test_the_state_of_a_run_follows_its_job(page: Client, project: Project, state: Job.State) -> None:
    old = answered(project)
    assert (old.job, old.state, old.active) == (None, LabelRun.State.FAILED, False)
    old.documents = 1
    assert old.state == LabelRun.State.DONE
    start(page)
    Job.objects.update(state=state)
    run = project.label_runs.first()
    assert run
    assert (run.state, run.active) == (state.value, state in Job.ACTIVE)


def test_a_trial_shows_every_answer(page: Client, project: Project) -> None:
    text = look(page, answered(project, sample=True))
    assert "&lt;i&gt;3.30&lt;/i&gt;" in text
    assert "total, unsure" in " ".join(text.split())


def test_a_run_of_another_project_is_not_found(page: Client, project: Project, owner: User) -> None:
    other = answered(builders.project("other", owner=owner))
    assert page.get(reverse("label_run", args=["receipts", other.pk])).status_code == 404


@pytest.mark.parametrize("sample", [True, False])
def test_the_number_of_queries_does_not_grow_with_the_answers(
    page: Client, project: Project, django_assert_max_num_queries: Any, sample: bool
) -> None:
    run = answered(project, sample=sample)
    with django_assert_max_num_queries(30) as first:
        look(page, run)
    for _ in range(9):
        builders.document(project)
    run = answered(project, sample=sample, documents=12)
    with django_assert_max_num_queries(len(first.captured_queries)):
        look(page, run)


def test_a_run_under_way_is_followed_and_then_no_more(page: Client, project: Project) -> None:
    start(page)
    assert 'hx-trigger="every 2s, job-ended from:body"' in show(page)
    Job.objects.update(state=Job.State.DONE)
    fragment = show(page, **{"HX-Request": "true"})
    assert fragment.strip().startswith('<section id="runs"')
    assert "hx-get" not in fragment
    assert "<html" not in fragment


def test_the_end_of_a_run_is_told_to_the_rest_of_the_page(page: Client, project: Project) -> None:
    def told() -> bool:
        response = page.get(reverse("teacher", args=["receipts"]), headers={"HX-Request": "true"})
        return "job-ended" in response.headers.get("HX-Trigger-After-Swap", "")

    start(page)
    assert not told()
    Job.objects.update(state=Job.State.DONE)
    assert told()


def test_a_run_without_a_worker_says_what_it_waits_for(page: Client, project: Project) -> None:
    start(page)
    assert "No worker is running" in show(page)
    workers.record_heartbeat("default")
    assert "Waiting for a worker" in show(page)


def test_what_waits_leads_to_review(page: Client, project: Project) -> None:
    Document.objects.update(review=Document.Review.WAITING)
    assert "Review 3 documents" in " ".join(show(page).split())


def test_a_failed_run_says_why(page: Client, project: Project) -> None:
    start(page)
    Job.objects.update(state=Job.State.FAILED, error="The disk is full.")
    assert "The disk is full." in show(page)


def test_the_chosen_teacher_comes_before_others(page: Client, project: Project) -> None:
    document = project.documents.all()[0]
    store.write(document, "total", "1.00", source=Source.TEACHER, teacher="recorded")
    store.write(document, "total", "2.00", source=Source.TEACHER, teacher="rules")
    page.post(reverse("teacher_choose", args=["receipts"]), {"teacher": "rules"})
    document = Document.objects.get(pk=document.pk)
    assert document.project.teacher == "rules"
    assert ranking.best(document)["total"].value == "2.00"


def test_a_teacher_that_is_not_there_cannot_be_chosen(page: Client, project: Project) -> None:
    assert page.post(reverse("teacher_choose", args=["receipts"]), {"teacher": "oracle"}).status_code == 400
    assert page.post(reverse("teacher_choose", args=["receipts"])).status_code == 400


def test_a_viewer_looks_and_cannot_start_or_choose(client: Client, project: Project) -> None:
    client.force_login(builders.member(project, Role.VIEWER))
    assert "Start labelling" not in show(client)
    assert start(client).status_code == 403
    assert client.post(reverse("teacher_choose", args=["receipts"]), {"teacher": "rules"}).status_code == 403


def test_the_number_of_queries_does_not_grow_with_the_runs(
    page: Client, project: Project, django_assert_max_num_queries: Any
) -> None:
    start(page)
    with django_assert_max_num_queries(30) as first:
        show(page)
    count = len(first.captured_queries)
    Job.objects.update(state=Job.State.DONE)
    for _ in range(4):
        start(page)
        Job.objects.update(state=Job.State.DONE)
    with django_assert_max_num_queries(count):
        show(page)


def test_the_table_of_teachers_follows_the_end_of_a_run(page: Client, project: Project) -> None:
    whole = page.get(reverse("teacher", args=["receipts"])).content.decode()
    assert '?part=teachers"' in whole
    assert 'hx-trigger="job-ended from:body"' in whole
    store.write(project.documents.all()[0], "total", "3.30", source=Source.TEACHER, teacher="acme:small")
    part = page.get(
        reverse("teacher", args=["receipts"]), {"part": "teachers"}, headers={"HX-Request": "true"}
    ).content.decode()
    assert part.strip().startswith("<section")
    assert "acme:small" in part
    assert "<html" not in part
