"""The command `audit`: loads, audits, tells what is at risk, and compares again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from extraction.models import AuditRun, Claim, PolicyVersion, Project
from extraction.services import pseudonyms
from extraction.services.labels import store
from tests.support import builders
from tests.support.builders import csv_file
from tests.support.commands import Command

pytestmark = pytest.mark.django_db
HEADER = "employee,amount,currency,file"


@pytest.fixture
def receipt(project: Project) -> str:
    """The name of a document whose total is 3.30."""
    document = builders.document(project)
    store.write(document, "total", "3.30", source="truth")
    return document.name


def test_a_table_is_loaded_matched_and_audited(
    project: Project, receipt: str, command: Command, tmp_path: Path
) -> None:
    table = csv_file(tmp_path / "t.csv", HEADER, f"Ann,33.00,EUR,{receipt}", ",1.00,EUR,")
    code, told = command("audit", "receipts", "--claims", table)
    assert code == 1  # a line is refused
    assert [(line["line"], line["code"]) for line in told["loaded"]["refused"]] == [(3, "no_employee")]
    assert (told["state"], told["claims"], told["receipts"], told["policy"]) == ("done", 1, 1, 1)
    assert [part["name"] for part in told["totals"]["by_employee"]] == [pseudonyms.of("Ann")]
    assert "Ann" not in json.dumps(told)
    assert command("audit", "receipts")[0] == 0
    assert Claim.objects.count() == 1


def test_a_policy_is_put_in_force(project: Project, receipt: str, command: Command, tmp_path: Path) -> None:
    builders.claim(project)
    file = tmp_path / "policy.json"
    file.write_text(json.dumps({"checks": {"no_receipt": {"severity": "off", "tolerances": {}}}}))
    assert command("audit", "receipts", "--policy", file)[1]["findings"] == 0
    for wrong in ("[1]", "{", '{"king": 1}', '{"base": "King"}', '{"tips": "meals"}'):
        file.write_text(wrong)
        assert command("audit", "receipts", "--policy", file)[0] == 2
    assert command("audit", "receipts", "--policy", tmp_path / "none.json")[0] == 2
    assert (PolicyVersion.objects.count(), AuditRun.objects.count()) == (1, 1)


def test_again_compares_what_a_run_compared(project: Project, command: Command) -> None:
    builders.claim(project)
    number = command("audit", "receipts")[1]["id"]
    assert command("audit", "receipts", "--again", number)[1]["repeated"] is True
    AuditRun.objects.update(digest="0" * 64)
    assert command("audit", "receipts", "--again", number)[0] == 1
    assert command("audit", "receipts", "--again", 10**6)[0] == 2


def test_there_is_nothing_to_audit(project: Project, command: Command) -> None:
    assert command("audit", "receipts")[0] == 2
    assert command("audit", "nowhere")[0] == 2
