"""Receipts for claims: named ones, the likeliest by values one to one, and what a person chose for good."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from extraction.domain.auditing.policy import Policy
from extraction.domain.auditing.rates import Rate
from extraction.domain.progress import Silent
from extraction.models import Claim, Document, Job, Match, Project, Source
from extraction.services.auditing import claims, jobs, matching, policies
from extraction.services.documents import intake
from extraction.services.documents.claims import imports
from extraction.services.jobs import execution
from extraction.services.labels import store
from tests.support import builders
from tests.support.builders import csv_file

pytestmark = pytest.mark.django_db


def receipt(project: Project, total: str, date: str, company: str, source: Source = Source.REVIEWER) -> Document:
    document = builders.document(project, company, date, f"Total {total}")
    for name, value in (("total", total), ("date", date), ("company", company)):
        store.write(document, name, value, source=source, teacher="rules" if source == Source.TEACHER else "")
    return document


def expense(project: Project, amount: str, day: str, merchant: str, **values: object) -> Claim:
    return builders.claim(project, amount=amount, date=datetime.date.fromisoformat(day), merchant=merchant, **values)


def matched(project: Project) -> dict[str, tuple[int | None, str]]:
    """Document and match by merchant."""
    matching.run(project.pk, Silent())
    return {row.merchant: (row.document_id, row.match) for row in Claim.objects.filter(project=project)}


def test_claims_find_their_receipts_one_to_one(project: Project) -> None:
    bean = receipt(project, "3.30", "25.12.2018", "The Bean")
    rail = receipt(project, "42.00", "24.12.2018", "Northern Rail")
    expense(project, "42.00", "2018-12-24", "Northern Rail")
    expense(project, "3.30", "2018-12-25", "Bean")
    expense(project, "99.00", "2020-01-01", "Nowhere")
    assert matched(project) == {
        "Northern Rail": (rail.pk, Match.VALUES),
        "Bean": (bean.pk, Match.VALUES),
        "Nowhere": (None, Match.NONE),
    }
    assert 0.5 <= (Claim.objects.get(merchant="Bean").probability or 0) < 1
    assert [row.merchant for row in claims.without_receipt(project)] == ["Nowhere"]
    assert not claims.unclaimed(project).exists()


def test_a_file_or_reference_that_is_named_comes_first(project: Project) -> None:
    bean = receipt(project, "3.30", "25.12.2018", "The Bean")
    other = receipt(project, "8.80", "01.02.2019", "Other")
    Document.objects.filter(pk=other.pk).update(name="EXP-7.pdf")
    expense(project, "3.30", "2018-12-25", "Named", file=f"scans/{bean.name.upper()}")
    expense(project, "3.30", "2018-12-25", "Twice", file=bean.sha256)
    expense(project, "1.00", "2018-12-25", "Referred", reference="exp-7")
    assert matched(project) == {
        "Named": (bean.pk, Match.FILE),
        "Twice": (bean.pk, Match.FILE),
        "Referred": (other.pk, Match.REFERENCE),
    }


def test_what_a_person_chose_stays(project: Project) -> None:
    bean = receipt(project, "3.30", "25.12.2018", "The Bean")
    right = expense(project, "3.30", "2018-12-25", "The Bean")
    wrong = expense(project, "77.00", "2019-05-05", "Other")
    claims.link(project, wrong.pk, bean, by=None)
    assert matched(project) == {"The Bean": (None, Match.NONE), "Other": (bean.pk, Match.PERSON)}
    claims.link(project, wrong.pk, None, by=None)
    assert matched(project) == {"The Bean": (bean.pk, Match.VALUES), "Other": (None, Match.PERSON)}
    claims.link(project, right.pk, None, by=None)
    claims.release(project, wrong.pk)
    assert matched(project) == {"The Bean": (None, Match.PERSON), "Other": (None, Match.NONE)}


def test_a_choice_while_matching_goes_on_stays(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    bean = receipt(project, "3.30", "25.12.2018", "The Bean")
    claim = expense(project, "3.30", "2018-12-25", "The Bean")
    other = expense(project, "9.00", "2018-12-25", "Other")
    before = matching._store

    def chosen(*arguments: object) -> None:
        claims.link(project, other.pk, bean, by=None)
        before(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(matching, "_store", chosen)
    assert matched(project) == {"The Bean": (None, Match.NONE), "Other": (bean.pk, Match.PERSON)}
    claim.refresh_from_db()
    assert claim.probability is None


def test_a_claimed_value_proves_no_claim(project: Project) -> None:
    document = builders.document(project, "nothing", "to", "read")
    for name, value in (("total", "3.30"), ("date", "2018-12-25"), ("company", "The Bean")):
        store.write(document, name, value, source=Source.CLAIM)
    expense(project, "3.30", "2018-12-25", "The Bean")
    assert matched(project) == {"The Bean": (None, Match.NONE)}


def test_documents_that_come_later_find_their_claim(project: Project) -> None:
    expense(project, "3.30", "2018-12-25", "The Bean", file="late.jpg")
    assert matched(project) == {"The Bean": (None, Match.NONE)}
    late = builders.document(project)
    Document.objects.filter(pk=late.pk).update(name="late.jpg")
    assert matched(project) == {"The Bean": (late.pk, Match.FILE)}
    claims.link(project, Claim.objects.get().pk, late, by=None)
    intake.delete(late)
    assert set(Claim.objects.values_list("document", "match")) == {(None, Match.NONE)}
    assert matched(project) == {"The Bean": (None, Match.NONE)}


def test_matching_goes_by_the_projects_policy(project: Project) -> None:
    """A claim is explained by a rate of exchange that the project has."""
    spa = receipt(project, "USD 100.00", "25.12.2018", "Spa")
    builders.claim(project, amount="90.00", date=datetime.date(2018, 12, 25), merchant="Spa")
    without = matching_probability(project)
    policies.save(project, Policy(rates=(Rate("USD", Decimal("0.90")),)))
    assert Job.objects.filter(kind=jobs.MATCH.name, state=Job.State.QUEUED).count() == 1
    assert matching_probability(project) > without
    assert Claim.objects.get().document == spa


def matching_probability(project: Project) -> float:
    matching.run(project.pk, Silent())
    return Claim.objects.get(project=project).probability or 0.0


def test_matching_follows_the_last_of_several_readings(project: Project) -> None:
    first, second = (
        Job.objects.create(kind=kind, project=project, subject=1, state=Job.State.RUNNING) for kind in ("read", "label")
    )
    builders.claim(project, document=builders.document(project))

    def over(job: Job) -> int:
        execution.end(Job.objects.filter(pk=job.pk), Job.State.DONE)
        return Job.objects.filter(kind=jobs.MATCH.name).count()

    assert over(first) == 0
    builders.claim(project)
    assert over(second) == 1
    Job.objects.filter(kind=jobs.MATCH.name).delete()
    Job.objects.filter(pk__in=(first.pk, second.pk)).update(state=Job.State.RUNNING)
    assert (over(first), over(second)) == (0, 1)


def test_taken_back_claims_hold_no_receipt(project: Project) -> None:
    bean = receipt(project, "3.30", "25.12.2018", "The Bean")
    expense(project, "3.30", "2018-12-25", "The Bean", document=bean, withdrawn=True)
    assert list(claims.unclaimed(project)) == [bean]
    expense(project, "3.30", "2018-12-25", "Bean")
    assert matched(project)["Bean"] == (bean.pk, Match.VALUES)


def test_matching_follows_an_import_of_claims_alone(project: Project, tmp_path: Path) -> None:
    document = builders.document(project)
    for name, header, count in (("t.csv", "employee,amount,file", 1), ("u.csv", "total,file", 1)):
        cells = ["Ann", "1.00"] if "employee" in header else ["1.00"]
        path = csv_file(tmp_path / name, header, ",".join([*cells, document.name]))
        row = imports.add(project, name, path)
        row = imports.start(row, row.column_mapping(), send=False)
        assert row.job is not None
        execution.run(row.job.pk)
        assert Job.objects.filter(kind=jobs.MATCH.name).count() == count
    job = Job.objects.get(kind=jobs.MATCH.name)
    execution.run(job.pk)
    assert Claim.objects.get().document == document
    job.refresh_from_db()
    assert job.state == Job.State.DONE
