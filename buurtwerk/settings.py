"""One settings file; the environment decides. The variables are listed in the README."""

import os
import secrets
from datetime import timedelta
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

from buurtwerk.database import data_directory, django_database
from buurtwerk.mail import mailer

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = data_directory()
PRODUCTION = os.environ.get("PRODUCTION") == "1"
DEBUG = False

SITE_URL = os.environ.get("SITE_URL", "http://127.0.0.1:8000")
# In production nobody guesses the name of the site: `check --deploy` complains when it is missing.
THIS_MACHINE = "" if PRODUCTION else "127.0.0.1,localhost,testserver"
ALLOWED_HOSTS = [host for host in os.environ.get("ALLOWED_HOSTS", THIS_MACHINE).split(",") if host]
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("CSRF_TRUSTED_ORIGINS", "").split(",") if origin]


def secret_key():
    """The key from the environment; outside production one that is made once and kept in the data folder."""
    if key := os.environ.get("SECRET_KEY"):
        return key
    if PRODUCTION:
        raise ImproperlyConfigured("SECRET_KEY is required when PRODUCTION=1.")
    file = DATA_DIR / "secret-key"
    if not file.exists():
        DATA_DIR.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(64))
    return file.read_text()


SECRET_KEY = secret_key()

INSTALLED_APPS = [
    "buurtwerk.accounts.apps.TeamAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "crispy_forms",
    "django_htmx",
    "lucide",
    "pgtrigger",
    "pghistory",
    "buurtwerk.interface",
    "buurtwerk.accounts",
    "buurtwerk.places",
    "buurtwerk.trail",
    "buurtwerk.drafts",
    "buurtwerk.notices",
    "buurtwerk.daily",
    "buurtwerk.outbox",
    "partners",
    "households",
    "signals",
    "activities",
    "buurtwerk.overview",
    "buurtwerk.demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "buurtwerk.interface.middleware.ResponseHeaders",
    "buurtwerk.interface.language.PublicLanguage",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "buurtwerk.accounts.sessions.SessionLimits",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "buurtwerk.interface.middleware.WrongMethod",
    "buurtwerk.accounts.middleware.TeamContext",
    "households.middleware.MergedFamilies",
]

ROOT_URLCONF = "buurtwerk.urls"
WSGI_APPLICATION = "buurtwerk.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "buurtwerk.interface.context.shell",
                "buurtwerk.accounts.sessions.context",
                "households.open_files.context",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["django.template.loaders.filesystem.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "builtins": ["buurtwerk.interface.templatetags.look"],
        },
    }
]

application_database, DATABASE_OWNER = django_database(DATA_DIR)
DATABASES = {"default": application_database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    # The throttle of the sign-in counts here, so all processes must see the same.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    # Whole public pages under their version: a copy per process costs no query.
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "TIMEOUT": 3600,
        "OPTIONS": {"MAX_ENTRIES": 500},
    },
}

# Who works here
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["buurtwerk.accounts.backends.TeamBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/team/"
PASSWORD_HASHERS = ["buurtwerk.accounts.hashers.Argon2"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "buurtwerk.accounts.passwords.LongEnough", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "buurtwerk.accounts.adapter.TeamAdapter"
ACCOUNT_FORMS = {
    "login": "buurtwerk.accounts.forms.LoginForm",
    "change_password": "buurtwerk.accounts.forms.ChangePasswordForm",
    "reauthenticate": "buurtwerk.accounts.forms.ReauthenticateForm",
}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "/team/aanmelden/"
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/5m/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("TRUSTED_PROXY_COUNT", "0"))

# Mail: smtp://user:password@host:587/?tls=1 or smtps://…; without it each mail is a file in the data folder.
MAIL_LEAVES = bool(os.environ.get("EMAIL_URL"))
MAILERS = {"default": mailer(os.environ.get("EMAIL_URL"), folder=DATA_DIR / "mail")}
DEFAULT_FROM_EMAIL = SERVER_EMAIL = os.environ.get("EMAIL_FROM", "Buurtwerk <buurtwerk@localhost>")

# Whether the statement for a resident (who looked in my file) names colleagues or only says their role.
STATEMENT_NAMES = os.environ.get("STATEMENT_NAMES") == "1"

SESSION_COOKIE_NAME = "__Host-team" if PRODUCTION else "team"
# After half an hour without a page, and twelve hours after it began: buurtwerk/accounts/sessions.py.
SESSION_IDLE, SESSION_AT_MOST = timedelta(minutes=30), timedelta(hours=12)
SESSION_COOKIE_AGE = int(SESSION_AT_MOST.total_seconds())
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "buurtwerk.interface.views.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# What leaves with every answer
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if PRODUCTION:
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    CSRF_COOKIE_NAME = "__Host-csrf"

# Language and time: Django has no nl-BE, the formats are our own
LANGUAGE_CODE = "nl"
# Those of the public pages, each named in itself.
LANGUAGES = [("nl", "Nederlands"), ("fr", "Français"), ("en", "English"), ("tr", "Türkçe"), ("ar", "العربية")]
LOCALE_PATHS = [BASE_DIR / "buurtwerk" / "locale"]
USE_I18N = True
TIME_ZONE = "Europe/Brussels"
USE_TZ = True
FORMAT_MODULE_PATH = ["buurtwerk.interface.formats"]

# Files and forms
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# The plain names are never served, so they need no compressed copies either.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "buurt"
CRISPY_FAIL_SILENTLY = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "buurtwerk.interface.uploads.NoMoreThanNeeded",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
# A function that looks through the bytes of each file and says whether it is safe: "package.module.function".
UPLOAD_SCAN = os.environ.get("UPLOAD_SCAN", "")

# History keeps who did it; addresses and form content stay out of it
PGHISTORY_APPEND_ONLY = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"without_rows": {"()": "buurtwerk.interface.logs.WithoutRows"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "without_rows"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
