"""Settings of the test run: the shipped ones, a data folder of its own, the engine of SHUXIANG_TEST_DB."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

FOLDER = Path(tempfile.mkdtemp(prefix="shuxiang-test-"))
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)
os.environ["SHUXIANG_HOME"] = str(FOLDER)
os.environ.pop("DATABASE_URL", None)

from shuxiang.config import environment  # noqa: E402  the data folder must be named first
from shuxiang.config.settings import *  # noqa: E402, F403  the shipped settings are what is tested

ENGINE = os.environ.get("SHUXIANG_TEST_DB", "sqlite")
if ENGINE == "postgres":
    DATABASES = {"default": environment.postgres_database(os.environ["SHUXIANG_TEST_POSTGRES"])}
    DATABASES["default"]["CONN_MAX_AGE"] = 0
else:
    # a file, not memory: the write gate and the write-ahead log are part of what is tested
    DATABASES = {"default": environment.sqlite_database(FOLDER / "live.sqlite3", "OFF")}
    DATABASES["default"]["TEST"] = {"NAME": FOLDER / "test.sqlite3"}

(FOLDER / "static").mkdir()  # whitenoise warns of a missing one; nothing is gathered for tests
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # argon2 is slow on purpose
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
