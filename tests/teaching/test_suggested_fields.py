"""Fields suggested from files: by the rules on this machine, by a model after consent, and what comes of faults."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command

from extraction.domain.fields import Schema
from extraction.domain.progress import Silent
from extraction.services.errors import Invalid
from extraction.services.teaching.label_runs import ConsentNeeded
from extraction.services.teaching.suggesting import suggested_fields
from tests.support.commands import Command
from tests.support.drawing import encoded, receipt
from tests.support.providers import KEY, Fault, Provider

pytestmark = pytest.mark.django_db
MODEL = "openai:qwen2.5-vl"
ANSWER = {
    "document": "receipt",
    "fields": [
        {"name": "Merchant", "type": "text", "instruction": "the shop", "parts": []},
        {"name": "total", "type": "money", "instruction": "the amount to pay", "parts": []},
        {
            "name": "items",
            "type": "group",
            "instruction": "one row a line",
            "parts": [{"name": "What", "type": "text", "instruction": ""}],
        },
        {"name": "tags", "type": "group", "instruction": "", "parts": []},
    ],
}


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    paths = []
    for number in range(3):
        path = tmp_path / f"receipt-{number}.png"
        path.write_bytes(encoded(receipt(), "PNG"))
        paths.append(path)
    return paths


Outside = Callable[..., Provider]


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> Outside:
    """Sets the environment so that `MODEL` is served by a provider, as if it were far away."""
    from extraction.engines.teacher.lmm.configuration import Access

    def set_up(provider: Provider, *, local: bool = False) -> Provider:
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        monkeypatch.setenv("KD_TEACHER_BASE_URL", provider.url + "/v1")
        monkeypatch.setattr(Access, "local", property(lambda self: local))
        return provider

    return set_up


def names(path: Path) -> tuple[str, Path]:
    return path.name, path


def test_rules_suggest_what_is_printed(files: list[Path]) -> None:
    found = suggested_fields.suggest([names(path) for path in files], Silent())
    assert (found.teacher, found.note) == ("rules", "")
    assert found.schema is not None
    assert {"date": "date", "total": "money"}.items() <= {f.name: f.type for f in found.schema.fields}.items()
    assert found.schema.document
    assert Schema.from_toml(found.schema.to_toml()) == found.schema


def test_a_model_is_asked_after_consent_only(files: list[Path], outside: Outside) -> None:
    with outside(Provider(truth=lambda request: ANSWER)) as provider:
        consent = suggested_fields.consent(MODEL)
        assert consent is not None
        with pytest.raises(ConsentNeeded, match="leave this machine"):
            suggested_fields.suggest([names(files[0])], Silent(), teacher=MODEL)
        assert not provider.requests
        found = suggested_fields.suggest(
            [names(path) for path in files], Silent(), teacher=MODEL, agreed=consent.provider
        )
    [request] = provider.requests
    assert not provider.complaints
    assert len(request.images) == 3
    assert found.teacher == MODEL
    assert found.schema is not None
    assert [(f.name, f.type, f.instruction) for f in found.schema.fields] == [
        ("merchant", "text", "the shop"),
        ("total", "money", "the amount to pay"),
        ("items", "group", "one row a line"),
        ("tags", "text", ""),
    ]
    assert [part.name for part in found.schema["items"].fields] == ["what"]


def test_a_model_on_this_machine_needs_no_consent(files: list[Path], outside: Outside) -> None:
    with outside(Provider(truth=lambda request: ANSWER), local=True):
        assert suggested_fields.consent(MODEL) is None
        found = suggested_fields.suggest([names(files[0])], Silent(), teacher=MODEL)
    assert found.teacher == MODEL


def unfit(**changes: object) -> Callable[[str], str]:
    return lambda text: json.dumps({**json.loads(text), **changes})


@pytest.mark.parametrize(
    "options",
    [
        {"script": [Fault.EXCUSE]},
        {"script": [Fault.REFUSE]},
        {"script": [Fault.KEY]},
        {"form": lambda text: "no JSON"},
        {"form": unfit(fields=[])},
        {"form": unfit(fields=[{"name": "9", "type": "text", "instruction": "", "parts": []}])},
        {"form": unfit(fields=[{"name": "a", "type": "colour", "instruction": "", "parts": []}])},
        {"form": unfit(document=None)},
    ],
    ids=["excuse", "refusal", "key", "prose", "no field", "bad name", "bad type", "bad noun"],
)
def test_where_a_model_has_no_answer_the_rules_have(
    files: list[Path], outside: Outside, options: dict[str, object]
) -> None:
    with outside(Provider(truth=lambda request: ANSWER, **options), local=True):  # type: ignore[arg-type]
        found = suggested_fields.suggest([names(files[0])], Silent(), teacher=MODEL)
    assert found.teacher == "rules"
    assert found.note.endswith("The rules suggested these fields.")
    assert KEY not in found.note
    assert found.schema is not None


def test_one_bad_answer_is_asked_for_again(files: list[Path], outside: Outside) -> None:
    with outside(Provider(truth=lambda request: ANSWER, script=[Fault.MALFORMED]), local=True) as provider:
        found = suggested_fields.suggest([names(files[0])], Silent(), teacher=MODEL)
    assert (found.teacher, len(provider.requests)) == (MODEL, 2)


@pytest.mark.parametrize("count", [0, 4])
def test_one_to_three_files_are_read(files: list[Path], count: int) -> None:
    with pytest.raises(Invalid, match="1 to 3 files"):
        suggested_fields.suggest([names(path) for path in [*files, files[0]][:count]], Silent())


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    path = tmp_path / "broken.pdf"
    path.write_bytes(b"nothing")
    with pytest.raises(Invalid, match=r"^broken\.pdf was not read\. "):
        suggested_fields.suggest([names(path)], Silent())


class TestCommand:
    def test_it_prints_a_schema_file(self, files: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
        call_command("suggest_fields", *map(str, files), "--teacher", "rules")
        assert "total" in Schema.from_toml(capsys.readouterr().out)

    def test_it_prints_json(self, files: list[Path], command: Command) -> None:
        code, value = command("suggest_fields", files[0], "--teacher", "rules")
        assert (code, value["teacher"], value["note"]) == (0, "rules", "")
        assert "total" in Schema.from_json(value["schema"])

    def test_pictures_go_nowhere_without_agreement(self, files: list[Path], outside: Outside, command: Command) -> None:
        with outside(Provider(truth=lambda request: ANSWER)) as provider:
            code, sentence = command("suggest_fields", files[0], "--teacher", MODEL)
            assert (code, provider.requests) == (2, [])
            assert "--yes" in sentence
            code, value = command("suggest_fields", files[0], "--teacher", MODEL, "--yes")
        assert (code, value["teacher"]) == (0, MODEL)

    def test_a_file_that_is_not_there_is_one_sentence(self, tmp_path: Path, command: Command) -> None:
        assert command("suggest_fields", tmp_path / "none.pdf", "--teacher", "rules")[0] == 2

    def test_an_empty_page_is_one_sentence(self, tmp_path: Path, command: Command) -> None:
        path = tmp_path / "empty.png"
        path.write_bytes(encoded(receipt(("",)), "PNG"))
        code, sentence = command("suggest_fields", path, "--teacher", "rules")
        assert code == 2
        assert "Invoice No: 123" in sentence
