"""Closing a year: the balance is that of the raw movements, the year is locked, corrections are new entries."""

from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.db import transaction

from shuxiang.audit import reconcile
from shuxiang.common.decisions import Refused
from shuxiang.holdings.models import AccessionBatch, Item, Movement
from shuxiang.holdings.rules import ON_BOOKS
from shuxiang.holdings.services import (
    ensure_location,
    mark_missing,
    post_batch,
    put_aside,
    reverse_batch,
    transfer,
    withdraw,
)
from shuxiang.holdings.services.balance import NAMES, Account, accounts
from shuxiang.holdings.services.closing import close_year, next_year, resume_closings
from shuxiang.holdings.services.restoring import restore
from shuxiang.holdings.services.totals import Totals
from shuxiang.holdings.tests.builders import BY, School
from shuxiang.holdings.years import ALL, YearBalance, YearClosing
from shuxiang.libraries.models import Library


def day(text: str) -> date:
    return date.fromisoformat(text)


def noon(text: str) -> datetime:
    return datetime.combine(day(text), datetime.min.time(), UTC).replace(hour=4)


NEW_YEAR = noon("2027-01-08")


def enter(school: School, on: str, *rows: tuple[str, str, int, int | None]) -> AccessionBatch:
    """A batch of (title, class, copies, price in fen), posted on a day."""
    batch = school.draft()
    for title, clc, copies, price in rows:
        holdings = school.library.holdings.filter(record__title=title)
        school.add(batch, holdings.first() or school.hold(title, clc=clc, clc_main=clc[:1]), copies, price)
    return post_batch(batch, by=BY, at=noon(on), on=day(on))


def strike(items: list[Item], on: str, reason: str = "worn") -> None:
    withdraw(items, reason=reason, by=BY, at=noon(on), on=day(on), approved_by="校长")


def items_of(batch: AccessionBatch, count: int | None = None) -> list[Item]:
    return list(Item.objects.filter(property_line__batch=batch).order_by("pk")[:count])


def recounted(library: Library, first: date, last: date) -> dict[str, Account]:
    """The accounts by going through every movement, one after the other: nothing of the program's sums is used."""
    stock: dict[str, dict[int, tuple[int, int | None]]] = defaultdict(dict)
    before: dict[str, dict[int, tuple[int, int | None]]] | None = None
    flows: dict[str, dict[str, list[int]]] = defaultdict(lambda: {"added": [0, 0, 0], "withdrawn": [0, 0, 0]})
    fresh: dict[str, set[int]] = defaultdict(set)
    moves = Movement.objects.filter(library=library, item__property_line__isnull=False)
    for move in sorted(
        moves.select_related("item__holding", "item__property_line"), key=lambda m: (m.on, m.pk)
    ):
        if move.on > last:
            break
        if move.on >= first and before is None:
            before = {key: dict(held) for key, held in stock.items()}
        comes, goes = move.source not in ON_BOOKS, move.target not in ON_BOOKS
        line = move.item.property_line
        for key in (line.clc_main, ALL):
            if comes and not goes:
                stock[key][move.item_id] = (move.item.holding.record_id, line.list_price_fen)
            elif goes and not comes:
                del stock[key][move.item_id]
            if comes == goes or move.on < first:
                continue
            is_entry = comes and move.source == "draft"
            sign, flow = (1, "added") if is_entry else (-1 if comes else 1, "withdrawn")
            price = line.list_price_fen
            for n, value in enumerate((1, price or 0, int(price is None))):
                flows[key][flow][n] += sign * value
            if is_entry:
                fresh[key].add(move.item.holding.record_id)
    before = before if before is not None else {key: dict(held) for key, held in stock.items()}

    def totals(held: dict[int, tuple[int, int | None]]) -> Totals:
        prices = [price for _record, price in held.values()]
        titles = len({record for record, _price in held.values()})
        return Totals(titles, len(held), sum(p or 0 for p in prices), prices.count(None))

    found = {}
    for key in {*before, *stock, *flows, ALL}:
        start, end = totals(before.get(key, {})), totals(stock.get(key, {}))
        had = {record for record, _price in before.get(key, {}).values()}
        new = len(fresh[key] - had)
        added, withdrawn = flows[key]["added"], flows[key]["withdrawn"]
        account = Account(start, Totals(new, *added), Totals(start.titles + new - end.titles, *withdrawn))
        assert account.after == end
        found[key] = account
    return found


def nonempty(found: dict[str, Account]) -> dict[str, Account]:
    return {key: account for key, account in found.items() if not account.is_empty}


@pytest.fixture
def filled(school: School) -> School:
    """Two years of entries, withdrawals, a reversal of each kind; one title twice, one price unknown."""
    enter(school, "2025-03-03", ("西游记", "I242.4", 3, 2000), ("词典", "H163", 1, None))
    first = enter(school, "2025-09-01", ("西游记", "I242.4", 2, 2200), ("昆虫记", "Q96", 2, 1800))
    strike(items_of(first, 3), "2025-11-11")
    wrong = enter(school, "2026-02-02", ("写错的书", "Z1", 2, 900))
    reverse_batch(wrong, by=BY, at=noon("2026-02-03"), on=day("2026-02-03"))
    enter(school, "2026-03-01", ("昆虫记", "Q96", 1, 1800), ("宇宙", "P1", 4, 3000))
    again = enter(school, "2026-05-01", ("海洋", "P7", 2, 1000))
    strike(items_of(again), "2026-06-01", "lost")
    restore(
        items_of(again)[0].property_line.withdrawal_line.withdrawal,
        by=BY,
        at=noon("2026-06-10"),
        on=day("2026-06-10"),
    )
    return school


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2025-01-01", "2025-12-31"),
        ("2026-01-01", "2026-12-31"),
        ("2025-09-02", "2026-06-05"),
        ("2026-06-02", "2026-06-30"),
        ("2020-01-01", "2020-12-31"),
    ],
)
def test_the_accounts_of_any_period_are_those_of_the_raw_movements(
    filled: School, first: str, last: str
) -> None:
    found = accounts(filled.library, day(first), day(last))
    assert nonempty(found) == nonempty(recounted(filled.library, day(first), day(last)))


def test_the_next_year_opens_with_what_the_closed_one_held(filled: School) -> None:
    closed = [close_year(filled.library, year, by=BY, at=NEW_YEAR) for year in (2025, 2026)]
    assert [one.state for one in closed] == ["closed", "closed"]
    for one in closed:
        first, last = date(one.year, 1, 1), date(one.year, 12, 31)
        wanted = recounted(filled.library, first, last)
        rows = {row.clc_main: row for row in YearBalance.objects.filter(closing=one)}
        assert rows.keys() - {ALL} == nonempty(wanted).keys() - {ALL}
        for main, row in rows.items():
            for part in ("before", "added", "withdrawn", "after"):
                written = Totals(*(getattr(row, f"{part}_{name}") for name in NAMES))
                assert written == getattr(wanted[main], part), (one.year, main, part)
    assert accounts(filled.library, day("2027-01-01"), day("2027-12-31"))[ALL].before == wanted[ALL].after
    assert reconcile.run(filled.library.code).differences == ()


def act_post(school: School) -> None:
    batch = school.draft()
    school.add(batch, school.hold("新书"), 1)
    post_batch(batch, by=BY, at=NEW_YEAR, on=day("2026-12-31"))


def act_reverse(school: School) -> None:
    reverse_batch(school.library.accession_batches.get(number=1), by=BY, at=NEW_YEAR, on=day("2026-12-31"))


def act_restore(school: School) -> None:
    worn = school.library.withdrawals.get(reason="worn")
    restore(worn, by=BY, at=NEW_YEAR, on=day("2026-12-31"))


def one_item(school: School) -> Item:
    return Item.objects.filter(library=school.library, account="shelf")[0]


ACTS: dict[str, Callable[[School], object]] = {
    "post": act_post,
    "reverse": act_reverse,
    "restore": act_restore,
    "withdraw": lambda school: strike([one_item(school)], "2026-12-31"),
    "missing": lambda school: mark_missing(one_item(school), by=BY, at=NEW_YEAR, on=day("2026-12-31")),
    "aside": lambda school: put_aside(
        one_item(school), target="mending", by=BY, at=NEW_YEAR, on=day("2026-12-31")
    ),
    "transfer": lambda school: transfer(
        [one_item(school)],
        to=ensure_location(school.library, "B架"),
        by=BY,
        at=NEW_YEAR,
        on=day("2026-12-31"),
    ),
}


@pytest.mark.parametrize("name", ACTS)
def test_every_act_dated_in_a_closed_year_is_refused_and_changes_nothing(filled: School, name: str) -> None:
    for year in (2025, 2026):
        close_year(filled.library, year, by=BY, at=NEW_YEAR)
    before = (Movement.objects.count(), filled.library.withdrawals.count())
    with pytest.raises(Refused) as refusal, transaction.atomic():
        ACTS[name](filled)
    (reason,) = refusal.value.decision.refused
    assert (reason.code, reason.params["year"], reason.params["following"]) == ("year_closed", 2026, 2027)
    assert (Movement.objects.count(), filled.library.withdrawals.count()) == before
    assert reconcile.run(filled.library.code).differences == ()


def test_what_was_wrong_in_a_closed_year_is_put_right_in_the_open_one(filled: School) -> None:
    close_year(filled.library, 2025, by=BY, at=NEW_YEAR)
    wrong = filled.library.accession_batches.get(number=1)
    result = reverse_batch(wrong, by=BY, at=NEW_YEAR, on=day("2027-01-08"))
    assert result.reversed == 4
    assert reconcile.run(filled.library.code).differences == ()


@pytest.mark.parametrize(
    ("closed", "year", "code"),
    [
        ((), 2027, "year_not_over"),
        ((), 2024, "year_without_entry"),
        ((2025,), 2025, "year_is_closed"),
        ((2025, 2026), 2025, "year_is_closed"),
        ((2025,), 2027, "year_not_over"),
    ],
)
def test_a_year_that_cannot_be_closed_says_why(
    filled: School, closed: tuple[int, ...], year: int, code: str
) -> None:
    for each in closed:
        close_year(filled.library, each, by=BY, at=NEW_YEAR)
    with pytest.raises(Refused) as refusal:
        close_year(filled.library, year, by=BY, at=NEW_YEAR)
    assert [reason.code for reason in refusal.value.decision.refused] == [code]
    assert YearClosing.objects.count() == len(closed)


def test_years_are_closed_in_turn(filled: School) -> None:
    close_year(filled.library, 2025, by=BY, at=noon("2028-01-03"))
    with pytest.raises(Refused) as refusal:
        close_year(filled.library, 2027, by=BY, at=noon("2028-01-03"))
    assert [reason.code for reason in refusal.value.decision.refused] == ["year_out_of_turn"]
    assert next_year(filled.library, day("2028-01-03")) == 2026


def test_closing_twice_under_one_operation_id_closes_once(filled: School) -> None:
    first = close_year(filled.library, 2025, by=BY, at=NEW_YEAR)
    again = close_year(filled.library, 2025, by=BY, at=NEW_YEAR, operation_id=first.operation_id)
    assert again == first
    assert YearClosing.objects.count() == 1


class PowerCut(Exception):
    pass


def test_a_closing_that_is_cut_off_stays_locked_and_is_finished_at_the_next_start(filled: School) -> None:
    def cut(done: int, _all: int) -> None:
        if done == 2:
            raise PowerCut

    with pytest.raises(PowerCut):
        close_year(filled.library, 2025, by=BY, at=NEW_YEAR, progress=cut)
    outcome = reconcile.run(filled.library.code)
    assert outcome.differences == ()
    assert [each.code for each in outcome.exceptions] == ["year_unfinished_yet"]
    with pytest.raises(Refused):
        strike([one_item(filled)], "2025-12-30")
    (finished,) = resume_closings(by=BY, at=NEW_YEAR)
    assert (finished.year, finished.state) == (2025, "closed")
    assert finished.balances.get(clc_main=ALL).after_volumes == 5
    assert resume_closings(by=BY, at=NEW_YEAR) == []


def test_an_entry_that_found_its_way_into_a_closed_year_is_named(filled: School) -> None:
    close_year(filled.library, 2025, by=BY, at=NEW_YEAR)
    line = filled.library.property_lines.get(batch__number=1, list_price_fen=None)
    line.list_price_fen = 1234
    line.save()
    found = {
        (each.code, each.params["what"])
        for each in reconcile.run(filled.library.code).differences
        if each.check == "holdings.years"
    }
    assert found == {("year_changed_since", "amount_fen"), ("year_changed_since", "unknown_prices")}
