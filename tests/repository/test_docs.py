"""What documentation and docstrings point at: files behind links, modules behind dotted names, pages behind paths."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#\s]+)")
DOTTED = re.compile(r"`((?:extraction|services|domain)(?:\.[A-Za-z_]+)+)`")
PAGE = re.compile(r"\bdocs/[\w/-]+\.md\b")


def resolves(dotted: str) -> bool:
    """Whether a dotted name starts with a module, followed by at most one name that stands in that module."""
    path = ROOT if dotted.startswith("extraction.") else ROOT / "extraction"
    *parents, last = dotted.split(".")
    folder = path.joinpath(*parents)
    if (folder / last).is_dir() or (folder / f"{last}.py").is_file():
        return True
    module = folder / "__init__.py" if folder.is_dir() else folder.with_suffix(".py")
    return module.is_file() and re.search(rf"\b{last}\b", module.read_text("utf-8")) is not None


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_links_and_modules_of_a_page_exist(path: Path) -> None:
    text = path.read_text("utf-8")
    missing = [link for link in LINK.findall(text) if not (path.parent / link).exists()]
    missing += [dotted for dotted in DOTTED.findall(text) if not resolves(dotted)]
    assert missing == []


def test_pages_that_the_code_names_exist() -> None:
    code = [
        path for folder in ("extraction", "kdweb", "benchmarks", "synthdocs") for path in (ROOT / folder).rglob("*.py")
    ]
    named = {page for path in code for page in PAGE.findall(path.read_text("utf-8"))}
    assert named
    assert [page for page in sorted(named) if not (ROOT / page).is_file()] == []
