"""Registry of student kinds, and the life of a model that all kinds share: train, complete, load.

A new kind is one package with a class of the protocol `base.StudentKind`, and one line here. Kinds are registered by
their import path and imported at first use: serving one loads none of the others.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from pkgutil import resolve_name

from extraction.domain.errors import gettext_noop
from extraction.domain.learning.training import TrainingResult
from extraction.engines.student import model_folder
from extraction.engines.student.base import (
    CHECKPOINTS,
    Predictor,
    StudentKind,
    TrainingConfig,
    TrainingData,
    TrainingObserver,
)
from extraction.engines.student.errors import ConfigError
from extraction.engines.student.examples import stored
from extraction.engines.student.resources import resource_errors

DEFAULT = "layout"

# What builds a kind without arguments, or its import path `module:callable`.
Factory = str | Callable[[], StudentKind]

_FACTORIES: dict[str, Factory] = {}


def register(name: str, factory: Factory) -> None:
    """Make a kind known. Raises `ValueError` for a name that is taken."""
    if name in _FACTORIES:
        raise ValueError(f"There is already a student kind named {name!r}.")
    _FACTORIES[name] = factory


def unregister(name: str) -> None:
    """Forget a kind: for tests that register one."""
    del _FACTORIES[name]
    find.cache_clear()


def names() -> tuple[str, ...]:
    """Registered kinds in order of registration."""
    return tuple(_FACTORIES)


@lru_cache
def find(name: str) -> StudentKind:
    """The kind of that name, built once a process. Raises `ConfigError` for an unknown name."""
    if name not in _FACTORIES:
        raise ConfigError(
            gettext_noop("There is no student kind {name!r}; known are {known}."),
            name=name,
            known=", ".join(_FACTORIES),
        )
    factory = _FACTORIES[name]
    kind: StudentKind = resolve_name(factory)() if isinstance(factory, str) else factory()
    return kind


def train(
    name: str, data: TrainingData, config: TrainingConfig, observer: TrainingObserver, folder: Path
) -> TrainingResult:
    """Train a student of that kind into the model folder `folder`, or continue after an interruption.

    A training that is complete only returns its result. Raises `Cancelled`, and the errors of `errors`.
    """
    kind = find(name)
    if result := model_folder.read_result(folder):
        return result
    with resource_errors(kind, config.settings, folder):
        folder.mkdir(parents=True, exist_ok=True)
        with stored(data, folder / CHECKPOINTS) as examples:
            result = kind.train(examples, config, observer, folder)
        model_folder.write_manifest(folder, name, kind.files)
        model_folder.write_result(folder, result)
    # Half a gigabyte of optimizer state that nothing needs any more.
    shutil.rmtree(folder / CHECKPOINTS, ignore_errors=True)
    return result


def readable(folder: Path) -> bool:
    """Whether the model in `folder` can be loaded, by its format and files; nothing is loaded."""
    try:
        return find(model_folder.kind_of(folder)).readable(folder)
    except (OSError, ValueError, KeyError, ConfigError):
        return False


def load(folder: Path, threads: int = 1) -> Predictor:
    """The model in `folder`, by the kind that its manifest names.

    Raises `ConfigError` for an unknown kind, and what the kind raises for missing or damaged files.
    """
    return find(model_folder.kind_of(folder)).load(folder, threads)


register("layout", "extraction.engines.student.layout.kind:LayoutStudent")
