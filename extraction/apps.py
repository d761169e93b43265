from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core import checks


class ExtractionConfig(AppConfig):
    name = "extraction"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from extraction.services import events
        from extraction.services.serving import prelabel

        checks.register(condition, "kdweb")
        events.document_read.connect(prelabel.on_document_read)


def condition(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    """What is wrong with the installation. Warnings, because errors would stop the commands that put it right."""
    from extraction.services.operation.health import troubles

    return [checks.Warning(found.sentence, hint=found.remedy, id=f"kdweb.{found.code}") for found in troubles()]
