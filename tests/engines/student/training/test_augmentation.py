"""Variants of training documents bear the names and addresses of others, and their labels say so."""

import pickle
from itertools import chain, pairwise
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from extraction.domain.alignment import align
from extraction.domain.field_types import UNKNOWN
from extraction.domain.fields import Schema
from extraction.domain.pages import Page
from extraction.domain.progress import Silent
from extraction.engines.student.base import Example
from extraction.engines.student.layout.config import StudentConfig
from extraction.engines.student.layout.inference.featurizer import Featurizer
from extraction.engines.student.layout.network.pretrained import load_tokenizer
from extraction.engines.student.layout.training.augmentation import swap_entities
from extraction.engines.student.layout.training.samples import SampleStore, TrainingSample, WindowDataset
from extraction.engines.student.layout.training.targets import targets
from tests.support.page_builders import page

SCHEMA = Schema.from_json(
    {
        "name": "Slips",
        "document": "slip",
        "field": [{"name": "company"}, {"name": "address"}, {"name": "total", "type": "money"}],
    }
)
BAKER = Example(
    "baker",
    [page("Old Baker Ltd", "12 Mill Lane", "Leeds LS1 4AB", "Tea    3.30", "Total    3.30")],
    {"company": "Old Baker Ltd", "address": "12 Mill Lane, Leeds LS1 4AB", "total": "3.30"},
)
LION = Example(
    "lion",
    [page("Welcome to", "The Red Lion and Royal Garden Company", "7 Quay", "Total    9.99", "Thank you")],
    {"company": "The Red Lion and Royal Garden Company", "address": "7 Quay", "total": "9.99"},
)
NAMES = ("company", "address")


def variants_of(*examples: Example, copies: int, seed: int = 1) -> list[list[Example]]:
    return list(swap_entities(SCHEMA, examples, UNKNOWN, copies, seed, Silent()))


def texts(there: Page) -> list[str]:
    return there.text.split("\n")


def test_a_variant_bears_texts_of_the_documents_and_its_labels_say_which() -> None:
    seen = set()
    for original, variants in zip((BAKER, LION), variants_of(BAKER, LION, copies=40), strict=True):
        assert len(variants) == 40
        for variant in variants:
            assert variant.labels["total"] == original.labels["total"]
            for name in NAMES:
                value = str(variant.labels[name])
                [place, *_] = align(SCHEMA[name], value, variant.pages)
                assert " ".join(span.text(variant.pages) for span in place.spans) == value
            seen.add((original.id, variant.labels["company"], variant.labels["address"]))
    # Every company with every address, on both documents.
    assert len(seen) == 8


def test_what_is_not_swapped_stays_where_it_is() -> None:
    [variants, _] = variants_of(BAKER, LION, copies=10)
    before = [word for word in BAKER.pages[0].words if word.line >= 3]
    for variant in variants:
        assert [word for word in variant.pages[0].words if word.line >= 3] == before


def test_a_text_takes_the_lines_that_there_are() -> None:
    [bakers, lions] = variants_of(BAKER, LION, copies=20)
    long = {texts(one.pages[0])[2] for one in lions if str(one.labels["address"]).startswith("12")}
    assert long == {"12 Mill Lane Leeds LS1 4AB"}
    short = [texts(one.pages[0]) for one in bakers if one.labels["address"] == "7 Quay"]
    assert all(lines[1:3] == ["7 Quay", "Tea 3.30"] for lines in short)


def test_what_is_not_surely_found_is_left_alone() -> None:
    unfound = Example("unfound", LION.pages, {"company": "Blue Harbour", "address": None})
    inside = Example("inside", [page("Shop:Baker Ltd", "more")], {"company": "Baker"})
    for variants in variants_of(unfound, inside, BAKER, copies=3)[:2]:
        assert variants == []


def test_two_fields_on_the_same_words_do_not_tear_each_other_apart() -> None:
    both = Example("both", [page("Old Baker Ltd", "Leeds")], {"company": "Old Baker Ltd", "address": "Baker Ltd Leeds"})
    for variant in variants_of(both, LION, copies=10)[0]:
        assert variant.labels["address"] == "Baker Ltd Leeds"
        assert align(SCHEMA["company"], str(variant.labels["company"]), variant.pages)[0].score == 1


def test_the_same_seed_gives_the_same_variants() -> None:
    assert variants_of(BAKER, LION, copies=5, seed=7) == variants_of(BAKER, LION, copies=5, seed=7)
    assert variants_of(BAKER, LION, copies=5, seed=7) != variants_of(BAKER, LION, copies=5, seed=8)
    assert variants_of(BAKER, LION, copies=0, seed=7) == [[], []]


def test_a_window_is_drawn_from_the_document_and_its_variants(tmp_path: Path) -> None:
    featurizer = Featurizer(load_tokenizer("tiny"), 512, 128)

    def sample(example: Example) -> TrainingSample:
        tokens = featurizer.tokens(example.pages)
        return TrainingSample(tokens, featurizer.windows(tokens), targets(SCHEMA, example, tokens, UNKNOWN))

    baker, lion = sample(BAKER), sample(LION)
    store = SampleStore(tmp_path / "samples")
    windows = WindowDataset([store.add(baker, [lion])], store, featurizer, StudentConfig(mask=0, jitter=0))
    # As further processes of a training receive it.
    sent = pickle.loads(pickle.dumps(windows))
    taken = [some[0] for some in (windows, sent) for _ in range(40)]
    assert {len(item["input_ids"]) for item in taken} == {len(one.tokens) + 2 for one in (baker, lion)}
    store.close()
    assert not (tmp_path / "samples").exists()
    assert all(len(item["tags"]) == len(item["input_ids"]) for item in taken)


WORDS = st.lists(st.text("ABCDEFGHI", min_size=2, max_size=30), min_size=1, max_size=12)


@settings(max_examples=50, deadline=None)
@given(first=st.lists(WORDS, min_size=1, max_size=4), second=st.lists(WORDS, min_size=1, max_size=4))
def test_swapped_words_stay_on_the_page_in_their_order(first: list[list[str]], second: list[list[str]]) -> None:
    examples = [
        Example(str(number), [page("0 1 2", *map(" ".join, lines), "3 4 5")], {"company": " ".join(chain(*lines))})
        for number, lines in enumerate((first, second))
    ]
    for variants in swap_entities(SCHEMA, examples, UNKNOWN, 3, 1, Silent()):
        for variant in variants:
            words = variant.pages[0].words
            swapped = [word for word in words if not word.text.isdigit()]
            assert " ".join(word.text for word in swapped) == variant.labels["company"]
            assert [word.line for word in words] == sorted(word.line for word in words)
            assert all(0 <= word.box.x0 <= word.box.x1 <= 1 for word in swapped)
            for left, right in pairwise(swapped):
                assert left.line != right.line or left.box.x0 <= right.box.x0
