"""`manage.py demo`: the whole loop on a handful of documents, and what it says on the way."""

import io
import json
import stat
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from extraction import samples
from extraction.domain.progress import Silent
from extraction.models import Label, Project
from extraction.services import demonstration, registry

pytestmark = pytest.mark.django_db


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_loop_from_samples_to_a_report_and_once_more_in_no_time(data_dir: Path) -> None:
    out = io.StringIO()
    call_command("demo", "--train=8", "--test=3", "--minutes=0.3", "--no-serve", stdout=out)
    assert out.getvalue().splitlines()[-1].startswith("mean ANLS student 0.")
    project = Project.objects.get(slug="samples")
    assert registry.serving(project) is not None
    truths = Label.objects.filter(source="truth")
    assert set(truths.values_list("document__split", flat=True)) == {"test"}
    labelled = Label.objects.filter(source="teacher").values("document").distinct().count()
    assert labelled == project.documents.count() == 11

    out = io.StringIO()
    call_command("demo", "--no-serve", "--json", stdout=out)
    again = json.loads(out.getvalue())
    assert again["seconds"] < 5
    assert {system["kind"] for system in again["report"]["systems"]} >= {"teacher", "student"}
    assert Label.objects.filter(source="truth").count() == truths.count()


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
    samples.write(folder, "invoice", 1, seed=2)
    (folder / "schema.toml").write_text(
        'name = "Ours"\ndocument = "invoice"\n[[field]]\nname = "company"\n[[field]]\nname = "date"\ntype = "date"\n'
        '[[field]]\nname = "address"\n[[field]]\nname = "total"\ntype = "money"\n'
    )
    user, _ = demonstration.account()
    project = demonstration.project(folder, user)
    assert (project.slug, project.schema.name) == ("our-invoices-2026", "Ours")
    loaded = demonstration.load_folder(project, folder, Silent())
    assert loaded["new"] == 1
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
