"""A second computer goes on from last night's copy, and what the first one did since is done there, each act once."""

import json
import uuid
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.durability.house import House
from tests.durability.processes import environment, run

pytestmark = pytest.mark.engine_free


def act(house: House, command: str, code: str, card: str = "") -> str:
    """Lend or take back at the command line; gives the operation id."""
    operation = str(uuid.uuid4())
    words = [command, "--code", code, "--operation", operation, *(["--card", card] if card else [])]
    status, out, err = run(house.env, "shuxiang", *words, seconds=600)
    assert status == 0, out + err
    return operation


def said(house: House, *words: str, status: int = 0) -> str:
    got, out, err = run(house.env, "shuxiang", "--lang", "en", *words, seconds=600)
    assert got == status, out + err
    return out + err


def test_a_second_computer_goes_on_and_every_act_of_the_first_is_there_once(tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    first = House({**environment(tmp_path / "first"), "SHUXIANG_BACKUP_SECOND": str(stick)})
    second = House(environment(tmp_path / "second"))
    first.prepare()
    volumes = first.told["volumes"]
    before = [act(first, "lend", volumes[3], "T01"), act(first, "lend", volumes[0], "0001")]
    said(first, "backup", str(stick / "last-night.zip"))
    since = [
        act(first, "return", volumes[3]),
        act(first, "lend", volumes[4], "T01"),
        act(first, "lend", volumes[5], "0002"),
    ]  # and now it falls

    assert str(stick / "superseded.json") in said(second, "takeover", str(stick / "last-night.zip"))
    there = [act(second, "lend", volumes[5], "T01"), act(second, "lend", volumes[6], "0001")]

    # the first one comes back: it does not open, and hands over what it did
    got, _out, err = run(
        first.env, "shuxiang", "--lang", "en", "start", "--port", str(first.port), seconds=600
    )
    assert (got, "goes on on another computer" in err) == (2, True)
    told = said(first, "handover", str(stick / "acts.jsonl"))
    assert "3 acts written" in told
    read = said(second, "replay", str(stick / "acts.jsonl"), status=1)
    assert "3 acts read: 2 done, 0 were there already, 1 to be looked at." in read
    again = said(second, "replay", str(stick / "acts.jsonl"), status=1)
    assert "3 acts read: 0 done, 2 were there already, 1 to be looked at." in again

    state = second.state()
    assert set(state["operations"]) == {*before, *there, *since[:2]}
    assert state["kept"] == [
        [volumes[5], state["kept"][0][1], "open"]
    ]  # lent twice, by two who did not know each other
    assert state["wrong"] == []
    got, _out, err = run(
        first.env, "shuxiang", "--lang", "en", "start", "--port", str(first.port), seconds=600
    )
    assert got == 2  # nor later, though the stick be away


@pytest.mark.parametrize("content", ["", "{}", "[1", '{"acts": 2, "not_carried": {}}', "\x00", "名,册\n1,2"])
def test_a_file_that_handover_did_not_write_is_refused_in_a_sentence(tmp_path: Path, content: str) -> None:
    house = House(environment(tmp_path / "home"))
    house.prepare()
    (tmp_path / "bad").write_text(content, encoding="utf-8")
    assert "no file that handover wrote" in said(house, "replay", str(tmp_path / "bad"), status=2)


def test_what_is_not_carried_is_named(tmp_path: Path) -> None:
    house = House(environment(tmp_path / "home"))
    house.prepare()
    said(house, "handover", str(tmp_path / "acts.jsonl"), "--since", "2020-01-01")
    heading = json.loads((tmp_path / "acts.jsonl").read_text(encoding="utf-8").splitlines()[0])
    assert sum(heading["not_carried"].values()) > 10  # the whole small school was made by acts
    assert datetime.fromisoformat(heading["since"]) < datetime.now(UTC)
