"""The contract of field types: every registered type keeps it, and so does one that a contributor adds."""

import json
from collections.abc import Iterator

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.domain.alignment import align, candidates
from extraction.domain.evaluation.scoring import evaluate
from extraction.domain.field_types import (
    AS_PRINTED,
    UNKNOWN,
    Conventions,
    FieldType,
    InvalidValue,
    StudentTask,
    Widget,
    registry,
)
from extraction.domain.field_types.values import agree, is_invalid, normalize, same
from extraction.domain.fields import Field, Schema, SchemaError
from extraction.domain.pages import Box, Page, Word
from extraction.domain.prediction import FieldValue
from extraction.engines.teacher.prompting.prompts import build
from extraction.engines.teacher.prompting.response_parsing import read
from tests.support.field_type_recipe import documented_type

IBAN = documented_type()
KINDS = [*(registry.get(name) for name in registry.names()), IBAN]


@pytest.fixture(scope="module", autouse=True)
def _registered() -> Iterator[None]:
    """The documented type is registered, as its recipe says."""
    registry.register(IBAN)
    yield
    registry.unregister(IBAN.name)


@pytest.fixture(params=KINDS, ids=[kind.name for kind in KINDS])
def kind(request: pytest.FixtureRequest) -> FieldType:
    found: FieldType = request.param
    return found


@pytest.fixture
def field(kind: FieldType) -> Field:
    return declared(kind)


def declared(kind: FieldType, **more: object) -> Field:
    """The plainest field of a type."""
    value: dict[str, object] = {"name": "value", "type": kind.name, **more}
    if kind.has_options:
        value["options"] = ["cash", "card"]
    if kind.has_parts:
        value["fields"] = [{"name": "description"}, {"name": "amount", "type": "money"}]
    return Field.from_json(value)


def line_of(text: str) -> Page:
    """A page that prints one line."""
    words, left = [], 0.02
    for part in text.split(" "):
        words.append(Word(part, Box(left, 0.1, left + 0.01 * len(part), 0.12), 0.9, 0))
        left += 0.01 * (len(part) + 1)
    return Page(600, 800, tuple(words))


def test_a_declaration_comes_back_from_its_schema_file(kind: FieldType) -> None:
    for format in kind.formats:
        schema = Schema("Papers", "paper", (declared(kind, format=format, required=True),))
        assert Schema.from_toml(schema.to_toml()) == schema
        assert Schema.from_json(json.loads(json.dumps(schema.to_json()))) == schema


def test_as_printed_is_a_format_and_others_than_the_own_ones_are_refused(kind: FieldType) -> None:
    assert kind.formats[0] == AS_PRINTED
    with pytest.raises(SchemaError, match="cannot have the format 'nonsense'"):
        declared(kind, format="nonsense")


def test_options_and_parts_are_declared_where_the_type_has_them_and_nowhere_else(kind: FieldType) -> None:
    bare = {"name": "value", "type": kind.name}
    options, parts = {"options": ["a"]}, {"fields": [{"name": "part"}]}
    declarations = {(False, False): bare, (True, False): {**bare, **options}, (False, True): {**bare, **parts}}
    for key, value in declarations.items():
        if key == (kind.has_options, kind.has_parts):
            assert Field.from_json(value).kind is kind
        else:
            with pytest.raises(SchemaError, match=r"needs at least one|has no"):
                Field.from_json(value)


def test_the_example_is_normalised_and_stays_so(kind: FieldType) -> None:
    for format in kind.formats:
        field = declared(kind, format=format)
        written = normalize(field, kind.example(field))
        assert written
        assert normalize(field, written) == written


def test_a_value_agrees_with_itself_in_every_form(field: Field) -> None:
    example = field.kind.example(field)
    written = normalize(field, example)
    for compare in (same, agree):
        assert compare(field, example, example)
        assert compare(field, example, written)
        assert compare(field, None, "")
        assert not compare(field, example, None)


def test_the_types_own_values_are_not_invalid(field: Field) -> None:
    assert not is_invalid(field, field.kind.example(field))
    assert is_invalid(field, "§§ none of these §§") == bool(field.kind.invalid)


def test_values_are_found_on_a_page(field: Field) -> None:
    kind, example = field.kind, field.kind.example(field)
    page = line_of(f"Label: {example} end")
    texts = [span.text([page]) for span in candidates(kind.find, page)]
    assert bool(texts) == kind.typed
    assert not kind.typed or any(same(field, text, example) for text in texts)
    places = align(field, example, [page])
    assert bool(places) == kind.alignable
    assert not places or " ".join(span.text([page]) for span in places[0].spans) == example


def test_what_means_the_same_shares_a_meaning(field: Field) -> None:
    example = field.kind.example(field)
    meanings = field.kind.meanings(example, UNKNOWN)
    assert all(0 < certainty <= 1 for certainty in meanings.values())
    assert bool(meanings) == field.kind.typed
    assert not meanings or meanings.keys() & field.kind.meanings(normalize(field, example) or "", UNKNOWN).keys()


# The first text loads the locale data.
@hypothesis.settings(deadline=None)
@given(st.text(max_size=40))
def test_no_text_breaks_a_type(text: str) -> None:
    for kind in KINDS:
        field = declared(kind)
        normalize(field, text, conventions=Conventions("dmy"))
        kind.meanings(text, UNKNOWN)
        kind.to_json(text)
        for start, end in kind.find(text):
            assert 0 <= start < end <= len(text)


@pytest.mark.parametrize("text", ["[" * 1500, "[" * 100_000, '[{"description": ' + "[" * 900, "[1,", "9" * 100_000])
def test_no_nesting_and_no_length_breaks_a_type(text: str) -> None:
    for kind in KINDS:
        field = declared(kind)
        normalize(field, text)
        kind.to_json(text)
        evaluate(Schema("Papers", "paper", (field,)), [({"value": [text]}, {"value": FieldValue(text, None)})])


def test_a_label_comes_back_from_json(field: Field) -> None:
    kind, example = field.kind, field.kind.example(field)
    value = json.loads(json.dumps(kind.to_json(example)))
    assert kind.from_json(field, value) == example
    assert kind.from_json(field, None) is None
    for wrong in (3.5, True, {"a": 1}):
        with pytest.raises(InvalidValue, match="value"):
            kind.from_json(field, wrong)


def test_a_right_answer_scores_1_and_an_empty_one_0(field: Field) -> None:
    schema, example = Schema("Papers", "paper", (field,)), field.kind.example(field)
    answer = FieldValue(example, normalize(field, example))
    right, empty = (evaluate(schema, [({"value": [example]}, said)]) for said in ({"value": answer}, {}))
    assert (right.mean_anls, right.all_fields, empty.mean_anls, empty.all_fields) == (1, 1, 0, 0)
    if field.kind.has_parts:
        rows, none = (evaluation.groups["value"] for evaluation in (right, empty))
        assert (rows.nted.value, rows.cell_f1.value, rows.row_f1.value, none.cell_f1.value) == (1, 1, 1, 0)
    else:
        score = right.fields["value"]
        assert (score.anls, score.exact, score.normalized_exact, empty.fields["value"].anls) == (1, 1, 1, 0)


def test_a_prompt_describes_the_value(kind: FieldType) -> None:
    for format in kind.formats:
        field = declared(kind, format=format)
        assert kind.describe(field).strip()
        assert f"({kind.describe(field)})" in build(Schema("Papers", "paper", (field,))).request


def test_the_response_schema_takes_the_prompts_own_example(kind: FieldType) -> None:
    """The last line of the prompt's examples is the answer for a document that prints the example."""
    example = kind.example(declared(kind))
    schema = Schema("Papers", "paper", (declared(kind, examples=[[f"Value {example}", example]]),))
    prompt = build(schema)
    [alias] = prompt.json_schema["properties"]
    assert not kind.alias_words or set(alias.split("_")) & set(kind.alias_words)
    [answer] = read(schema, dict(prompt.sections)["examples"].splitlines()[-1]).values()
    assert same(schema.fields[0], answer.value, example)
    assert not answer.unsure
    nothing = json.dumps({alias: {"evidence": None, "value": [] if kind.has_parts else None, "unsure": False}})
    assert read(schema, nothing)["value"].value is None


def test_review_and_student_know_what_to_do(kind: FieldType) -> None:
    assert kind.widget in Widget
    assert kind.student_task in StudentTask
    assert (kind.widget == Widget.OPTIONS) == kind.has_options
    assert kind.student_task is not StudentTask.CHOOSE or kind.has_options
    assert 0 < kind.alignment_threshold <= 1


def test_a_name_is_registered_once() -> None:
    assert registry.names()[-1] == "iban"
    with pytest.raises(ValueError, match="registered already"):
        registry.register(documented_type())
    assert declared(IBAN).kind is IBAN
