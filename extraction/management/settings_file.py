"""The file with settings of a student that `train` and `cross_check` take."""

from pathlib import Path

from extraction.domain.learning.training import Settings
from extraction.domain.notation import texts
from extraction.services.errors import Invalid


def read_settings(path: Path | None) -> Settings:
    """What a TOML file says; nothing without one. Raises `Invalid`, and `OSError` where it cannot be opened."""
    if path is None:
        return {}
    try:
        return texts.toml(path.read_text(encoding="utf-8"), str(path))
    except texts.Unreadable as error:
        raise Invalid(str(error)) from None
    except UnicodeDecodeError:
        raise Invalid(f"{path} is not a text in UTF-8.") from None
