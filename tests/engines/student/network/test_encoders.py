"""Other encoders than the embedded one: any folder that Hugging Face's library can load."""

import json
import pickle
from pathlib import Path

import pytest
import torch
from transformers import (
    AutoModel,
    BertConfig,
    BrosConfig,
    LayoutLMConfig,
    LayoutLMv3Config,
    LiltConfig,
    PreTrainedTokenizerFast,
)

from extraction.domain.errors import quoted
from extraction.engines.student.errors import ConfigError
from extraction.engines.student.layout.config import StudentConfig
from extraction.engines.student.layout.inference.featurizer import ROLES
from extraction.engines.student.layout.inference.predictor import LayoutPredictor
from extraction.engines.student.layout.network import encoders, model, pretrained
from tests.support.tiny_student import EXAMPLES, SCHEMA, learn, slip

SHAPE = {"num_hidden_layers": 1, "num_attention_heads": 4, "intermediate_size": 64, "vocab_size": 30522}
SHAPES = {
    "bert": BertConfig(hidden_size=48, **SHAPE),
    "layoutlm": LayoutLMConfig(hidden_size=48, **SHAPE),
    "layoutlmv3": LayoutLMv3Config(hidden_size=48, coordinate_size=8, shape_size=8, **SHAPE),
    "lilt": LiltConfig(hidden_size=48, channel_shrink_ratio=4, **SHAPE),
    "bros": BrosConfig(hidden_size=64, **SHAPE),
}


@pytest.fixture
def folder(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A folder with a random encoder of the kind asked for and a tokenizer."""
    torch.manual_seed(0)
    AutoModel.from_config(SHAPES[request.param]).save_pretrained(tmp_path / "base")
    tokens = pretrained.published_tokenizer("tiny")
    special = {f"{name}_token": f"[{name.upper()}]" for name in ("cls", "sep", "pad", "mask", "unk")}
    PreTrainedTokenizerFast(tokenizer_object=tokens, **special).save_pretrained(tmp_path / "base")
    return tmp_path / "base"


def build(config: StudentConfig, fields: int = 1) -> model.Student:
    return model.build(config, pretrained.load_tokenizer("tiny"), fields, 0, 0)


@pytest.mark.slow
@pytest.mark.parametrize("folder", list(SHAPES), indirect=True)
def test_an_encoder_out_of_a_folder_trains_and_serves(folder: Path, tmp_path: Path) -> None:
    learn(tmp_path / "student", train=EXAMPLES[:4], validation=EXAMPLES[4:6], base=str(folder), epochs=1)
    assert set(LayoutPredictor(tmp_path / "student").predict([slip(1)[0]])) == set(SCHEMA.names)


@pytest.mark.parametrize("folder", ["layoutlm"], indirect=True)
def test_a_folder_may_be_named_from_ones_home(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(folder.parent))
    assert build(StudentConfig(base="~/base")).encoder.config.model_type == "layoutlm"
    assert pretrained.load_tokenizer("~/base").to_str() == pretrained.load_tokenizer(str(folder)).to_str()
    assert encoders.find("~/base").licence == encoders.MIT


@pytest.mark.parametrize("folder", ["layoutlmv3"], indirect=True)
def test_layoutlmv3_does_without_the_picture(folder: Path) -> None:
    student = build(StudentConfig(base=str(folder)))
    assert not any("patch_embed" in name for name, _ in student.named_parameters())
    assert student.sees_boxes


def test_an_encoder_that_is_not_there_is_named(tmp_path: Path) -> None:
    for make in (lambda base: build(StudentConfig(base=base)), pretrained.load_tokenizer):
        with pytest.raises(ConfigError, match=r"The encoder '.*absent' cannot be loaded"):
            make(str(tmp_path / "absent"))


def test_a_folder_of_something_else_is_named(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(ConfigError, match=str(tmp_path)):
        build(StudentConfig(base=str(tmp_path)))


def test_torn_weights_are_named(tmp_path: Path) -> None:
    torch.manual_seed(0)
    AutoModel.from_config(SHAPES["bert"]).save_pretrained(tmp_path)
    (tmp_path / "model.safetensors").write_bytes(b"half of it")
    with pytest.raises(ConfigError, match="cannot be loaded"):
        build(StudentConfig(base=str(tmp_path)))


def test_whatever_is_wrong_with_a_folder_has_one_sentence(tmp_path: Path) -> None:
    """Owners of a project learn nothing about the machine's folders, and no code or pickle of one is run."""
    torch.manual_seed(0)
    sentences = set()
    wrongs = {
        "absent": {},
        "empty": {"other.txt": b""},
        "nonsense": {"config.json": b"[[["},
        "custom": {
            "config.json": b'{"model_type": "mine", "auto_map": {"AutoConfig": "code.A"}}',
            "code.py": b"1/0",
        },
        "pickle": {"config.json": None, "pytorch_model.bin": pickle.dumps({"a": print})},
        "name" * 1000: {},
    }
    for name, files in wrongs.items():
        folder = tmp_path / name
        for file, content in files.items():
            folder.mkdir(exist_ok=True)
            if content is None:
                SHAPES["bert"].save_pretrained(folder)
            else:
                (folder / file).write_bytes(content)
        with pytest.raises(ConfigError) as caught:
            build(StudentConfig(base=str(folder)))
        sentences.add(str(caught.value).replace(quoted(str(folder)), "FOLDER"))
    assert len(sentences) == 1


@pytest.mark.parametrize(
    ("base", "licence", "commercial"),
    [
        ("", "Apache-2.0", True),
        ("SCUT-DLVCLab/lilt-roberta-en-base", "MIT", True),
        ("someone/bros-large", "Apache-2.0", True),
        ("microsoft/layoutlmv3-large", "CC BY-NC-SA 4.0: not for commercial use", False),
        ("microsoft/layoutlmv2-base-uncased", "CC BY-NC-SA 4.0: not for commercial use", False),
        ("someone/something", "licence not known, look it up before you use it", None),
    ],
)
def test_the_licence_of_an_encoder_is_told(base: str, licence: str, commercial: bool | None) -> None:
    found = encoders.find(base)
    assert str(found.licence) == licence
    assert found.licence.commercial is commercial


@pytest.mark.parametrize(("kind", "licence"), [("layoutlmv3", "CC BY-NC-SA 4.0"), ("lilt", "MIT"), ("new", "licence")])
def test_a_folder_tells_its_kind(tmp_path: Path, kind: str, licence: str) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"model_type": kind}))
    assert encoders.find(str(tmp_path)).licence.name.startswith(licence)


def test_the_embedded_encoder_keeps_its_text_part() -> None:
    student = build(StudentConfig(), fields=2)
    embeddings = student.encoder.embeddings
    assert embeddings.token_type_embeddings.weight.shape[0] == ROLES
    words, places = embeddings.word_embeddings.weight, embeddings.x_position_embeddings.weight
    near, far = (places[500] - places[502]).norm(), (places[500] - places[900]).norm()
    assert near < far
    assert places.norm(dim=1).mean() < words.norm(dim=1).mean()


def test_other_weights_under_the_same_name_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pretrained, "MINILM_SHA256", "0" * 64)
    with pytest.raises(ConfigError, match="not the published ones"):
        build(StudentConfig())
