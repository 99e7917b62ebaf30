"""The cast of the tests that belong to no single room: two small schools, and one account for every role.

Built through services, so that no test stands on a state that no act can reach. Every name in school B starts with
the same invented word: where it shows up on a page of school A, something leaked.
"""

import io
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property

from shuxiang.accounts import shipped
from shuxiang.accounts.devicemodels import Kiosk
from shuxiang.accounts.models import Account, Role
from shuxiang.accounts.services import KioskValues, create_account, grant, save_kiosk
from shuxiang.audit import jobs
from shuxiang.audit.models import Job
from shuxiang.catalogue.models import BibliographicRecord
from shuxiang.catalogue.services import RecordValues, save_record
from shuxiang.circulation.keptmodels import KeptAct
from shuxiang.circulation.models import Loan
from shuxiang.circulation.services import check_out, default_policies
from shuxiang.common import clock
from shuxiang.common.actors import Actor
from shuxiang.holdings.models import Item
from shuxiang.holdings.services import add_items, draft_batch, hold, post_batch
from shuxiang.imports import services as imports
from shuxiang.imports.models import Draft, Run
from shuxiang.libraries.models import Library, SchoolClass
from shuxiang.libraries.services import create_library, find_or_open
from shuxiang.patrons.models import Patron
from shuxiang.patrons.services import add_patron, default_categories
from shuxiang.printing.models import LabelSheet, Printer, PrintRun
from shuxiang.printing.services import prepare_run, save_printer, save_sheet
from shuxiang.printing.sheets import SHIPPED
from shuxiang.reports.ledgers.serving import write_later
from tests.cornered import Cornered, furnish
from tests.counted import Counted, count
from tests.interrupted import interrupted
from tests.owing import Owing, owing
from tests.readingroom import ReadingRoom, reading_room
from tests.stockroom import StockRoom, stock_room
from tests.turns import Turns, turns
from tests.waiting import Waiting, waiting

CANARY = "鹭鸶"
SCHOOL_YEAR = "2026-2027"
JOINED_ON = date(2026, 9, 1)
START = datetime(2026, 9, 1, 0, 0, tzinfo=UTC)
LENT_AT = datetime(2026, 10, 15, 3, 30, tzinfo=UTC)  # a Thursday, half past eleven in China
BY = Actor("tests", "system")


@dataclass(frozen=True)
class School:
    """One of the two: a class, a pupil in it, a title that only this school holds, one volume of it, lent to the pupil;
    a list that is tried and one that was imported; a label to be printed, a sheet and a printer of its own; its total
    register in a file; a self-service machine."""

    library: Library
    school_class: SchoolClass
    patron: Patron
    record: BibliographicRecord
    item: Item
    loan: Loan
    draft: Draft
    run: Run
    print_run: PrintRun
    label_sheet: LabelSheet
    printer: Printer
    stock: StockRoom
    counted: Counted
    ledger_job: Job
    kiosk: Kiosk
    cornered: Cornered
    reading: ReadingRoom
    label_kind: str = "spine"
    figure: str = "circulation.loans_per_pupil"  # every school has it, and every class
    ledger_code: str = "ledger.loans"

    @cached_property
    def owing(self) -> Owing:
        """A case, a receipt, a request, a reminder: made when a test first asks."""
        return owing(self.library, self.loan, self.school_class, self.library.name[:2])

    @cached_property
    def waiting(self) -> Waiting:
        """A hold, a recall, a summer and a block: made when a test first asks, as they change what others stand on."""
        return waiting(self.library, self.loan, self.patron.name)

    @cached_property
    def turns(self) -> Turns:
        """A year to be opened, a clearance and a pupil librarian: made when a test first asks."""
        word = self.patron.name.removesuffix("小朋友")
        return turns(self.library, self.school_class, word, on=JOINED_ON, by=BY, at=START)

    @cached_property
    def kept(self) -> KeptAct:
        """A scan that somebody has to look at, made when a test first asks."""
        return interrupted(self.library, self.patron)


@dataclass(frozen=True)
class Cast:
    """Both schools, and school A's accounts by role code."""

    a: School
    b: School
    accounts: dict[str, Account]


def found(code: str, word: str) -> School:
    """A primary school; every name in it begins with `word`."""
    library = create_library(code=code, name=f"{word}小学", kind="primary", by=BY, at=START)
    category = default_categories(library)["pupil"]
    default_policies(library=library, at=START, by=BY)
    school_class = find_or_open(library=library, label="三（1）班", school_year=SCHOOL_YEAR, by=BY, at=START)
    patron = add_patron(
        library=library,
        name=f"{word}小朋友",
        category=category,
        card_number=f"{code}0001".upper(),
        on=JOINED_ON,
        by=BY,
        at=START,
        school_class=school_class,
    )
    record, item = buy(library, f"{word}的故事")
    loan = check_out(library=library, patron=patron, item=item, at=LENT_AT, by=BY)
    return School(
        library,
        school_class,
        patron,
        record,
        item,
        loan,
        bring(library, word),
        bring_in(library, word),
        *print_room(library, item, word),
        stock_room(library, word, by=BY, at=START),
        count(library, item, word, by=BY, at=START),
        written_ledger(library),
        save_kiosk(library=library, values=KioskValues(f"{word}借还机"), row=None, by=BY, at=START),
        furnish(school_class, patron, item, word, by=BY, at=START),
        reading_room(library, school_class, word, by=BY, start=START, at=LENT_AT),
    )


def written_ledger(library: Library) -> Job:
    """The total register of the year as an Excel file."""
    job = write_later(
        library=library, code="ledger.total", period="2026", form="xlsx", with_names=True, by=BY
    )
    jobs.run_pending()
    job.refresh_from_db()
    return job


def print_room(library: Library, item: Item, word: str) -> tuple[PrintRun, LabelSheet, Printer]:
    """A spine label that waits to be printed, a sheet that only this school has, its printer."""
    run = prepare_run(
        library=library, kind="spine", subjects=[item.pk], options={}, source={"by": "list", "listed": 1}, by=BY, at=START
    )  # fmt: skip
    sheet = save_sheet(SHIPPED[0], name=f"{word}标签纸", row=None, library=library, by=BY, at=START)
    return run, sheet, save_printer(name=f"{word}打印机", row=None, library=library, by=BY, at=START)


def bring(library: Library, word: str) -> Draft:
    """A list of one reader, tried and not entered."""
    content = io.BytesIO(f"借书证号,姓名\n110101200001010017,{word}同学\n".encode())
    kinds = ("books", "patrons", "loans")
    draft = imports.bring(content, name=f"{word}.csv", library=library, kinds=kinds, by=BY, at=START)
    jobs.run_pending()
    draft.refresh_from_db()
    return draft


def bring_in(library: Library, word: str) -> Run:
    """An import whose only row was refused: a card may not be the number of an identity card."""
    draft = bring(library, word)
    run = imports.start(draft, shown_round=draft.round, by=BY, at=clock.now())
    jobs.run_pending()
    run.refresh_from_db()
    return run


def buy(library: Library, title: str) -> tuple[BibliographicRecord, Item]:
    """A title with one posted volume."""
    record = save_record(record=None, values=RecordValues(title=title), library=library, by=BY, at=START)
    holding = hold(library=library, record=record, clc="I287.7", by=BY, at=START)
    batch = draft_batch(library=library, source="purchase", received_on=JOINED_ON, by=BY, at=START)
    add_items(batch=batch, holding=holding, copies=1, list_price_fen=2580, by=BY, at=START)
    post_batch(batch, by=BY, at=START, on=JOINED_ON)
    return record, Item.objects.get(holding=holding)


def cast() -> Cast:
    """Both schools and everybody in them."""
    shipped.install(Role)
    a, b = found("a", "榆树"), found("b", CANARY)
    accounts = {}
    for role in shipped.ROLES:
        account = create_account(username=role.replace("_", "-"), display_name=role, by=BY, at=START)
        only_class = a.school_class if role == "class_teacher" else None
        grant(
            account=account,
            role=role,
            library=a.library,
            school_class=only_class,
            from_on=date(2026, 1, 1),
            by=BY,
            at=START,
        )
        accounts[role] = account
    return Cast(a, b, accounts)
