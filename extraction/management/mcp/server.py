"""The server of the Model Context Protocol and its tools."""

from __future__ import annotations

import base64
import binascii
import io
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated, ParamSpec

from django.db import close_old_connections
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from pydantic import Field

from extraction.domain.errors import UserError
from extraction.management.mcp.callers import Caller, chosen
from extraction.models import Project
from extraction.services import version
from extraction.services.errors import Invalid
from extraction.services.serving import extractions, registry
from extraction.services.serving.answers import reviews

INSTRUCTIONS = (
    "Reads the fields of receipts, invoices and forms. list_projects names the projects, list_fields what is read in "
    "one, extract reads a file. Each value comes with the probability that it is right; null: not on the document."
)
P = ParamSpec("P")
# JSON, in a form of which the SDK can make a schema.
Answer = dict[str, object]
Slug = Annotated[str | None, Field(description="The project's short name; may be left out where there is only one.")]


def server(caller: Caller) -> MCPServer:
    """Tools that act on behalf of `caller`. They run in threads; refusals are one sentence each."""
    made = MCPServer("kdweb", instructions=INSTRUCTIONS, version=version.version())

    def tool(function: Callable[P, Answer]) -> Callable[P, Answer]:
        return made.tool()(answering(function))

    @tool
    def list_projects() -> Answer:
        """List the projects that files can be sent to."""
        return {"projects": [_project(access.project) for access in caller.accesses()]}

    @tool
    def list_fields(project: Slug = None) -> Answer:
        """List the fields that are read from each document of a project, and the model that reads them."""
        held = chosen(caller, project).project
        model = registry.serving(held)
        fields = [field.to_json() for field in held.schema.fields]
        return {**_project(held), "fields": fields, "model": model.name if model else None}

    @tool
    def extract(
        project: Slug = None,
        path: Annotated[str | None, Field(description="The path of a picture or PDF on the server's machine.")] = None,
        content: Annotated[str | None, Field(description="The file itself in base64, in place of a path.")] = None,
        name: Annotated[str | None, Field(description="The file's name, where its content is given.")] = None,
        model: Annotated[str | None, Field(description="A model version; the serving one by default.")] = None,
    ) -> Answer:
        """Read the fields of one document, a picture or PDF of at most 20 pages."""
        access = chosen(caller, project)
        file = _file(path, content)
        row = extractions.extract_now(
            access.project,
            name or Path(path or "file").name,
            file,
            model=model,
            token=access.token,
            author=access.user,
        )
        return {**reviews.result(row).to_json()}

    return made


def answering(function: Callable[P, Answer]) -> Callable[P, Answer]:
    """A tool whose refusals reach the assistant as sentences; the thread's connections are as good as a request's."""

    @wraps(function)
    def wrapped(*positional: P.args, **named: P.kwargs) -> Answer:
        close_old_connections()
        try:
            return function(*positional, **named)
        except UserError as refusal:
            raise ToolError(str(refusal)) from None
        except OSError as error:
            raise ToolError(f"The file cannot be read: {error.strerror or 'unknown reason'}.") from None
        finally:
            close_old_connections()

    return wrapped


def _project(project: Project) -> Answer:
    return {"project": project.slug, "name": project.name, "document": project.schema.document}


def _file(path: str | None, content: str | None) -> Path | io.BytesIO:
    """Raises `Invalid`, and `OSError` where nothing can be read."""
    if (path is None) == (content is None):
        raise Invalid("Give either the path of a file or its content.")
    if path is not None:
        file = Path(path).expanduser()
        if file.exists() and not file.is_file():
            raise Invalid("The path leads to no file.")
        return file
    try:
        return io.BytesIO(base64.b64decode(content or "", validate=True))
    except binascii.Error:
        raise Invalid("The content is no base64.") from None
