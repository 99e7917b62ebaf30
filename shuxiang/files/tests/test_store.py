"""Keeping files: by content, whole or not at all."""

import errno
import io
import os
from pathlib import Path

import pytest
from django.conf import LazySettings

from shuxiang.common import clock
from shuxiang.common.actors import Actor
from shuxiang.files import services
from shuxiang.files.models import StoredFile
from shuxiang.files.selectors import path

BY = Actor("tester", "system")


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, settings: LazySettings) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


def _store(content: bytes, name: str = "新书.xlsx") -> StoredFile:
    return services.store(io.BytesIO(content), name=name, library=None, by=BY, at=clock.now())


@pytest.mark.django_db
def test_the_same_bytes_lie_on_the_disk_once_under_their_sum() -> None:
    first, second = _store(b"abc"), _store(b"abc", name="again.xlsx")
    assert first.sha256 == second.sha256
    assert path(first).read_bytes() == b"abc"
    assert first.size == 3
    assert [second.name, first.name] == ["again.xlsx", "新书.xlsx"]


@pytest.mark.django_db
def test_a_name_with_a_path_in_it_is_only_ever_a_name(tmp_path: Path) -> None:
    stored = _store(b"x", name="../../etc/passwd")
    assert stored.name == "passwd"
    assert path(stored).is_relative_to(tmp_path / "files")


@pytest.mark.django_db
def test_a_full_disk_leaves_neither_row_nor_half_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(services.NotStored, match=r"新书\.xlsx"):
        _store(b"abc")
    assert not StoredFile.objects.exists()
    assert [found for found in (tmp_path / "files").rglob("*") if found.is_file()] == []
