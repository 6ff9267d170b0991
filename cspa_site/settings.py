"""The only settings file. The environment decides, production is the default, nonsense stops the start with a sentence."""

from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

import environ
from django.core.exceptions import ImproperlyConfigured

from languages import CODES, ENDONYMS

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"  # what a run writes: the embedded database, uploads, collected static files

env = environ.Env()
env.read_env(BASE_DIR / ".env")


def read(kind, name, default, expected):
    """The variable `name` read as `kind` (a method of environ.Env), or `default`. A wrong value stops the start."""
    try:
        return getattr(env, kind)(name, default=default)
    except (ValueError, ImproperlyConfigured) as error:
        raise ImproperlyConfigured(f"{name} must be {expected}; it is {env.str(name)!r}.") from error


def read_switch(name, default=False):
    value = env.str(name, default=str(default)).strip().lower()
    if value not in {"1", "true", "yes", "on", "0", "false", "no", "off", ""}:
        raise ImproperlyConfigured(f"{name} must be 1 or 0; it is {value!r}.")
    return value in {"1", "true", "yes", "on"}


DEBUG = read_switch("DEBUG")
WEB_PROCESS = read_switch("WEB_PROCESS")

SECRET_KEY = env.str("SECRET_KEY", default="insecure: for development only" if DEBUG else "")
if not DEBUG and len(SECRET_KEY) < 50:
    raise ImproperlyConfigured(
        "SECRET_KEY must have at least 50 characters; generate one with "
        "python -c 'import secrets; print(secrets.token_urlsafe(50))'."
    )

SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000" if DEBUG else "").rstrip("/")
if urlsplit(SITE_URL).scheme not in {"http", "https"} or not urlsplit(SITE_URL).hostname or urlsplit(SITE_URL).path:
    raise ImproperlyConfigured(
        f"SITE_URL must be the public address of the site without a path, such as https://www.example.org; it is {SITE_URL!r}."
    )
HTTPS = SITE_URL.startswith("https://")
if not DEBUG and not HTTPS and urlsplit(SITE_URL).hostname not in {"127.0.0.1", "localhost", "testserver"}:
    raise ImproperlyConfigured(f"SITE_URL must begin with https:// outside this machine; it is {SITE_URL!r}.")

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[urlsplit(SITE_URL).hostname])
if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS must name the hosts of the site; it has '*'.")
if DEBUG:
    ALLOWED_HOSTS += ["127.0.0.1", "localhost"]

# Languages: the codes are fixed in the code; which of them are public, their order and the default belong to an installation.
LANGUAGES = [(code, ENDONYMS[code]) for code in CODES]
PUBLIC_LANGUAGES = env.list("PUBLIC_LANGUAGES", default=list(CODES))
if not PUBLIC_LANGUAGES or set(PUBLIC_LANGUAGES) - set(CODES) or len(set(PUBLIC_LANGUAGES)) < len(PUBLIC_LANGUAGES):
    raise ImproperlyConfigured(
        f"PUBLIC_LANGUAGES must list each public language once, out of {', '.join(CODES)}; it is {PUBLIC_LANGUAGES!r}."
    )
LANGUAGE_CODE = env.str("DEFAULT_LANGUAGE", default=PUBLIC_LANGUAGES[0])
if LANGUAGE_CODE not in PUBLIC_LANGUAGES:
    raise ImproperlyConfigured(
        f"DEFAULT_LANGUAGE must be one of PUBLIC_LANGUAGES ({', '.join(PUBLIC_LANGUAGES)}); it is {LANGUAGE_CODE!r}."
    )
MODELTRANSLATION_LANGUAGES = CODES
MODELTRANSLATION_DEFAULT_LANGUAGE = LANGUAGE_CODE
MODELTRANSLATION_ENABLE_FALLBACKS = False  # `languages.text.written` chooses, and says which language it chose
USE_I18N = True
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["languages.formats"]

TIME_ZONE = env.str("TIME_ZONE", default="Europe/Moscow")
if TIME_ZONE not in available_timezones():
    raise ImproperlyConfigured(f"TIME_ZONE must be a name such as Europe/Moscow; it is {TIME_ZONE!r}.")
SITE_ZONE = ZoneInfo(TIME_ZONE)
USE_TZ = True

INSTALLED_APPS = [
    "modeltranslation",
    "staff.apps.SiteAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "simple_history",
    "languages",
    "staff",
    "translations",
    "publishing",
    "delegations",
    "news",
    "pages",
    "cspa_site.checks.Checks",
]

MIDDLEWARE = [
    "pages.middleware.SecurityHeaders",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "pages.middleware.PublicPages",
    "languages.middleware.AddressLanguage",
    "pages.middleware.DatabaseAway",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "staff.middleware.StaffLanguage",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]

ROOT_URLCONF = "cspa_site.urls"
WSGI_APPLICATION = "cspa_site.wsgi.application"
AUTH_USER_MODEL = "staff.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

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
    }
]

DATABASE_URL = env.str("DATABASE_URL", default="")
if DATABASE_URL:
    try:
        database = env.db_url_config(DATABASE_URL)
    except (ValueError, ImproperlyConfigured) as error:
        raise ImproperlyConfigured("DATABASE_URL must look like postgres://user:password@host:5432/name.") from error
    if database.get("ENGINE") not in {"django.db.backends.postgresql", "django.db.backends.sqlite3"}:
        raise ImproperlyConfigured("DATABASE_URL must begin with postgres:// or sqlite:///.")
else:
    database = {"ENGINE": "django.db.backends.sqlite3", "NAME": VAR_DIR / "site.sqlite3"}
if database["ENGINE"].endswith("sqlite3"):
    # Measured: the defaults failed 257 of 360 concurrent writes, these none.
    database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 5,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL",
    }
    if database["NAME"] != ":memory:":
        Path(database["NAME"]).parent.mkdir(parents=True, exist_ok=True)
        database["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}  # a file: memory exercises no locks
else:
    limits = "-c statement_timeout=3000 -c lock_timeout=2000" if WEB_PROCESS else ""  # commands may take longer
    database["OPTIONS"] = {**database.get("OPTIONS", {}), "connect_timeout": 2, "options": limits}
    database |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
DATABASES = {"default": database}

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = env.path("STATIC_ROOT", default=str(VAR_DIR / "static"))
MEDIA_URL = "/media/"
MEDIA_ROOT = env.path("MEDIA_ROOT", default=str(VAR_DIR / "media"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "admin:login"

SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if read_switch("BEHIND_PROXY") else None
SECURE_HSTS_SECONDS = 2 * 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SIGNED_COOKIE_LEGACY_SALT_FALLBACK = False
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

SIMPLE_HISTORY_REVERT_DISABLED = True
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
