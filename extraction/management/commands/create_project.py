from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from extraction.domain.default_schemas import TEMPLATES, template
from extraction.domain.fields import SchemaError
from extraction.domain.languages import listed, names
from extraction.domain.schemas.files import SchemaFile
from extraction.management.base import KdCommand
from extraction.services.projects import accounts, projects


@dataclass(frozen=True, slots=True)
class CreatedProject:
    project: str
    fields: list[str]
    owner: str | None
    languages: list[str]


class Command(KdCommand[CreatedProject]):
    help = "Creates a project from a template or a schema file; without an owner, superusers see it."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug")
        fields = parser.add_mutually_exclusive_group(required=True)
        fields.add_argument("--schema", type=Path, metavar="FILE.toml")
        fields.add_argument("--template", metavar="NAME", help=", ".join(row.name for row in TEMPLATES))
        parser.add_argument("--owner", metavar="USER")
        parser.add_argument("--languages", metavar="CODES", help="such as el,en; found automatically by default")

    def run(self, options: Mapping[str, Any]) -> CreatedProject:
        file = _schema(options["schema"]) if options["schema"] else SchemaFile(template(options["template"]).schema)
        owner = accounts.find_user(options["owner"]) if options["owner"] else None
        codes = listed(options["languages"]) if options["languages"] else file.languages or ()
        project = projects.create(options["slug"], file.schema, owner=owner, dates=file.dates, languages=codes)
        return CreatedProject(project.slug, list(file.schema.names), options["owner"], list(project.languages))

    def show(self, result: CreatedProject) -> None:
        self.stdout.write(f"Project {result.project} with the fields {', '.join(result.fields)}.")
        if result.languages:
            self.stdout.write(f"Languages: {names(result.languages)}.")


def _schema(path: Path) -> SchemaFile:
    """Raises `SchemaError` naming the file, and `OSError`."""
    try:
        return SchemaFile.from_toml(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise SchemaError(f"{path}: the schema is not UTF-8 text.") from None
    except SchemaError as error:
        raise SchemaError(f"{path}: {error}") from None
