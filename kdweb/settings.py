"""Django's settings, all of them from the environment (`docs/operation.md` lists the variables)."""

import os
from datetime import timedelta
from importlib.util import find_spec

from csp.constants import NONE, SELF

from kdweb import environment, logs, servers
from kdweb.environment import BASE_DIR, env

DATA_DIR = environment.folder("KD_DATA_DIR", BASE_DIR / "var")
SECRET_KEY = environment.secret_key(DATA_DIR)
DEBUG = environment.flag("DEBUG", False)
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SECURE_PROXY_SSL_HEADER = environment.header("SECURE_PROXY_SSL_HEADER")
# Number of proxies in front; each adds its caller's address to X-Forwarded-For.
KD_PROXIES = environment.count("KD_PROXIES", 0)

# `kdweb.apps` checks both.
KD_OCR = os.environ.get("KD_OCR", "").strip() or "rapidocr"
KD_TEACHER = os.environ.get("KD_TEACHER", "").strip() or "rules"
# Two processes with two threads each on two cores were 29 times slower than with one: only commands take all cores.
KD_TRAINING_PROCESSES = environment.positive("KD_TRAINING_PROCESSES", 1)
# One process of Python keeps one core busy at most, however many threads it has.
KD_WEB_PROCESSES = environment.positive("KD_WEB_PROCESSES", min(os.cpu_count() or 1, 2))
KD_THREADS = environment.positive("KD_THREADS", os.cpu_count() or 1)
# Calls that one token may make, and days for which extractions are kept.
KD_API_RATE = environment.rate("KD_API_RATE", "600/m")
KD_DOCUMENT_SECONDS = environment.positive("KD_DOCUMENT_SECONDS", 1800)
KD_JOB_DAYS = environment.positive("KD_JOB_DAYS", 90)
KD_EXTRACTION_DAYS = environment.positive("KD_EXTRACTION_DAYS", 30)
# Whether webhooks may go to private addresses, and by plain HTTP.
KD_WEBHOOK_PRIVATE = environment.flag("KD_WEBHOOK_PRIVATE", False)
# Opens /metrics; without one they are for this machine alone.
KD_METRICS_TOKEN = environment.text("KD_METRICS_TOKEN")
# On whose behalf `manage.py mcp` acts.
KD_TOKEN = environment.text("KD_TOKEN")
# Who else says who somebody is, and whether everybody who logs in with a password needs a code of an app too.
KD_OIDC = environment.oidc()
KD_REQUIRE_TOTP = environment.flag("KD_REQUIRE_TOTP", False)
KD_STUDENT_BASE = os.environ.get("KD_STUDENT_BASE", "").strip()

INSTALLED_APPS = [
    # Without its own site: `extraction.web.operation.administration` has one.
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "csp",
    "django_structlog",
    "django_htmx",
    "ninja",
    "template_partials",
    "axes",
    # Its models and functions; none of its pages is reached.
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.mfa",
    "extraction",
    "kdweb",
]
# Not in the image: benchmarks are for a checkout.
if find_spec("benchmarks"):
    INSTALLED_APPS.append("benchmarks")
MIDDLEWARE = [
    "extraction.web.operation.probes.Probes",
    "extraction.web.operation.metrics.RequestMetrics",
    "extraction.web.operation.connections.NoFaultyConnections",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "kdweb.requests.RequestLog",
    "kdweb.requests.NotKept",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    # Before all that may answer with a sentence.
    "extraction.web.language.Language",
    "django.middleware.common.CommonMiddleware",
    # Before the check of CSRF tokens, which reads the body.
    "extraction.web.bodies.BodyLimits",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "extraction.web.audit_log.actor.RequestActor",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "extraction.web.identity.required.SecondFactorRequired",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "extraction.web.access.WrongMethods",
    # Last: it replaces the answer to a locked login by the page that says so.
    "axes.middleware.AxesMiddleware",
]
# Spans go to a collector where one is named, and nothing of OpenTelemetry is loaded elsewhere.
KD_TRACES = any(
    environment.text(name) for name in ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
)
if KD_TRACES:
    MIDDLEWARE.insert(MIDDLEWARE.index("kdweb.requests.RequestLog") + 1, "kdweb.processes.traces.RequestSpans")
ROOT_URLCONF = "kdweb.urls"
WSGI_APPLICATION = "kdweb.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.l10n",
                "extraction.templatetags.sentences",
                "extraction.templatetags.times",
                "extraction.templatetags.terms",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

DATABASES = {"default": servers.database(DATA_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": servers.cache()}

AUTH_USER_MODEL = "extraction.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "projects"
LOGOUT_REDIRECT_URL = "login"

# Of commands, logs and the API; pages speak the reader's language where it is one of these.
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = "UTC"
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
_FILES = servers.files(DATA_DIR)
STORAGES = {
    "default": _FILES,
    "staticfiles": {"BACKEND": "kdweb.staticfiles.ModuleStaticFilesStorage"},
}
# Below it in the bucket, in a folder for each project, lie the objects that manifests may name.
KD_BATCH_PREFIX = servers.batch_prefix(_FILES)
# One file more than the largest batch that the upload page sends in one request.
DATA_UPLOAD_MAX_NUMBER_FILES = 101
# The form of the fields has eight inputs for each field and four for each column of a group.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4000
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20

# With the header by which a proxy says that it was called over TLS, everything is served over TLS alone. Without one it
# is plain HTTP on this machine, where a cookie that is only sent over TLS would never come back.
_TLS = SECURE_PROXY_SSL_HEADER is not None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE_SSL_REDIRECT = _TLS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if _TLS else 0
# Probes reach the process directly.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
# Subdomains (W005) and browsers' own lists (W021) are for the owner of the domain to decide.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
# Scripts take the token from the page.
CSRF_COOKIE_HTTPONLY = True

# Failed logins, counted by user name and address whether or not there is such a user.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
# The page says how long to wait; attempts meanwhile must not make it longer.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_CLIENT_IP_CALLABLE = "extraction.web.identity.addresses.client_address"
AXES_HANDLER = "extraction.web.identity.login_limits.LimitsHandler"
AXES_LOCKOUT_CALLABLE = "extraction.web.identity.login.locked"
# No record of logins and logouts; a user name in a log may be a password in the wrong field.
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = ["username"]

MFA_ADAPTER = "extraction.services.identity.secrets.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "kdweb"
# The clock of a phone may be half a minute off.
MFA_TOTP_TOLERANCE = 1

X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "blob:", "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

_BROKER = servers.broker(DATA_DIR)
CELERY_BROKER_URL = _BROKER["url"]
CELERY_BROKER_TRANSPORT_OPTIONS = _BROKER["options"]
CELERY_BROKER_CONNECTION_TIMEOUT = servers.CONNECT_SECONDS
# RabbitMQ and a worker tell each other every half of so many seconds that they are there.
CELERY_BROKER_HEARTBEAT = 30
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# RabbitMQ closes the channel of a worker that is half an hour at one job: it connects anew instead of ending.
CELERY_BROKER_CHANNEL_ERROR_RETRY = True
# A job goes on while the broker is away: its row is the truth, not its message.
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "default"
# A worker holds one message, the one it works on; the others stay for a second worker or the next start.
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CONCURRENCY = 1
# In KB. OCR engines keep the memory that they once needed, so a child that has grown to 1.5 GB is replaced.
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 1_500_000
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

JOB_HEARTBEAT_SECONDS = 5.0
# Seconds between two searches for lost jobs.
JOB_REQUEUE_SECONDS = 5.0
# Seconds without a heartbeat after which a running job has lost its worker, and a worker counts as ended.
JOB_SILENT_SECONDS = 30.0
# Seconds after which a queued job is sent again if its queue holds no message.
JOB_RESEND_SECONDS = 20.0
JOB_MAX_ATTEMPTS = 3
# Seconds for which no job is put off longer.
JOB_LONGEST_WAIT_SECONDS = 3600.0

# Seconds between two questions to a provider whether a batch has ended; they grow to ten times that.
BATCH_POLL_SECONDS = 30.0
# Seconds after which a batch that the provider does not list, though it may have been sent, was certainly not sent.
BATCH_SETTLE_SECONDS = 120.0

LOGGING = logs.configuration()
DJANGO_STRUCTLOG_CELERY_ENABLED = True
