"""Every environment variable of kdweb, parsed once and loudly: a bad value stops the start with one sentence.

Secrets may also come from a file named by `NAME_FILE`.
"""

import os
import re
import secrets
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

from extraction.engines.teacher import registry
from extraction.engines.teacher.lmm.configuration import Configuration

DEFAULT_TEACHER = "rules"

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.FileAwareEnv()


def text(name: str, default: str = "") -> str:
    """A value as it stands, or what the file named by `NAME_FILE` holds."""
    given, path = os.environ.get(name, "").strip(), os.environ.get(f"{name}_FILE", "").strip()
    if given and path:
        raise ImproperlyConfigured(f"{name} and {name}_FILE are both set; keep one of them.")
    if not path:
        return given or default
    try:
        return Path(path).read_text(encoding="utf-8").strip() or default
    except (OSError, UnicodeDecodeError):
        raise ImproperlyConfigured(f"{name}_FILE names a file that cannot be read.") from None


def positive(name: str, default: int) -> int:
    """A whole number of at least 1."""
    text = os.environ.get(name, "").strip()
    if not text:
        return default
    if not text.isdigit() or int(text) < 1:
        raise ImproperlyConfigured(f"{name} must be a whole number of at least 1, not {text!r}.")
    return int(text)


def count(name: str, default: int) -> int:
    """A whole number, which may be 0."""
    text = os.environ.get(name, "").strip()
    if text and not text.isdigit():
        raise ImproperlyConfigured(f"{name} must be a whole number, not {text!r}.")
    return int(text) if text else default


def header(name: str) -> tuple[str, str] | None:
    """A header as WSGI spells it and the value that counts, or None: what `SECURE_PROXY_SSL_HEADER` takes."""
    text = os.environ.get(name, "").strip()
    if not text:
        return None
    found = re.fullmatch(r"(HTTP_[A-Z0-9_]+)\s*,\s*(\S+)", text)
    if found is None:
        raise ImproperlyConfigured(f"{name} must be such as HTTP_X_FORWARDED_PROTO,https, not {text!r}.")
    return found[1], found[2]


def rate(name: str, default: str) -> tuple[int, int]:
    """So many of something in so many seconds, written `120/m`; the units are s, m, h and d."""
    text = os.environ.get(name, "").strip() or default
    count, _, unit = text.partition("/")
    seconds = {"s": 1, "m": 60, "h": 3600, "d": 86400}.get(unit)
    if seconds is None or not count.isdigit() or int(count) < 1:
        raise ImproperlyConfigured(f"{name} must be a number in a time such as 10/s, 120/m or 5000/h, not {text!r}.")
    return int(count), seconds


def choice(name: str, default: str, options: tuple[str, ...]) -> str:
    value = os.environ.get(name, "").strip() or default
    if value not in options:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(options)}, not {value!r}.")
    return value


def teacher(name: str) -> str:
    """The default teacher, `rules` or `provider:model`; what the environment says of teachers' servers has to be sound
    too, so that a mistake is not found out by the first label run."""
    value = os.environ.get(name, "").strip() or DEFAULT_TEACHER
    try:
        Configuration.from_environment()
        registry.check(value)
    except registry.UnknownTeacher as error:
        raise ImproperlyConfigured(f"{name}: {error}" if repr(value) in str(error) else str(error)) from None
    return value


def flag(name: str, default: bool) -> bool:
    text = os.environ.get(name, "").strip().lower()
    if text not in ("", "1", "true", "yes", "on", "0", "false", "no", "off"):
        raise ImproperlyConfigured(f"{name} must be true or false, not {text!r}.")
    return default if not text else text in ("1", "true", "yes", "on")


def folder(name: str, default: Path) -> Path:
    """An absolute path of a folder, made if it is missing."""
    path = Path(os.environ.get(name, "").strip() or default).expanduser().resolve()
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(f"{name}: the folder {path} cannot be made: {error.strerror}.") from None
    if not os.access(path, os.W_OK):
        raise ImproperlyConfigured(f"{name}: the folder {path} is not writable.")
    return path


def secret_key(data_dir: Path) -> str:
    """`SECRET_KEY`, else the one generated into the data folder at first use."""
    if given := text("SECRET_KEY"):
        return given
    path = data_dir / "secret"
    try:
        # O_EXCL: of two processes that start together one writes, the other reads what it wrote.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(50))
    return path.read_text().strip()
