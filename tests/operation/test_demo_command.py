"""`manage.py demo`: the whole loop on a handful of documents, and what it says on the way."""

import io
import json
import stat
from collections.abc import Sequence
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

import synthdocs
from extraction.domain import default_schemas
from extraction.domain.pages import Page
from extraction.domain.prediction import FieldValue
from extraction.domain.progress import Silent
from extraction.models import Document, Label, ModelVersion, Project, Source, TrainingRun
from extraction.services.labels import store
from extraction.services.operation import demonstration
from extraction.services.reports import reports
from extraction.services.serving import field_extraction, registry
from tests.support import builders

pytestmark = pytest.mark.django_db


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_loop_from_samples_to_a_report_and_once_more_without_doing_it_again(data_dir: Path) -> None:
    out = io.StringIO()
    call_command("demo", "--train=8", "--test=3", "--minutes=0.1", "--no-serve", stdout=out)
    assert out.getvalue().splitlines()[-1].startswith("mean ANLS student 0.")
    project = Project.objects.get(slug="samples")
    assert registry.serving(project) is not None
    truths = Label.objects.filter(source="truth")
    assert set(truths.values_list("document__split", flat=True)) == {"test"}
    labelled = Label.objects.filter(source="teacher").values("document").distinct().count()
    assert labelled == project.documents.count() == 11

    before = [kind.objects.count() for kind in (Document, Label, TrainingRun, ModelVersion)]
    out = io.StringIO()
    call_command("demo", "--no-serve", "--json", stdout=out)
    again = json.loads(out.getvalue())
    assert {system["kind"] for system in again["report"]["systems"]} >= {"teacher", "student"}
    assert [kind.objects.count() for kind in (Document, Label, TrainingRun, ModelVersion)] == before


class Student:
    """Somebody stops the demonstration while this one is asked for the first time."""

    asked = 0

    def predict(self, pages: Sequence[Page]) -> dict[str, FieldValue]:
        self.asked += 1
        if self.asked == 1:
            raise KeyboardInterrupt
        return {"total": FieldValue("3.30", "3.30", 0.9)}


@pytest.fixture
def trained() -> Project:
    """The samples' project whose demonstration ended before its student was promoted and scored."""
    project = demonstration.project(None, demonstration.account()[0])
    document = builders.document(project, split="test")
    store.write(document, "total", "3.30", source=Source.TEACHER, teacher="rules")
    store.write(document, "total", "3.30", source=Source.TRUTH)
    run = TrainingRun.objects.create(project=project, name=demonstration.MODEL, labels="teacher")
    ModelVersion.objects.create(project=project, run=run, name=run.name, folder="x", sha256="0", bytes=1)
    return project


def test_stopped_while_it_scores_it_goes_on_with_the_report(trained: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    student = Student()
    monkeypatch.setattr(registry, "predictor", lambda model: student)
    monkeypatch.setattr(field_extraction, "read", lambda project, path: [])
    registry.promote(trained.model_versions.get())
    with pytest.raises(SystemExit):
        call_command("demo", "--no-serve")
    assert reports.latest(trained) is None
    out = io.StringIO()
    call_command("demo", "--no-serve", stdout=out)
    assert out.getvalue().splitlines()[-1] == "mean ANLS student 1.000 teacher 1.000"


def test_a_student_that_was_trained_is_only_promoted(trained: Project) -> None:
    demonstration.train(trained, 1, Silent())
    assert registry.serving(trained) == trained.model_versions.get()


def test_started_anew_it_tries_nothing_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(demonstration, "make_samples", fail)
    out = io.StringIO()
    call_command("demo", "--seconds=0", "--no-serve", stdout=out)
    assert out.getvalue().splitlines()[-1] == "mean ANLS student none teacher none"


def test_the_password_is_made_once_and_only_its_owner_can_read_the_file(data_dir: Path) -> None:
    user, password = demonstration.account()
    assert user.check_password(password)
    assert stat.S_IMODE((data_dir / "demo-password").stat().st_mode) == 0o600
    assert demonstration.account() == (user, password)


def test_a_lost_password_is_made_anew(data_dir: Path) -> None:
    _, old = demonstration.account()
    (data_dir / "demo-password").unlink()
    user, new = demonstration.account()
    assert new != old
    assert user.check_password(new)


def test_a_folder_brings_its_own_fields_and_truth(tmp_path: Path) -> None:
    folder = tmp_path / "Our Invoices 2026"
    synthdocs.write(folder, "invoice", 1, seed=2, schema=default_schemas.RECEIPT)
    (folder / "schema.toml").write_text(
        'name = "Ours"\ndocument = "invoice"\n[[field]]\nname = "company"\n[[field]]\nname = "date"\ntype = "date"\n'
        '[[field]]\nname = "address"\n[[field]]\nname = "total"\ntype = "money"\n'
    )
    user, _ = demonstration.account()
    project = demonstration.project(folder, user)
    assert (project.slug, project.schema.name) == ("our-invoices-2026", "Ours")
    loaded = demonstration.load_folder(project, folder, Silent())
    assert loaded.new == 1
    assert Label.objects.filter(source="truth").count() == 4
    assert demonstration.project(folder, user) == project


@pytest.mark.parametrize(
    ("folder", "slug"),
    [
        (None, "samples"),
        (Path("/data/samples"), "my-samples"),
        (Path("/data/___"), "documents"),
        (Path("/x/Ä b"), "a-b"),
    ],
)
def test_a_projects_short_name_comes_from_the_folder(folder: Path | None, slug: str) -> None:
    assert demonstration.slug_for(folder) == slug


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is no folder") as caught:
        call_command("demo", "--data", str(tmp_path / "nowhere"), "--no-serve")
    assert caught.value.returncode == 2


def test_its_account_administers_the_installation(client: Client) -> None:
    client.force_login(demonstration.account()[0])
    assert client.get(reverse("status")).status_code == 200
