"""Settings of the real workers that tests start: the test's own database, and little patience."""

import os

from kdweb.settings import *  # noqa: F403
from kdweb.settings import DATABASES, STORAGES

DATABASES["default"]["NAME"] = os.environ["TEST_DATABASE"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
JOB_REQUEUE_SECONDS = 0.3
JOB_HEARTBEAT_SECONDS = 0.2
JOB_SILENT_SECONDS = 3.0
JOB_RESEND_SECONDS = 0.5
BATCH_POLL_SECONDS = 0.2
BATCH_SETTLE_SECONDS = 1.0
