"""The contract of teacher kinds: every registered one keeps it, and a new one is a registration away."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from extraction.domain.fields import Field
from extraction.domain.languages import LANGUAGES
from extraction.engines.teacher import registry
from extraction.engines.teacher.kind import TeacherKind, UnknownTeacher
from extraction.engines.teacher.lmm.providers import PROVIDERS
from extraction.engines.teacher.prompting.methods import Method
from extraction.engines.teacher.prompting.prompts import Parts
from extraction.engines.teacher.protocol import Teacher
from extraction.engines.teacher.rules.teacher import Rules, has_rule
from extraction.engines.teacher.rules.vocabulary import vocabularies
from tests.engines.teacher.lmm_teachers import document
from tests.support.builders import RECEIPT
from tests.support.providers import KEY, Provider


class Echo:
    """The smallest kind: one teacher, without models."""

    name = "echo"
    has_models = False
    description = "Answers as the rules do."

    def answers(self, field: Field) -> bool:
        return has_rule(field)

    def knows(self, language: str) -> bool:
        return language == "en"

    def check_access(self) -> None:
        pass

    def build(self, model: str, parts: Parts | None, method: Method) -> Teacher:
        return EchoTeacher()


class EchoTeacher(Rules):
    name = "echo"


KINDS = [*registry.kinds(), Echo()]


@pytest.fixture(scope="module", autouse=True)
def _registered() -> Iterator[None]:
    registry.register(KINDS[-1])
    yield
    registry.unregister("echo")


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of this machine reaches a test."""
    variables = ["KD_TEACHER_BASE_URL", "KD_TEACHER_CONCURRENCY", "KD_TEACHER_TIMEOUT", "AWS_REGION"]
    variables += ["AWS_DEFAULT_REGION", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"]
    for provider in PROVIDERS.values():
        variables += [provider.address, *provider.keys, *(f"{key}_FILE" for key in provider.keys)]
    for name in variables:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(params=KINDS, ids=[kind.name for kind in KINDS])
def kind(request: pytest.FixtureRequest) -> TeacherKind:
    registered: TeacherKind = request.param
    return registered


def named(kind: TeacherKind) -> str:
    return f"{kind.name}:model-1" if kind.has_models else kind.name


def set_up(kind: TeacherKind, server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if (provider := PROVIDERS.get(kind.name)) is not None:
        # Amazon's client sends no bearer token to an address without TLS, so the pair of keys is used.
        monkeypatch.setenv(provider.keys[-1], KEY)
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", KEY)
        monkeypatch.setenv(provider.address, server + ("/v1" if kind.name == "openai" else ""))
        monkeypatch.setenv("AWS_REGION", "eu-central-1")


def test_a_name_leads_to_its_kind(kind: TeacherKind) -> None:
    assert registry.resolve(named(kind)) == (kind, "model-1" if kind.has_models else "")
    assert kind.name in registry.names()


def test_a_model_is_named_where_the_kind_has_models_and_nowhere_else(kind: TeacherKind) -> None:
    with pytest.raises(UnknownTeacher, match="There is no teacher"):
        registry.check(kind.name if kind.has_models else f"{kind.name}:model-1")


def test_a_name_is_registered_once(kind: TeacherKind) -> None:
    with pytest.raises(ValueError, match=f"already a kind of teacher named '{kind.name}'"):
        registry.register(kind)


def test_access_is_refused_before_and_by_building(kind: TeacherKind) -> None:
    if kind.name not in PROVIDERS:
        registry.check_access(named(kind))
        return
    for call in (registry.check_access, registry.teacher):
        with pytest.raises(UnknownTeacher, match="need the variable"):
            call(named(kind))


def test_a_teacher_says_who_it_is_and_answers(
    kind: TeacherKind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Provider() as provider:
        set_up(kind, provider.url, monkeypatch)
        registry.check_access(named(kind))
        teacher = registry.teacher(named(kind), parts=Parts(role="A clerk."))
        reply = teacher.label(document(tmp_path), RECEIPT)
    assert teacher.name == named(kind)
    assert not teacher.outside
    assert bool(teacher.provider) == bool(teacher.provider_id) == kind.has_models
    assert teacher.concurrency >= 1
    assert set(reply.answers) == {field.name for field in RECEIPT.fields if kind.answers(field)}
    assert kind.has_models or kind.description.endswith(".")
    assert (reply.refusal, reply.malformed) == (None, False)
    one, ten = teacher.estimate(RECEIPT, 1), teacher.estimate(RECEIPT, 10)
    assert ten.input_tokens == 10 * one.input_tokens >= 0
    prompt = teacher.prompt(RECEIPT)
    assert (prompt is None) == (not kind.has_models)
    assert prompt is None or prompt.instructions.startswith("A clerk.")


def test_a_kind_says_of_each_language_whether_it_knows_words_of_it(kind: TeacherKind) -> None:
    known = {code for code in LANGUAGES if registry.knows(named(kind), code)}
    assert "en" in known
    assert known == set(LANGUAGES) if kind.has_models else known < set(LANGUAGES)


def test_the_rules_know_the_languages_of_their_vocabularies() -> None:
    known = {code for code in LANGUAGES if registry.knows("rules", code)}
    assert known == {vocabulary.code for vocabulary in vocabularies()}
    assert registry.knows("recorded", "ru")


@pytest.mark.parametrize("name", list(PROVIDERS))
def test_a_provider_is_outside_under_an_identifier_of_its_own(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PROVIDERS[name].keys[0], KEY)
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    teacher = registry.teacher(f"{name}:model-1")
    assert (teacher.outside, teacher.provider_id, teacher.provider) == (True, name, PROVIDERS[name].title)
    monkeypatch.setenv(PROVIDERS[name].address, "https://gateway.example.org")
    assert registry.teacher(f"{name}:model-1").provider_id == f"{name}@gateway.example.org"
