"""Several programs begin on one empty data folder at once: the server, the command line, a task of the system."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from shuxiang.config.environment import BadSetting, secret_key

pytestmark = pytest.mark.engine_free


def test_all_who_begin_at_once_get_the_same_whole_key(tmp_path: Path) -> None:
    at_once = 8
    for attempt in range(40):
        folder = tmp_path / str(attempt)
        folder.mkdir()
        barrier = Barrier(at_once)

        def begin(_number: int, folder: Path = folder, barrier: Barrier = barrier) -> str:
            barrier.wait()
            return secret_key(folder)

        with ThreadPoolExecutor(at_once) as pool:
            keys = set(pool.map(begin, range(at_once)))
        assert len(keys) == 1
        assert len(keys.pop()) >= 50
        assert (folder / "secret.key").stat().st_mode & 0o077 == 0
        assert not (folder / "secret.key.new").exists()


def test_an_emptied_key_is_named_with_its_remedy(tmp_path: Path) -> None:
    (tmp_path / "secret.key").touch()
    with pytest.raises(BadSetting, match="is empty: delete it"):
        secret_key(tmp_path)
