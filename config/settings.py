"""Settings, all from the environment; the defaults run everything on one machine (docs/settings.md)."""

from pathlib import Path
from urllib.parse import urlsplit

import django_stubs_ext

from config import gunicorn_unread, threads
from config.conformity import conformity
from config.elsewhere import *  # noqa: F403 - a settings module is its names
from config.env import BASE_DIR, env, secret, state_dir
from config.listeners import behind_proxy, port
from config.log_settings import logging_settings
from config.schedule import *  # noqa: F403
from config.static_headers import add_headers
from config.stores import broker_options, database

django_stubs_ext.monkeypatch()

# Where things are ----------------------------------------------------------------------------------------------------
STATE_DIR = state_dir()
KEYS_DIR = Path(env.str("KEYS_DIR", default=str(STATE_DIR / "keys")))
PKI_DIR = Path(env.str("PKI_DIR", default=str(STATE_DIR / "pki")))
FILES_DIR = STATE_DIR / "files"
SANDBOX_DIR = STATE_DIR / "sandbox"
MAILBOX_DIR = STATE_DIR / "mailbox"
WORK_DIR = STATE_DIR / "work"
DRAFTS_DIR = STATE_DIR / "drafts"
LOGS_DIR = STATE_DIR / "logs"  # a file a day and host, until it is in the archive
BUNDLES_DIR = STATE_DIR / "bundles"  # dossiers that were asked for together, for a day
# On another disk than the database, or what is put back with it shows nothing (docs/log.md).
CHECKPOINTS_DIR = Path(env.str("CHECKPOINTS_DIR", default=str(STATE_DIR / "checkpoints")))

# Where sealed dossiers go (docs/archive.md). The vault's copies belong on two disks.
ARCHIVES = env.list("ARCHIVES", default=["evidence.archive.vault.Vault"])
VAULT_DIRS = [
    Path(each) for each in env.list("VAULT_DIRS", default=[str(STATE_DIR / "vault" / n) for n in ("first", "second")])
]

HTTPS_PORT = port("people")
SERVICE_PORT = port("service")
PUBLIC_URL = env.str("PUBLIC_URL", default=f"https://localhost:{HTTPS_PORT}").rstrip("/")
LOG_ORIGIN = env.str("LOG_ORIGIN", default=f"{urlsplit(PUBLIC_URL).netloc}/log")
PKI_URL = env.str("PKI_URL", default=f"http://127.0.0.1:{port('pki')}/pki").rstrip("/")
LISTENER = env.str("LISTENER", default="people")
BEHIND_PROXY = behind_proxy()
FILES_BY_PROXY = BEHIND_PROXY and env.bool("FILES_BY_PROXY", default=False)  # nginx sends documents (docs/stack.md)
TSA_URLS = env.list("TSA_URLS", default=[])  # external RFC 3161 authorities, asked in this order; none: our own
TSA_ROOTS = env.str("TSA_ROOTS", default="")  # PEM: what their certificates lead to
TSA_SECONDS = env.float("TSA_SECONDS", default=5)
PKCS11_MODULE = env.str("PKCS11_MODULE", default="")
PKCS11_TOKEN = env.str("PKCS11_TOKEN", default="")
PKCS11_PIN = env.str("PKCS11_PIN", default="")
PKCS11_KEYS = env.list("PKCS11_KEYS", default=[])  # which keys are in the token: root, issuing, tsa, seal, access
SANDBOX = env.bool("SANDBOX", default=True)
# The operator's own, for the policies of certificates; "": the examples'.
POLICY_ARC = env.str("POLICY_ARC", default="")

# Who runs it ---------------------------------------------------------------------------------------------------------
OPERATOR = {
    "name": env.str("OPERATOR_NAME", default="Paraphe bac à sable"),
    "country": env.str("OPERATOR_COUNTRY", default="FR"),
    "organization_identifier": env.str("OPERATOR_IDENTIFIER", default="NTRFR-000000000"),
}
CONFORMITY = conformity()
SOFTWARE_VERSION = "0.1.0"

# Django --------------------------------------------------------------------------------------------------------------
SECRET_KEY = secret("secret_key", folder=KEYS_DIR)
DEBUG = False
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=[urlsplit(PUBLIC_URL).hostname or "localhost", "localhost", "127.0.0.1"]
)
ROOT_URLCONF = f"config.urls_{LISTENER}"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [
    "config.site.Admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "otp",
    "evidence",
    "signing.clients",
    "signing.backend",
    "signing",
]
MIDDLEWARE = [
    "config.logs.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.language.Language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
if LISTENER != "people":  # neither static files, sessions nor forms
    MIDDLEWARE = ["config.logs.RequestLog", "django.middleware.security.SecurityMiddleware"]
if LISTENER == "service":
    MIDDLEWARE += ["signing.backend.api.edge.Edge", "signing.backend.api.callers.Caller"]
if BEHIND_PROXY:
    MIDDLEWARE.insert(0, "config.proxy.Forwarded")
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
DATABASES = {"default": database(env.str("DATABASE_URL", default=f"sqlite:///{STATE_DIR / 'db.sqlite3'}"))}
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "français"), ("en", "English")]
USE_TZ = True
TIME_ZONE = "Europe/Paris"
TIME_ZONE_SHOWN = "Europe/Paris"

# What the browser is told --------------------------------------------------------------------------------------------
SESSION_COOKIE_NAME = "__Host-staff"
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-csrf"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
CSRF_FAILURE_VIEW = "signing.views.errors.csrf_refused"
SECURE_CONTENT_TYPE_NOSNIFF = True
# With no-referrer Chromium sends "Origin: null" and every form is refused; same-origin would put the link's token
# into Referer.
SECURE_REFERRER_POLICY = "strict-origin"
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=0 if SANDBOX else 31_536_000)
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # what other hosts of the operator's domain do is not for us to say
    "security.W008",  # the listeners speak TLS only; /pki/ alone is plain, and has to be
    "security.W021",  # nor is the browsers' preload list
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
# The pages of new envelopes and of verification alone take files, by handlers of their own.
FILE_UPLOAD_HANDLERS = ["config.uploads.NoFiles"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "worker-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    },
}

# Files the browser fetches -------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(STATE_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.static_storage.StaticStorage"},
}
WHITENOISE_ADD_HEADERS_FUNCTION = add_headers

# Celery: the bell ----------------------------------------------------------------------------------------------------
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="folder://localhost")
CELERY_BROKER_TRANSPORT_OPTIONS = broker_options(CELERY_BROKER_URL, folder=STATE_DIR / "broker")
CELERY_BROKER_CONNECTION_TIMEOUT = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for its broker, however long that takes
CELERY_WORKER_CONSUMER = "config.consumer:Consumer"
CELERY_IMPORTS = ["signing.backend.api.tasks"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = False
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_SOFT_TIME_LIMIT = 85
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"

# The path ------------------------------------------------------------------------------------------------------------
SIGNING_GATEWAY = env.str("SIGNING_GATEWAY", default="signing.gateway.embedded.Embedded")
VISIT_IDLE_SECONDS = env.int("VISIT_IDLE_SECONDS", default=2 * 3600)
COMPLAINT_DAYS = env.int("COMPLAINT_DAYS", default=30)  # after its end a path takes a complaint so long
ENVELOPE_DAYS = env.int("ENVELOPE_DAYS", default=14)
ENVELOPE_LONGEST_DAYS = env.int("ENVELOPE_LONGEST_DAYS", default=365)
CODES_ALONE_DAYS = env.int("CODES_ALONE_DAYS", default=30)  # contact and outcome of a code alone
DRAFT_HOURS = env.int("DRAFT_HOURS", default=24)
UPLOAD_MAX_BYTES = env.int("UPLOAD_MAX_BYTES", default=401_000_000)  # all files that are sent at once
VERIFY_MAX_BYTES = env.int("VERIFY_MAX_BYTES", default=60_000_000)  # the file on the page that verifies

# The signing service ------------------------------------------------------------------------------------------------
CALLBACK_AUTHORITIES = env.str("CALLBACK_AUTHORITIES", default="") or None  # PEM, besides the system's roots
CALLBACK_PRIVATE = env.bool("CALLBACK_PRIVATE", default=False)  # call-backs to addresses that are not public
# Alarms on SMS codes (otp.alarms): of so many in the window, so few came back; so many numbers of one block.
ALARM_WINDOW_SECONDS = env.int("ALARM_WINDOW_SECONDS", default=24 * 3600)
ALARM_CODES = env.int("ALARM_CODES", default=20)
ALARM_CONVERSION_PERCENT = env.int("ALARM_CONVERSION_PERCENT", default=30)
ALARM_NEIGHBOURS = env.int("ALARM_NEIGHBOURS", default=10)
CALLS_AT_WORK = threads.WORKING  # so many calls of a process are worked at, beside those that wait for a worker
SYNC_AT_ONCE = threads.WAITING  # so many of them wait for a worker; the next is answered as things stand
SYNC_SECONDS = env.float("SYNC_SECONDS", default=60)  # how long sign?mode=SYNC waits for the signature
# reliability.md, bombs: 4/3 of the longest document, three of them, and a megabyte.
# Each client's own limit is below (signing.clients.documents).
SERVICE_READ_UNREAD_BYTES = gunicorn_unread.READ_AT_MOST
SERVICE_MAX_BODY_BYTES = env.int("SERVICE_MAX_BODY_BYTES", default=4 * 200_000_000 + 1_000_000)
if LISTENER == "service":
    DATA_UPLOAD_MAX_MEMORY_SIZE = SERVICE_MAX_BODY_BYTES

# Messages ------------------------------------------------------------------------------------------------------------
EMAIL_BACKEND = env.str("EMAIL_BACKEND", default="otp.delivery.mailbox.MailboxBackend")
EMAIL_HOST = env.str("EMAIL_HOST", default="localhost")
EMAIL_PORT = env.int("EMAIL_PORT", default=25)
EMAIL_HOST_USER = env.str("EMAIL_USER", default="")
EMAIL_HOST_PASSWORD = env.str("EMAIL_PASSWORD", default="")
EMAIL_USE_TLS = env.bool("EMAIL_STARTTLS", default=False)
EMAIL_USE_SSL = env.bool("EMAIL_TLS", default=False)
EMAIL_TIMEOUT = env.float("EMAIL_TIMEOUT", default=10)
# A provider's API instead of SMTP: EMAIL_BACKEND=anymail.backends.….EmailBackend, its keys as anymail names them.
ANYMAIL = {"WEBHOOK_SECRET": env.str("ANYMAIL_WEBHOOK_SECRET", default=""), **env.dict("ANYMAIL", default={})}
if ANYMAIL["WEBHOOK_SECRET"]:
    INSTALLED_APPS.append("anymail")
SMS_CARRIER = env.str("SMS_CARRIER", default="otp.delivery.mailbox.MailboxCarrier")
SMS_REPORT_URL = env.str("SMS_REPORT_URL", default=PUBLIC_URL).rstrip("/")  # where the gateway reaches us
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Paraphe <ne-pas-repondre@paraphe.invalid>")

LOGGING = logging_settings(LOGS_DIR)
