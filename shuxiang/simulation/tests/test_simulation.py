"""A small simulated library is what the acts would have left, on both engines."""

import json
import random
from contextlib import closing
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from shuxiang.audit import reconcile
from shuxiang.audit.models import Operation
from shuxiang.catalogue.models import BibliographicRecord
from shuxiang.circulation.jobs import count_loans
from shuxiang.circulation.models import Loan, Renewal
from shuxiang.common.actors import Actor
from shuxiang.holdings.models import Holding, Item, Movement
from shuxiang.holdings.rules import sort_key
from shuxiang.holdings.search import search
from shuxiang.libraries.models import Library, SchoolClass
from shuxiang.patrons.models import Card, Patron
from shuxiang.simulation.fill import Made, NotEmpty, fill
from shuxiang.simulation.plan import Impossible, Size, Timeline
from shuxiang.simulation.words import drawn_facts, real_titles

AT = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
BY = Actor("tester", "cli")
SMALL = Size(titles=2700, items=5200, patrons=400, loans=3000, seed=7)

pytestmark = pytest.mark.django_db(transaction=True)


def make(size: Size = SMALL) -> Made:
    return fill(size, code="sim", name="模拟图书馆", by=BY, at=AT, say=lambda *_said: None)


def test_the_numbers_are_those_asked_for_and_everything_reconciles() -> None:
    made = make()
    assert (made.titles, sum(made.volumes.values()), made.patrons, made.loans) == (2700, 5200, 400, 3000)
    assert made.volumes["loan"] == made.out > made.overdue > 0
    assert made.volumes["withdrawn"] > 0 < made.volumes["missing"]
    outcome = reconcile.run()
    assert (outcome.differences, outcome.exceptions) == ((), ())
    connection.check_constraints()


def test_somebody_who_has_the_database_open_is_no_hindrance() -> None:
    with closing(connection.copy()) as other:
        assert _loans_seen_by(other) == 0
        made = make()
        assert _loans_seen_by(other) == made.loans > 0
    assert reconcile.run().differences == ()


def _loans_seen_by(other: BaseDatabaseWrapper) -> int:
    with other.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM circulation_loan")
        return int(cursor.fetchone()[0])


def test_pages_find_what_was_made() -> None:
    make()
    library = Library.objects.get(code="sim")
    drawn = BibliographicRecord.objects.order_by("-pk")[0]
    assert search(drawn.title, library=library).records[0].title == drawn.title
    assert search(drawn.isbn, library=library).ids == (drawn.pk,)
    holding = Holding.objects.get(record=drawn)
    assert holding.call_number_sort == (sort_key(holding.call_number) if holding.call_number else "")
    assert count_loans(on=date(2026, 11, 20)) == 0  # as often lent as the nightly count would say


def test_a_loan_says_what_was_true_then() -> None:
    make()
    loans = Loan.objects.filter(patron_kind="pupil").select_related("patron", "school_class", "item__holding")
    loan = loans.filter(out_on__lt=date(2025, 8, 1)).first()
    assert loan is not None and loan.school_class is not None and loan.grade is not None
    assert loan.grade == (loan.out_on.year - (loan.out_on.month < 9)) - loan.school_class.entry_year + 1
    assert loan.class_label.startswith("一二三四五六"[loan.grade - 1])
    assert loan.clc == loan.item.holding.clc if loan.item else False
    act = Operation.objects.filter(action="circulation.check_out", library_code="sim").order_by("-at")[0]
    assert act.at.date() >= date(2026, 9, 1)  # acts of the running year have their own operation
    assert Loan.objects.get(pk=act.result["loan"]).out_operation_id == act.pk
    assert Renewal.objects.exists()


def test_who_left_school_has_no_open_card_and_borrows_no_more() -> None:
    make()
    left = Patron.objects.filter(left_on__isnull=False)
    assert left.exists()
    assert not Card.objects.filter(patron__in=left, to_at__isnull=True).exists()
    assert not Loan.objects.filter(patron__in=left, out_on__gt=date(2026, 7, 3)).exists()
    assert SchoolClass.objects.filter(graduated_on__isnull=False).exists()


def test_the_same_seed_makes_the_same_library() -> None:
    make()
    first = _picture()
    _empty()
    make()
    assert _picture() == first


def test_another_seed_makes_another_library() -> None:
    make()
    first = _picture()
    _empty()
    make(Size(SMALL.titles, SMALL.items, SMALL.patrons, SMALL.loans, seed=8))
    assert _picture() != first


def _picture() -> str:
    """Everything that pages show, without the keys of what acts made."""
    tables = (
        BibliographicRecord.objects.order_by("pk").values_list(
            "title", "authors", "isbn", "uuid", "title_pinyin"
        ),
        Holding.objects.order_by("pk").values_list("call_number", "on_shelf", "times_lent"),
        Item.objects.order_by("pk").values_list("holding_id", "account", "copy_number", "uuid"),
        Patron.objects.order_by("pk").values_list("name", "joined_on", "left_on"),
        Loan.objects.order_by("pk").values_list(
            "patron_id", "item_id", "out_at", "in_at", "due_on", "class_label"
        ),
        Movement.objects.order_by("item_id", "pk").values_list("source", "target", "at"),
    )
    return json.dumps([list(rows) for rows in tables], default=str)


def _empty() -> None:
    call_command("flush", interactive=False, verbosity=0)


def test_an_installation_with_a_library_is_left_alone() -> None:
    Library.objects.create(code="own", name="真的图书馆", kind="primary", created_at=AT)
    with pytest.raises(NotEmpty, match="own"):
        make()
    assert not BibliographicRecord.objects.exists()


def test_what_cannot_be_leaves_nothing_behind() -> None:
    with pytest.raises(Impossible, match="too_many_loans"):
        make(Size(titles=30, items=30, patrons=20, loans=50_000, seed=1))
    assert not Library.objects.exists()
    indexes = connection.introspection.get_constraints(connection.cursor(), "holdings_item")
    assert "item_account" in indexes
    with pytest.raises(Impossible, match="fewer_items"):
        make(Size(titles=30, items=20, patrons=20, loans=0, seed=1))


def test_a_library_of_one_title_and_one_without_readers_can_be_made() -> None:
    assert make(Size(titles=1, items=3, patrons=0, loans=0, seed=1)).volumes == {"shelf": 3}
    assert reconcile.run().differences == ()


def test_real_titles_of_a_table_come_first(tmp_path: Path) -> None:
    table = tmp_path / "titles.csv"
    table.write_text("书名,作者,ISBN,分类号\n草房子,曹文轩著,9787534618727,I287.45\n", encoding="utf-8")
    make(Size(titles=5, items=5, patrons=1, loans=0, seed=1, path=table))
    record = BibliographicRecord.objects.get(pk=1)
    assert (record.title, record.isbn13, record.clc_main) == ("草房子", "9787534618727", "I")


def test_a_larger_library_has_citizens_besides_its_pupils() -> None:
    make(Size(titles=10, items=10, patrons=8000, loans=0, seed=1))
    assert Patron.objects.filter(category__kind="citizen").count() > 0
    assert reconcile.run().differences == ()


def test_terms_are_those_of_the_school_year() -> None:
    timeline = Timeline.until(date(2026, 8, 31))
    assert (timeline.year, timeline.founded_on) == (2025, date(2018, 9, 1))
    deliveries = timeline.deliveries(100)
    assert (deliveries[0].first, deliveries[-1].last) == (0, 100)
    assert all(one.last == other.first for one, other in pairwise(deliveries))


def test_titles_that_are_made_up_share_the_classes_of_real_ones() -> None:
    facts = drawn_facts(random.Random(1), 400)  # noqa: S311
    assert len({one.clc for one in facts}) > 50
    assert sum(one.price_fen is None for one in facts) == 9
    assert len(real_titles(None)) > 2_400
