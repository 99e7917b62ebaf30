"""Cards are lost and replaced; a number is never given again. Blocks stop and end."""

from datetime import date

import pytest

from shuxiang.audit import reconcile
from shuxiang.common.decisions import Refused
from shuxiang.libraries.models import Library
from shuxiang.patrons import selectors
from shuxiang.patrons.models import Card, ClassMembership, Patron
from shuxiang.patrons.services import block, issue_card, leave, lift_block, report_card_lost
from shuxiang.patrons.tests.conftest import AT, BY, LATER, OCTOBER, TODAY, MakeClass, MakePatron


def test_a_lost_card_is_closed_and_a_new_one_keeps_the_history(make_patron: MakePatron, elm: Library) -> None:
    patron = make_patron()
    lost = report_card_lost(card=Card.objects.get(), by=BY, at=LATER)
    assert (lost.ended, selectors.open_card(patron)) == ("lost", None)
    new = issue_card(patron=patron, number="0777", by=BY, at=LATER)
    assert selectors.open_card(patron) == new
    found = selectors.find_card(elm, "0001")
    assert found is not None
    assert (found.patron, found.ended) == (patron, "lost")
    with pytest.raises(Refused) as refused:
        report_card_lost(card=lost, by=BY, at=LATER)
    assert refused.value.codes == ("card_closed_already",)


@pytest.mark.parametrize("number", ["0001", " ０００１ ", "]C00001"])
def test_a_number_is_never_given_to_somebody_else(number: str, make_patron: MakePatron) -> None:
    make_patron()
    other = make_patron("陆小满", "0002")
    with pytest.raises(Refused) as refused:
        issue_card(patron=other, number=number, by=BY, at=LATER)
    assert refused.value.codes == ("card_number_taken",)
    report_card_lost(card=Card.objects.get(number="0001"), by=BY, at=LATER)
    with pytest.raises(Refused) as refused:
        issue_card(patron=other, number=number, by=BY, at=LATER)
    assert refused.value.codes == ("card_number_used_before",)


def test_a_new_card_replaces_the_one_before(make_patron: MakePatron) -> None:
    patron = make_patron()
    issue_card(patron=patron, number="0002", by=BY, at=LATER)
    assert list(Card.objects.order_by("number").values_list("number", "ended")) == [
        ("0001", "replaced"),
        ("0002", ""),
    ]
    leave(patron=patron, on=OCTOBER, by=BY, at=LATER)
    patron.refresh_from_db()
    with pytest.raises(Refused) as refused:
        issue_card(patron=patron, number="0003", by=BY, at=LATER)
    assert refused.value.codes == ("patron_left_already",)


def test_the_same_number_in_two_schools_is_two_cards(
    make_patron: MakePatron, elm: Library, oak: Library
) -> None:
    mine, theirs = make_patron(), make_patron("鹭小白", "0001", library=oak)
    found = [selectors.find_card(library, "0001") for library in (elm, oak)]
    assert [card.patron if card else None for card in found] == [mine, theirs]
    make_patron("鹭小青", "0009", library=oak)
    assert selectors.find_card(elm, "0009") is None
    assert selectors.search(elm, "鹭") == []
    assert selectors.search(elm, "0009") == []


def test_zeros_in_front_are_part_of_the_number(make_patron: MakePatron, elm: Library) -> None:
    one, other = make_patron("苏小棠", "0001"), make_patron("陆小满", "1")
    found = [selectors.find_card(elm, number) for number in ("0001", "1", "01")]
    assert [card.patron if card else None for card in found] == [one, other, None]


def test_a_block_holds_through_its_day_or_until_lifted(make_patron: MakePatron) -> None:
    patron = make_patron()
    dated = block(patron=patron, reason="逾期两次", until_on=date(2026, 9, 15), by=BY, at=AT)
    open_ended = block(patron=patron, reason="图书污损", by=BY, at=AT)
    assert selectors.blocks_on(patron, date(2026, 9, 15)) == [dated, open_ended]
    assert selectors.blocks_on(patron, date(2026, 9, 16)) == [open_ended]
    lift_block(block=open_ended, by=BY, at=LATER)
    assert lift_block(block=open_ended, by=BY, at=AT).lifted_at == LATER
    assert selectors.blocks_on(patron, date(2026, 9, 16)) == []
    with pytest.raises(Refused) as refused:
        block(patron=patron, reason=" ", by=BY, at=AT)
    assert refused.value.codes == ("block_needs_reason",)


def test_rows_changed_behind_our_back_are_found(
    make_patron: MakePatron, make_class: MakeClass, oak: Library
) -> None:
    first, second = make_class("三甲"), make_class("三乙")
    patron = make_patron(school_class=first)
    found = {}

    def look(name: str) -> None:
        found[name] = sorted({difference.code for difference in reconcile.run("elm").differences})

    Patron.objects.update(left_on=OCTOBER)
    look("left")
    Patron.objects.update(left_on=None)
    Card.objects.create(library=patron.library, patron=patron, number="0002", from_at=AT)
    look("cards")
    Card.objects.filter(number="0002").delete()
    ClassMembership.objects.create(patron=patron, school_class=second, from_on=TODAY, to_on=OCTOBER)
    look("overlap")
    ClassMembership.objects.filter(school_class=second).delete()
    type(first).objects.filter(pk=first.pk).update(graduated_on=OCTOBER)
    look("graduated")
    type(first).objects.filter(pk=first.pk).update(graduated_on=None)
    ClassMembership.objects.update(school_class=make_class("三甲", oak))
    look("elsewhere")
    assert found == {
        "left": ["membership_of_left_patron", "open_card_of_left_patron"],
        "cards": ["several_open_cards"],
        "overlap": ["memberships_overlap"],
        "graduated": ["membership_after_graduation"],
        "elsewhere": ["membership_elsewhere"],
    }
    assert all(reconcile.describe(d) != d.code for d in reconcile.run().differences)
