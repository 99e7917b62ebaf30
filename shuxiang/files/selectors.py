"""Where the bytes of a kept file lie."""

from pathlib import Path

from django.conf import settings

from shuxiang.files.models import StoredFile


def path_of(sha256: str) -> Path:
    return Path(settings.MEDIA_ROOT) / sha256[:2] / sha256


def path(file: StoredFile) -> Path:
    """The file on disk; it may be missing after a restore without attachments: the caller looks."""
    return path_of(file.sha256)
