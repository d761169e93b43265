"""Student kinds and encoders that a run can be started with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings

from extraction.domain.errors import gettext_noop
from extraction.domain.learning.training import EncoderInfo, Settings, SettingValue
from extraction.engines.student import registry
from extraction.engines.student.base import StudentKind
from extraction.engines.student.errors import ConfigError
from extraction.models import Project, User
from extraction.services.errors import Invalid

KIND = "kind"  # key of a run's config that names the student kind; the others are settings of that kind
BASE = "base"  # setting that names the encoder
LONGEST_BASE = 200  # characters
HUB_NAME = re.compile(r"(?!\.)[\w.-]+(/(?!\.)[\w.-]+)?")


@dataclass(frozen=True, slots=True)
class EncoderChoices:
    """Encoders to offer by name, beside the usual one: whether commercial use of them is allowed or not."""

    commercial: tuple[EncoderInfo, ...]
    restricted: tuple[EncoderInfo, ...]


@dataclass(frozen=True, slots=True)
class StudentChoice:
    """A kind, by name, and the encoder that it starts from (empty for MiniLM, and for kinds without)."""

    kind: str
    base: str


def choose(config: Mapping[str, SettingValue], project: Project, actor: User | None = None) -> StudentChoice:
    """What a run with this config trains: where it names no encoder the installation's, else the usual one for the
    languages of the project. Raises `Invalid`, also where only superusers may name its encoder and `actor` is none."""
    try:
        name = str(config.get(KIND, registry.DEFAULT))
        kind = registry.find(name)
        base = str(config.get(BASE) or _usual_base(kind, project)) if kind.encoders() else ""
        if len(base) > LONGEST_BASE:
            raise Invalid(
                gettext_noop("The name of an encoder may have at most {number} characters."), number=LONGEST_BASE
            )
        kind.check(settings_of(config, kind, base))
    except ConfigError as error:
        raise Invalid(str(error)) from None
    if actor is not None and not actor.is_superuser and is_folder(base):
        raise Invalid(
            gettext_noop(
                "Only a superuser may start a training from a folder of the server; name an encoder of the hub."
            )
        )
    return StudentChoice(name, base)


def is_folder(base: str) -> bool:
    """Whether a name can only be a folder of the server, other than the installation's own encoder.

    Whether there is such a folder plays no part: who asks is not to learn it.
    """
    return bool(base) and base != settings.KD_STUDENT_BASE and not HUB_NAME.fullmatch(base)


def settings_of(config: Mapping[str, SettingValue], kind: StudentKind, base: str) -> Settings:
    """The kind's settings in a config, with the encoder where it names none."""
    own = {name: value for name, value in config.items() if name != KIND}
    # A value of a wrong type is left to the kind to refuse.
    return {**own, BASE: base} if kind.encoders() and own.get(BASE, "") == "" else own


def encoder(kind: str, base: str) -> EncoderInfo | None:
    """The encoder that a run of this kind starts from; `None` for a kind without. Raises `ConfigError`."""
    student = registry.find(kind)
    return student.encoder(base) if student.encoders() else None


def usual_encoder(project: Project) -> EncoderInfo:
    """What a run of the default kind starts from where its settings name nothing."""
    kind = registry.find(registry.DEFAULT)
    return kind.encoder(_usual_base(kind, project))


def encoder_choices() -> EncoderChoices:
    """Encoders that the default kind offers."""
    offered = registry.find(registry.DEFAULT).encoders()
    return EncoderChoices(
        tuple(encoder for encoder in offered if encoder.licence.commercial),
        tuple(encoder for encoder in offered if not encoder.licence.commercial),
    )


def lacking(project: Project, config: Mapping[str, SettingValue] | None = None) -> str:
    """A sentence on the encoder that a run with this config would start from if it were installed; empty where it is,
    or another one is named."""
    config = config or {}
    kind = registry.find(str(config.get(KIND, registry.DEFAULT)))
    if config.get(BASE) or settings.KD_STUDENT_BASE or not kind.encoders():
        return ""
    return kind.lacking(project.languages)


def _usual_base(kind: StudentKind, project: Project) -> str:
    return str(settings.KD_STUDENT_BASE) or kind.usual_base(project.languages)
