"""`label`: what it tells before it spends, consent, budget, and exit codes, against a provider on this machine."""

import io

import pytest
from PIL import Image

from extraction.models import Document, Label, LabelRun, Project, Source
from extraction.services import storage
from extraction.services.labels import store
from extraction.services.teaching import messages, prompts
from extraction.services.teaching.results import doubts
from tests.support import builders
from tests.support.commands import Command
from tests.support.providers import Fault, Provider
from tests.support.scripted_teacher import CONSENT, use

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def project() -> Project:
    held = builders.project("receipts")
    for number in range(4):
        picture(builders.document(held), number)
    return held


def picture(document: Document, number: int) -> None:
    path = storage.path(document.pages.get().image)
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("L", (40, 40), 60 * number).save(path, "PNG")


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_provider_is_asked_over_http(project: Project, command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    with Provider(script=[Fault.REQUEST]) as provider:
        monkeypatch.setenv("KD_TEACHER_BASE_URL", f"{provider.url}/v1")
        monkeypatch.setenv("KD_TEACHER_CONCURRENCY", "2")
        code, told = command("label", "receipts", "--teacher", "openai:reader")
        assert (code, told["documents"], told["failures"]) == (1, 3, 1)
        assert told["tokens"]["input"] > 0
        assert (told["teacher"], told["labels"]) == ("openai:reader", Label.objects.count())
        code, told = command("label", "receipts", "--teacher", "openai:reader")
        assert (code, told["documents"], told["failures"]) == (0, 1, 0)
        assert sorted(provider.answered.values()) == [1, 1, 1, 1]


def test_a_key_that_is_refused_is_one_sentence(
    project: Project, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Provider(script=[Fault.KEY] * 8) as provider:
        monkeypatch.setenv("KD_TEACHER_BASE_URL", f"{provider.url}/v1")
        monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
        code, sentence = command("label", "receipts", "--teacher", "openai:reader")
    assert code == 2
    assert "does not accept the key" in sentence
    assert "sk-very-secret" not in sentence
    assert messages.stopped(LabelRun.objects.get()) == sentence


@pytest.mark.parametrize("how", [("--dry-run",), ()])
def test_the_rules_say_of_which_languages_they_know_no_words(
    project: Project, command: Command, capsys: pytest.CaptureFixture[str], how: tuple[str, ...]
) -> None:
    for languages, named in ((["ru", "en", "hu"], "Русский, Magyar"), (["de", "pl"], "")):
        Project.objects.update(languages_set=languages)
        assert command("label", "receipts", "--teacher", "rules", *how)[0] == 0
        told = capsys.readouterr().err
        assert (f"rules: {messages.unknown_words(named)}" in told) == bool(named)
        assert ("knows no words" in told) == bool(named)


def test_without_consent_nothing_leaves(project: Project, command: Command, outside: None) -> None:
    assert command("label", "receipts", "--teacher", "acme:reader-1") == (2, f"{CONSENT} Add --yes to agree.")
    assert not LabelRun.objects.exists()
    code, told = command("label", "receipts", "--teacher", "acme:reader-1", "--yes")
    assert (code, told["documents"], told["usd"]) == (0, 4, 0.04)


@pytest.mark.parametrize(("answer", "code"), [("y\n", 0), ("n\n", 2), ("\n", 2)])
def test_a_terminal_is_asked(
    project: Project, command: Command, outside: None, monkeypatch: pytest.MonkeyPatch, answer: str, code: int
) -> None:
    monkeypatch.setattr("sys.stdin", Terminal(answer))
    assert command("label", "receipts", "--teacher", "acme:reader-1")[0] == code
    assert LabelRun.objects.exists() == (code == 0)


def test_a_dry_run_needs_no_consent_and_spends_nothing(project: Project, command: Command, outside: None) -> None:
    code, told = command("label", "receipts", "--teacher", "acme:reader-1", "--limit", "3", "--dry-run")
    assert (code, told["documents"], told["tokens"], told["usd"]) == (0, 3, {"input": 300, "output": 30}, 0.03)
    assert not LabelRun.objects.exists()


def test_a_budget_and_a_prompt(project: Project, command: Command, outside: None) -> None:
    prompts.save(project, prompts.Parts(role="You are a clerk."))
    arguments = ("label", "receipts", "--teacher", "acme:reader-1", "--yes", "--budget", "0.02", "--prompt")
    code, told = command(*arguments, "0")
    assert (code, told["documents"], told["usd"]) == (0, 2, 0.02)
    assert told["stopped_because"].startswith("The budget of $0.02 is used up")
    assert LabelRun.objects.get().prompt_version is None
    assert command(*arguments, "7") == (2, "Project receipts has no prompt version 7.")


def test_a_method_and_only_what_is_doubtful(project: Project, command: Command, outside: None) -> None:
    command("label", "receipts", "--teacher", "rules")
    document = project.documents.order_by("pk")[1]
    store.write(document, "total", "7.77", source=Source.TEACHER, teacher="rules", unsure=True)
    arguments = ("label", "receipts", "--teacher", "acme:reader-1", "--method", "list", "--doubtful")
    code, told = command(*arguments, "--dry-run")
    assert (code, told["teacher"], told["usd"]) == (0, "acme:reader-1#list", told["documents"] * 0.01)
    assert told["documents"] == doubts.documents(project)
    code, told = command(*arguments, "--yes")
    assert (code, told["teacher"]) == (0, "acme:reader-1#list")
    assert LabelRun.objects.filter(teacher="acme:reader-1#list", doubtful=True).count() == 1
    assert command(*arguments, "--dry-run")[1]["documents"] == 0


def test_those_that_teach_most(project: Project, command: Command) -> None:
    arguments = ("label", "receipts", "--teacher", "rules", "--limit", "2", "--select", "informative")
    code, told = command(*arguments, "--dry-run")
    assert (code, told["documents"], told["reasons"]) == (0, 2, {"varied": 2})
    assert command(*arguments, "--doubtful")[0] == 2
    code, told = command(*arguments)
    assert (code, told["documents"], told["reasons"]) == (0, 2, {"varied": 2})


def test_the_rules_take_no_method(project: Project, command: Command) -> None:
    code, sentence = command("label", "receipts", "--teacher", "rules", "--method", "single")
    assert code == 2
    assert "has no model" in sentence
