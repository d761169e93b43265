"""Systems of a report: chosen by name, compared in pairs on the same documents, and judged by both measures."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from extraction.domain.evaluation.scoring import PairedDifference
from extraction.domain.pages import Page
from extraction.domain.prediction import FieldValue
from extraction.domain.results.reports import AGREEMENT, ReportedSystem, ReportValue
from extraction.models import ModelVersion, Project, Report, Role, Source
from extraction.services.errors import Invalid, NotFound
from extraction.services.labels import store
from extraction.services.reports import messages, reports, systems
from extraction.services.reports.evaluate import evaluate_system
from extraction.services.reports.verdict import verdicts
from extraction.services.serving import field_extraction, registry
from tests.support import builders, programs

pytestmark = pytest.mark.django_db


class Always:
    """A student that gives the same total for every document."""

    def __init__(self, total: str) -> None:
        self.total = total

    def predict(self, pages: Sequence[Page]) -> dict[str, FieldValue]:
        return {"total": FieldValue(self.total, self.total, 0.9)}


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> Project:
    """Four test documents with a total of 3.30, which the teacher has right on three and `right` on all."""
    held = builders.project("shop")
    for said in ("3.30", "3.30", "3.30", "99.99"):
        document = builders.document(held, split="test")
        store.write(document, "total", "3.30", source=Source.TRUTH)
        store.write(document, "total", said, source=Source.TEACHER, teacher="recorded")
    Project.objects.filter(pk=held.pk).update(teacher="recorded")
    held.refresh_from_db()
    for name in ("right", "wrong"):
        programs.model(held, name)
    answers = {"right": Always("3.30"), "wrong": Always("88.88")}
    monkeypatch.setattr(registry, "predictor", lambda model: answers[model.name])
    monkeypatch.setattr(field_extraction, "read", lambda *_: iter(()))  # there are no files to time
    return held


def names(value: ReportValue) -> list[str]:
    return [system.name for system in value.systems]


class TestChoosing:
    def test_candidates_are_compared_by_name_in_the_order_of_the_kinds(self, shop: Project) -> None:
        value = reports.compare(shop, systems=["rules", "wrong", "teacher", "right"])
        assert names(value) == ["recorded", "wrong", "right", "rules"]

    def test_a_student_is_compared_alone_where_the_teacher_left_nothing(self, shop: Project) -> None:
        Project.objects.filter(pk=shop.pk).update(teacher="silent")
        shop.refresh_from_db()
        assert names(reports.compare(shop, systems=["right"])) == ["right"]

    def test_without_names_the_usual_ones_are_compared(self, shop: Project) -> None:
        assert names(reports.compare(shop)) == ["recorded", "rules"]
        ModelVersion.objects.filter(name="wrong").update(stage=ModelVersion.Stage.PRODUCTION)
        assert names(reports.compare(shop)) == ["recorded", "wrong", "rules"]
        assert systems.usual(shop) == ["teacher", "wrong", "rules"]

    def test_all_that_is_offered_can_be_compared(self, shop: Project) -> None:
        store.write(shop.documents.all()[0], "total", "1.00", source=Source.CLAIM)
        offered = [name for name, _ in systems.choices(shop)]
        assert offered == ["teacher", "wrong", "right", "rules", "claim"]
        assert len(names(reports.compare(shop, systems=offered))) == len(offered)

    def test_older_students_are_compared_by_name_and_the_serving_one_is_offered(
        self, shop: Project, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(systems, "LISTED", 0)
        assert [name for name, _ in systems.choices(shop)] == ["teacher", "rules"]
        assert reports.start(shop, systems=["right"], send=False).systems == ["right"]
        ModelVersion.objects.filter(name="wrong").update(stage=ModelVersion.Stage.PRODUCTION)
        assert systems.usual(shop) == ["teacher", "wrong", "rules"]

    def test_unknown_and_too_many_systems_are_refused_before_a_job_is_made(self, shop: Project) -> None:
        with pytest.raises(NotFound, match="no system named 'ghost'"):
            reports.start(shop, systems=["right", "ghost"])
        with pytest.raises(Invalid, match="at most 6"):
            reports.start(shop, systems=["right"] * 7)
        assert not shop.reports.exists()


class TestDifferences:
    def test_each_pair_is_compared_on_the_same_documents(self, shop: Project) -> None:
        value = reports.compare(shop, systems=["teacher", "right", "wrong"])
        assert [(pair.left, pair.right) for pair in value.differences] == [
            ("recorded", "right"),
            ("recorded", "wrong"),
            ("right", "wrong"),
        ]
        lead = value.difference("right", "recorded")
        assert lead is not None
        assert (lead.documents, lead.mean_anls, lead.all_fields) == (4, 0.25, 0.25)
        assert lead.mean_anls_ci95[0] == 0.0
        assert 0.25 < lead.mean_anls_ci95[1] <= 0.75
        assert lead.reversed() == value.difference("recorded", "right")

    def test_a_difference_is_that_of_the_means(self, shop: Project) -> None:
        value = reports.compare(shop, systems=["teacher", "wrong"])
        first, second = (system.scores for system in value.systems)
        assert value.differences[0].mean_anls == pytest.approx(first.mean_anls - second.mean_anls)
        assert value.differences[0].all_fields == pytest.approx(first.all_fields - second.all_fields)

    def test_a_stored_report_has_them_again(self, shop: Project) -> None:
        value = reports.compare(shop, systems=["teacher", "wrong"])
        assert ReportValue.from_json(value.to_json()) == value


def judged(*systems: ReportedSystem, note: str = "Compared with truth.", lead: PairedDifference | None = None) -> str:
    value = replace(builders.report_value(*systems), note=note, differences=(lead,) if lead else ())
    return " ".join(messages.of_verdict(one) for one in verdicts(value))


def system(name: str, kind: str, anls: float, whole: float) -> ReportedSystem:
    row = builders.reported(name, kind, anls)
    scores = replace(row.scores, all_fields=whole)
    return replace(row, evaluation=replace(row.evaluation, scores=scores))


class TestVerdict:
    teacher = system("llm", "teacher", 0.968, 0.812)

    def test_both_measures_agree(self) -> None:
        assert judged(self.teacher, system("small", "student", 0.9, 0.6)) == (
            "small is worse than its teacher llm on 4 documents: by mean ANLS (90.0 against 96.8 %) and by documents "
            "with every field right (60.0 against 81.2 %)."
        )

    def test_where_they_disagree_that_is_said(self) -> None:
        sentence = judged(self.teacher, system("small", "student", 0.971, 0.625))
        assert "small is better than its teacher llm on 4 documents by mean ANLS (97.1 against 96.8 %)" in sentence
        assert "but worse than it by documents with every field right (62.5 against 81.2 %)" in sentence
        assert "The two measures disagree" in sentence

    def test_what_the_interval_of_the_pair_holds_is_level(self) -> None:
        lead = PairedDifference("llm", "small", 4, 0.003, (-0.01, 0.02), 0.187, (0.1, 0.3))
        sentence = judged(self.teacher, system("small", "student", 0.965, 0.625), lead=lead)
        assert "small is level with its teacher llm" in sentence
        assert "but worse than it by documents" in sentence

    def test_rows_are_said_beside_the_fields_of_which_neither_measure_knows(self) -> None:
        teacher = builders.reported("llm", "teacher", 0.9, groups={"items": 0.8, "taxes": 0.5})
        student = builders.reported("small", "student", 0.9, groups={"items": 0.75})
        before = builders.reported("before", "student", 0.9)
        both = judged(teacher, student)
        assert both.startswith("small is level with its teacher llm")
        assert both.endswith(" Rows of items: cell F1 75.0 against 80.0 %.")
        assert "taxes" not in both
        assert "Rows" not in judged(teacher, before)

    def test_agreement_with_the_teacher_is_no_verdict(self) -> None:
        small = system("small", "student", 0.9, 0.6)
        assert judged(self.teacher, small, note=f"Nothing is reviewed, so {AGREEMENT}.") == ""
        assert judged(small) == ""


class TestNotes:
    def test_labels_that_began_as_a_teachers_answers_are_counted(self) -> None:
        project = builders.project()
        for said in ("3.30", "9.99", None):
            document = builders.document(project, split="test")
            if said:
                store.write(document, "total", said, source=Source.TEACHER, teacher="rules")
            store.write(document, "total", "3.30", source=Source.REVIEWER)
            store.write(document, "total", "3.30", source=Source.TEACHER, teacher="later")
        note = evaluate_system(project, "rules", against="best", timed=False).note
        assert "1 of these 3 began as answers of rules, which favours it." in note


class TestPages:
    @pytest.fixture
    def page(self, client: Client, shop: Project) -> Client:
        client.force_login(builders.member(shop, Role.OWNER))
        return client

    def listing(self, page: Client) -> str:
        return " ".join(page.get(reverse("reports", args=["shop"])).content.decode().split())

    def test_a_candidate_is_put_into_a_report(self, page: Client, shop: Project) -> None:
        assert "right, candidate" in self.listing(page)
        typed = {"split": "test", "against": "truth", "systems": ["right", "teacher"]}
        assert page.post(reverse("reports", args=["shop"]), typed).status_code == 302
        assert shop.reports.get().systems == ["right", "teacher"]

    def test_an_unknown_system_is_refused(self, page: Client, shop: Project) -> None:
        typed = {"split": "test", "against": "truth", "systems": ["ghost"]}
        assert page.post(reverse("reports", args=["shop"]), typed).status_code == 400

    @pytest.mark.parametrize(("truth", "chosen"), [(True, "truth"), (False, "best")])
    def test_what_the_project_has_is_chosen_to_compare_with(
        self, page: Client, shop: Project, truth: bool, chosen: str
    ) -> None:
        if not truth:
            for document in shop.documents.all():
                store.write(document, "total", None, source=Source.TRUTH, withdrawn=True)
        assert f'<option value="{chosen}" selected>' in self.listing(page)

    @pytest.mark.parametrize("agreement", [False, True])
    def test_lists_tell_agreement_from_quality(self, page: Client, shop: Project, agreement: bool) -> None:
        value = builders.report_value(builders.reported("recorded", "teacher", 0.875))
        value = replace(value, note=f"So {AGREEMENT}.") if agreement else value
        Report.objects.create(project=shop, value=value.to_json())
        assert ("agreement with the teacher, not quality" in self.listing(page)) is agreement

    def test_a_report_begins_with_its_verdict_and_sets_pairs_side_by_side(self, page: Client, shop: Project) -> None:
        value = reports.compare(shop, systems=["teacher", "right"])
        row = Report.objects.create(project=shop, value=value.to_json())
        text = " ".join(page.get(reverse("report", args=["shop", row.pk])).content.decode().split())
        verdict = text.index("right is level with its teacher recorded on 4 documents")
        assert verdict < text.index("Quality, speed and cost")
        assert "recorded against right" in text
        assert "-25.0" in text


def test_a_report_offers_every_teacher_by_each_of_its_methods(shop: Project) -> None:
    document = shop.documents.order_by("pk")[0]
    for teacher in ("openai:m", "openai:m#list"):
        store.write(document, "total", "3.30", source=Source.TEACHER, teacher=teacher)
    offered = [name for name, _ in systems.choices(shop)]
    assert {"openai:m", "openai:m#list"} <= set(offered)
    assert offered.count("rules") <= 1
