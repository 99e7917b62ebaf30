"""Clearance: who owes is passed over by name, who is cleared borrows no more, and all of it can be taken back."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from shuxiang.accounts.models import Grant, Role
from shuxiang.accounts.services import create_account
from shuxiang.audit import reconcile
from shuxiang.circulation.services import check_in, check_out
from shuxiang.common.decisions import Refused
from shuxiang.enrolment.models import Clearance
from shuxiang.enrolment.services import Cleared, clear, undo_clearance
from shuxiang.enrolment.tests.conftest import BY, JULY, Before, school
from shuxiang.patrons import dues
from shuxiang.patrons.models import Patron
from shuxiang.patrons.services import change_patron, leave, link_account

ON = date(2027, 7, 5)


def cleared(before: Before, *readers: Patron, operation: UUID | None = None) -> Cleared:
    return clear(
        [one.pk for one in readers], library=before.library, reason="graduated", on=ON, by=BY, at=JULY,
        operation_id=operation,
    )  # fmt: skip


def test_a_class_is_cleared_and_who_owes_is_passed_over(before: Before) -> None:
    owing, free = before.readers["六（1）班"]
    check_out(library=before.library, patron=owing, item=before.items[0], at=JULY, by=BY)
    done = cleared(before, owing, free)
    assert done.kept == {owing.pk: "owes"}
    (row,) = Clearance.objects.filter(pk__in=done.done)
    assert (row.patron, row.number, row.class_label) == (free, "2027-0001", "六（1）班")
    free.refresh_from_db()
    assert free.left_on == ON
    assert free.cards.get().ended == "left"
    assert not free.memberships.filter(to_on=None).exists()
    with pytest.raises(Refused, match="reader_left"):
        check_out(library=before.library, patron=free, item=before.items[1], at=JULY, by=BY)
    check_in(library=before.library, item=before.items[0], at=JULY + timedelta(hours=1), by=BY)
    assert cleared(before, owing).kept == {}
    assert reconcile.run(library_code=before.library.code).is_clean


def test_undo_gives_back_what_the_account_was_granted(before: Before) -> None:
    """Who was cleared by mistake signs in as before; a grant changed since keeps its change."""
    reader, other = before.readers["六（1）班"]
    rows = []
    for place, (one, until) in enumerate([(reader, None), (reader, date(2028, 7, 1)), (other, None)]):
        account = one.account or create_account(
            username=f"helper{place}", display_name="小帮手", by=BY, at=JULY
        )
        if one.account is None:
            link_account(patron=one, account=account, by=BY, at=JULY)
            one.refresh_from_db()
        rows.append(Grant.objects.create(
            account=account, library=before.library, role=Role.objects.create(code=f"r{place}", name="r", permissions=[]),
            from_on=date(2026, 9, 1), to_on=until,
        ))  # fmt: skip
    done = cleared(before, reader, other)
    assert set(Grant.objects.values_list("to_on", flat=True)) == {ON}
    Grant.objects.filter(pk=rows[2].pk).update(to_on=date(2027, 7, 9))
    undo_clearance(done.batch, library=before.library, by=BY, at=JULY)
    assert [Grant.objects.get(pk=row.pk).to_on for row in rows] == [None, date(2028, 7, 1), date(2027, 7, 9)]


def test_the_same_operation_clears_once(before: Before) -> None:
    reader = before.readers["六（1）班"][0]
    first = cleared(before, reader, operation=UUID(int=7))
    assert cleared(before, reader, operation=UUID(int=7)) == first
    assert Clearance.objects.count() == 1


def test_who_left_before_is_cleared_when_everything_is_back(before: Before) -> None:
    reader = before.readers["六（1）班"][0]
    leave(patron=reader, on=ON - timedelta(days=3), by=BY, at=JULY)
    done = cleared(before, reader)
    assert len(done.done) == 1
    assert cleared(before, reader).kept == {reader.pk: "cleared_already"}
    undo_clearance(done.batch, library=before.library, by=BY, at=JULY)
    reader.refresh_from_db()
    assert reader.left_on == ON - timedelta(days=3)


def test_undo_passes_over_who_was_changed_since_and_gives_no_number_twice(before: Before) -> None:
    changed, free = before.readers["六（1）班"]
    done = cleared(before, changed, free)
    change_patron(patron=changed, name="顾言之", by=BY, at=JULY + timedelta(days=1))
    count, stays = undo_clearance(done.batch, library=before.library, by=BY, at=JULY + timedelta(days=2))
    assert (count, stays) == (1, ["顾言之"])
    free.refresh_from_db()
    assert (free.left_on, free.cards.get().to_at) == (None, None)
    assert free.memberships.get().to_on is None
    again = cleared(before, free)
    assert Clearance.objects.get(pk=again.done[0]).number == "2027-0003"
    assert reconcile.run(library_code=before.library.code).is_clean


def test_rooms_beside_add_what_they_know_without_being_known(
    before: Before, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = before.readers["六（1）班"][0]
    monkeypatch.setattr(dues, "_sources", dict(dues._sources))
    told = [dues.Due(reader.pk, "fee", "2027-15", ON, fen=500)]
    dues.register(dues.Source("fee", "未赔偿", lambda _library, keys: told if reader.pk in keys else []))  # type: ignore[arg-type]
    assert cleared(before, reader).kept == {reader.pk: "owes"}
    dues.register(dues.Source("fee", "未赔偿", lambda *_: told, binds=False))  # type: ignore[arg-type]
    assert cleared(before, reader).kept == {}


@pytest.mark.parametrize("keys", [[], list(range(1, 600))])
def test_nobody_and_too_many_are_refused(before: Before, keys: list[int]) -> None:
    with pytest.raises(Refused):
        clear(keys, library=before.library, reason="other", on=ON, by=BY, at=JULY)


def test_a_reader_of_another_school_is_not_touched(before: Before) -> None:
    other = school("z")
    stranger = other.readers["六（1）班"][0]
    assert cleared(before, stranger).done == ()
    stranger.refresh_from_db()
    assert stranger.left_on is None
    done = cleared(other, stranger)
    with pytest.raises(Refused, match="nothing_to_undo"):
        undo_clearance(done.batch, library=before.library, by=BY, at=JULY)
