"""One settings module for every place nimo runs; what differs comes from the environment (environment.py)."""

from __future__ import annotations

import os
from pathlib import Path

from csp.constants import NONE, SELF

from nimo.config.environment import data_directory, flag, postgresql, secret, sqlite_journal, words

PACKAGE = Path(__file__).resolve().parents[1]
DATA_DIR = data_directory()
SECRET_KEY = secret("secret_key", DATA_DIR)
AUDIT_KEY = secret("audit_key", DATA_DIR)
FILE_KEY = secret("file_key", DATA_DIR)
STORED_FILES_DIR = DATA_DIR / "files"

DEBUG = flag("NIMO_DEBUG", False)
ALLOWED_HOSTS = words("NIMO_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = words("NIMO_TRUSTED_ORIGINS", "")

NIMO_DEMO = flag("NIMO_DEMO", False)
NIMO_NAVIGATION = [
    ("ホーム", "home:home", "VIEW_HOME"),
    ("地域", "portal:region_list", None),
    ("指標", "indicators:indicator_list", None),
    ("統計の取り込み", "statistics:import_list", "LOAD_INDICATORS"),
    ("シート", "sheets:sheet_list", "VIEW_SHEET"),
    ("協議の場", "councils:body_list", "VIEW_COUNCILS"),
    ("アンケート", "questionnaires:form_list", "VIEW_QUESTIONNAIRES"),
    ("回答する", "questionnaires:own_list", "ANSWER_QUESTIONNAIRE"),
    ("提出の依頼", "reports:collection_list", "COLLECT_SHEETS"),
    ("答弁", "reports:answer_list", "WRITE_ANSWER"),
    ("処理", "jobs:job_list", "VIEW_JOBS"),
    ("お知らせ", "notices:notice_list", "VIEW_NOTICES"),
    ("地域の管理", "regions:region_list", "MANAGE_REGIONS"),
    ("検索のことば", "search:synonym_list", "MANAGE_SYNONYMS"),
    ("利用者", "accounts:user_list", "MANAGE_USERS"),
    ("監査", "audit:entry_list", "VIEW_AUDIT"),
]

INSTALLED_APPS = [
    # ours first, so that our templates win over those of the libraries; from the bottom of the house upwards
    "nimo.foundation.access",
    "nimo.foundation.ui",
    "nimo.foundation.audit",
    "nimo.foundation.regions",
    "nimo.foundation.accounts",
    "nimo.foundation.jobs",
    "nimo.foundation.files",
    "nimo.foundation.notices",
    "nimo.foundation.papers",
    "nimo.foundation.search",
    "nimo.foundation.questionnaires",
    "nimo.community.indicators",
    "nimo.community.statistics",
    "nimo.community.councils",
    "nimo.community.sheets",
    "nimo.community.reports",
    "nimo.surfaces.portal",
    "nimo.surfaces.home",
    "nimo.surfaces.demo",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "template_partials",
    "csp",
    "django_tasks",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "nimo.foundation.accounts.middleware.ActorMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
]

ROOT_URLCONF = "nimo.config.urls"
WSGI_APPLICATION = "nimo.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "nimo.foundation.ui.pages.layout",
                "nimo.foundation.notices.views.unread_notices",
            ],
        },
    }
]

_url = os.environ.get("NIMO_DATABASE_URL", "")
if _url:
    DATABASES = {"default": postgresql(_url), "side": {**postgresql(_url), "TEST": {"MIRROR": "default"}}}
    DATABASE_ROUTERS = ["nimo.config.router.PostgresqlRouter"]
else:
    # ADR 0003: IMMEDIATE avoids lock errors between writers; WAL only where the library is free of the WAL-reset fault.
    _sqlite = {
        "ENGINE": "django.db.backends.sqlite3",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                f"PRAGMA journal_mode={sqlite_journal()};PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;"
                "PRAGMA cache_size=-20000;"
            ),
        },
    }
    DATABASES = {
        "default": {**_sqlite, "NAME": DATA_DIR / "nimo.sqlite3"},
        "side": {**_sqlite, "NAME": DATA_DIR / "side.sqlite3"},
    }
    DATABASE_ROUTERS = ["nimo.config.router.SqliteRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": DATA_DIR / "cache",
        "OPTIONS": {"MAX_ENTRIES": 5000},
    }
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("login_name", "name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# allauth's own limit (30 logins a minute an address) would lock out an office behind one address
ACCOUNT_RATE_LIMITS = {"login": "300/m/ip", "login_failed": "60/m/ip,5/5m/key"}
ACCOUNT_PRESERVE_USERNAME_CASING = False
MFA_SUPPORTED_TYPES = ["totp"]
MFA_ADAPTER = "nimo.foundation.accounts.adapter.SecondFactorAdapter"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
NIMO_REQUIRE_SECOND_FACTOR = flag("NIMO_REQUIRE_SECOND_FACTOR", not NIMO_DEMO)
ACCOUNT_ADAPTER = "nimo.foundation.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login_name"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]  # nobody signs up; allauth checks that the two fit
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = int(os.environ.get("NIMO_SESSION_MINUTES", "30")) * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
_https = flag("NIMO_HTTPS", False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SECURE_SSL_REDIRECT = False
if _https:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "nimo.foundation.ui.views.csrf_failure"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}

LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", "日本語")]
TIME_ZONE = "Asia/Tokyo"
USE_TZ = True
USE_I18N = True

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True

NIMO_UPLOAD_LIMIT_BYTES = int(os.environ.get("NIMO_UPLOAD_LIMIT_MB", "50")) * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["nimo.foundation.files.adapter.LimitedUploadHandler"]

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
FORM_RENDERER = "nimo.foundation.ui.components.renderer.FormRenderer"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
