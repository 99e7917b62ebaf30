"""One table of scenarios through every door: the same outcome, the same reasons, the same rows."""

from collections import Counter
from pathlib import Path

import pytest
from django.db import transaction

from shuxiang.audit import reconcile
from shuxiang.circulation.models import Loan
from tests.doors import DOORS, Stage, acts_written, by_service, rows, service_result, set_stage
from tests.scenarios import CASES, NO_LOG

# What a door has no way to say. A number that grows is a scenario that got lost at that door.
CANNOT = {"desk": 4, "kiosk": 12, "replay": 2, "rest": 0, "command": 0, "import": 65}


@pytest.fixture
def stage(db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Stage:
    return set_stage(tmp_path, capsys)


def test_there_are_sixty_scenarios_and_each_is_told_at_several_doors() -> None:
    assert len(CASES) >= 60
    assert all(len(DOORS.keys() - case.cannot.keys()) >= 2 for case in CASES.values())


def test_what_a_door_cannot_say_has_its_reason_and_does_not_grow() -> None:
    counted = Counter(door for case in CASES.values() for door in case.cannot)
    assert {door: counted[door] for door in DOORS} == CANNOT
    assert all(reason for case in CASES.values() for reason in case.cannot.values())
    assert {case.cannot.get("import") for case in CASES.values()} <= {None, NO_LOG}


@pytest.mark.parametrize("name", CASES)
def test_the_service_decides_as_the_table_says(name: str, stage: Stage) -> None:
    case = CASES[name]
    case.before(stage)
    result = service_result(stage, case.act)
    said = {reason.code for reason in result.decision.reasons} - {"unknown_code"}
    seen = by_service_outcome(case.act.kind, result.outcome.value)
    assert (seen, said) == (case.outcome, set(case.reasons))
    assert Loan.objects.filter(in_at=None, patron__in=[stage.pupil, stage.other]).count() == case.open_after
    assert reconcile.run("a").differences == ()


def by_service_outcome(kind: str, outcome: str) -> str:
    return "renewed" if kind == "renew" and outcome == "lent" else outcome


@pytest.mark.parametrize(
    ("name", "door"),
    [(name, door) for name, case in CASES.items() for door in DOORS if door not in case.cannot],
)
def test_each_door_does_what_the_service_does(name: str, door: str, stage: Stage) -> None:
    case = CASES[name]
    case.before(stage)
    with transaction.atomic():
        expected = by_service(stage, case.act)
        rows_expected, acts_expected = rows(), acts_written()
        transaction.set_rollback(True)
    seen = DOORS[door](stage, case.act)
    asks_nobody = door == "kiosk" and case.outcome == "asked"
    assert seen.outcome == ("refused" if asks_nobody else expected.outcome)
    assert expected.outcome == case.outcome
    if seen.codes is not None:
        if seen.outcome not in (
            "lent",
            "renewed",
            "unknown",
        ):  # what the day brings, such as a Sunday, is noted
            assert seen.codes == case.reasons
    elif door != "import":  # a log is history: it writes its acts down as one run, and asks nobody
        assert seen.texts == expected.texts
    if door != "import":
        assert acts_written() == acts_expected
    assert rows() == rows_expected
    assert reconcile.run("a").differences == ()
