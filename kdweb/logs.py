"""Logging: one line an event, JSON or plain text, each with the id of the request or job that it belongs to.

Nothing of a document may come into a log. So no line holds a query, a header or a body, an exception is logged as its
traceback and class without its text (which may quote a document), and libraries that log what they send are silenced.
"""

import logging
import sys
import traceback
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any, TypedDict

import structlog
from django.core.exceptions import ImproperlyConfigured
from django.db import InterfaceError, OperationalError
from django.template.exceptions import TemplateDoesNotExist, TemplateSyntaxError
from django.urls.exceptions import NoReverseMatch
from kombu.exceptions import KombuError
from structlog.types import EventDict, Processor, WrappedLogger

from kdweb import environment

FORMATS = ("console", "json")
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
# These show prompts, pictures or parameters of queries where everything is shown.
VERBOSE_LOGGERS = (
    *("anthropic", "openai", "google_genai", "botocore", "boto3", "pydantic_ai", "httpx", "httpcore", "urllib3"),
    *("django.db.backends", "PIL", "asyncio", "axes", "celery.app.trace", "celery.worker.strategy", "mcp"),
)
# Their text is about servers, settings and templates, never about documents.
SAFE_ERRORS = (
    *(OSError, ImportError, ImproperlyConfigured, OperationalError, InterfaceError, KombuError),
    *(TemplateSyntaxError, TemplateDoesNotExist, NoReverseMatch),
)


def configuration() -> dict[str, Any]:
    """Python's logging as `LOG_FORMAT` and `LOG_LEVEL` ask for it; also makes structlog a part of it."""
    style = environment.choice("LOG_FORMAT", "console", FORMATS)
    level = environment.choice("LOG_LEVEL", "INFO" if style == "json" else "WARNING", LEVELS)
    before: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    _configure_structlog(before)
    logging.captureWarnings(True)
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": before,
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, without_texts, *_rendering(style)],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": formatter},
        "filters": {"faults": {"()": Faults}},
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["faults"]},
            "recent": {"()": RecentErrors, "level": "ERROR", "filters": ["faults"]},
        },
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": _loggers(level),
    }


def _configure_structlog(before: list[Processor]) -> None:
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *before, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def _rendering(style: str) -> list[Processor]:
    if style == "json":
        return [structlog.processors.JSONRenderer(ensure_ascii=False)]
    return [structlog.dev.ConsoleRenderer(colors=False)]


class Faults(logging.Filter):
    """Drops what libraries call an error and is none: a request that is to come again later, which has its line from
    `kdweb.requests`, and the child of a worker that was told to stop."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name == "django.request":
            return getattr(record, "status_code", None) != HTTPStatus.SERVICE_UNAVAILABLE
        stopped = record.name == "multiprocessing" and record.levelno == logging.ERROR
        return not (stopped and "signal 15" in record.getMessage())


class LoggerConfig(TypedDict, total=False):
    """A logger of `logging.config.dictConfig`."""

    level: str
    handlers: list[str]
    propagate: bool


def _loggers(level: str) -> dict[str, LoggerConfig]:
    names = logging.getLevelNamesMapping()
    quiet: LoggerConfig = {"level": max(level, "WARNING", key=names.__getitem__)}
    return {
        **dict.fromkeys(VERBOSE_LOGGERS, quiet),
        # Each request has a line of `kdweb.requests`; Django adds what went wrong, gunicorn nothing.
        "django.request": {"level": max(level, "ERROR", key=names.__getitem__), "handlers": ["recent"]},
        "extraction.api.errors": {"handlers": ["recent"]},
        "django.server": {"level": "CRITICAL"},
        "gunicorn.access": {"level": "CRITICAL"},
        # These two do not propagate by themselves.
        "gunicorn.error": {"level": level, "handlers": ["stderr"], "propagate": False},
        "multiprocessing": {"level": level, "handlers": ["stderr"], "propagate": False},
    }


class RecentErrors(logging.Handler):
    """Keeps the last errors of requests for the page of the installation."""

    def emit(self, record: logging.LogRecord) -> None:
        if not isinstance(record.exc_info, tuple) or record.exc_info[1] is None:
            return
        try:
            self._keep(record.exc_info[1], getattr(record, "request", None))
        except Exception:
            # A disk that is full: the log itself has the error.
            self.handleError(record)

    def _keep(self, error: BaseException, request: Any) -> None:
        # Settings configure the log, and are read before the application may be imported.
        from extraction.services.operation.state import recent_errors

        last = traceback.extract_tb(error.__traceback__)[-1:]
        recent_errors.add(
            recent_errors.RecentError(
                at=datetime.now(UTC).isoformat(timespec="seconds"),
                request_id=str(structlog.contextvars.get_contextvars().get("request_id", "")),
                method=str(getattr(request, "method", "")),
                path=str(getattr(request, "path", ""))[: recent_errors.LONGEST],
                kind=f"{type(error).__module__}.{type(error).__qualname__}",
                text=_safe_text(error)[: recent_errors.LONGEST],
                place="".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in last),
            )
        )


def without_texts(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """structlog processor: replace an exception by its tracebacks and classes."""
    if isinstance(event.get("exception"), BaseException):
        # django-structlog's event of a failed task; `exc_info` holds the same exception.
        del event["exception"]
        event.pop("error", None)
    error = event.pop("exc_info", None)
    if isinstance(error, tuple):
        error = error[1]
    elif error is True:
        error = sys.exc_info()[1]
    if isinstance(error, BaseException):
        event["exception"] = "\n".join(_described(each) for each in _chain(error))
    return event


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The exception after those that led to it."""
    earlier = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if earlier is not None:
        yield from _chain(earlier)
    yield error


def _described(error: BaseException) -> str:
    """Traceback and class of one exception, with its text only where that holds nothing private."""
    kind, text = type(error), _safe_text(error)
    described = f"{kind.__module__}.{kind.__qualname__}" + (f": {text}" if text else "")
    return "".join(traceback.format_tb(error.__traceback__)) + described


def _safe_text(error: BaseException) -> str:
    """The exception's text where it is about servers or settings or for people; empty where it may quote a document."""
    # Settings configure the log, and are read before the application may be imported.
    from extraction.domain.errors import UserError

    return str(error) if isinstance(error, (UserError, *SAFE_ERRORS)) else ""


def job_context(context: Mapping[str, Any]) -> dict[str, str | int]:
    """The part of a request's logging context that the lines of its jobs keep."""
    return {name: context[name] for name in ("request_id", "user") if name in context}
