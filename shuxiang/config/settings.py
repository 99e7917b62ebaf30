"""Django settings, the same everywhere but for what environment.py lists."""

from datetime import timedelta
from pathlib import Path

from shuxiang.config import environment

PACKAGE = Path(__file__).parents[1]
HOME = environment.home()
DEBUG = False
SECRET_KEY = environment.secret_key(HOME)
ALLOWED_HOSTS = environment.allowed_hosts()

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "django_htmx",
    # rooms, from the ground up
    "shuxiang.ui",
    "shuxiang.audit",
    "shuxiang.libraries",
    "shuxiang.accounts",
    "shuxiang.figures",
    "shuxiang.imports",
    "shuxiang.printing",
    "shuxiang.files",
    "shuxiang.outbox",
    "shuxiang.safekeeping",
    "shuxiang.sources",
    "shuxiang.catalogue",
    "shuxiang.holdings",
    "shuxiang.patrons",
    "shuxiang.cashbook",
    "shuxiang.circulation",
    "shuxiang.stocktaking",
    "shuxiang.mending",
    "shuxiang.weeding",
    "shuxiang.corners",
    "shuxiang.enrolment",
    "shuxiang.helpers",
    "shuxiang.visits",
    "shuxiang.compensation",
    "shuxiang.urging",
    "shuxiang.inquiries",
    "shuxiang.reports",
    # doors
    "shuxiang.desk",
    "shuxiang.opac",
    "shuxiang.kiosk",
    "shuxiang.interop",
    "shuxiang.cli",
    "shuxiang.demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "shuxiang.config.headers.SecureHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "shuxiang.accounts.middleware.CurrentLibrary",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "shuxiang.config.fulldisk.FullDisk",
    "shuxiang.config.sentalready.SentAlready",
]

ROOT_URLCONF = "shuxiang.config.urls"
WSGI_APPLICATION = "shuxiang.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "shuxiang.desk.frame.frame",
                "shuxiang.desk.manual.help_link",
                "shuxiang.ui.context.look",
            ],
        },
    },
]

BACKUP_SECOND = environment.text("SHUXIANG_BACKUP_SECOND")
LISTEN_HOST = environment.text("SHUXIANG_HOST")
LISTEN_PORT = environment.number("PORT")
TLS = environment.flag("SHUXIANG_TLS")
TLS_PORT = environment.number("SHUXIANG_TLS_PORT")

DATABASES = {"default": environment.database(HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# who signs in
AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "shuxiang.accounts.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "shuxiang.accounts.passwords.NotCommon"},
    {"NAME": "shuxiang.accounts.passwords.NotTheName"},
]
# Five wrong tries lock that name from that address for a quarter of an hour. The pair, not either alone:
# pupils share one computer, and nobody shall lock the librarian out by typing her name somewhere else.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "accounts/locked.html"
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# cookies and headers
SESSION_ENGINE = "shuxiang.accounts.sessions"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = environment.flag("SHUXIANG_HTTPS")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SESSION_COOKIE_SECURE else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# words, dates
USE_I18N = True
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("zh-hant", "繁體中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "marc" / "locale", PACKAGE / "config" / "locale"]  # rooms that are not Django apps
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_TZ = True
TIME_ZONE = environment.text("SHUXIANG_TIME_ZONE")

# files served to the browser, gathered below the data folder when the server starts
STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# never below a served address: files go out through a page that asks who wants them
MEDIA_ROOT = HOME / "files"

LOG_FOLDER = HOME / "logs"
LOG_FOLDER.mkdir(mode=0o700, exist_ok=True)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {
        "file": {
            "class": "logging.handlers.RotatingFileHandler",
            "filename": LOG_FOLDER / "shuxiang.log",
            "maxBytes": 2_000_000,
            "backupCount": 5,
            "delay": True,
            "encoding": "utf-8",
            "formatter": "line",
        },
    },
    "root": {"handlers": ["file"], "level": "WARNING"},
    # Django mails errors to ADMINS and prints them; here every message goes to the one file
    "loggers": {
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        # a request that waits for a thread is no trouble; said of each, it pushed real trouble out of the file
        "waitress.queue": {"level": "ERROR"},
    },
}
