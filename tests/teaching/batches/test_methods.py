"""Other methods of asking than filling the fields, and documents with doubtful first answers, by batches."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.urls import reverse

from extraction.domain.progress import Silent
from extraction.models import Label, LabelRun, Response, Source, TeacherBatch, User
from extraction.services.errors import Invalid
from extraction.services.labels import store
from extraction.services.teaching import label_runs
from extraction.services.teaching.batches import importing
from tests.support.commands import Command
from tests.support.providers.bench import Bench, Delivery, documents, handed_in

pytestmark = pytest.mark.django_db(transaction=True)

LISTING = {
    "values": [
        {"caption": "Date", "what": "date", "value": "25/12/2018"},
        {"caption": "Total", "what": "total amount", "value": "3.30"},
    ]
}
ONE_FIELD = "one field at a time"


@pytest.fixture
def listing(bench: Bench) -> Bench:
    """A model that is asked for every labelled value."""
    bench.teacher += "#list"
    bench.desk.answers.text = lambda request, document, fault: json.dumps(LISTING)  # type: ignore[method-assign]
    return bench


def values() -> dict[str, str | None]:
    return dict(Label.objects.filter(source=Source.TEACHER).order_by("pk").values_list("field", "value"))


def test_a_listing_is_mapped_to_the_fields(listing: Bench) -> None:
    run = listing.ended(listing.begun(2))
    assert (run.state, run.documents, run.labels, run.malformed, run.failures) == (LabelRun.State.DONE, 2, 4, 0, 0)
    assert values() == {"date": "25/12/2018", "total": "3.30"}
    assert {row.raw for row in Response.objects.all()} == {json.dumps(LISTING)}
    # The fields that it told nothing of are not asked for again.
    assert label_runs.estimate(listing.project, listing.teacher).documents == 0
    assert set(listing.desk.paid.values()) == {1}


def test_a_listing_comes_by_files_without_a_key(
    listing: Bench, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    for variable in ("ANTHROPIC_API_KEY", "OPENAI_API_KEY"):
        monkeypatch.delenv(variable)
    documents(listing.project, 2)
    run = listing.work(listing.start(Delivery.FILE))
    file = tmp_path_factory.mktemp("answers") / "answers.jsonl"
    file.write_bytes(handed_in(listing.desk, run))
    assert importing.take(run, file)[0].answers == 2
    run = listing.work(run)
    assert (run.documents, run.labels) == (2, 4)
    assert values() == {"date": "25/12/2018", "total": "3.30"}


def test_an_answer_off_the_form_of_listings_is_malformed(listing: Bench) -> None:
    listing.desk.answers.text = lambda request, document, fault: "[]"  # type: ignore[method-assign]
    run = listing.ended(listing.begun(1))
    assert (run.malformed, run.labels) == (1, 0)


def test_another_method_is_another_question(bench: Bench) -> None:
    run = bench.begun(2)
    assert label_runs.estimate(bench.project, bench.teacher).documents == 0
    assert label_runs.estimate(bench.project, f"{bench.teacher}#list").documents == 2
    assert bench.ended(run).documents == 2


def test_one_field_at_a_time_is_refused(bench: Bench, client: Client, owner: User, command: Command) -> None:
    documents(bench.project, 1)
    for delivery in (Delivery.BATCH, Delivery.FILE):
        with pytest.raises(Invalid, match=ONE_FIELD):
            label_runs.start(bench.project, teacher=f"{bench.teacher}#single", delivery=delivery)
    code, sentence = command("label", "receipts", "--teacher", bench.teacher, "--method", "single", "--batch")
    assert (code, ONE_FIELD in sentence) == (2, True)
    client.force_login(owner)
    typed = {"teacher": bench.teacher, "method": "single", "delivery": "batch"}
    assert ONE_FIELD in client.get(reverse("teacher_estimate", args=["receipts"]), typed).content.decode()
    assert client.post(reverse("teacher", args=["receipts"]), typed).status_code == 400
    assert (LabelRun.objects.exists(), TeacherBatch.objects.exists()) == (False, False)


class TestDoubtful:
    """A second reading by a batch where the first answer is doubtful."""

    def test_only_these_documents_go_into_it_once(self, listing: Bench) -> None:
        sure, unsure, unsure_too = self._read_first(listing)
        whole, half = (
            label_runs.estimate(listing.project, listing.teacher, doubtful=True, delivery=delivery)
            for delivery in (Delivery.DIRECT, Delivery.BATCH)
        )
        assert (whole.documents, half.documents, half.usd) == (2, 2, pytest.approx(whole.usd / 2))
        listing.desk.ready.clear()
        run = listing.work(listing.start(doubtful=True))
        assert (run.chosen, run.batches.get().entries.count()) == ([unsure, unsure_too], 2)
        # What is in an open batch is left out of other runs.
        assert label_runs.estimate(listing.project, listing.teacher, doubtful=True).documents == 0
        assert "No doubtful first answer" in label_runs.nothing_to_label(
            listing.project, listing.teacher, doubtful=True
        )
        run = listing.ended(run)
        assert (run.documents, run.labels) == (2, 4)
        assert not Label.objects.filter(document=sure, teacher=listing.teacher).exists()
        assert label_runs.estimate(listing.project, listing.teacher, doubtful=True).documents == 0

    def test_a_limit_holds(self, listing: Bench) -> None:
        self._read_first(listing)
        listing.desk.fate = lambda number: "failed"
        run = listing.ended(listing.work(listing.start(doubtful=True, limit=1)))
        assert (run.documents, run.failures, run.batches.get().entries.count()) == (0, 1, 1)

    def test_the_command_goes_on_with_a_run_that_waits(self, listing: Bench, command: Command) -> None:
        first = self._read_first(listing)
        listing.desk.ready.clear()
        arguments = ("label", "receipts", "--teacher", listing.teacher, "--doubtful", "--batch", "--yes")
        assert command(*arguments)[1]["awaited"] == 2
        store.write(listing.project.documents.get(pk=first[0]), "total", "3.00", source=Source.CLAIM)
        listing.desk.ready.set()
        code, told = command(*arguments)
        assert (code, told["documents"], LabelRun.objects.count()) == (0, 2, 1)

    @staticmethod
    def _read_first(bench: Bench) -> list[int]:
        """Keys of three documents of whose totals the second and the third are doubted."""
        rows = documents(bench.project, 3)
        for row in rows:
            unsure = row is not rows[0]
            store.write(
                row,
                "total",
                "3.30",
                source=Source.TEACHER,
                teacher="rules",
                unsure=unsure,
                confidence=None if unsure else 0.9,
            )
        return [row.pk for row in rows]


def test_a_listing_is_not_paid_for_again_by_a_direct_run(listing: Bench) -> None:
    run = listing.ended(listing.begun(2))
    Label.objects.filter(run=run).delete()
    keys = list(listing.project.documents.values_list("pk", flat=True))
    again = label_runs.label_here(listing.project, Silent(), teacher=listing.teacher)
    assert again.usd == 0
    assert label_runs.estimate(listing.project, listing.teacher, chosen=keys).usd == 0
