"""The Celery application. Work is described by `Job` rows; see `extraction.services.jobs`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kdweb.settings")

app = Celery("kdweb")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["extraction"])
