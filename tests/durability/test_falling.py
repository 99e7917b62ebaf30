"""Killed 50 times in 1,000 acts, power cut with nothing unsynced left, the disk full: every answered act is there once."""

import json
import os
import random
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.durability.house import House
from tests.durability.processes import environment, kill, postgres_database, run, start

KILLS, ACTS = 50, 1000


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A small school, on the engine under test."""
    if os.environ.get("SHUXIANG_TEST_DB") == "postgres":
        with postgres_database(f"fallen_{uuid.uuid4().hex[:8]}") as url:
            found = House(environment(tmp_path, url))
            found.prepare()
            yield found
    else:
        found = House(environment(tmp_path / "home"))
        found.prepare()
        yield found


def test_killed_fifty_times_in_a_thousand_acts_every_answered_act_is_there_once(house: House) -> None:
    status, out, err = run(house.env, "tests.durability.falling", "kills", str(KILLS), str(ACTS), seconds=900)
    assert status == 0, err
    answered = out.split()
    assert len(answered) == len(set(answered)) == ACTS
    state = house.state()
    assert sorted(state["operations"]) == sorted(answered)  # each once, and nothing else
    assert (len(state["loans"]), state["wrong"]) == (ACTS // 2, [])
    assert all(back for _card, _code, _out, back, *_more in state["loans"])


def interrupted(house: House, acts: int) -> list[str]:
    """Operation ids of what was answered before the power went."""
    process = start(house.env, "tests.durability.falling", "unsynced")
    assert process.stdout is not None
    answered = []
    for _line in range(acts):
        line = process.stdout.readline()
        assert line, process.communicate()
        answered.append(line.strip())
    return answered + [line for line in kill(process).split() if len(line) == 36]


@pytest.mark.engine_free
@pytest.mark.parametrize("torn", [None, 1, 2, 3])
def test_a_power_cut_that_loses_all_that_was_not_synced_loses_no_answered_act(
    house: House, tmp_path: Path, torn: int | None
) -> None:
    answered = interrupted(house, 60)
    chance = random.Random(torn) if torn else None  # noqa: S311  blocks, no secrets
    state = come_back(house, tmp_path, chance)
    assert set(answered) <= set(state["operations"])
    assert len(state["operations"]) - len(answered) <= 1  # the act in hand: done or not, but never half
    assert state["wrong"] == []


def come_back(house: House, tmp_path: Path, chance: random.Random | None = None) -> dict[str, list[str]]:
    from tests.durability.disk import after_power_cut  # noqa: PLC0415  it needs the system's own SQLite library

    target = after_power_cut(tmp_path / "home", tmp_path / "back", torn=chance)
    return House(environment(target)).state()


@pytest.mark.engine_free
def test_the_same_cut_with_synchronous_normal_does_lose_acts(house: House, tmp_path: Path) -> None:
    """The trap works: what the setting warns of happens, so that the test above says something."""
    house.env = {**house.env, "SHUXIANG_SQLITE_SYNCHRONOUS": "NORMAL"}
    answered = interrupted(house, 40)
    state = come_back(house, tmp_path)
    assert set(answered) - set(state["operations"])
    assert state["wrong"] == []


@pytest.mark.engine_free
@pytest.mark.parametrize("room", [200_000, 333_333])
def test_a_full_disk_refuses_whole_acts_and_takes_the_next_ones_when_there_is_room(
    house: House, tmp_path: Path, room: int
) -> None:
    status, out, err = run(house.env, "tests.durability.falling", "full", str(room), seconds=600)
    assert status == 0, err
    told = json.loads(out)
    assert {code for code, _operation in told["refused"]} == {507}
    state = house.state()
    assert sorted(state["operations"]) == sorted(told["done"])
    assert state["wrong"] == []
    shutil.rmtree(tmp_path / "home")
