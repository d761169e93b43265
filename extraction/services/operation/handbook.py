"""The documentation as pages of the application, and the terms of the glossary, from the files in `docs/`."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.text import slugify
from markdown_it import MarkdownIt
from markdown_it.token import Token

from extraction.domain.errors import gettext_noop
from extraction.services.errors import NotFound

GLOSSARY = "glossary"
IMAGES = "images"


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the documentation. `html` is made of Markdown in which HTML counts as text."""

    name: str
    title: str
    html: str


@dataclass(frozen=True, slots=True)
class Term:
    """A term of the glossary on `page`; `html` is its meaning in `language`, `anchor` where it stands on the page."""

    name: str
    html: str
    anchor: str
    page: str = GLOSSARY
    language: str = "en"


@lru_cache
def titles() -> Mapping[str, str]:
    """The title of every page, by name."""
    files = {path.relative_to(_root()).with_suffix("").as_posix(): path for path in sorted(_root().rglob("*.md"))}
    return MappingProxyType({name: _title(path) for name, path in files.items()})


@lru_cache(maxsize=64)
def page(name: str, root: str) -> Page:
    """The page below the address `root`. Raises `NotFound`."""
    if name not in titles():
        raise NotFound(gettext_noop("There is no such page of the documentation."))
    tokens = _markdown().parse((_root() / f"{name}.md").read_text("utf-8"))
    _name_headings(tokens)
    if posixpath.basename(name) == GLOSSARY:
        for row, term, _, last in _rows(tokens):
            row.attrSet("id", _anchor(term if name == GLOSSARY else last))
    for token in tokens:
        _lead(token, posixpath.dirname(name), root)
    return Page(name, titles()[name], _markdown().renderer.render(tokens, _markdown().options, {}))


@lru_cache
def terms() -> Mapping[str, Term]:
    """The terms by name in small letters; a row of the glossary may explain several."""
    markdown = _markdown()
    found = {}
    for _, written, meaning, _ in _rows(markdown.parse((_root() / f"{GLOSSARY}.md").read_text("utf-8"))):
        plain = re.sub(r"\(.*?\)", "", written)
        for name in filter(None, (part.strip() for part in plain.split(","))):
            found[name.lower()] = Term(name, markdown.renderInline(meaning), _anchor(written))
    return MappingProxyType(found)


def term(name: str, language: str) -> Term:
    """By its English name in small letters, in `language` where a glossary has it. Raises `KeyError`."""
    return _translated(language).get(name) or terms()[name]


@lru_cache
def _translated(language: str) -> Mapping[str, Term]:
    """The terms of a language's own glossary, whose third column has their English names."""
    page = f"{language}/{GLOSSARY}"
    if page not in titles():
        return MappingProxyType({})
    markdown, found = _markdown(), {}
    for _, written, meaning, english in _rows(markdown.parse((_root() / f"{page}.md").read_text("utf-8"))):
        found[english.lower()] = Term(written, markdown.renderInline(meaning), _anchor(english), page, language)
    return MappingProxyType(found)


def image(name: str) -> Path:
    """A picture of the documentation. Raises `NotFound`."""
    known = {path.name: path for path in (_root() / IMAGES).iterdir()}
    if name not in known:
        raise NotFound(gettext_noop("There is no such picture."))
    return known[name]


def _root() -> Path:
    return Path(settings.BASE_DIR) / "docs"


@lru_cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def _title(path: Path) -> str:
    first = re.search(r"^# (.+)$", path.read_text("utf-8"), re.MULTILINE)
    return first[1] if first else path.stem


def _anchor(term: str) -> str:
    return f"term-{slugify(term)}"


def _rows(tokens: Sequence[Token]) -> Iterator[tuple[Token, str, str, str]]:
    """The rows of tables: the token, and the texts of the first three cells."""
    for index, token in enumerate(tokens):
        if token.type == "tr_open" and tokens[index + 1].type == "td_open":
            term, meaning, last = (tokens[index + offset].content for offset in (2, 5, 8))
            yield token, term, meaning, last


def _name_headings(tokens: Sequence[Token]) -> None:
    """Give headings the anchors that links between the pages use."""
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open":
            opening.attrSet("id", slugify(inline.content))


def _lead(token: Token, folder: str, root: str) -> None:
    """Let links to other files of the documentation lead to their pages; to files outside of it they are text."""
    for child in token.children or ():
        if child.type == "image":
            child.attrSet("src", f"{root}{IMAGES}/{posixpath.basename(str(child.attrGet('src')))}")
        elif child.type == "link_open":
            target = urlsplit(str(child.attrGet("href")))
            if not target.scheme and target.path:
                name = posixpath.normpath(posixpath.join(folder, target.path)).removesuffix(".md")
                anchor = f"#{target.fragment}" if target.fragment else ""
                _point(child, f"{root}{name}/{anchor}" if name in titles() else "")


def _point(link: Token, address: str) -> None:
    link.attrs = {"href": address} if address else {}
