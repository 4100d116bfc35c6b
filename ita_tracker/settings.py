"""Every setting, read from the environment once and strictly.

Without any variable set the project runs on the machine it was cloned to: SQLite, DEBUG, and hosts of
this machine only. Naming a SECRET_KEY makes it a production site: DEBUG is then off unless asked for.
"""

from pathlib import Path

import django_stubs_ext
import fontpkg_sarabun
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from environs import Env
from marshmallow.validate import OneOf, Range

from ita_tracker import __version__
from ita_tracker.database_settings import databases_of
from ita_tracker.log_settings import logging_of
from ita_tracker.safe_settings import networks, refuse_unsafe

# Of signing in, by allauth: kept in a file of its own, because there are many.
from ita_tracker.sign_in_settings import *  # noqa: F403
from ita_tracker.signing_settings import signing_of

# Lets generic Django classes (ModelForm[Measure], QuerySet[Step]) be subscripted at run time.
django_stubs_ext.monkeypatch()

env = Env()

VERSION = __version__
BASE_DIR = Path(__file__).resolve().parent.parent

SECRET_KEY = env.str("SECRET_KEY", default="")
DEBUG = env.bool("DEBUG", default=not SECRET_KEY)
# With DEBUG: the site's own error pages instead of Django's. `make run` is the first thing an office sees,
# and an office cannot read a stack trace; whoever changes the code (`make dev`) needs it.
READABLE_ERRORS = env.bool("READABLE_ERRORS", default=False)
# Empty with DEBUG on means this machine's own names, so a forgotten DEBUG never serves the world.
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=[])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# The site as the world knows it, printed on approved reports: https://ita.example.go.th. Unset, it is the
# name under which the approver's browser has reached the site.
PUBLIC_URL = env.str("PUBLIC_URL", default="").rstrip("/")
# Behind a proxy that ends TLS; off only for a site that is reached by plain HTTP on a closed network.
HTTPS = env.bool("HTTPS", default=not DEBUG)

if not SECRET_KEY:
    if not DEBUG:
        raise ImproperlyConfigured("SECRET_KEY is not set. Set it to a long random text (see README.md).")
    SECRET_KEY = "for-development-on-this-machine-only-set-SECRET_KEY-in-production"
if not DEBUG and not ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS is not set. Set it to the site's host name (see README.md).")
if not DEBUG:
    refuse_unsafe(SECRET_KEY, ALLOWED_HOSTS)

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "csp",
    "django_htmx",
    "django_tasks",
    "simple_history",
    "core",
    "ledger",
    "accounts",
    "measures",
    "reports",
    "operations",
    # After accounts, whose db_worker is this one's with a sign of life.
    "django_tasks_db",
]

MIDDLEWARE = [
    "ita_tracker.request_ids.RequestIds",
    # Before static files, which are answered without what comes after them.
    "ita_tracker.safety.SafetyHeaders",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "ita_tracker.middleware.CompressedPages",
    "csp.middleware.CSPMiddleware",
    "ita_tracker.middleware.ReadableErrors",
    "ita_tracker.storage_trouble.StorageTrouble",
    "ita_tracker.middleware.OnlyText",
    "ita_tracker.middleware.OnlyKnownMethods",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # Knows who it is, for the page that it answers with, and comes before all that reads what was sent.
    "ita_tracker.middleware.LargeBodies",
    "ita_tracker.safety.AdministrationFromListedNetworks",
    "accounts.sessions.middleware.SignedInPages",
    "ita_tracker.middleware.SignInRequired",
    "ita_tracker.middleware.FirstDuties",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    # Reads the form, when it is known who sends it and that they may.
    "accounts.repeats.middleware.RepeatedForms",
    # Answers where a view of allauth asks for the password again, or stops a sign-in half-way.
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "ita_tracker.urls"
WSGI_APPLICATION = "ita_tracker.wsgi.application"

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
                "ita_tracker.context_processors.frame",
            ],
            "builtins": ["core.templatetags.form_key"],
        },
    }
]
FORM_RENDERER = "core.form_renderer.FormRenderer"

# --- Database ---------------------------------------------------------------------------------------

DATABASES = databases_of(env, BASE_DIR)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- People -----------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
# Proxies in front of this program, each of which adds an entry to X-Forwarded-For. 0: nobody is believed.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
if TRUSTED_PROXIES < 0:
    raise ImproperlyConfigured("TRUSTED_PROXIES must be 0 or the number of proxies in front of the site.")
# Networks from which Django's administration can be reached; none named: from everywhere.
ADMIN_NETWORKS = networks(env.list("ADMIN_NETWORKS", default=[]))

# --- Language and time ------------------------------------------------------------------------------

LANGUAGE_CODE = "th"
TIME_ZONE = "Asia/Bangkok"
USE_I18N = True
# Words of Django that have no Thai of their own, or only the English one.
LOCALE_PATHS = [BASE_DIR / "core" / "locale"]
USE_TZ = True

# --- Files ------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static", ("sarabun", fontpkg_sarabun.ROOT / "files")]
# Files of evidence. No address leads here: each is handed out by a view that asks who may have it.
MEDIA_ROOT = env.path("MEDIA_ROOT", default=BASE_DIR / "media")
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o750
STORAGES = {
    "default": {"BACKEND": "core.storage.FlushedStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "ita_tracker.static_files.JoiningStaticFilesStorage",
        # Anybody may read them: the web server is another user than who collects them.
        "OPTIONS": {"file_permissions_mode": 0o644, "directory_permissions_mode": 0o755},
    },
}

# Bytes that an agency's files of evidence may take together; 0: as much as there is.
AGENCY_QUOTA = env.int("AGENCY_QUOTA_MB", default=0) * 1024 * 1024
# Socket of ClamAV's clamd on this machine, such as /run/clamav/clamd.ctl; none: no file is looked through.
CLAMD_SOCKET = env.str("CLAMD_SOCKET", default="")
CLAMD_REQUIRED = env.bool("CLAMD_REQUIRED", default=True)
# No page of another site has a use for them.
WHITENOISE_ALLOW_ALL_ORIGINS = False

# What is made again when it is lost: reports, and the locks by which one worker makes a report for all.
CACHE_DIR = env.path("CACHE_DIR", default=BASE_DIR / ".cache")
CACHES = {
    # Limits of mails and of codes, and codes that were used. In the database, which all workers of all
    # machines share; what it holds may be lost. With the longest keys 10,000 rows are about 15 MB.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shared_cache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    },
    # Made reports, shared by all workers of a machine; whatever is lost here is made again.
    "reports": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": CACHE_DIR / "reports",
        "OPTIONS": {"MAX_ENTRIES": 1_000},
    },
    # How often somebody has asked a page for everybody that looks at files; each worker counts for itself, so
    # that such a page writes nothing.
    "counts": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "counts"},
}

# Where backups lie: those of each night and those before an upgrade; /readyz watches their age.
BACKUP_DIR = env.str("BACKUP_DIR", default="")
# Days that the worker keeps the backup of a night; the newest stays whatever its age.
BACKUP_KEEP_DAYS = env.int("BACKUP_KEEP_DAYS", default=14, validate=Range(min=1))
BACKUP_PASSPHRASE_FILE = env.str("BACKUP_PASSPHRASE_FILE", default="")

# --- Signing ------------------------------------------------------------------------------------------

# Without a certificate nothing is signed; without TIMESTAMP_URL no request is made for it.
SIGNING = signing_of(env)

# --- Mail and work in the background ------------------------------------------------------------------

# smtp://name:password@mail.example.go.th:587/?tls=True. Unset, the site sends no mail and offers none.
EMAIL_URL = env.str("EMAIL_URL", default="")
MAIL_IS_SET_UP = bool(EMAIL_URL)
if MAIL_IS_SET_UP:
    _mail = env.dj_email_url("EMAIL_URL")
    EMAIL_BACKEND = _mail["EMAIL_BACKEND"]
    EMAIL_HOST, EMAIL_PORT = _mail["EMAIL_HOST"], _mail["EMAIL_PORT"]
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_USER"], _mail["EMAIL_HOST_PASSWORD"]
    EMAIL_USE_TLS, EMAIL_USE_SSL = _mail["EMAIL_USE_TLS"], _mail["EMAIL_USE_SSL"]
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("MAIL_FROM", default="ita-tracker@localhost")
# Seconds; a server that does not answer keeps nobody longer.
EMAIL_TIMEOUT = 10

# Reminders also go to the LINE group of an agency that has one, where this token of the Messaging API is set.
LINE_CHANNEL_TOKEN = env.str("LINE_CHANNEL_TOKEN", default="")
LINE_API_URL = env.str("LINE_API_URL", default="https://api.line.me").rstrip("/")

# What waits is a row of the database; `manage.py db_worker` does it.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# --- Safety -----------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
CSRF_FAILURE_VIEW = "ita_tracker.errors.csrf_failure"
# With HTTPS a cookie is this host's own: no neighbour under the same domain can set one in its place.
_HOST = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{_HOST}sessionid", f"{_HOST}csrftoken"
DEVICE_COOKIE_NAME = f"{_HOST}device"
MESSAGE_STORAGE = "core.messages.HostMessages"
MESSAGE_COOKIE_NAME = f"{_HOST}messages"
# Load balancers ask by plain HTTP.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
# A plan of 200 measures with 2,000 steps is edited one measure at a time; this is ample and bounded.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
# A file of 20 MB with the form around it; whatever says that it is larger is refused.
LARGEST_BODY = 21 * 1024 * 1024
# Up to here a refused body is waited for, so that the person sees why; beyond, the connection is cut.
LARGEST_BODY_TO_LET_PASS = 5 * LARGEST_BODY
# Files are read as a whole to be looked at. A copy on the disk on the way there would fail where that disk is
# full, before a form could say so, and would stay where the process is killed.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = LARGEST_BODY

# json: one object a line, for a collector of logs; text: the message alone.
LOG_FORMAT = env.str("LOG_FORMAT", default="text" if DEBUG else "json", validate=OneOf(["json", "text"]))
# Who is told of errors; nobody without a mail server.
ERROR_MAIL_TO: list[str] = env.list("ERROR_MAIL_TO", default=[])
LOGGING = logging_of(LOG_FORMAT, mails=bool(MAIL_IS_SET_UP and ERROR_MAIL_TO))
