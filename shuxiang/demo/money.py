"""Overdue volumes that were urged, volumes that were lost, the cash book and the service desk, for the demonstration."""

from datetime import datetime, timedelta

from shuxiang.cashbook.selectors import book_to
from shuxiang.cashbook.services import close_day, hand_over, receive
from shuxiang.common.actors import Actor
from shuxiang.common.clock import local_date
from shuxiang.compensation.services import (
    NewVolume,
    open_lost,
    pay,
    replace,
    take_over,
    turn_up,
    withdraw_settled,
)
from shuxiang.inquiries.services import Answered, answer, ask
from shuxiang.libraries.models import Library
from shuxiang.urging.selectors import Late, overdue
from shuxiang.urging.services import mark_urged

ASKED = (  # kind, who asks, what, answer, sources, minutes, fee
    (
        "reference",
        "五（1）班语文老师",
        "《西游记》有哪些适合五年级的版本？",
        "推荐三种，已放在教师借书架。",
        "馆藏目录 I242.4",
        15,
        0,
    ),
    ("search", "数学教研组", "检索“小学数学阅读”方面的文章", "复印 6 篇，附目录一份。", "期刊目录", 55, 240),
    ("delivery", "二（1）班班主任", "送 40 册绘本到班", "周三中午已送到，箱号 3。", "", 30, 0),
    ("copy", "来访家长", "复印《指导目录》两页", "已复印。", "", 5, 100),
)


def fill_money(library: Library, by: Actor, at: datetime) -> None:
    """Every class with overdue volumes was urged twice; three volumes were lost; the days before today are closed."""
    take_over(library=library, code="double", at=at - timedelta(days=60), by=by)
    today = local_date(at)
    groups = overdue(library, today)
    late = [row for group in groups for row in group.rows]
    for days, way in ((9, "slip"), (2, "wall")):
        then = at - timedelta(days=days)
        then_late = [row.loan.pk for row in late if row.loan.due_on < local_date(then)]
        if then_late:
            mark_urged(then_late, library=library, way=way, at=then, by=by)
    _lost(library, late[-3:], by, at)
    _service(library, by, at)
    yesterday = today - timedelta(days=1)
    book = book_to(library, yesterday)
    close_day(
        library=library, on=yesterday, counted_fen=max(0, book.book_fen), signed_by="馆员", at=at, by=by
    )


def _lost(library: Library, late: list[Late], by: Actor, at: datetime) -> None:
    """One paid for and withdrawn, one replaced by the same edition, one paid for and found again."""
    if len(late) < 3:
        return  # in the holidays nothing is overdue
    moment = at - timedelta(days=1, hours=2)
    paid, brought, found = (open_lost(row.loan, at=moment, by=by, current_fen=2000) for row in late)
    for case in (paid, found):
        pay(case, amount_fen=case.due_fen, payer="家长", at=moment + timedelta(minutes=5), by=by)
    replace(brought, NewVolume(), at=moment + timedelta(minutes=10), by=by)
    withdraw_settled(
        [paid.pk],
        library=library,
        approved_by="校长",
        document="赔偿注销 1",
        on=local_date(moment),
        at=moment + timedelta(minutes=20),
        by=by,
    )
    found.refresh_from_db()
    turn_up(found, refund_fen=found.paid_fen, at=moment + timedelta(minutes=30), by=by)


def _service(library: Library, by: Actor, at: datetime) -> None:
    moment = at - timedelta(days=1, hours=1)
    for number, (kind, asker, question, said, sources, minutes, fee) in enumerate(ASKED):
        when = moment + timedelta(minutes=number)
        inquiry = ask(library=library, kind=kind, asker=asker, question=question, at=when, by=by)
        answer(inquiry, Answered(said, sources, minutes, fee), at=when, by=by)
    ask(
        library=library,
        kind="reference",
        asker="四（1）班学生",
        question="哪里能找到恐龙的图画书？",
        at=at,
        by=by,
    )
    receive(
        library=library,
        kind="card",
        amount_fen=500,
        payer="六（1）班学生",
        words="补办借书证",
        at=moment,
        by=by,
    )
    hand_over(library=library, amount_fen=500, to="总务处", at=moment + timedelta(minutes=40), by=by)
