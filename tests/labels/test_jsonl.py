"""Labels from files: all or nothing, and the same again."""

import gc
import hashlib
import json
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import pytest

from extraction.domain.fields import Schema
from extraction.domain.text import LONGEST_VALUE
from extraction.models import Document, Label, Project, Source
from extraction.services.errors import Invalid
from extraction.services.labels import ranking, store
from extraction.services.labels.label_files import jsonl, storing
from tests.support import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return builders.project()


def stored(project: Project, folder: Path, name: str, *lines: str) -> Document:
    """A document of the project whose file lies in `folder`."""
    (folder / name).write_bytes(name.encode())
    document = builders.document(project, *lines)
    Document.objects.filter(pk=document.pk).update(sha256=hashlib.sha256(name.encode()).hexdigest())
    document.refresh_from_db()
    return document


def written(folder: Path, *lines: Mapping[str, Any] | str) -> Path:
    path = folder / "labels.jsonl"
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines))
    return path


def said(document: Document) -> dict[str, str | None]:
    return {name: label.value for name, label in ranking.best(document).items()}


class TestFiles:
    def test_values_nothing_and_silence(self, project: Project, tmp_path: Path) -> None:
        document = stored(project, tmp_path, "a.jpg")
        line = '{"file": "a.jpg", "company": "BEAN THERE SDN BHD", "total": 3.30, "date": null, "unsure": ["total"]}'
        result = storing.load_labels(project, written(tmp_path, line), Source.TRUTH)
        assert result.to_json() == {"new": 3, "known": 0, "refused": []}
        assert said(document) == {"company": "BEAN THERE SDN BHD", "total": "3.30", "date": None}
        rows = {label.field: label for label in Label.objects.all()}
        assert rows["total"].unsure
        assert not rows["company"].unsure
        assert rows["total"].normalized == "3.30"
        assert rows["total"].spans
        document.refresh_from_db()
        assert document.review == Document.Review.ACCEPTED

    @pytest.mark.parametrize(("beside", "named"), [("NFD", "NFC"), ("NFC", "NFD"), ("NFC", "NFC"), ("NFD", "NFD")])
    @pytest.mark.parametrize("name", ["Café.jpg", "Müller/Ångström 1.jpg", "한글.jpg"])
    def test_a_name_means_its_file_however_it_is_composed(
        self, name: str, beside: Literal["NFC", "NFD"], named: Literal["NFC", "NFD"], project: Project, tmp_path: Path
    ) -> None:
        on_disk = unicodedata.normalize(beside, name)
        (tmp_path / on_disk).parent.mkdir(exist_ok=True)
        document = stored(project, tmp_path, on_disk)
        path = written(tmp_path, {"file": unicodedata.normalize(named, name), "company": "BEAN THERE"})
        assert storing.load_labels(project, path, Source.TRUTH).refused == []
        assert said(document) == {"company": "BEAN THERE"}

    def test_one_file_is_named_once_however_its_name_is_composed(self, project: Project, tmp_path: Path) -> None:
        stored(project, tmp_path, "Café.jpg")
        lines = [{"file": unicodedata.normalize(form, "Café.jpg"), "company": form} for form in ("NFC", "NFD")]
        with pytest.raises(Invalid, match="line 2 names the same file as line 1"):
            storing.load_labels(project, written(tmp_path, *lines), Source.TRUTH)

    def test_two_names_of_one_content_cannot_say_two_things(self, project: Project, tmp_path: Path) -> None:
        document = stored(project, tmp_path, "a.jpg")
        (tmp_path / "copy.jpg").write_bytes(b"a.jpg")
        path = written(tmp_path, {"file": "a.jpg", "company": "ONE"}, {"file": "copy.jpg", "company": "TWO"})
        for new in (1, 0, 0):
            result = storing.load_labels(project, path, Source.TRUTH)
            assert result.new == new
            assert [(row.line, row.reason) for row in result.refused] == [
                (2, "copy.jpg has the same content as a.jpg (line 1) and other values.")
            ]
            assert said(document) == {"company": "ONE"}

    def test_two_names_of_one_content_may_agree(self, project: Project, tmp_path: Path) -> None:
        document = stored(project, tmp_path, "a.jpg")
        (tmp_path / "copy.jpg").write_bytes(b"a.jpg")
        path = written(
            tmp_path, {"file": "a.jpg", "company": "ONE"}, {"file": "copy.jpg", "company": "ONE", "total": "3"}
        )
        assert storing.load_labels(project, path, Source.TRUTH).refused == []
        assert said(document) == {"company": "ONE", "total": "3"}

    def test_loading_twice_changes_nothing(self, project: Project, tmp_path: Path) -> None:
        stored(project, tmp_path, "a.jpg")
        path = written(tmp_path, {"file": "a.jpg", "company": "BEAN THERE", "total": None})
        storing.load_labels(project, path, Source.TEACHER)
        before = list(Label.objects.values())
        assert storing.load_labels(project, path, Source.TEACHER).to_json() == {"new": 0, "known": 2, "refused": []}
        assert list(Label.objects.values()) == before

    def test_a_correction_adds_only_what_differs(self, project: Project, tmp_path: Path) -> None:
        document = stored(project, tmp_path, "a.jpg")
        for total, new in (("3.30", 2), ("3.40", 1), ("3.30", 1)):
            path = written(tmp_path, {"file": "a.jpg", "company": "BEAN THERE", "total": total})
            assert storing.load_labels(project, path, Source.CLAIM).new == new
            assert said(document)["total"] == total

    def test_loading_again_leaves_a_reviewers_word_alone(self, project: Project, tmp_path: Path) -> None:
        document = stored(project, tmp_path, "a.jpg")
        path = written(tmp_path, {"file": "a.jpg", "total": "3.30"})
        storing.load_labels(project, path, Source.REVIEWER)
        store.write(document, "total", "3.00", source=Source.REVIEWER, author=builders.user())
        assert storing.load_labels(project, path, Source.REVIEWER).known == 1
        assert said(document)["total"] == "3.00"

    def test_a_teachers_labels_carry_its_name(self, project: Project, tmp_path: Path) -> None:
        stored(project, tmp_path, "a.jpg")
        storing.load_labels(project, written(tmp_path, {"file": "a.jpg", "total": "3.30"}), Source.TEACHER)
        assert Label.objects.get().teacher == "recorded"
        project.refresh_from_db()
        assert project.teacher == "recorded"

    def test_an_image_that_is_not_there_refuses_its_own_line_only(self, project: Project, tmp_path: Path) -> None:
        stored(project, tmp_path, "a.jpg")
        (tmp_path / "stranger.jpg").write_bytes(b"another picture")
        lines = [{"file": name, "total": "3.30"} for name in ("gone.jpg", "a.jpg", "stranger.jpg")]
        result = storing.load_labels(project, written(tmp_path, *lines), Source.TRUTH)
        assert (result.new, result.known) == (1, 0)
        assert sorted(row.line for row in result.refused) == [1, 3]
        assert {row.reason for row in result.refused} == {
            "gone.jpg: No such file or directory.",
            "stranger.jpg is not in the project.",
        }

    @pytest.mark.parametrize(
        ("line", "words"),
        [
            ("{", "line 2 is not valid JSON"),
            ("[" * 100_000, "line 2 is nested too deep, or holds a number of too many digits"),
            ("[1]", "line 2 is not a JSON object"),
            ('{"total": "1.00"}', "line 2 names no file"),
            ('{"file": "", "total": "1.00"}', "line 2 names no file"),
            ('{"file": "b.jpg", "totl": "1.00"}', "line 2 names the unknown field 'totl'"),
            ('{"file": "b.jpg", "total": true}', "line 2 must have a text, a number or null for 'total'"),
            ('{"file": "b.jpg", "total": ["1.00"]}', "line 2 must have a text, a number or null for 'total'"),
            ('{"file": "b.jpg", "total": NaN}', "line 2 has the value NaN"),
            ('{"file": "b.jpg", "total": "1", "total": "2"}', "line 2 names a key twice"),
            ('{"file": "b.jpg", "unsure": "total"}', "line 2 has something else than names of fields under 'unsure'"),
            ('{"file": "b.jpg", "unsure": ["totl"]}', "line 2 has something else than names of fields under 'unsure'"),
            ('{"file": "b.jpg", "company": "\\ud800"}', "line 2 has a character that cannot be stored"),
            ('{"file": "a.jpg", "total": "2.00"}', "line 2 names the same file as line 1"),
        ],
    )
    def test_a_bad_line_refuses_the_file(self, project: Project, tmp_path: Path, line: str, words: str) -> None:
        stored(project, tmp_path, "a.jpg")
        path = written(tmp_path, {"file": "a.jpg", "total": "3.30"}, line)
        with pytest.raises(Invalid) as refusal:
            storing.load_labels(project, path, Source.TRUTH)
        assert str(refusal.value) == f"labels.jsonl is refused: {words}."
        assert not Label.objects.exists()

    def test_many_bad_lines_are_counted(self, project: Project, tmp_path: Path) -> None:
        with pytest.raises(Invalid, match=r"line 1 .*; line 5 is not valid JSON; and 4 more lines\."):
            jsonl.parse(project, written(tmp_path, *["{"] * 9))

    def test_files_that_are_no_label_files(self, project: Project, tmp_path: Path) -> None:
        with pytest.raises(Invalid, match=r"labels\.jsonl holds no labels\."):
            jsonl.parse(project, written(tmp_path, "", " "))
        (tmp_path / "picture.jsonl").write_bytes(b"\xff\xd8\xff\xe0")
        with pytest.raises(Invalid, match="not a text file"):
            jsonl.parse(project, tmp_path / "picture.jsonl")
        with pytest.raises(Invalid, match="cannot be opened"):
            jsonl.parse(project, tmp_path / "gone.jsonl")

    def test_a_student_has_no_label_files(self, project: Project, tmp_path: Path) -> None:
        stored(project, tmp_path, "a.jpg")
        with pytest.raises(Invalid, match="student"):
            storing.load_labels(project, written(tmp_path, {"file": "a.jpg", "total": "1.00"}), Source.STUDENT)

    def test_rows_of_a_group_are_kept_as_json(self, tmp_path: Path) -> None:
        fields = [{"name": "description"}, {"name": "amount", "type": "money"}]
        group = {"name": "items", "type": "group", "fields": fields}
        project = builders.project(schema=Schema.from_json({"name": "R", "document": "receipt", "field": [group]}))
        document = stored(project, tmp_path, "a.jpg")
        path = written(tmp_path, '{"file": "a.jpg", "items": [{"description": "tea", "amount": 3.50}]}')
        storing.load_labels(project, path, Source.TRUTH)
        assert json.loads(said(document)["items"] or "") == [{"description": "tea", "amount": "3.50"}]
        with pytest.raises(Invalid, match="unknown field 'price' inside 'items'"):
            jsonl.parse(project, written(tmp_path, {"file": "a.jpg", "items": [{"price": 1}]}))
        with pytest.raises(Invalid, match="must have a list of objects for 'items'"):
            jsonl.parse(project, written(tmp_path, {"file": "a.jpg", "items": "tea"}))

    def test_lines_values_and_their_number_are_bounded(
        self, project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Refused with line numbers, and never held in memory as a whole."""
        monkeypatch.setattr(jsonl, "LONGEST_LINE", 20_000)
        good = {"file": "a.jpg", "total": "3.30"}
        long_value = {"file": "b.jpg", "company": "x" * (LONGEST_VALUE + 1)}
        long_line = {"file": "c.jpg", "company": "x" * 50_000}
        with pytest.raises(Invalid) as caught:
            jsonl.parse(project, written(tmp_path, good, long_value, long_line, "not JSON"))
        assert "line 2 has a value of more than 10,000 characters for 'company'" in str(caught.value)
        assert "line 3 has more than 20,000 characters" in str(caught.value)
        assert "line 4 is not valid JSON" in str(caught.value)
        monkeypatch.setattr(jsonl, "MOST_LINES", 1)
        with pytest.raises(Invalid, match="more than 1 lines"):
            jsonl.parse(project, written(tmp_path, good, {**good, "file": "b.jpg"}))

    def test_only_a_batch_of_lines_is_ever_held(
        self, project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(jsonl, "BATCH", 10)
        held: list[int] = []
        write_many = store.write_many

        def lines() -> int:
            return sum(type(each) is jsonl.LabelLine for each in gc.get_objects())

        def counted(*arguments: Any, **named: Any) -> list[Label]:
            held.append(lines() - before)
            return write_many(*arguments, **named)

        monkeypatch.setattr(store, "write_many", counted)
        gc.collect()
        before = lines()
        path = written(tmp_path, *({"file": f"{number}.jpg", "total": "3.30"} for number in range(100)))
        result = storing.load_labels(project, path, Source.TRUTH)
        assert [row.line for row in result.refused] == list(range(1, 101))
        assert len(held) == 10
        assert max(held) <= 20

    def test_a_file_that_changes_while_it_is_loaded_is_refused(self, project: Project, tmp_path: Path) -> None:
        stored(project, tmp_path, "a.jpg")
        path = written(tmp_path, {"file": "a.jpg", "total": "3.30"})
        checked = jsonl.parse(project, path)
        path.write_text(path.read_text() + '\n{"file": "a.jpg", "totl": 1}')
        with pytest.raises(Invalid, match=r"labels\.jsonl was changed while it was being loaded; load it again\."):
            storing.store(project, [checked], Source.TRUTH)
        assert not Label.objects.exists()

    def test_a_number_of_any_length_stays_exact_or_is_refused(self, project: Project, tmp_path: Path) -> None:
        document = stored(project, tmp_path, "a.jpg")
        digits = "123456789012345678901234567890.12"
        storing.load_labels(project, written(tmp_path, f'{{"file": "a.jpg", "total": {digits}}}'), Source.TRUTH)
        assert ranking.best(document)["total"].normalized == digits
        with pytest.raises(Invalid, match="line 1 is nested too deep, or holds a number of too many digits"):
            jsonl.parse(project, written(tmp_path, f'{{"file": "a.jpg", "total": {"9" * 100_000}}}'))

    def test_ambiguous_dates_are_settled_by_the_files_other_dates(self, project: Project, tmp_path: Path) -> None:
        document = stored(project, tmp_path, "a.jpg", "01/02/2018")
        store.write(document, "date", "01/02/2018", source=Source.CLAIM)
        assert Label.objects.get().normalized is None
        storing.load_labels(project, written(tmp_path, {"file": "a.jpg", "date": "25/12/2018"}), Source.TRUTH)
        assert Label.objects.get(source=Source.CLAIM).normalized == "2018-02-01"
