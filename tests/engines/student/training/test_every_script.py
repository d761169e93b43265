"""Documents in any script are learned from and answered word for word, by the smallest student, too."""

import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from extraction.domain.pages import Page
from extraction.engines.student import registry
from extraction.engines.student.base import Example
from extraction.engines.student.layout.files import TOKENIZER
from extraction.engines.student.layout.network import pretrained
from tests.support.page_builders import page
from tests.support.tiny_student import EXAMPLES, learn, slip

# First and second words of names, what stands before a name and before a total; names may stand within a word.
SCRIPTS = {
    "greek": (("Μπλε ", "Παλιό "), ("Λιμάνι", "Περιβόλι", "Καφενείο"), "Κατάστημα ", "Σύνολο    ", ""),
    "thai": (("บ้าน", "ร้าน"), ("กาแฟดี", "ดอกไม้", "น้ำชา"), "ผู้ขาย ", "ยอดรวม    ", ""),
    "japanese": (("山田", "佐藤"), ("薬局", "商店", "喫茶"), "店舗", "合計    ", "様"),
    "emoji": (("🍎", "🐟"), ("👩‍🍳", "🧺", "🏪"), "🛒 ", "💰    ", ""),
    "outside the basic plane": (("𠮷", "𡈽"), ("𩸽", "𠀋", "𝔘𝔫𝔦"), "𐎀𐎁 ", "𐎚    ", ""),
}


def example(script: str, seed: int) -> Example:
    first, second, shop, total, after = SCRIPTS[script]
    draw = random.Random(f"{script}{seed}")
    company = draw.choice(first) + draw.choice(second)
    amount, tip = f"{draw.randint(30, 99)}.{draw.randint(10, 99)}", f"{draw.randint(1, 9)}.{draw.randint(10, 99)}"
    there = page(f"{shop}{company}{after}", f"{after or shop.strip()} {tip}", f"{total}{amount}")
    return Example(f"{script}-{seed}", (there,), {"company": company, "total": amount})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A student of all scripts together."""
    folder = tmp_path_factory.mktemp("scripts")
    train = [example(script, seed) for seed in range(20) for script in SCRIPTS]
    validation = [example(script, seed) for seed in range(20, 22) for script in SCRIPTS]
    learn(folder, train=train, validation=validation, epochs=24)
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("script", list(SCRIPTS))
def test_values_are_answered_as_they_are_printed(folder: Path, script: str) -> None:
    student = registry.load(folder)
    for seed in range(100, 106):
        wanted = example(script, seed)
        answers = student.predict(wanted.pages)
        assert {name: answers[name].value for name in wanted.labels} == wanted.labels
        [span] = answers["company"].spans
        assert span.text(wanted.pages) == wanted.labels["company"]


def without_bytes(folder: Path) -> None:
    """The tokenizer that earlier versions kept in a model folder."""
    pretrained.published_tokenizer("tiny").save(str(folder / TOKENIZER))


def answers(folder: Path, pages: Sequence[Page]) -> list[str | None]:
    student = registry.load(folder)
    return [answer.value for one in pages for answer in student.predict([one]).values()]


@pytest.mark.slow
def test_a_model_without_bytes_answers_as_before(tmp_path: Path) -> None:
    learn(tmp_path, train=EXAMPLES[:8], epochs=2)
    pages = [slip(seed)[0] for seed in range(100, 104)]
    now = answers(tmp_path, pages)
    without_bytes(tmp_path)
    assert answers(tmp_path, pages) == now
    assert answers(tmp_path, [example(script, 1).pages[0] for script in SCRIPTS])
