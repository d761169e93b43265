"""A student kind that a contributor registers is trained, promoted and asked by commands, without another change."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from extraction.engines.student import registry
from extraction.models import ModelVersion, TrainingRun, User
from tests.support.badfiles.pdfs import text_pdf
from tests.support.commands import Command
from tests.support.student_kind_recipe import documented_kind

SCHEMA = """
name = "Slips"
document = "slip"
[[field]]
name = "total"
type = "money"
"""


@pytest.fixture(autouse=True)
def keywords() -> Iterator[str]:
    """Registered as step 2 of the recipe says."""
    registry.register("keywords", documented_kind)
    yield "keywords"
    registry.unregister("keywords")


def slip(total: str) -> bytes:
    return text_pdf(("CORNER BAKERY LIMITED", "Bread 1.10", f"Total {total}", "Thank you"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Twelve labelled slips, a schema and a config."""
    rows = []
    for number in range(12):
        total = f"{number + 2}.5{number % 10}"
        (tmp_path / f"{number}.pdf").write_bytes(slip(total))
        rows.append({"file": f"{number}.pdf", "total": total})
    (tmp_path / "labels.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (tmp_path / "schema.toml").write_text(SCHEMA)
    (tmp_path / "keywords.toml").write_text('kind = "keywords"\nfewest = 2\n')
    return tmp_path


@pytest.mark.django_db(transaction=True)
def test_from_labels_to_answers(folder: Path, command: Command, client: Client) -> None:
    assert command("create_project", "slips", "--schema", folder / "schema.toml")[0] == 0
    loaded = command("load", "slips", "--labels", folder / "labels.jsonl", "--source", "truth", "--split", "train")
    assert loaded[0] == 0
    code, run = command("train", "slips", "--name", "first", "--labels", "truth", "--config", folder / "keywords.toml")
    assert (code, run["state"], run["validation"]["mean_anls"]) == (0, "done", 1.0)
    row = TrainingRun.objects.get()
    assert (row.kind, row.base, row.encoder_info) == ("keywords", "", None)
    assert command("promote", "slips", "first")[0] == 0
    (folder / "new.pdf").write_bytes(slip("77.40"))
    code, answer = command("extract", "slips", folder / "new.pdf")
    assert code == 0
    assert answer["results"][0]["fields"]["total"]["value"] == "77.40"
    assert command("evaluate", "slips", "--system", "first", "--split", "train")[1]["mean_anls"] == 1.0

    client.force_login(User.objects.create_superuser("olga", password="a good long password"))
    page = client.get(reverse("training_run", args=["slips", row.pk])).content.decode()
    assert "Memorised 1 keywords." in page
    assert ModelVersion.objects.get().name in client.get(reverse("models", args=["slips"])).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("config", "sentence"),
    [('kind = "magic"', "no student kind 'magic'"), ('kind = "keywords"\nepochs = 2', "'epochs' is unknown")],
)
def test_a_config_that_cannot_be_used_is_refused(folder: Path, command: Command, config: str, sentence: str) -> None:
    command("create_project", "slips", "--schema", folder / "schema.toml")
    (folder / "bad.toml").write_text(config)
    code, refusal = command("train", "slips", "--name", "first", "--config", folder / "bad.toml")
    assert code == 2
    assert sentence in refusal
