"""A page in English beside the same page in German: what a person reads differs, all else is equal."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

from django.test import Client

READ_OUT = ("aria-label", "title", "placeholder", "alt", "label", "data-unfound")
# Of the language itself, and of one answer only.
PASSING = ("lang", "aria-current", "hx-headers")
# Their texts are code, keys or names that are the same everywhere.
VERBATIM = {"code", "kbd", "pre", "script", "style"}
VOID = {"br", "hr", "img", "input", "link", "meta", "source"}
WORD = re.compile(r"\b[A-Za-z]{2,}\b")
# What both languages write alike.
INTERNATIONAL = {
    *(
        "Acme",
        "ANLS",
        "API",
        "Budget",
        "CSV",
        "Deutsch",
        "English",
        "Filter",
        "GIF",
        "Hash",
        "HEIC",
        "JPEG",
        "JSON",
        "JSONL",
    ),
    *(
        "Encoder",
        "Label",
        "Labels",
        "LayoutLM",
        "Loss",
        "min",
        "ms",
        "Name",
        "OpenAPI",
        "PDF",
        "PNG",
        "Prompt",
        "Python",
    ),
    *("Seed", "Split", "Status", "System", "Test", "TIFF", "Token", "Tokens", "Training", "UTC", "Version", "WebP"),
    "XLSX",
    *(
        "Batches",
        "Canary",
        "Model",
        "Context",
        "Protocol",
        "client",
        "curl",
        "Details",
        "kdweb",
        "Python",
        "LayoutLMv",
        "CC",
        "BY",
        "NC",
        "SA",
        "Webhooks",
    ),
}


class Reader(HTMLParser):
    """Collects the `texts` that people read, and the `attributes` that only programs do."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.attributes: list[tuple[str, str, str | None]] = []
        self._open: list[tuple[str, bool]] = []
        self.feed(html)

    @property
    def _verbatim(self) -> bool:
        return bool(self._open) and self._open[-1][1]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        written = dict(attrs)
        # Preformatted text with a title of its own is told to people: the log of a training.
        verbatim = tag in VERBATIM and not (tag == "pre" and "aria-label" in written)
        foreign = self._verbatim or verbatim or (tag != "html" and "lang" in written)
        if tag == "input" and "csrf" in str(written):
            return
        if not foreign:
            self.texts += [value for name, value in attrs if name in READ_OUT and value]
        known = [(name, value) for name, value in attrs if name not in (*READ_OUT, *PASSING)]
        if not foreign:
            self.attributes += [(tag, name, value) for name, value in known if "glossary" not in str(value)]
        if tag not in VOID:
            self._open.append((tag, foreign))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and not self._verbatim:
            self.texts.append(" ".join(data.split()))


class Page:
    """The answer to one request, once for each language."""

    def __init__(self, client: Client, url: str, query: dict[str, Any] | None = None) -> None:
        english, german = (
            client.get(url, query or {}, headers={"Accept-Language": language}) for language in ("en", "de")
        )
        assert english.status_code == german.status_code == 200, (english.status_code, german.status_code)
        self.english, self.german = Reader(english.content.decode()), Reader(german.content.decode())

    def untranslated(self, *data: str) -> set[str]:
        """Texts with a word of letters that are the same in both; `data` are words of the user's own."""
        alike = set(self.english.texts) & set(self.german.texts)
        allowed = INTERNATIONAL | {word for text in data for word in WORD.findall(text)}
        return {text for text in alike if set(WORD.findall(text)) - allowed}

    def reformatted(self) -> list[tuple[tuple[str, str, str | None], tuple[str, str, str | None]]]:
        """Attributes for programs that the language changed: numbers of a drawing, values of inputs, addresses."""
        pairs = zip(self.english.attributes, self.german.attributes, strict=True)
        return [(one, other) for one, other in pairs if one != other]
