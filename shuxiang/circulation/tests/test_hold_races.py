"""Two desks at once: each copy that comes in serves another reader, and a title is waited for once."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from shuxiang.circulation.holdmodels import Hold
from shuxiang.circulation.services import check_in, place_hold
from shuxiang.circulation.tests.desk import AT, BY, Desk, later, open_desk
from shuxiang.common.decisions import Refused

pytestmark = pytest.mark.django_db(transaction=True)


def together(*acts: Callable[[], object]) -> list[BaseException]:
    """Do acts at the same time, each in a connection of its own; gives what they raised."""
    barrier, failed = threading.Barrier(len(acts)), list[BaseException]()

    def run(act: Callable[[], object]) -> None:
        barrier.wait()
        try:
            act()
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failed


def test_two_copies_returned_at_once_serve_two_readers() -> None:
    desk = open_desk()
    for item in desk.items:
        desk.lend(item, desk.teacher)
    for patron in (desk.pupil, desk.other):
        place_hold(library=desk.library, patron=patron, record=desk.item.holding.record, at=AT, by=BY)
    failed = together(
        *(
            lambda item=item: check_in(library=desk.library, item=item, at=later(1), by=BY)
            for item in desk.items
        )
    )
    assert failed == []
    ready = Hold.objects.filter(state=Hold.State.READY)
    assert {hold.patron for hold in ready} == {desk.pupil, desk.other}
    assert len({hold.ready_item_id for hold in ready}) == 2


def test_the_same_hold_placed_at_two_desks_stands_once() -> None:
    desk: Desk = open_desk()
    for item in desk.items:
        desk.lend(item, desk.teacher)

    def place() -> object:
        return place_hold(
            library=desk.library, patron=desk.pupil, record=desk.item.holding.record, at=AT, by=BY
        )

    failed = together(place, place)
    assert [error.codes for error in failed if isinstance(error, Refused)] == [("hold_exists",)]
    assert len(failed) == 1 and Hold.objects.count() == 1
