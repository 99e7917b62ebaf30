"""What is owed and asked in a school: a case of compensation, a receipt, a request, who was urged, a message."""

from dataclasses import dataclass
from datetime import UTC, datetime

from shuxiang.cashbook.models import CashEntry
from shuxiang.cashbook.services import receive
from shuxiang.circulation.models import Loan
from shuxiang.common.actors import Actor
from shuxiang.compensation.models import Case
from shuxiang.compensation.services import open_damaged
from shuxiang.inquiries.models import Inquiry
from shuxiang.inquiries.services import ask
from shuxiang.libraries.models import Library, SchoolClass
from shuxiang.outbox.models import Message
from shuxiang.outbox.services import SenderValues, choose_sender, queue_message
from shuxiang.urging.models import Contact, Round
from shuxiang.urging.services import mark_urged, save_contact

AT = datetime(2026, 11, 10, 3, 30, tzinfo=UTC)  # the loan of each school is overdue by then
BY = Actor("tests", "system")


@dataclass(frozen=True)
class Owing:
    """One of each, with the names of acts that stand in addresses."""

    case: Case
    entry: CashEntry
    inquiry: Inquiry
    round: Round
    contact: Contact
    message: Message
    pay: str = "pay"
    drop: str = "drop"
    cancel: str = "cancel"


def owing(library: Library, loan: Loan, school_class: SchoolClass, word: str) -> Owing:
    """Every name begins with `word`."""
    assert loan.item is not None
    values = SenderValues("smtp", "127.0.0.1", 1, "plain", "", "tushuguan@example.com")
    choose_sender(library=library, values=values, at=AT, by=BY)
    return Owing(
        open_damaged(
            loan.item, severity="heavy", patron=loan.patron, loan=loan, current_fen=1000, note=word, at=AT, by=BY
        ),
        receive(
            library=library, kind="card", amount_fen=500, payer=f"{word}家长", words=f"{word}补证", at=AT, by=BY
        ),
        ask(
            library=library, kind="search", question=f"{word}的资料", asker=f"{word}老师", at=AT, by=BY
        ),
        mark_urged([loan.pk], library=library, way="slip", note=word, at=AT, by=BY),
        save_contact(
            library=library, of=school_class, name=f"{word}班主任", address="laoshi@example.com", at=AT, by=BY
        ),
        queue_message(
            library=library, to_address="laoshi@example.com", to_name=word, subject=word, body=word, at=AT, by=BY
        ),
    )  # fmt: skip
