"""Registry of teacher kinds. A new kind is a class of the protocol `kind.TeacherKind` and one line here.

A teacher's name is that of a kind, followed by a colon and a model where the kind has models, and by the mark and the
name of a method where the model is asked by another than the usual one (`prompting.methods`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from extraction.domain.errors import gettext_noop
from extraction.engines.teacher.kind import TeacherKind, UnknownTeacher, WorksOnFiles
from extraction.engines.teacher.lmm.kind import LmmKind
from extraction.engines.teacher.lmm.providers import PROVIDERS
from extraction.engines.teacher.prompting.methods import Method, described, method_of, parted
from extraction.engines.teacher.rules.kind import RulesKind

if TYPE_CHECKING:
    from extraction.domain.fields import Field
    from extraction.engines.teacher.prompting.prompts import Parts
    from extraction.engines.teacher.protocol import Teacher

__all__ = [
    "UnknownTeacher",
    "answers",
    "check",
    "check_access",
    "description",
    "for_files",
    "kinds",
    "knows",
    "names",
    "register",
    "resolve",
    "teacher",
    "unregister",
]

MAX_NAME = 200

_KINDS: dict[str, TeacherKind] = {}


def register(kind: TeacherKind) -> TeacherKind:
    """Make a kind known by its name. Raises `ValueError` for a name that is taken."""
    if kind.name in _KINDS:
        raise ValueError(f"There is already a kind of teacher named {kind.name!r}.")
    _KINDS[kind.name] = kind
    return kind


def unregister(name: str) -> None:
    """Forget a kind: for tests that register one."""
    del _KINDS[name]


def kinds() -> tuple[TeacherKind, ...]:
    """The registered kinds in order of registration."""
    return tuple(_KINDS.values())


def names() -> tuple[str, ...]:
    return tuple(_KINDS)


def resolve(name: str) -> tuple[TeacherKind, str]:
    """The kind and the model (empty for a kind without models) of a teacher's name, whatever its method.

    Checks neither keys nor whether a provider knows the model. Raises `UnknownTeacher`.
    """
    teacher, method = parted(name)
    prefix, colon, model = teacher.partition(":")
    kind = _kind(prefix)
    if kind is None or kind.has_models != bool(colon):
        known = ", ".join(f"{kind.name}:MODEL" if kind.has_models else kind.name for kind in kinds())
        raise UnknownTeacher(gettext_noop("There is no teacher {name!r}; known are {known}."), name=name, known=known)
    if not kind.has_models and method is not Method.FILL:
        raise UnknownTeacher(
            gettext_noop("The teacher {name!r} has no model that could be asked by another method than {method}."),
            name=prefix,
            method=Method.FILL.value,
        )
    if kind.has_models and (not model or len(name) > MAX_NAME or not _is_word(model)):
        raise UnknownTeacher(
            gettext_noop("The teacher {name!r} needs the name of a model after the colon, without spaces."), name=name
        )
    return kind, model


def check(name: str) -> None:
    """Raises `UnknownTeacher` for a name that no teacher can have."""
    resolve(name)


def check_access(name: str) -> None:
    """Raises `UnknownTeacher` as `teacher` does, without building one."""
    resolve(name)[0].check_access()


def answers(name: str, field: Field) -> bool:
    """Whether the teacher of that name ever answers for such a field, as far as its kind is known; needs no key."""
    kind = _kind(name)
    if field.kind.has_parts and method_of(name) is Method.LIST:
        return False
    return kind is None or kind.answers(field)


def knows(name: str, language: str) -> bool:
    """Whether the teacher of that name knows words of a language, as far as its kind is known; needs no key."""
    kind = _kind(name)
    return kind is None or kind.knows(language)


def description(name: str) -> str:
    """What the kind of that teacher says about itself, else about its method; empty for a name that no teacher can
    have."""
    kind = _kind(name)
    return kind.description or described(method_of(name)) if kind else ""


def _kind(name: str) -> TeacherKind | None:
    return _KINDS.get(parted(name)[0].partition(":")[0])


def teacher(name: str, *, parts: Parts | None = None) -> Teacher:
    """The teacher of that name, set up from the environment; `parts` are an owner's texts for its prompt.

    Raises `UnknownTeacher`, also where a key is missing.
    """
    kind, model = resolve(name)
    return kind.build(model, parts, method_of(name))


def for_files(name: str, *, parts: Parts | None = None) -> Teacher:
    """The teacher of that name to write and read batch files with, which needs no key where its kind can do that.

    Raises `UnknownTeacher`.
    """
    kind, model = resolve(name)
    build = kind.build_for_files if isinstance(kind, WorksOnFiles) else kind.build
    return build(model, parts, method_of(name))


def _is_word(text: str) -> bool:
    return all(char.isprintable() and not char.isspace() for char in text)


register(RulesKind())
for _provider in PROVIDERS.values():
    register(LmmKind(_provider))
