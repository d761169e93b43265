"""Kind of a teacher: the contract of what `registry` registers. Importing it loads no model, client or rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

from extraction.domain.errors import UserError

if TYPE_CHECKING:
    from extraction.domain.fields import Field
    from extraction.engines.teacher.prompting.methods import Method
    from extraction.engines.teacher.prompting.prompts import Parts
    from extraction.engines.teacher.protocol import Teacher


class UnknownTeacher(UserError):
    """A teacher that does not exist or is not set up; the message is one sentence and holds no secret."""


class TeacherKind(Protocol):
    """A family of teachers that are built in the same way.

    `name` is what the names of its teachers begin with. With `has_models` a teacher's name is `name:MODEL`, else there
    is one teacher, called `name`. `description` says in a sentence what its teachers are; empty where their names do.
    """

    @property
    def name(self) -> str: ...

    @property
    def has_models(self) -> bool: ...

    @property
    def description(self) -> str: ...

    def answers(self, field: Field) -> bool:
        """Whether its teachers ever answer for such a field; others stay for people or another teacher."""

    def knows(self, language: str) -> bool:
        """Whether its teachers know words of the language of that code (`domain.languages`)."""

    def check_access(self) -> None:
        """Raises `UnknownTeacher` where the environment lacks a key or another setting. Sends nothing."""

    def build(self, model: str, parts: Parts | None, method: Method) -> Teacher:
        """The teacher of `model` (empty without `has_models`), with an owner's parts of the prompt, asked by `method`:
        one without models is only ever asked by `FILL`.

        Raises `UnknownTeacher` as `check_access` does.
        """


@runtime_checkable
class WorksOnFiles(Protocol):
    """A kind whose teachers can write and read batch files where nothing can be sent."""

    def build_for_files(self, model: str, parts: Parts | None, method: Method) -> Teacher:
        """As `build`, but without a key; such a teacher is asked nothing."""
