"""Kill −9 in the middle of loans: every answered act is there once, nothing is half-done."""

import json
import os
import random
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.durability.processes import environment, kill, postgres_database, run, start

KILLS = 5
AGAIN = 4  # so many answered acts are sent once more after every kill


@pytest.fixture
def env(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A small school of its own, on the engine under test."""
    if os.environ.get("SHUXIANG_TEST_DB") == "postgres":
        with postgres_database(f"killed_{uuid.uuid4().hex[:8]}") as url:
            yield environment(tmp_path, url)
    else:
        yield environment(tmp_path)


def check(env: dict[str, str]) -> dict[str, object]:
    status, out, err = run(env, "tests.durability.lender", "check")
    assert status == 0, err
    found: dict[str, object] = json.loads(out)
    return found


def test_whatever_was_answered_is_there_once_after_every_kill(env: dict[str, str]) -> None:
    chance = random.Random(20260901)  # noqa: S311  moments, no secrets
    status, _out, err = run(env, "tests.durability.lender", "prepare")
    assert status == 0, err
    answered: list[int] = []
    for _ in range(KILLS):
        begin = max(0, len(set(answered)) - AGAIN)
        process = start(env, "tests.durability.lender", "lend", str(begin))
        assert process.stdout is not None
        for _line in range(chance.randint(AGAIN + 2, 40)):
            answered.append(int(process.stdout.readline()))
        time.sleep(chance.random() * 0.05)
        answered += [int(word) for word in kill(process).split()]
        done = sorted(set(answered))
        assert done == list(range(len(done)))
    found = check(env)
    acts = found["acts"]
    assert isinstance(acts, list)
    assert acts[: len(done)] == done
    assert len(acts) - len(done) <= 1  # the act in hand at the last kill: done or not, but never half
    lent = [number for number in acts if number % 2 == 0]
    assert found == {
        "acts": acts,
        "without result": 0,
        "loans": len(lent),
        "returns": len(acts) - len(lent),
        "wrong": [],
    }
