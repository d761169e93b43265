"""The contract of student kinds: every registered kind keeps it, and so does the one that the documentation adds."""

import json
import subprocess
import sys
import weakref
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Self

import pytest

from extraction.domain.learning.label_audit import LabelAudit
from extraction.domain.learning.training import CurvePoint, Settings, TrainingResult
from extraction.domain.progress import Cancelled
from extraction.engines.student import model_folder, registry
from extraction.engines.student.base import Example, TrainingConfig, TrainingData
from extraction.engines.student.errors import ConfigError, NothingToLearn
from tests.support.page_builders import page
from tests.support.student_kind_recipe import documented_kind
from tests.support.tiny_student import EXAMPLES, SCHEMA, slip

TOY = "keywords"
NAMES = [*registry.names(), TOY]
# Settings with which a kind trains in seconds.
QUICK: Mapping[str, Settings] = {
    "layout": {"base": "tiny", "epochs": 2, "batch": 4, "window": 96, "stride": 24, "learning_rate": 4e-3}
}
LOAD = """
import sys
from pathlib import Path
from extraction.engines.student import registry
registry.load(Path(sys.argv[1])).predict([])
print([name for name in ("torch", "transformers", "sklearn", "django") if name in sys.modules])
"""


class Observer:
    """Keeps what it is given; cancels once it has been asked `patience` times."""

    def __init__(self, patience: int | None = None) -> None:
        self.patience = patience
        self.events: list[LabelAudit | CurvePoint] = []

    def report(self, done: int, total: int, message: str = "") -> None:
        assert 0 <= done <= total

    def cancelled(self) -> bool:
        if self.patience is None:
            return False
        self.patience -= 1
        return self.patience < 0

    def point(self, point: CurvePoint) -> None:
        self.events.append(point)

    def log(self, line: str) -> None:
        assert line == line.strip()

    def label_audit(self, audit: LabelAudit) -> None:
        self.events.append(audit)


@pytest.fixture(scope="module", autouse=True)
def _registered() -> Iterator[None]:
    registry.register(TOY, documented_kind)
    yield
    registry.unregister(TOY)


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def train(name: str, folder: Path, observer: Observer | None = None, **changed: object) -> TrainingResult:
    data = replace(TrainingData(SCHEMA, EXAMPLES[:16], EXAMPLES[16:24], "dmy"), **changed)  # type: ignore[arg-type]
    config = TrainingConfig(seed=3, minutes=5, threads=1, settings=QUICK.get(name, {}))
    return registry.train(name, data, config, observer or Observer(), folder)


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, tuple[Path, TrainingResult, Observer]]:
    """A model of each kind."""
    made = {}
    for name in NAMES:
        folder, observer = tmp_path_factory.mktemp(name) / "model", Observer()
        made[name] = folder, train(name, folder, observer), observer
    return made


Models = Mapping[str, tuple[Path, TrainingResult, Observer]]


def test_defaults_are_settings_that_can_be_used(name: str) -> None:
    kind = registry.find(name)
    kind.check({})
    kind.check({setting.name: setting.default for setting in kind.settings})
    assert all(setting.meaning for setting in kind.settings)


def test_settings_that_cannot_be_used_are_refused_in_a_sentence(name: str) -> None:
    kind = registry.find(name)
    bad: list[Settings] = [{"no such setting": 1}]
    bad += [{part.name: part.high + 1} for part in kind.settings if part.high is not None]
    bad += [{part.name: []} for part in kind.settings]  # type: ignore[dict-item]
    for settings in bad:
        with pytest.raises(ConfigError, match=r"\.$"):
            kind.check(settings)


def test_offered_encoders_have_a_title_and_a_licence(name: str) -> None:
    kind = registry.find(name)
    for encoder in kind.encoders():
        assert kind.encoder(encoder.base) == encoder
        assert encoder.title
        assert str(encoder.licence)


def test_a_model_consists_of_the_files_that_its_kind_names(name: str, models: Models) -> None:
    folder, _, _ = models[name]
    files = registry.find(name).files
    assert {path.name for path in folder.iterdir()} == {*files, "manifest.json", "training.json"}
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert manifest["kind"] == name
    assert list(manifest["files"]) == list(files)


def test_equal_trainings_give_equal_models(name: str, models: Models, tmp_path: Path) -> None:
    folder, result, _ = models[name]
    again = train(name, tmp_path)
    assert again.validation == result.validation
    pages = [slip(seed)[0] for seed in range(100, 104)]
    assert [registry.load(tmp_path).predict([one]) for one in pages] == [
        registry.load(folder).predict([one]) for one in pages
    ]


class Watched(Example):
    """An example of which the number in memory is counted."""

    alive = most = 0

    def __new__(cls, *_: object, **__: object) -> Self:
        made = super().__new__(cls)
        cls.alive += 1
        cls.most = max(cls.most, cls.alive)
        weakref.finalize(made, cls._gone)
        return made

    @classmethod
    def _gone(cls) -> None:
        cls.alive -= 1


class FromElsewhere:
    """Examples that are made anew whenever somebody goes through them."""

    def __len__(self) -> int:
        return 40

    def __iter__(self) -> Iterator[Example]:
        return (Watched(f"slip-{number}", (there,), labels) for number in range(40) for there, labels in [slip(number)])


def test_memory_does_not_grow_with_the_documents_that_are_trained_on(name: str, tmp_path: Path) -> None:
    Watched.most = 0
    train(name, tmp_path, train=FromElsewhere(), validation=EXAMPLES[36:])
    assert 0 < Watched.most < 20
    assert Watched.alive == 0


def test_the_label_audit_comes_first_and_the_result_is_kept(name: str, models: Models) -> None:
    folder, result, observer = models[name]
    assert isinstance(observer.events[0], LabelAudit)
    assert any(isinstance(event, CurvePoint) for event in observer.events)
    assert result.label_audit.documents
    assert result.stop.sentence
    assert result.validation is not None
    assert train(name, folder) == result == model_folder.read_result(folder)


def test_answers_have_confidence_and_place(name: str, models: Models) -> None:
    predictor = registry.load(models[name][0])
    answers = predictor.predict([slip(100)[0]])
    assert set(answers) <= set(SCHEMA.names)
    assert any(answer.value for answer in answers.values())
    for answer in answers.values():
        assert answer.confidence is not None
        assert 0 <= answer.confidence <= 1
    for pages in ([], [page()]):
        assert all(answer.value is None for answer in predictor.predict(pages).values())


def test_a_training_stops_when_it_is_cancelled(name: str, tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        train(name, tmp_path, Observer(patience=3))
    assert not (tmp_path / "manifest.json").exists()


def test_labels_that_stand_nowhere_are_nothing_to_learn_from(name: str, tmp_path: Path) -> None:
    nowhere = [Example("a", (page("something else"),), {"company": "Nowhere At All Inc"})]
    with pytest.raises(NothingToLearn, match=r"\.$"):
        train(name, tmp_path, train=nowhere, validation=[])


def test_an_incomplete_folder_is_refused(name: str, models: Models, tmp_path: Path) -> None:
    folder, _, _ = models[name]
    (tmp_path / "manifest.json").write_bytes((folder / "manifest.json").read_bytes())
    with pytest.raises((OSError, ValueError)):
        registry.load(tmp_path)


def test_loading_a_model_imports_neither_torch_nor_django(models: Models) -> None:
    for name in registry.names():
        if name != TOY:
            command = [sys.executable, "-c", LOAD, str(models[name][0])]
            assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_a_folder_without_a_manifest_is_the_first_kinds(models: Models, tmp_path: Path) -> None:
    """As earlier versions wrote them: another format of the description, and the graph's hash as identity."""
    for path in models["layout"][0].iterdir():
        if path.name not in ("manifest.json", "student.json"):
            (tmp_path / path.name).symlink_to(path)
    description = json.loads((models["layout"][0] / "student.json").read_text("utf-8"))
    quantization = description.pop("quantization")
    old = {"format": 2, "spellings": description.pop("lexicon"), "precision": {**quantization, "rounded": 1.0}}
    (tmp_path / "student.json").write_text(json.dumps({**description, **old}), "utf-8")
    pages = [slip(100)[0]]
    assert registry.load(tmp_path).predict(pages) == registry.load(models["layout"][0]).predict(pages)
    assert model_folder.identity(tmp_path) != model_folder.identity(models["layout"][0])


def test_a_model_is_identified_by_all_its_files(models: Models, tmp_path: Path) -> None:
    (tmp_path / "a").write_text("one")
    (tmp_path / "b").write_text("two")
    seen = set()
    for content in ("two", "three"):
        (tmp_path / "b").write_text(content)
        model_folder.write_manifest(tmp_path, TOY, ["a", "b"])
        seen.add(model_folder.identity(tmp_path))
    assert len(seen) == 2


def test_an_unknown_kind_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"no student kind 'magic'; known are layout"):
        registry.find("magic")
    with pytest.raises(ValueError, match="already"):
        registry.register("layout", documented_kind)
