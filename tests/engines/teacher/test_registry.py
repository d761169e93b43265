"""Teachers by name, set up from the environment."""

import logging
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from extraction.engines.teacher.lmm.configuration import Access, Configuration
from extraction.engines.teacher.prompting.prompts import Parts
from extraction.engines.teacher.protocol import Rejected
from extraction.engines.teacher.registry import UnknownTeacher, check, names, resolve, teacher
from kdweb.apps import check_ocr, check_teacher
from tests.engines.teacher.lmm_teachers import document
from tests.support.builders import RECEIPT
from tests.support.providers import KEY, Provider

VARIABLES = (
    *(
        "ANTHROPIC_API_KEY",
        "ANTHROPIC_BASE_URL",
        "OPENAI_API_KEY",
        "OPENAI_BASE_URL",
        "GOOGLE_API_KEY",
        "GEMINI_API_KEY",
    ),
    *("GOOGLE_GEMINI_BASE_URL", "AWS_BEARER_TOKEN_BEDROCK", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION"),
    *("AWS_DEFAULT_REGION", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "KD_TEACHER_BASE_URL"),
    *("KD_TEACHER_CONCURRENCY", "KD_TEACHER_TIMEOUT"),
)


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No key of this machine reaches a test."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"{name}_FILE", raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))


def test_the_rules_need_nothing() -> None:
    found = teacher("rules")
    assert (found.name, found.outside, found.provider, found.concurrency) == ("rules", False, "", 1)
    assert found.prompt(RECEIPT) is None


@pytest.mark.parametrize(
    "name", ["oracle", "oracle:model", "anthropic", "anthropic:", "openai: gpt", "rules:x", "", "google:" + "x" * 300]
)
def test_a_name_that_means_nothing_is_refused_in_a_sentence(name: str) -> None:
    with pytest.raises(UnknownTeacher, match=r"^The.*\.$"):
        check(name)


def test_models_may_have_colons_and_slashes_of_their_own() -> None:
    for name in ("openai:qwen2.5-vl:7b", "openai:org/model", "bedrock:us.anthropic.claude-sonnet-4-5-20250929-v1:0"):
        kind, model = resolve(name)
        assert f"{kind.name}:{model}" == name


@pytest.mark.parametrize(
    ("name", "variable"),
    [
        ("anthropic:claude", "ANTHROPIC_API_KEY"),
        ("openai:gpt", "OPENAI_API_KEY"),
        ("google:gemini", "GOOGLE_API_KEY"),
        ("bedrock:nova", "AWS_REGION"),
    ],
)
def test_what_is_not_set_is_named(name: str, variable: str) -> None:
    with pytest.raises(UnknownTeacher, match=variable):
        teacher(name)


@pytest.mark.parametrize(
    ("name", "variables", "provider"),
    [
        ("anthropic:claude", {"ANTHROPIC_API_KEY": KEY}, "Anthropic"),
        ("openai:gpt", {"OPENAI_API_KEY": KEY}, "OpenAI"),
        ("google:gemini-2.5-flash", {"GEMINI_API_KEY": KEY}, "Google"),
        ("bedrock:nova", {"AWS_REGION": "eu-central-1", "AWS_BEARER_TOKEN_BEDROCK": KEY}, "Amazon Bedrock"),
        ("bedrock:nova", {"AWS_DEFAULT_REGION": "eu-central-1"}, "Amazon Bedrock"),
    ],
)
def test_providers_are_set_up_from_their_own_variables(
    name: str, variables: dict[str, str], provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable, value in variables.items():
        monkeypatch.setenv(variable, value)
    monkeypatch.setenv("KD_TEACHER_CONCURRENCY", "7")
    found = teacher(name, parts=Parts(role="A clerk."))
    assert (found.name, found.outside, found.provider, found.concurrency) == (name, True, provider, 7)
    prompt = found.prompt(RECEIPT)
    assert prompt
    assert prompt.instructions.startswith("A clerk.")


def test_a_compatible_server_is_asked_with_the_key_from_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    (tmp_path / "key").write_text(f"{KEY}\n")
    monkeypatch.setenv("OPENAI_API_KEY_FILE", str(tmp_path / "key"))
    with Provider() as provider:
        monkeypatch.setenv("KD_TEACHER_BASE_URL", f"{provider.url}/v1/")
        found = teacher("openai:qwen2.5-vl")
        reply = found.label(document(tmp_path), RECEIPT)
    assert reply.answers
    assert not found.outside
    assert [(request.wire, request.key) for request in provider.requests] == [("chat", KEY)]
    assert KEY not in caplog.text


def test_a_compatible_server_needs_no_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Provider() as provider:
        monkeypatch.setenv("KD_TEACHER_BASE_URL", f"{provider.url}/v1")
        assert teacher("openai:qwen2.5-vl").label(document(tmp_path), RECEIPT).answers


def test_the_server_is_for_openai_only_and_never_gets_what_is_for_another_provider(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    with Provider() as provider, Provider() as gateway:
        monkeypatch.setenv("KD_TEACHER_BASE_URL", f"{provider.url}/v1")
        assert teacher("anthropic:claude").outside
        monkeypatch.setenv("ANTHROPIC_BASE_URL", gateway.url)
        teacher("anthropic:claude").label(document(tmp_path), RECEIPT)
    assert (len(provider.requests), len(gateway.requests)) == (0, 1)


def test_amazon_without_any_key_stops_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    with Provider() as provider:
        monkeypatch.setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", provider.url)
        with pytest.raises(Rejected, match=r"needs a key, and there is none\.$"):
            teacher("bedrock:us.amazon.nova-pro-v1:0").label(document(tmp_path), RECEIPT)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("KD_TEACHER_BASE_URL", "ftp://example.org"),
        ("KD_TEACHER_BASE_URL", "localhost:8000"),
        ("KD_TEACHER_BASE_URL", "http://user:secret@example.org"),
        ("KD_TEACHER_CONCURRENCY", "0"),
        ("KD_TEACHER_CONCURRENCY", "many"),
        ("KD_TEACHER_TIMEOUT", "-1"),
        ("KD_TEACHER_TIMEOUT", "99999"),
        ("KD_TEACHER_PRICE", "cheap"),
        ("KD_TEACHER_PRICE", "1"),
        ("KD_TEACHER_PRICE", "1,2,3"),
        ("KD_TEACHER_PRICE", "-1,2"),
        ("KD_TEACHER_PRICE", "NaN,2"),
        ("KD_TEACHER_PRICE", "1,sNaN"),
        ("KD_TEACHER_PRICE", "1,10001"),
    ],
)
def test_a_setting_that_cannot_be_meant_is_named(variable: str, value: str) -> None:
    with pytest.raises(UnknownTeacher, match=f"^{variable} must be") as caught:
        Configuration.from_environment({variable: value})
    assert "secret" not in str(caught.value)


def test_settings_have_defaults_and_are_read() -> None:
    assert Configuration.from_environment({}) == Configuration("", 4, 120)
    read = Configuration.from_environment({"KD_TEACHER_TIMEOUT": "30", "KD_TEACHER_BASE_URL": "http://[::1]:11434/v1/"})
    assert read == Configuration("http://[::1]:11434/v1", 4, 30)


def test_a_key_file_that_cannot_be_read_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY_FILE", "/nowhere/key")
    with pytest.raises(UnknownTeacher, match="ANTHROPIC_API_KEY_FILE"):
        teacher("anthropic:claude")


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://127.0.0.1:8000/v1", True),
        ("http://127.9.9.9", True),
        ("http://localhost:11434/v1", True),
        ("http://[::1]:8000", True),
        ("http://localhost.example.org", False),
        ("http://10.0.0.5:8000", False),
        ("https://api.example.org/v1", False),
        ("", False),
    ],
)
def test_only_loopback_addresses_are_this_machine(url: str, local: bool) -> None:
    assert Access(url).local is local


def test_access_shows_no_secret() -> None:
    assert KEY not in repr(Access("https://example.org", key=KEY, secret=KEY, session=KEY))


def test_naming_a_teacher_loads_no_client() -> None:
    name = "extraction.engines.teacher.registry"
    code = f"import sys; from {name} import check; check('openai:x'); sys.exit('openai' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_default_teacher_is_checked_at_the_start() -> None:
    for name in ("rules", "anthropic:claude", "openai:qwen2.5-vl:7b"):
        check_teacher(name)
    with pytest.raises(
        ImproperlyConfigured, match=r"^KD_TEACHER: There is no teacher 'oracle'; known are rules, .*\.$"
    ):
        check_teacher("oracle")


def test_the_default_ocr_engine_is_checked_too() -> None:
    check_ocr("tesseract")
    with pytest.raises(ImproperlyConfigured, match=r"^KD_OCR must be one of rapidocr, tesseract, not 'abbyy'\.$"):
        check_ocr("abbyy")


def test_a_bad_setting_of_teachers_stops_the_start_whoever_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KD_TEACHER_TIMEOUT", "soon")
    with pytest.raises(ImproperlyConfigured, match=r"^KD_TEACHER_TIMEOUT must be"):
        check_teacher("rules")


def test_the_kinds_that_come_with_the_product() -> None:
    assert names() == ("rules", "anthropic", "openai", "google", "bedrock")
