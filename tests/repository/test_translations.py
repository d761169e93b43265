"""The catalogues: in step with the sources and complete; and templates have no text that they do not know."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
CATALOGUES = sorted((ROOT / "locale").rglob("*.po"))
# What `make messages` reads.
SOURCES = ("Makefile", "manage.py", ".ci", "kdweb", "extraction", "synthdocs", "templates", "locale")
# The same in every language: names, acronyms and units.
NAMES = frozenset(("kdweb", "ANLS", "API", "CSV", "JSON", "JSONL", "OpenAPI", "TOML", "UTC", "ms", "kB", "MB", "GB"))
NAMES |= {"Webhook", "Webhooks"}

WORD = re.compile(r"[^\W\d_]{2,}")
PLACE = re.compile(r"%\(\w+\)[sdr]|%%|\{\w+(?:![rs])?\}|</?\w+[^<>]*>")


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def parse(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def messages(path: Path) -> list[Message]:
    found = [message for message in parse(path) if message.id]
    assert found
    return found


def forms(text: object) -> list[str]:
    return [text] if isinstance(text, str) else [str(form) for form in text or ()]  # type: ignore[attr-defined]


def places(text: str) -> list[str]:
    """Quotation marks of a language may stand for those of Python."""
    return sorted(
        re.sub(r"(?<=\))r$|![rs](?=\})", lambda conversion: "s" if conversion[0] == "r" else "", place)
        for place in PLACE.findall(text)
    )


@pytest.mark.parametrize("path", CATALOGUES, ids=name)
class TestCatalogues:
    def test_every_message_is_translated(self, path: Path) -> None:
        assert [message.id for message in messages(path) if not all(forms(message.string))] == []

    def test_nothing_is_left_to_be_looked_at(self, path: Path) -> None:
        assert [message.id for message in messages(path) if message.fuzzy] == []

    def test_places_are_those_of_the_english(self, path: Path) -> None:
        pairs = [pair for each in messages(path) for pair in zip(forms(each.id), forms(each.string), strict=True)]
        assert [pair for pair in pairs if places(pair[0]) != places(pair[1])] == []

    def test_a_sentence_that_is_known_by_its_text_has_enough_of_it(self, path: Path) -> None:
        """Stored texts are compared with these; nearly any text would be one of few letters."""
        known = [form for message in messages(path) for form in forms(message.id) if re.search(r"\{\w+", form)]
        assert [text for text in known if len("".join(WORD.findall(PLACE.sub("", text)))) < 5] == []

    def test_typography_is_german(self, path: Path) -> None:
        """No quotation marks of typewriters, and no break between a number and its sign."""
        loose = re.compile(r'[\w)] (?:%%|°C|kB|MB|GB)|\.\.\.|(?<![=\w])"(?=\w)')
        texts = [form for message in messages(path) for form in forms(message.string)]
        assert [text for text in texts if loose.search(re.sub(r"<[^<>]*>", "", text))] == []


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("xgettext") is None, reason="gettext is not installed; `make test` installs it.")
def test_catalogues_are_in_step_with_the_sources(tmp_path: Path) -> None:
    """`make messages` would change nothing."""
    for source in SOURCES:
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, tmp_path / source, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
        else:
            shutil.copy(ROOT / source, tmp_path / source)
    command = ["make", "--silent", "messages", f"BIN={Path(sys.executable).parent}"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for path in CATALOGUES:
        fresh = parse(tmp_path / path.relative_to(ROOT))
        assert {message.id for message in fresh} == {message.id for message in parse(path)}


class Literals(HTMLParser):
    """Text between tags and in attributes that people read, with its line."""

    SPOKEN = frozenset(("title", "aria-label", "aria-description", "alt", "label", "placeholder"))
    SILENT = frozenset(("script", "style", "code", "pre", "kbd"))

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[int, str]] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in self.SILENT
        for attribute, value in attrs:
            if attribute in self.SPOKEN:
                self._see(value or "")

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in self.SILENT

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._see(data)

    def _see(self, text: str) -> None:
        if set(WORD.findall(text)) - NAMES:
            self.found.append((self.getpos()[0], " ".join(text.split())))


def literals(source: str) -> list[tuple[int, str]]:
    """Text outside translation tags; tags of templates count as blanks, and texts in their filters as text."""
    blocks = r"comment\b.*?%\}.*?\{% endcomment|blocktranslate\b.*?%\}.*?\{% endblocktranslate"
    silent = r"block (?:body_class|main_class|scripts|styles) %\}.*?\{% endblock"
    for pattern in (r"\{#.*?#\}", rf"\{{% (?:{blocks}|{silent}) %\}}"):
        source = re.sub(pattern, _blank, source, flags=re.DOTALL)
    parser = Literals()
    parser.feed(re.sub(r"\{%.*?%\}|\{\{.*?\}\}", _blank, source, flags=re.DOTALL))
    parser.close()
    return parser.found + list(_in_filters(source))


def _blank(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", found.group())


def _in_filters(source: str) -> Iterator[tuple[int, str]]:
    for found in re.finditer(r'\|(?:default|default_if_none|pluralize|yesno|add):"(?!yes,no")([^"]*)"', source):
        # Parts of names that are translated as a whole start with a blank.
        if set(WORD.findall(found[1])) - NAMES and not found[1].startswith(" "):
            yield source.count("\n", 0, found.start()) + 1, found[0]
    for found in re.finditer(r"\|pluralize\b", source):
        yield source.count("\n", 0, found.start()) + 1, found[0]


# A page of the API, which is in English.
@pytest.mark.parametrize("path", [path for path in TEMPLATES if path.name != "api_docs.html"], ids=name)
def test_templates_have_no_text_of_their_own(path: Path) -> None:
    assert literals(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "template",
    [
        "<p>Hello</p>",
        '<a title="Hello">{{ name }}</a>',
        "{% if one %}Hello{% endif %}",
        "<p>{{ number }} document{{ number|pluralize }}</p>",
        '{{ name|default:"nobody" }}',
        "{% block title %}Hello{% endblock %}",
    ],
)
def test_text_of_a_template_is_found(template: str) -> None:
    assert literals(template)


@pytest.mark.parametrize(
    "template",
    [
        '<p>{% translate "Hello" %}</p>',
        "<p>{% blocktranslate trimmed %}Hello <b>you</b>{% endblocktranslate %}</p>",
        '{% block title %}{{ _("Hello") }}{% endblock %}',
        '{{ name|default:_("nobody") }}',
        "<p>{{ number }} % · ANLS <code>make run</code></p>",
        "{% block main_class %}narrow{% endblock %}",
    ],
)
def test_translated_text_is_none(template: str) -> None:
    assert literals(template) == []


# Words of the registries that pages show, and those that are the same in both languages.
ALIKE = frozenset(("iso", "text", "LayoutLMv3", "Dashboard"))


def registered() -> Iterator[str]:
    """Texts that stand in registries and not in templates."""
    from extraction.domain import label_sources
    from extraction.domain.field_types import registry as field_types
    from extraction.engines.student import registry as students
    from extraction.services.documents.bulk import actions
    from extraction.services.jobs import kinds

    for kind in map(field_types.get, field_types.names()):
        yield from (kind.name, kind.invalid, *kind.formats)
    yield from (kind.title for kind in kinds.registered())
    yield from (label_sources.find(name).title for name in label_sources.names())
    yield from (str(action.title) for action in actions.registered())
    for name in students.names():
        kind = students.find(name)
        encoders = [*kind.encoders(), *map(kind.encoder, ("tiny", "minilm"))]
        yield from (encoder.title for encoder in encoders)


def test_words_of_registries_are_translated() -> None:
    german = {each.id: each.string for path in CATALOGUES for each in messages(path)}
    assert {text for text in registered() if text and not german.get(text)} - ALIKE == set()


# Reached by commands and programs alone, whose language is English; `Malformed` is told to models.
ENGLISH = (
    "extraction/api/", "extraction/management/", "extraction/web/operation/administration.py",
    "extraction/services/documents/imports/bulk_import.py",
    "extraction/services/operation/backup/", "extraction/services/operation/demonstration.py",
    "extraction/services/operation/installation.py", "extraction/services/jobs/execution.py",
    "extraction/services/projects/idempotency.py", "extraction/services/projects/token_usage.py",
    "extraction/services/serving/extractions.py", "extraction/engines/teacher/prompting/",
)  # fmt: skip
PYTHON = sorted(path for path in (ROOT / "extraction").rglob("*.py") if not name(path).startswith(ENGLISH))


def classes_for_people() -> set[str]:
    """Names of the classes whose text pages may show."""
    bases: dict[str, set[str]] = {}
    for path in (ROOT / "extraction").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                bases[node.name] = {ast.unparse(base).rsplit(".", 1)[-1] for base in node.bases}
    found = {"UserError"}
    while grown := {each for each, above in bases.items() if above & found} - found:
        found |= grown
    return found


def unmarked(source: str, classes: set[str]) -> Iterator[tuple[int, str]]:
    """Errors for people that are raised with a text of words which no catalogue can know."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        first = node.args[0]
        words = [
            each.value for each in ast.walk(first) if isinstance(each, ast.Constant) and isinstance(each.value, str)
        ]
        plain = isinstance(first, ast.Constant | ast.JoinedStr) and any(map(WORD.search, words))
        if plain and ast.unparse(node.func).rsplit(".", 1)[-1] in classes:
            yield node.lineno, ast.unparse(node)


def test_errors_for_people_are_marked() -> None:
    classes = classes_for_people()
    assert {"Invalid", "Refused", "ConfigError", "SchemaError"} <= classes
    found = [(name(path), *each) for path in PYTHON for each in unmarked(path.read_text("utf-8"), classes)]
    assert found == []


def test_an_unmarked_error_is_noticed() -> None:
    source = 'raise errors.Invalid(f"No {x}.")\nraise Invalid(gettext_noop("No {x}."), x=x)\nraise Invalid(f"{x}: {y}")'
    assert [line for line, _ in unmarked(source, {"Invalid"})] == [1]


def inside_f_strings(source: str) -> Iterator[int]:
    """Lines of texts that `make messages` does not find: it does not look into f-strings."""
    for joined in ast.walk(ast.parse(source)):
        if isinstance(joined, ast.JoinedStr):
            calls = (node for node in ast.walk(joined) if isinstance(node, ast.Call))
            yield from (node.lineno for node in calls if "gettext" in ast.unparse(node.func))


def test_no_text_is_marked_inside_an_f_string() -> None:
    paths = (*(ROOT / "extraction").rglob("*.py"), *(ROOT / "kdweb").rglob("*.py"))
    assert [(name(path), line) for path in paths for line in inside_f_strings(path.read_text("utf-8"))] == []


def test_a_text_inside_an_f_string_is_noticed() -> None:
    source = 'a = f"{gettext(\'No.\')} {x}"\nb = gettext("No.")\nc = f"{b} {x}"\nd = f"{ngettext(\'a\', \'b\', n)}"'
    assert list(inside_f_strings(source)) == [1, 4]
