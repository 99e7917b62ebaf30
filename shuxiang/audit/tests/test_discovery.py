"""Rooms are asked what they add when somebody wants to know, not before."""

import sys
from collections.abc import Iterator
from threading import Barrier, Thread

import pytest

from shuxiang.audit import discovery
from shuxiang.audit.discovery import Discovery


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    seen: list[str] = []
    monkeypatch.setattr(discovery, "autodiscover_modules", lambda *names: seen.extend(names))
    yield seen


def test_nothing_is_loaded_before_the_first_question_and_nothing_twice(asked: list[str]) -> None:
    discover = Discovery("jobs", "imports.foreseen")
    assert asked == []
    discover()
    discover()
    assert asked == ["jobs", "imports.foreseen"]


def test_a_module_may_ask_while_it_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    discover = Discovery("jobs")

    def load(name: str) -> None:
        asked.append(name)
        discover()

    monkeypatch.setattr(discovery, "autodiscover_modules", load)
    discover()
    assert asked == ["jobs"]


def test_what_could_not_be_loaded_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def load(name: str) -> None:
        asked.append(name)
        if len(asked) == 1:
            raise ImportError(name)

    monkeypatch.setattr(discovery, "autodiscover_modules", load)
    discover = Discovery("jobs")
    with pytest.raises(ImportError):
        discover()
    discover()
    assert asked == ["jobs", "jobs"]


def test_whoever_asks_second_waits_until_all_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    known, answers = [], []
    both = Barrier(2)

    def load(_name: str) -> None:
        both.wait()
        sys.setswitchinterval(0.000001)
        known.append("all")

    monkeypatch.setattr(discovery, "autodiscover_modules", load)
    discover = Discovery("jobs")

    def ask() -> None:
        both.wait()
        discover()
        answers.append(list(known))

    interval = sys.getswitchinterval()
    second = Thread(target=ask)
    second.start()
    try:
        discover()
    finally:
        sys.setswitchinterval(interval)
    second.join()
    assert answers == [["all"]]
