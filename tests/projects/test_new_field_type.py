"""A type that a contributor registers works from the schema file to the report, without another change anywhere."""

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from extraction.domain.field_types import FieldType, registry
from extraction.models import Job, Label, Project, User
from extraction.tasks import run_job
from tests.support.field_type_recipe import documented_type

SCHEMA = """
name = "Invoices"
document = "invoice"
[[field]]
name = "account"
type = "iban"
instruction = "the account to pay to"
required = true
[[field]]
name = "total"
type = "money"
"""


@pytest.fixture(autouse=True)
def iban() -> Iterator[FieldType]:
    """Registered as step 2 of the recipe says."""
    kind = documented_type()
    registry.register(kind)
    yield kind
    registry.unregister(kind.name)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Twelve invoices; two of them are for testing and have their truth beside them, one without its spaces."""
    truth = []
    for number in range(12):
        account, split = account_number(number), "test" if number < 2 else "train"
        lines = (
            "HARBOUR LANE LIMITED",
            f"Invoice {number} of 25/12/2018",
            f"Total {number + 2}.50",
            f"IBAN: {account}",
        )
        (tmp_path / split).mkdir(exist_ok=True)
        (tmp_path / split / f"{number}.pdf").write_bytes(pdf(lines))
        if split == "test":
            truth.append({"file": f"{number}.pdf", "account": account.replace(" ", "" if number else " ")})
    (tmp_path / "test" / "truth.jsonl").write_text("".join(json.dumps(line) + "\n" for line in truth))
    return tmp_path


def account_number(number: int) -> str:
    """A valid account number in groups of four."""
    body = f"WEST{12345698765432 + 7 * number}"
    digits = "".join(str(int(char, 36)) for char in f"{body}GB00")
    compact = f"GB{98 - int(digits) % 97:02}{body}"
    return " ".join(compact[at : at + 4] for at in range(0, len(compact), 4))


def pdf(lines: tuple[str, ...]) -> bytes:
    """A page that prints `lines`, with the least that a reader of PDFs needs."""
    content = "BT /F 12 Tf 20 360 Td " + " ".join(f"({line}) Tj 0 -18 Td" for line in lines) + " ET"
    objects = (
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 400] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>",
        f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    )
    body = "".join(f"{number} 0 obj\n{value}\nendobj\n" for number, value in enumerate(objects, 1))
    return f"%PDF-1.4\n{body}trailer << /Root 1 0 R >>\n%%EOF\n".encode()


def command(*arguments: object) -> dict[str, Any]:
    out = io.StringIO()
    call_command(*map(str, arguments), "--json", stdout=out)
    value: dict[str, Any] = json.loads(out.getvalue())
    return value


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_from_the_schema_file_to_the_report(folder: Path, client: Client) -> None:
    (folder / "schema.toml").write_text(SCHEMA)
    assert command("create_project", "bank", "--schema", folder / "schema.toml")["fields"] == ["account", "total"]
    command("load", "bank", folder / "train", "--split", "train")
    labels = command(
        "load", "bank", "--labels", folder / "test" / "truth.jsonl", "--source", "truth", "--split", "test"
    )
    assert labels["labels"]["new"] == 2
    truth = Label.objects.filter(source="truth").order_by("id")
    assert [label.normalized for label in truth] == [account_number(number).replace(" ", "") for number in (0, 1)]
    assert all(label.spans for label in truth)

    assert command("label", "bank", "--teacher", "rules")["documents"] == 12
    rules = command("evaluate", "bank", "--system", "rules")
    assert rules["fields"]["account"]["normalized_exact"] == 1

    (folder / "tiny.toml").write_text('base = "tiny"\nepochs = 12\nlearning_rate = 0.004\nbatch = 2\npretrain = 0\n')
    run = command("train", "bank", "--name", "first", "--labels", "teacher", "--config", folder / "tiny.toml")
    assert run["state"] == "done"
    scores = command("evaluate", "bank", "--system", "first")["fields"]["account"]
    assert scores["n"] == 2
    assert scores["normalized_exact"] == 1
    command("promote", "bank", "first")

    client.force_login(User.objects.create_superuser("olga", password="a good long password"))
    document = Project.objects.get(slug="bank").documents.filter(split="train").first()
    assert document is not None
    page = client.get(reverse("review_document", args=["bank", document.pk]))
    assert page.status_code == 200
    save = reverse("review_save", args=["bank", document.pk])
    body = {"field": "account", "value": "GB00 WEST 1234", "known": 0}
    answer = client.post(save, json.dumps(body), content_type="application/json").json()
    assert "Not a valid IBAN" in answer["meta"]
    fields = client.get(reverse("fields", args=["bank"])).content.decode()
    assert re.search(r'<option value="iban"\s+selected>iban</option>', fields)

    url = client.post(reverse("reports", args=["bank"]), {"split": "test", "against": "truth"})["Location"]
    run_job(Job.objects.get(kind="report").pk)
    report = client.get(url).content.decode()
    assert "account" in report
    assert "first" in report
