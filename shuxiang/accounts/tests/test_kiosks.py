"""Self-service machines: a one-time code makes a browser one, until it is taken out of use or its time is over."""

from datetime import UTC, date, datetime, timedelta

import pytest

from shuxiang.accounts import keys, selectors
from shuxiang.accounts.devicemodels import Kiosk
from shuxiang.accounts.messages import words
from shuxiang.accounts.services import (
    KioskValues,
    issue_kiosk_code,
    register_kiosk,
    revoke_kiosk,
    save_kiosk,
)
from shuxiang.common.actors import Actor
from shuxiang.common.decisions import Refused
from shuxiang.libraries.models import Library
from shuxiang.libraries.services import add_room, create_library

BY = Actor("tests", "system")
AT = datetime(2026, 9, 1, 2, 0, tzinfo=UTC)
TODAY = date(2026, 9, 1)


@pytest.fixture
def elm(db: None) -> Library:
    return create_library(code="elm", name="榆树小学", kind="primary", by=BY, at=AT)


def machine(library: Library, **more: object) -> Kiosk:
    values = KioskValues(**{"name": "门口", **more})  # type: ignore[arg-type]
    return save_kiosk(library=library, values=values, row=None, by=BY, at=AT)


def test_a_code_is_used_once_and_its_key_opens(elm: Library) -> None:
    kiosk = machine(elm)
    code = issue_kiosk_code(kiosk=kiosk, by=BY, at=AT)
    found, key = register_kiosk(code=code.lower(), at=AT)
    assert found == kiosk
    assert selectors.kiosk_with_key(key, TODAY) == kiosk
    assert key not in str(Kiosk.objects.values().get())
    with pytest.raises(Refused) as refused:
        register_kiosk(code=code, at=AT)
    assert refused.value.codes == ("kiosk_code_unknown",)


def test_a_code_opens_for_two_hours_and_only_the_newest(elm: Library) -> None:
    kiosk = machine(elm)
    first = issue_kiosk_code(kiosk=kiosk, by=BY, at=AT)
    second = issue_kiosk_code(kiosk=kiosk, by=BY, at=AT)
    for code, at, why in (
        (first, AT, "kiosk_code_unknown"),
        (second, AT + timedelta(hours=2), "code_expired"),
        ("", AT, "kiosk_code_unknown"),
        (keys.new_code(), AT, "kiosk_code_unknown"),
    ):
        with pytest.raises(Refused) as refused:
            register_kiosk(code=code, at=at)
        assert refused.value.codes == (why,)


def test_a_machine_out_of_use_or_over_opens_nothing(elm: Library) -> None:
    kiosk = machine(elm, expires_on=TODAY)
    _found, key = register_kiosk(code=issue_kiosk_code(kiosk=kiosk, by=BY, at=AT), at=AT)
    assert selectors.kiosk_with_key(key, TODAY) == kiosk
    assert selectors.kiosk_with_key(key, TODAY + timedelta(days=1)) is None
    revoke_kiosk(kiosk=kiosk, by=BY, at=AT)
    assert selectors.kiosk_with_key(key, TODAY) is None
    assert selectors.kiosk_with_key("", TODAY) is None


def test_a_browser_registered_anew_ends_the_one_before(elm: Library) -> None:
    kiosk = machine(elm)
    _found, old = register_kiosk(code=issue_kiosk_code(kiosk=kiosk, by=BY, at=AT), at=AT)
    _found, new = register_kiosk(code=issue_kiosk_code(kiosk=kiosk, by=BY, at=AT), at=AT)
    assert selectors.kiosk_with_key(old, TODAY) is None
    assert selectors.kiosk_with_key(new, TODAY) == kiosk


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"name": " "}, "kiosk_needs_name"),
        ({"name": "门" * 41}, "kiosk_needs_name"),
        ({"name": "门口"}, "kiosk_name_taken"),
        ({"name": "里间", "reset_seconds": 5}, "kiosk_reset_odd"),
        ({"name": "里间", "may_lend": False, "may_return": False}, "kiosk_idle"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(
    elm: Library, values: dict[str, object], code: str
) -> None:
    machine(elm)
    with pytest.raises(Refused) as refused:
        machine(elm, **values)
    assert refused.value.codes == (code,)
    assert all(words(reason) != reason.code for reason in refused.value.decision.reasons)


def test_a_room_of_another_library_is_no_place_for_it(elm: Library) -> None:
    oak = create_library(code="oak", name="橡树小学", kind="primary", by=BY, at=AT)
    room = add_room(library=oak, code="r", name="阅览室", by=BY, at=AT)
    with pytest.raises(Refused):
        machine(elm, room=room)
    assert selectors.find_kiosk(oak, machine(elm).pk) is None


def test_a_machine_may_be_renamed_to_its_own_name(elm: Library) -> None:
    kiosk = machine(elm)
    save_kiosk(library=elm, values=KioskValues("门口", reset_seconds=60), row=kiosk, by=BY, at=AT)
    assert [one.reset_seconds for one in selectors.kiosks_of(elm)] == [60]
