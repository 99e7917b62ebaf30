import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from pytest import MonkeyPatch

from shuxiang.common.actors import DOORS, Actor
from shuxiang.common.clock import local_date, now, to_local
from shuxiang.common.ids import uuid7


def test_now_is_an_aware_instant_in_utc() -> None:
    assert now().utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("at", "tz", "day"),
    [
        (datetime(2026, 9, 1, 15, 59, tzinfo=UTC), "Asia/Shanghai", date(2026, 9, 1)),
        (datetime(2026, 9, 1, 16, 0, tzinfo=UTC), "Asia/Shanghai", date(2026, 9, 2)),
        (datetime(2026, 9, 1, 16, 0, tzinfo=UTC), "Asia/Urumqi", date(2026, 9, 1)),
    ],
)
def test_the_local_day_turns_at_local_midnight(at: datetime, tz: str, day: date) -> None:
    assert local_date(at, tz) == day


def test_a_time_without_zone_is_no_instant() -> None:
    with pytest.raises(ValueError, match="time zone"):
        to_local(datetime(2026, 9, 1))  # noqa: DTZ001


def test_identifiers_have_version_seven_and_rise() -> None:
    made = [uuid7() for _ in range(5000)]
    assert made == sorted(set(made))
    assert {uuid.version for uuid in made} == {7}
    assert {uuid.variant for uuid in made} == {"specified in RFC 4122"}
    age_ms = now().timestamp() * 1000 - (made[0].int >> 80)
    assert 0 <= age_ms < 60_000


def test_identifiers_rise_even_when_the_clock_steps_back(monkeypatch: MonkeyPatch) -> None:
    before = uuid7()
    monkeypatch.setattr("time.time_ns", lambda: 1_000_000)
    assert before < uuid7() < uuid7()


def test_identifiers_from_several_threads_are_all_different() -> None:
    made: list[object] = []
    threads = [threading.Thread(target=lambda: made.extend(uuid7() for _ in range(500))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 2000


def test_an_actor_reads_as_name_and_door() -> None:
    assert str(Actor("王老师", "desk", account_id=3)) == "王老师 via desk"
    assert {"desk", "kiosk", "opac", "api", "cli", "import", "sip2", "demo", "system"} == DOORS


@pytest.mark.parametrize(("name", "door"), [("王老师", "window"), (" ", "desk")])
def test_an_actor_needs_a_name_and_a_known_door(name: str, door: str) -> None:
    with pytest.raises(ValueError, match=r"door|name"):
        Actor(name, door)
