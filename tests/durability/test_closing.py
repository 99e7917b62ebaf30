"""Kill −9 in the middle of closing a year: locked and finished at the next start, whatever step it had reached."""

import json
import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.durability.processes import environment, postgres_database, run


@pytest.fixture
def env(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A small school of its own, on the engine under test."""
    if os.environ.get("SHUXIANG_TEST_DB") == "postgres":
        with postgres_database(f"closed_{uuid.uuid4().hex[:8]}") as url:
            yield environment(tmp_path, url)
    else:
        yield environment(tmp_path)


@pytest.mark.parametrize("step", [1, 2, 3])
def test_a_year_that_was_being_closed_is_closed_after_the_next_start(env: dict[str, str], step: int) -> None:
    status, _out, err = run(env, "tests.durability.closer", "prepare")
    assert status == 0, err
    status, _out, err = run(env, "tests.durability.closer", "close", str(step))
    assert status != 0, "it was to be killed"
    status, out, err = run(env, "tests.durability.closer", "start")
    assert status == 0, err
    assert json.loads(out) == {"closed": [[2025, "closed"]], "volumes": [4], "wrong": []}
