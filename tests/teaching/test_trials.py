"""Trials: a sample asked with different prompts, which makes no labels, and two of them side by side."""

from decimal import Decimal

import pytest

from extraction.domain.progress import Silent
from extraction.engines.teacher.protocol import Answer, Reading, Reply, Usage
from extraction.models import Document, Label, LabelRun, Project, Response, Source
from extraction.services.errors import Invalid
from extraction.services.labels import store
from extraction.services.teaching import label_runs, prompt_comparison, prompts, trials
from tests.support import builders
from tests.support.scripted_teacher import CENT, PROVIDER, Scripted, use

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def project() -> Project:
    return builders.project()


@pytest.fixture
def teacher(monkeypatch: pytest.MonkeyPatch) -> Scripted:
    """Prints totals with a currency sign unless a rule forbids it."""

    def say(_: Reading) -> Reply:
        total = "3.30" if held.parts.rules else "RM 33.0"
        return Reply({"total": Answer(total), "company": Answer("BEAN THERE")}, Usage(100, 10, CENT))

    held = use(monkeypatch, say)
    return held


def tried(project: Project, number: int, documents: list[int], **options: object) -> LabelRun:
    run = trials.start(
        project,
        teacher="acme:reader-1",
        documents=documents,
        prompt=number,
        consent=PROVIDER,
        **options,  # type: ignore[arg-type]
    )
    label_runs.run(run.pk, Silent())
    run.refresh_from_db()
    return run


def test_a_trial_makes_no_labels(project: Project, teacher: Scripted) -> None:
    keys = [builders.document(project).pk for _ in range(3)]
    run = tried(project, 0, keys[:2])
    assert (run.documents, run.labels, run.usd, run.trial) == (2, 0, 2 * CENT, True)
    assert not Label.objects.exists()
    assert set(run.responses.values_list("document", flat=True)) == set(keys[:2])


def test_what_a_trial_paid_for_serves_the_label_run(project: Project, teacher: Scripted) -> None:
    keys = [builders.document(project).pk for _ in range(3)]
    tried(project, 0, keys[:2])
    run = label_runs.start(project, teacher="acme:reader-1", consent=PROVIDER)
    label_runs.run(run.pk, Silent())
    run.refresh_from_db()
    assert (run.documents, run.labels, run.usd) == (3, 6, CENT)
    assert teacher.asked == 3


def test_the_same_question_twice_is_paid_for_once(project: Project, teacher: Scripted) -> None:
    keys = [builders.document(project).pk]
    tried(project, 0, keys)
    assert trials.estimate(project, keys, [trials.Try("acme:reader-1", 0)]).usd == 0
    again = tried(project, 0, keys)
    assert (again.documents, again.usd, teacher.asked) == (1, Decimal(0), 1)


def test_a_trial_of_the_rules_shows_what_they_say(project: Project) -> None:
    document = builders.document(project)
    run = trials.start(project, teacher="rules", documents=[document.pk])
    label_runs.run(run.pk, Silent())
    assert Response.objects.get().answers["total"]["value"] == "3.30"
    assert not Label.objects.exists()


def test_what_a_trial_cannot_take(project: Project, teacher: Scripted) -> None:
    foreign = builders.document(builders.project())
    unread = builders.document(project, state=Document.State.QUEUED)
    for documents in ([], [foreign.pk], [unread.pk]):
        with pytest.raises(Invalid, match="needs a document that was read"):
            trials.start(project, teacher="rules", documents=documents)
    with pytest.raises(Invalid, match="at most"):
        trials.start(project, teacher="rules", documents=range(101))
    with pytest.raises(label_runs.ConsentNeeded):
        trials.start(project, teacher="acme:reader-1", documents=[unread.pk])


def test_a_sample_takes_what_people_checked_first_and_is_always_the_same(project: Project) -> None:
    documents = [builders.document(project) for _ in range(6)]
    Document.objects.filter(pk=documents[4].pk).update(review=Document.Review.ACCEPTED)
    Document.objects.filter(pk=documents[5].pk).update(review=Document.Review.REJECTED)
    chosen = trials.sample(project, 3)
    assert chosen[0] == documents[4].pk
    assert len(set(chosen)) == 3
    assert chosen == trials.sample(project, 3)
    assert documents[5].pk not in trials.sample(project, 100)


def test_two_prompts_side_by_side(project: Project, teacher: Scripted) -> None:
    documents = [builders.document(project) for _ in range(2)]
    store.write(documents[0], "total", "3.30", source=Source.REVIEWER)
    store.write(documents[1], "total", "33.00", source=Source.CLAIM)
    prompts.save(project, prompts.Parts(rules=("No currency signs.",)))
    keys = [document.pk for document in documents]
    found = prompt_comparison.compare(project, tried(project, 0, keys), tried(project, 1, keys))
    assert found.documents == 2
    assert found.agreement == {"company": 1.0, "date": 1.0, "address": 1.0, "total": 0.0}
    reviewed = [side.reviewed.fields["total"].anls if side.reviewed else None for side in found.sides]
    assert reviewed[0] is not None
    assert reviewed[1] == 1.0
    assert reviewed[0] < 1
    assert all(side.claimed for side in found.sides)
    assert [side.usd for side in found.sides] == [0.02, 0.02]
    assert [row.document.pk for row in found.rows] == keys
    difference = found.rows[0].differences[0]
    assert (difference.field, difference.first, difference.second) == ("total", "RM 33.0", "3.30")
    assert difference.right is not None
    assert difference.right.value == "3.30"


def test_refused_documents_count_as_wrong_and_are_shown(
    project: Project, teacher: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = builders.document(project)
    store.write(document, "total", "3.30", source=Source.TRUTH)
    prompts.save(project, prompts.Parts(rules=("No currency signs.",)))
    first = tried(project, 1, [document.pk])
    teacher.say = lambda _: Reply({}, refusal="No.")
    second = tried(project, 0, [document.pk])
    found = prompt_comparison.compare(project, first, second)
    assert [side.reviewed and side.reviewed.mean_anls for side in found.sides] == [1.0, 0.0]
    assert [side.refusals for side in found.sides] == [0, 1]
    assert found.rows[0].states == ("", "Refused")


def test_only_documents_of_both_are_compared(project: Project, teacher: Scripted) -> None:
    keys = [builders.document(project).pk for _ in range(3)]
    found = prompt_comparison.compare(project, tried(project, 0, keys[:2]), tried(project, 0, keys[1:]))
    assert found.documents == 1
    assert found.rows == []
    assert prompt_comparison.compare(project, tried(project, 0, keys[:1]), tried(project, 0, keys[1:])).documents == 0
