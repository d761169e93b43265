"""Settings that name a part of the application: checked once it is loaded, before anything is served or worked on."""

from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


class KdwebConfig(AppConfig):
    name = "kdweb"

    def ready(self) -> None:
        check_ocr(settings.KD_OCR)
        check_teacher(settings.KD_TEACHER)
        if settings.KD_TRACES:
            from kdweb.processes import traces

            traces.install()


def check_ocr(name: str) -> None:
    """Raises `ImproperlyConfigured` for an OCR engine that is not registered."""
    from extraction.engines.ingest.ocr import registry

    if name not in registry.names():
        raise ImproperlyConfigured(f"KD_OCR must be one of {', '.join(registry.names())}, not {name!r}.")


def check_teacher(name: str) -> None:
    """Raises `ImproperlyConfigured` for a default teacher that does not exist, and for variables about teachers'
    servers that cannot be used: the first label run would find that out too late."""
    from extraction.engines.teacher import registry
    from extraction.engines.teacher.lmm.configuration import Configuration

    try:
        Configuration.from_environment()
        registry.check(name)
    except registry.UnknownTeacher as error:
        raise ImproperlyConfigured(f"KD_TEACHER: {error}" if repr(name) in str(error) else str(error)) from None
