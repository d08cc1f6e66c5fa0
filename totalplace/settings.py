"""Settings, from the environment and safe by default.

Embedded mode is when the database is one that `script/server` runs: it is found under TOTALPLACE_HOME, and a secret
key is made once and kept there. With a DATABASE_URL of your own, BROKER_URL and SECRET_KEY are required.
Any variable may be given as NAME_FILE instead, naming a file that holds the value.
"""

from pathlib import Path
from typing import Any

import dj_database_url
from django.utils.csp import CSP

from totalplace.api_settings import *  # noqa: F403
from totalplace.environment import embedded_addresses, embedded_secret_key, environment, mailer

BASE_DIR = Path(__file__).resolve().parent.parent
env = environment()

TOTALPLACE_HOME = Path(env.str("TOTALPLACE_HOME", str(BASE_DIR / ".local"))).resolve()
DATABASE_URL, BROKER_URL = env.str("DATABASE_URL", ""), env.str("BROKER_URL", "")
EMBEDDED = env.bool("TOTALPLACE_EMBEDDED", not DATABASE_URL)

if EMBEDDED:
    told_database, told_broker = embedded_addresses(TOTALPLACE_HOME)
    DATABASE_URL, BROKER_URL = DATABASE_URL or told_database, BROKER_URL or told_broker
    SECRET_KEY = env.str("SECRET_KEY", "") or embedded_secret_key(TOTALPLACE_HOME)
else:
    BROKER_URL = env.str("BROKER_URL")
    SECRET_KEY = env.str("SECRET_KEY")

DEBUG = False
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
# A grid without script sends every cell of an open branch, and a branch may have hundreds of lines by dozens of bodies.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])

# Whether the public may read what is published.
PUBLIC_READING = env.bool("PUBLIC_READING", True)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "rest_framework",
    "knox",
    "drf_spectacular",
    "pilots",
    "mapping",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "pilots.api.cross_origin.ApiHeaders",
    "pilots.api.shared.SharedAnswers",
    "totalplace.compression.Gzip",
    "totalplace.compression.Brotli",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "totalplace.wrong_method.page_for_wrong_method",
    "totalplace.storable.StorableText",
]

ROOT_URLCONF = "totalplace.urls"
WSGI_APPLICATION = "totalplace.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "pilots.context.site",
            ],
        },
    },
]

# Forms are drawn by the templates in templates/django/forms.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {"default": dj_database_url.parse(DATABASE_URL, conn_max_age=0)}
if password := env.str("DATABASE_PASSWORD", ""):
    # Given apart from the address where a container keeps it in a file.
    DATABASES["default"]["PASSWORD"] = password
DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {
    "min_size": 0,
    "max_size": env.int("DATABASE_POOL", 8),
    "timeout": 10,
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": BROKER_URL}}

AUTH_USER_MODEL = "pilots.Person"
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTH_PASSWORD_VALIDATORS[1]["OPTIONS"] = {"min_length": 12}
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "account"
LOGOUT_REDIRECT_URL = "/"

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", str(TOTALPLACE_HOME / "static")))
STATICFILES_DIRS = [BASE_DIR / "static" / "dist"] if (BASE_DIR / "static" / "dist").is_dir() else []
# Only what the front-end build made: nothing that a package brings is sent to anybody.
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Where web and worker keep the files that clients asked for: a folder that both of them see.
    "exports": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": env.str("EXPORTS_ROOT", str(TOTALPLACE_HOME / "exports")), "base_url": None},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Without EMAIL_URL no mail leaves: what it would carry, such as an invitation, is shown to be passed on.
EMAIL_URL = env.str("EMAIL_URL", "")
MAILERS = {"default": mailer(EMAIL_URL)} if EMAIL_URL else {}
# That there may be no mail server is meant.
SILENCED_SYSTEM_CHECKS = ["mail.W001"]
# Where people reach this: links in mails begin with it. Without it they begin as the request did that they follow from,
# and those of the worker with the first host of ALLOWED_HOSTS.
SITE_ADDRESS = env.str("SITE_ADDRESS", "").rstrip("/")
PORT = env.int("PORT", 8000)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Total Place <totalplace@localhost>")

# Everything from our own origin; no inline script or style.
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:", "blob:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
}
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"

# Embedded mode serves plain HTTP on loopback; everywhere else HTTPS is taken for granted.
HTTPS = env.bool("HTTPS", not EMBEDDED)
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
if env.bool("BEHIND_PROXY", False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

CELERY_BROKER_URL = BROKER_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A write never waits for a broker that cannot be reached: what it wanted to ask for is swept up later.
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 600, "socket_connect_timeout": 2, "max_retries": 0}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TIMEZONE = TIME_ZONE
# What the worker does; only it loads what files are made with.
CELERY_IMPORTS = ["pilots.jobs.tasks", "pilots.progress.tasks", "mapping.reports.tasks", "mapping.export.making"]
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "mapping.tasks.sweep", "schedule": 5.0, "options": {"expires": 5}},
    "jobs": {"task": "pilots.jobs.tasks.sweep_jobs", "schedule": 15.0, "options": {"expires": 15}},
    "webhooks": {"task": "pilots.tasks.tell_webhooks", "schedule": 10.0, "options": {"expires": 10}},
    "uploads": {"task": "pilots.tasks.sweep_uploads", "schedule": 30.0, "options": {"expires": 30}},
    # More than once a day, so that a morning without a worker is made up for; nobody is reminded twice a day.
    "remind": {"task": "pilots.progress.tasks.remind", "schedule": 4 * 3600.0, "options": {"expires": 3600}},
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"terminal": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["terminal"], "level": env.str("LOG_LEVEL", "INFO")},
}
