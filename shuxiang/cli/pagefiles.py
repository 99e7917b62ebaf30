"""The browsers' files, gathered below the data folder when those of the program have changed since."""

import hashlib

import django
from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

import shuxiang

STAMP = "gathered.txt"  # among the gathered files, so that it goes when they go


def gather() -> bool:
    """Gather them anew if need be; whether it was."""
    stamp, now = settings.STATIC_ROOT / STAMP, _fingerprint()
    if stamp.is_file() and stamp.read_text(encoding="ascii") == now:
        return False
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(now, encoding="ascii")
    return True


def _fingerprint() -> str:
    """Names, sizes and times of all files that would be gathered, and the versions that gather them."""
    ignored = apps.get_app_config("staticfiles").ignore_patterns  # type: ignore[attr-defined]  # not in the stubs
    lines = [shuxiang.__version__, django.__version__, str(settings.STORAGES["staticfiles"])]
    for finder in get_finders():
        for name, storage in finder.list(ignored):
            path = settings.PACKAGE / storage.path(name)
            found = path.stat()
            lines.append(f"{path} {found.st_size} {found.st_mtime_ns}")
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
