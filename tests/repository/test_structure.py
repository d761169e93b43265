"""The layout of the code: one name for a stage, small packages and modules, no import cycles, few untyped mappings."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CODE = ("kdweb", "extraction", "benchmarks", "synthdocs")
MOST_MODULES, MOST_LINES, MOST_UNTYPED = 12, 400, 60

# Folders that belong to no stage.
TEMPLATES = {"icons", "includes"}
TESTS = {
    "access",
    "api",
    "benchmarks",
    "client",
    "domain",
    "e2e",
    "engines",
    "js",
    "repository",
    "servers",
    "support",
    "synthdocs",
    "upgrade",
    "web",
}


def modules(*roots: str) -> list[Path]:
    """Every module below these folders, migrations aside: Django numbers and freezes them."""
    paths = sorted(path for root in roots for path in (ROOT / root).rglob("*.py"))
    assert paths
    return [path for path in paths if "migrations" not in path.parts]


def folders(path: str) -> set[str]:
    return {folder.name for folder in (ROOT / path).iterdir() if folder.is_dir() and folder.name != "__pycache__"}


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def name(path: Path) -> str:
    """The dotted name of a module."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def statements(node: ast.AST, *, deferred: bool) -> Iterator[ast.AST]:
    """The nodes below `node` without those for type checkers and, unless `deferred`, those of functions."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
            continue
        if deferred or not isinstance(child, ast.FunctionDef):
            yield child
            yield from statements(child, deferred=deferred)


def imported(path: Path, *, deferred: bool = True) -> Iterator[str]:
    """The dotted names that a module imports; of `from a import b` both `a` and `a.b`."""
    for node in statements(tree(path), deferred=deferred):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = name(path).split(".")
            # The package itself stands for its `__init__`.
            package = package[: len(package) - node.level + (path.name == "__init__.py")] if node.level else []
            base = ".".join((*package, *filter(None, [node.module])))
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


STAGES = folders("extraction/services")


class TestStages:
    def test_web_and_templates_have_no_names_of_their_own(self) -> None:
        assert folders("extraction/web") <= STAGES
        assert folders("templates") - TEMPLATES <= STAGES

    def test_pages_and_templates_of_a_stage_come_together(self) -> None:
        assert folders("extraction/web") == folders("templates") - TEMPLATES

    def test_every_stage_has_its_tests(self) -> None:
        assert folders("tests") == STAGES | TESTS


@pytest.mark.parametrize("root", [*CODE, "client", "tests"])
def test_a_package_has_at_most_a_dozen_modules(root: str) -> None:
    sizes = Counter(name(path.parent) for path in modules(root) if path.name != "__init__.py")
    # Django finds commands in this folder alone, one a module.
    del sizes["extraction.management.commands"]
    # Written by a program, one module a subject of the API.
    del sizes["client.kdweb_client.calls"], sizes["client.kdweb_client.schemas"]
    large = {package: size for package, size in sizes.items() if size > MOST_MODULES}
    assert large == {}


@pytest.mark.parametrize("root", [*CODE, "client", "tests"])
def test_a_module_has_at_most_four_hundred_lines(root: str) -> None:
    sizes = {name(path): len(path.read_text("utf-8").splitlines()) for path in modules(root)}
    assert {module: size for module, size in sizes.items() if size > MOST_LINES} == {}


def graph(paths: list[Path]) -> Mapping[str, set[str]]:
    """Which of these modules imports which; a package that is only named on the way to a module counts not.

    An import inside a function counts, except where a stage registers its kinds of jobs: there handlers are imported
    when they run, because the services that they call enqueue the same kinds.
    """
    known = {name(path) for path in paths}
    edges: dict[str, set[str]] = {}
    for path in paths:
        registers = path.name == "jobs.py" and path.parent.parent.name == "services"
        names = set(imported(path, deferred=not registers)) & known
        inner = {one for one in names if any(other.startswith(f"{one}.") for other in names)}
        edges[name(path)] = names - inner - {name(path)}
    return edges


def cycle(edges: Mapping[str, set[str]]) -> list[str]:
    """The modules of one import cycle; empty where there is none."""
    try:
        TopologicalSorter(edges).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_no_modules_import_each_other_in_a_circle() -> None:
    assert cycle(graph(modules(*CODE))) == []


def test_a_circle_is_noticed() -> None:
    assert cycle({"a": {"b"}, "b": {"c"}, "c": {"a"}}) != []


def test_no_test_module_or_conftest_is_imported_by_another() -> None:
    tests = modules("tests")
    private = {name(path) for path in tests if path.name.startswith("test_") or path.name == "conftest.py"}
    assert {(name(path), other) for path in tests for other in private.intersection(imported(path))} == set()


def untyped(path: Path) -> int:
    """How often a module says `dict[str, Any]`."""
    subscripts = (node for node in ast.walk(tree(path)) if isinstance(node, ast.Subscript))
    return sum(ast.unparse(node) == "dict[str, Any]" for node in subscripts)


def test_untyped_mappings_are_few() -> None:
    assert sum(map(untyped, modules(*CODE))) <= MOST_UNTYPED
