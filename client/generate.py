"""Generator of the client's schemas and calls from the agreed OpenAPI document: `python client/generate.py`.

The objects of answers become frozen dataclasses, lists of codes become `Literal`s, operations become methods. Both
stand in one module for each tag of the document; what several tags use stands in `schemas/shared.py`.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import textwrap
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

HERE = Path(__file__).resolve().parent
DOCUMENT = HERE.parent / "tests/api/openapi.json"
PACKAGE = "kdweb_client"
SHARED = "shared"
PREFIX = "/api/v1"
WIDTH = 120
SCALARS = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
FORMATS = {"date-time": "datetime", "uuid": "UUID"}
# Parameters that the client fills in itself.
FILLED = {"slug": "self._project"}
KEY = ("Idempotency-Key", "idempotency_key")
HEAD = "# Made by client/generate.py from the OpenAPI document.\n"

Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Argument:
    """A parameter of a method. `default` is source text; without one the argument is positional."""

    name: str
    type: str
    description: str
    default: str | None = None

    def __str__(self) -> str:
        return f"{self.name}: {self.type}" + (f" = {self.default}" if self.default is not None else "")


class Document:
    """The OpenAPI document: its schemas by the names that Python gives them, and its operations by tag."""

    def __init__(self, text: str) -> None:
        document = json.loads(text)
        self.schemas: Mapping[str, Schema] = document["components"]["schemas"]
        self.tags: Mapping[str, str] = {_module(tag["name"]): tag["description"] for tag in document["tags"]}
        self.operations: dict[str, list[Operation]] = {tag: [] for tag in self.tags}
        for path, methods in sorted(document["paths"].items()):
            for method, operation in sorted(methods.items()):
                self.operations[_module(operation["tags"][0])].append(Operation(self, path, method.upper(), operation))

    def name(self, schema: str) -> str:
        """Without `Out`, which says where the server uses it; codes make way for an object of the same name."""
        if "enum" in self.schemas[schema] and f"{schema}Out" in self.schemas:
            return f"{schema}Code"
        return schema.removesuffix("Out")

    def type(self, schema: Schema) -> str:
        """The annotation of a value."""
        if "$ref" in schema:
            return self.name(_referred(schema))
        if "anyOf" in schema:
            kinds = dict.fromkeys(self.type(choice) for choice in schema["anyOf"])
            return " | ".join(sorted(kinds, key="None".__eq__))
        if "enum" in schema:
            return f"Literal[{', '.join(map(repr, schema['enum']))}]"
        if schema.get("type") == "array":
            return self._array(schema)
        if schema.get("type") == "object":
            values = schema.get("additionalProperties")
            return f"dict[str, {self.type(values) if isinstance(values, Mapping) else 'Any'}]"
        return FORMATS.get(schema.get("format", "")) or SCALARS.get(schema.get("type", ""), "Any")

    def _array(self, schema: Schema) -> str:
        if "prefixItems" in schema:
            return f"tuple[{', '.join(map(self.type, schema['prefixItems']))}]"
        return f"list[{self.type(schema['items'])}]"

    def modules(self) -> Mapping[str, list[str]]:
        """Module → the schemas that stand in it."""
        users: dict[str, set[str]] = defaultdict(set)
        for tag, operations in self.operations.items():
            for operation in operations:
                for schema in operation.schemas():
                    for used in self._closure(schema):
                        users[used].add(tag)
        modules: dict[str, list[str]] = defaultdict(list)
        for schema, tags in sorted(users.items()):
            modules[min(tags) if len(tags) == 1 else SHARED].append(schema)
        return modules

    def _closure(self, schema: str) -> set[str]:
        found, waiting = set(), [schema]
        while waiting:
            found.add(current := waiting.pop())
            waiting += set(_references(self.schemas[current])) - found
        return found


class Operation:
    """A call. `kind` is the schema of its answer; `None`: it has none, or is a file."""

    def __init__(self, document: Document, path: str, method: str, operation: Mapping[str, Any]) -> None:
        self.document, self.path, self.method, self.name = document, path, method, operation["operationId"]
        self.summary, self.description = operation["summary"], operation.get("description", "")
        self.parameters = operation.get("parameters", [])
        body = operation.get("requestBody", {}).get("content", {})
        self.files = body.get("multipart/form-data", {}).get("schema", {}).get("properties", {}).get("file")
        self.body = (
            document.schemas[_referred(body["application/json"]["schema"])] if "application/json" in body else {}
        )
        self.success = next(answer for status, answer in operation["responses"].items() if status < "300")
        self.answer: Schema = self.success.get("content", {}).get("application/json", {}).get("schema", {})

    @property
    def kind(self) -> str | None:
        return _referred(self.answer) if self.answer else None

    @property
    def item(self) -> str | None:
        """The schema of a list's objects."""
        if self.kind is None or not any(parameter["name"] == "cursor" for parameter in self.parameters):
            return None
        return _referred(self.document.schemas[self.kind]["properties"]["results"]["items"])

    @property
    def _takes_many(self) -> bool:
        return bool(self.files and self.files.get("type") == "array")

    def schemas(self) -> Iterator[str]:
        """The schemas that its method names."""
        if kind := self.item or self.kind:
            yield kind
        for place in (self.body.get("properties", {}), [parameter["schema"] for parameter in self._given("query")]):
            yield from _references(place)

    def source(self) -> str:
        arguments = [*self._positional(), *self._named()]
        positional = [str(argument) for argument in arguments if argument.default is None]
        named = [str(argument) for argument in arguments if argument.default is not None]
        signature = ", ".join(["self", *positional, *(["*", *named] if named else [])])
        return textwrap.indent(
            f"def {self.name}({signature}) -> {self._result()}:\n"
            + textwrap.indent(f'"""{self._docstring(arguments)}"""\n{self._statement()}\n', "    "),
            "    ",
        )

    def _result(self) -> str:
        if self.item:
            return f"Iterator[{self.document.name(self.item)}]"
        if self.kind:
            return self.document.name(self.kind)
        return "Iterator[bytes]" if self.success.get("content") else "None"

    def _statement(self) -> str:
        given = ", ".join([self._address(), *self._sent()])
        if self.item:
            return f"return self._list({self.document.name(self.item)}, {given})"
        if self.kind:
            return f"return self._object({self.document.name(self.kind)}, {self.method!r}, {given})"
        if self.success.get("content"):
            return f"return self._content({given})"
        return f"self._nothing({self.method!r}, {given})"

    def _sent(self) -> Iterator[str]:
        """What is sent beside the address, as named arguments."""
        if query := [parameter["name"] for parameter in self._given("query")]:
            yield f"query={_mapping(query)}"
        if self.body:
            yield f"body={_mapping([argument.name for argument in self._body()])}"
        if self.files:
            yield "files=files" if self._takes_many else "files=[file]"
        if self.method == "POST":
            yield f"key={KEY[1]}"

    def _address(self) -> str:
        parts = self.path.removeprefix(PREFIX).strip("/").split("/")
        places = [FILLED.get(part[1:-1], part[1:-1]) if part.startswith("{") else repr(part) for part in parts]
        return f"address({', '.join(places)})"

    def _given(self, place: str) -> list[Mapping[str, Any]]:
        """The parameters that a caller gives; parts of a list are the client's."""
        filled = {*FILLED, KEY[0], *(("cursor", "limit") if self.item else ())}
        return [one for one in self.parameters if one["in"] == place and one["name"] not in filled]

    def _positional(self) -> Iterator[Argument]:
        for parameter in self._given("path"):
            schema = parameter["schema"]
            yield Argument(parameter["name"], self.document.type(schema), parameter.get("description", ""))
        if self.files:
            name, kind = ("files", "Iterable[File]") if self._takes_many else ("file", "File")
            yield Argument(name, kind, self.files.get("description", ""))

    def _named(self) -> Iterator[Argument]:
        yield from self._body()
        for parameter in self._given("query"):
            yield self._argument(parameter["name"], parameter["schema"], required=parameter["required"])
        if self.method == "POST":
            described = "A name for this request; one is made up where none is given."
            yield Argument(KEY[1], "str | None", described, "None")

    def _body(self) -> list[Argument]:
        properties, required = self.body.get("properties", {}), self.body.get("required", [])
        names = [*required, *(name for name in properties if name not in required)]
        return [self._argument(name, properties[name], required=name in required) for name in names]

    def _argument(self, name: str, schema: Schema, *, required: bool) -> Argument:
        kind, described = self.document.type(schema), schema.get("description", "")
        if required:
            return Argument(name, kind, described)
        default = schema.get("default")
        if default is None or isinstance(default, dict | list):
            return Argument(name, kind if kind.endswith("None") else f"{kind} | None", described, "None")
        return Argument(name, kind, described, repr(default))

    def _docstring(self, arguments: list[Argument]) -> str:
        described = [
            _paragraph(f"`{one.name}`: {one.description}", indent="    ") for one in arguments if one.description
        ]
        parts = [f"{self.summary}.", _paragraph(self.description), "\n".join(described)]
        text = "\n\n".join(part for part in parts if part)
        return text + ("\n" if "\n" in text else "")


def _referred(schema: Schema) -> str:
    return str(schema["$ref"].rpartition("/")[2])


def _references(value: object) -> Iterator[str]:
    """The schemas that a piece of the document names, in no deeper step."""
    if isinstance(value, Mapping):
        if "$ref" in value:
            yield _referred(value)
        for inner in value.values():
            yield from _references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner)


def _paragraph(text: str, indent: str = "") -> str:
    return textwrap.fill(" ".join(text.split()), WIDTH - 12, subsequent_indent=indent, break_on_hyphens=False)


def _mapping(names: list[str]) -> str:
    return f"{{{', '.join(f'{name!r}: {name}' for name in names)}}}"


def _literal(document: Document, name: str) -> str:
    schema = document.schemas[name]
    described = f'\n"""{_paragraph(schema["description"])}"""' if "description" in schema else ""
    return f"{document.name(name)} = {document.type({**schema, 'type': 'string'})}{described}\n"


def _dataclass(document: Document, name: str) -> str:
    schema = document.schemas[name]
    properties, required = schema["properties"], schema.get("required", [])
    lines = [f'"""{_paragraph(schema["description"])}"""', ""]
    for field in [*required, *(other for other in properties if other not in required)]:
        kind = document.type(properties[field])
        optional = "" if field in required else " = None" if kind.endswith("None") else " | None = None"
        lines.append(f"{field}: {kind}{optional}")
        if described := properties[field].get("description"):
            lines.append(f'"""{_paragraph(described)}"""')
    body = textwrap.indent("\n".join(lines), "    ")
    return f"@dataclass(frozen=True, slots=True)\nclass {document.name(name)}:\n{body}\n"


def _imports(document: Document, source: str, modules: Mapping[str, list[str]], own: str = "") -> str:
    """The imports that a module's source needs."""
    code = re.sub(r'""".*?"""', "", source, flags=re.DOTALL)
    words = set(re.findall(r"\b[A-Za-z_]+\b", code))
    known = {
        "collections.abc": ("Iterable", "Iterator"),
        "dataclasses": ("dataclass",),
        "datetime": ("datetime",),
        "typing": ("Any", "Literal"),
        "uuid": ("UUID",),
        f"{PACKAGE}.calling": ("Calls", "address"),
        f"{PACKAGE}.files": ("File",),
        **{
            f"{PACKAGE}.schemas.{module}": tuple(map(document.name, names))
            for module, names in sorted(modules.items())
            if module != own
        },
    }
    lines = [
        f"from {module} import {', '.join(used)}"
        for module, names in known.items()
        if (used := sorted(words.intersection(names)))
    ]
    return "\n".join(["from __future__ import annotations", *lines])


def _schemas(document: Document, modules: Mapping[str, list[str]]) -> Iterator[tuple[str, str]]:
    exported = []
    for module, names in sorted(modules.items()):
        codes = [_literal(document, name) for name in names if "enum" in document.schemas[name]]
        objects = [_dataclass(document, name) for name in names if "enum" not in document.schemas[name]]
        source = "\n\n".join([*codes, *objects])
        title = "What the calls of several subjects answer." if module == SHARED else document.tags[module]
        yield (
            f"schemas/{module}.py",
            f'{HEAD}"""{title}"""\n\n{_imports(document, source, modules, module)}\n\n{source}',
        )
        named = sorted(map(document.name, names))
        exported.append(f"from {PACKAGE}.schemas.{module} import {', '.join(named)}")
    every = sorted(document.name(name) for names in modules.values() for name in names)
    listed = f"__all__ = {every!r}\n"
    yield "schemas/__init__.py", "\n".join([f'{HEAD}"""What the calls answer."""\n', *exported, "", listed])


def _calls(document: Document, modules: Mapping[str, list[str]]) -> Iterator[tuple[str, str]]:
    imports, classes = [], []
    for tag, operations in document.operations.items():
        name = f"{tag.title().replace('_', '')}Calls"
        methods = "\n".join(operation.source() for operation in operations)
        source = f'class {name}(Calls):\n    """{document.tags[tag]}"""\n\n{methods}'
        imported = _imports(document, source, modules)
        yield f"calls/{tag}.py", f'{HEAD}"""{document.tags[tag]}"""\n\n{imported}\n\n\n{source}'
        imports.append(f"from {PACKAGE}.calls.{tag} import {name}")
        classes.append(name)
    every = f'class EveryCall({", ".join(classes)}):\n    """Every operation of the API as a method."""\n'
    yield "calls/__init__.py", "\n".join([f'{HEAD}"""The calls."""\n', *sorted(imports), "", "", every])


def _module(tag: str) -> str:
    """The name of a tag's modules."""
    return tag.replace(" ", "_")


def _formatted(files: Mapping[str, str]) -> dict[str, str]:
    with TemporaryDirectory() as folder:
        paths = {name: Path(folder, name) for name in files}
        for name, path in paths.items():
            path.parent.mkdir(exist_ok=True)
            path.write_text(files[name], "utf-8")
        for arguments in (("check", "--fix", "--select", "I"), ("format",)):
            settings = ("--quiet", "--no-cache", "--config", str(HERE.parent / "pyproject.toml"))
            subprocess.run([sys.executable, "-m", "ruff", *arguments, *settings, folder], check=True)
        return {name: path.read_text("utf-8") for name, path in paths.items()}


def generated(text: str) -> dict[str, str]:
    """File in the package → its source, of the document's text."""
    document = Document(text)
    modules = document.modules()
    return _formatted({**dict(_schemas(document, modules)), **dict(_calls(document, modules))})


def main() -> None:
    for path, source in generated(DOCUMENT.read_text("utf-8")).items():
        target = HERE / PACKAGE / path
        target.parent.mkdir(exist_ok=True)
        target.write_text(source, "utf-8")


if __name__ == "__main__":
    main()
