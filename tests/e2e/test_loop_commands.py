"""The loop from the shell: label, evaluate, train, promote, extract, with the JSON of the contract."""

from pathlib import Path

import pytest

from extraction.models import Project
from tests.support import builders
from tests.support.badfiles import text_pdf
from tests.support.commands import Command

pytestmark = pytest.mark.django_db

SCORES = {"n", "anls", "anls_ci95", "exact", "exact_ci95", "normalized_exact", "normalized_exact_ci95"}
EVALUATION = {
    *("project", "system", "split", "against", "documents", "mean_anls", "mean_anls_ci95", "all_fields"),
    *("documents_per_second", "fields"),
}


@pytest.fixture
def project() -> Project:
    return builders.project("receipts")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Ten training documents, and two of the test split with their truth."""
    made = tmp_path / "receipts"
    truth: list[dict[str, object]] = []
    for number in range(12):
        split, total = "train" if number < 10 else "test", f"{number + 2}.{number:02}"
        (made / split).mkdir(parents=True, exist_ok=True)
        lines = (
            "BEAN THERE LIMITED",
            "12 High Street, Leeds LS1 4AB",
            "Date: 25/12/2018",
            "Coffee 1.10",
            f"Total {total}",
        )
        (made / split / f"{number}.pdf").write_bytes(text_pdf(lines))
        if split == "test":
            truth.append({"file": f"{number}.pdf", "date": "25/12/2018", "total": total})
    builders.write_jsonl(made / "test" / "truth.jsonl", truth)
    return made


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_whole_loop(project: Project, folder: Path, command: Command, tmp_path: Path) -> None:
    assert command("load", "receipts", folder / "train", "--split", "train")[0] == 0
    labels = folder / "test" / "truth.jsonl"
    assert command("load", "receipts", "--labels", labels, "--source", "truth", "--split", "test")[0] == 0

    _, dry = command("label", "receipts", "--dry-run")
    assert (dry["documents"], dry["labels"]) == (12, 0)
    code, told = command("label", "receipts", "--teacher", "rules")
    assert (code, told["documents"], told["refusals"], told["usd"]) == (0, 12, 0, 0)
    assert {"teacher", "documents", "labels", "refusals", "malformed", "tokens", "usd"} <= set(told)
    assert command("label", "receipts")[1]["documents"] == 0

    for system in ("teacher", "rules"):
        _, scores = command("evaluate", "receipts", "--system", system)
        assert set(scores) >= EVALUATION
        assert set(scores["fields"]) == {"date", "total"}
        assert set(scores["fields"]["total"]) == SCORES
        assert scores["fields"]["total"]["exact"] == 1
    assert scores["documents_per_second"] > 0

    config = tmp_path / "tiny.toml"
    config.write_text('base = "tiny"\nepochs = 2\n')
    code, run = command("train", "receipts", "--name", "first", "--labels", "teacher", "--config", config)
    assert (code, run["name"], run["state"]) == (0, "first", "done")
    assert set(run) == {"name", "state", "seconds", "documents", "validation", "stopped_because", "warnings", "advice"}
    assert run["documents"] == 10
    assert command("train", "receipts", "--name", "first", "--labels", "teacher", "--config", config)[0] == 2

    assert command("extract", "receipts", folder / "test" / "10.pdf")[0] == 2
    assert command("promote", "receipts", "first")[0] == 0
    bad = tmp_path / "bad.jpg"
    bad.write_bytes(b"<html>")
    code, answer = command("extract", "receipts", folder / "test" / "10.pdf", bad, tmp_path / "missing.pdf")
    assert (code, answer["model"]) == (1, "first")
    good, refused, missing = answer["results"]
    assert set(good["fields"]) == set(project.schema.names)
    assert set(good["fields"]["total"]) == {"value", "normalized", "confidence", "boxes", "source", "accepted"}
    assert set(good["timing_ms"]) == {"ingest", "ocr", "student", "total"}
    assert refused["fields"] is None
    assert refused["error"].endswith(".")
    assert missing["error"] == "No such file or directory."
    assert command("evaluate", "receipts", "--system", "first")[1]["documents_per_second"] > 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["label", "receipts", "--teacher", "oracle"], "oracle"),
        (["label", "receipts", "--limit", "0"], "at least 1"),
        (["label", "receipts", "--budget", "much"], "'much'"),
        (["label", "receipts", "--budget", "-1"], "0 or more"),
        (["evaluate", "receipts", "--system", "ghost"], "No document"),
        (["train", "receipts", "--name", "rules"], "reserved"),
        (["train", "receipts", "--name", "first"], "label or review some first"),
        (["train", "receipts", "--name", "first", "--config", "/no/such.toml"], "such.toml"),
        (["extract", "receipts", "x.jpg", "--model", "ghost"], "no model named 'ghost'"),
    ],
)
def test_wrong_usage_is_one_sentence(project: Project, command: Command, arguments: list[str], words: str) -> None:
    code, sentence = command(*arguments)
    assert code == 2
    assert words in sentence
