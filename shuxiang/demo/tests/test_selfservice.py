"""The demonstration's machines and picture codes."""

import pytest

from shuxiang.accounts import selectors
from shuxiang.circulation.tests.desk import AT, BY, open_desk
from shuxiang.demo.selfservice import PICTURES, fill_selfservice
from shuxiang.patrons.services import check_code


@pytest.mark.django_db
def test_the_demonstration_has_machines_and_a_class_with_pictures() -> None:
    desk = open_desk()
    fill_selfservice(desk.library, BY, AT)
    assert [kiosk.may_lend for kiosk in selectors.kiosks_of(desk.library)] == [False, True]
    for pupil in (desk.pupil, desk.other):
        assert check_code(patron=pupil, pictures=PICTURES, device="tests", at=AT).reasons == ()
