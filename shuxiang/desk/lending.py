"""What the page of lending leads to: all that is done with readers, classes and loans beside the desk itself."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuxiang.desk.parts import Group, Part

GROUPS = (
    Group(
        _("Every day"),
        (
            Part(
                "desk:readers",
                _("Readers"),
                _("Find one, add one, move to another class; lost cards and new numbers."),
                "patrons.view",
                scoped=True,
            ),
            Part(
                "desk:returns",
                _("Return a pile"),
                _("Scan volume after volume; what was odd is listed at the end."),
                "desk.lend",
                scoped=True,
            ),
            Part(
                "desk:in_room",
                _("Reading in the room"),
                _("Count what is read at the tables; the list of what is not back at closing."),
                "desk.lend",
            ),
            Part(
                "desk:back_dated",
                _("Enter afterwards"),
                _("A loan or return of a day that has passed, with the reason kept."),
                "desk.override",
            ),
            Part(
                "desk:holds",
                _("Holds and pick-up shelf"),
                _("Who waits for what, what is kept for whom until when, what must go back."),
                "desk.lend",
                scoped=True,
            ),
            Part(
                "desk:recalls",
                _("Recalls"),
                _("Call loans in before a holiday, or because others wait; slips for the classes."),
                "desk.override",
            ),
            Part(
                "desk:blocks",
                _("Borrowing stopped"),
                _("Who cannot borrow for now, why, and until when."),
                "patrons.edit",
            ),
            Part(
                "desk:kept",
                _("To be looked at after an interruption"),
                _("What was scanned while the server was away and the books would not take."),
                "desk.override",
            ),
            Part(
                "desk:certificate",
                _("Certificate for other desks"),
                _("Let other computers, tablets and telephones reach the library safely."),
                "desk.lend",
                scoped=True,
            ),
        ),
    ),
    Group(
        pgettext_lazy("school", "Classes"),
        (
            Part(
                "desk:classes",
                _("Class desk"),
                _("A whole class in one break: choose who stands there, scan, without cards."),
                "desk.lend",
                scoped=True,
            ),
            Part(
                "desk:boxes",
                _("Class boxes and delivery rounds"),
                _(
                    "Forty volumes to a class or a subject group for a term; the slip, the pile that comes back."
                ),
                "desk.override",
            ),
            Part(
                "desk:corners",
                _("Class corners"),
                _("The corner of each class: its register, exchange, the check at the end of a term."),
                "desk.lend",
                scoped=True,
            ),
            Part(
                "desk:papers",
                _("Paper registers"),
                _("Print a class's register, and type it in afterwards on one grid."),
                "desk.override",
            ),
            Part(
                "desk:drifts",
                _("Drifting books"),
                _("Their cards, the hands they came into, what readers wrote."),
                "desk.override",
            ),
            Part(
                "desk:codes",
                _("Picture codes"),
                _("Four pictures for children without a card: who has them, new ones, cards to cut out."),
                "patrons.codes",
                scoped=True,
            ),
            Part(
                "desk:rotation",
                _("Rotation table"),
                _("Which class uses which room when: edit it, fill it, print the poster."),
                "libraries.edit",
            ),
            Part(
                "desk:lessons",
                _("Reading lessons"),
                _("The lessons of the week from the table: who was there, what was read."),
                "patrons.view",
                scoped=True,
            ),
            Part(
                "desk:slips",
                _("Slips for the class teachers"),
                _("Overdue, lost, never borrowed: a page for each class."),
                "patrons.view",
                scoped=True,
            ),
            Part(
                "desk:scores",
                _("Score sheet of the classes"),
                _("Points by figures of your choice and by hand; ranking to print."),
                "libraries.edit",
            ),
        ),
    ),
    Group(
        _("Overdue and money"),
        (
            Part(
                "desk:urging",
                _("Overdue and urging"),
                _(
                    "Who is late in which class, how often it was said; slips, the list for the wall, messages."
                ),
                "patrons.view",
                scoped=True,
            ),
            Part(
                "desk:compensation",
                _("Compensation"),
                _(
                    "Lost and damaged volumes: what is due and why, receipts, the same edition, waivers, found again."
                ),
                "cash.keep",
            ),
            Part(
                "desk:cash",
                _("Cash book"),
                _("Receipts and refunds with numbers, the closing of the day, the month as a file."),
                "cash.keep",
            ),
            Part(
                "desk:inquiries",
                _("Service desk"),
                _("Questions, searches, copies, deliveries: who asked, what was answered, how long it took."),
                "patrons.view",
            ),
        ),
    ),
    Group(
        _("Pupil librarians and visits"),
        (
            Part(
                "desk:helpers_mine",
                _("My duty"),
                _("For pupil librarians: when is my turn, and where do I begin."),
                "desk.lend",
                scoped=True,
            ),
            Part(
                "desk:helpers",
                _("Pupil librarians"),
                _("Proposed, appointed, trained, on the roster, counted, thanked."),
                "patrons.edit",
            ),
            Part(
                "desk:visits",
                _("Visits"),
                _("Who came when: by hour, room and class; gate counter, registers, visitors' book."),
                "patrons.edit",
            ),
            Part(
                "desk:visits_doors",
                _("Door and counter key"),
                _("The page for the scanner at the door, and a key that counts."),
                "desk.lend",
                scoped=True,
            ),
        ),
    ),
    Group(
        _("Rules"),
        (
            Part(
                "desk:policies",
                _("Lending rules"),
                _("How many, how long, how often renewed: the whole table in words, and a box to try it."),
                "circulation.policy",
            ),
            Part(
                "desk:vacations",
                _("Holiday lending"),
                _("Days before the holidays with limits and a due day of their own."),
                "circulation.policy",
            ),
            Part(
                "desk:compensation_rules",
                _("Rules of compensation"),
                _("Which price times what for which book and damage: the table, and a box to try it."),
                "circulation.policy",
            ),
            Part(
                "desk:outbox",
                _("Outbox and sender"),
                _("Messages that wait or went; the mail server, if there is one."),
                "libraries.edit",
            ),
            Part(
                "desk:kiosks",
                _("Self-service machines"),
                _("Where children borrow and give back by themselves, and what readers see of themselves."),
                "libraries.edit",
            ),
            Part(
                "desk:opening",
                _("Rooms and opening hours"),
                _("Rooms with seats, weekly hours, holidays and make-up days, terms."),
                "libraries.edit",
            ),
        ),
    ),
    Group(
        _("School year"),
        (
            Part(
                "desk:year",
                _("Opening of the school year"),
                _(
                    "New pupils, graduates, merged and split classes: shown first, done in one run, taken back."
                ),
                "patrons.import",
            ),
            Part(
                "desk:clearance",
                _("Clearance"),
                _("Who leaves returns everything: list, stamp sheet, certificate, cards ended."),
                "patrons.edit",
            ),
        ),
    ),
)
PARTS = tuple(part for group in GROUPS for part in group.parts)
PERMISSIONS = tuple(sorted({part.permission for part in PARTS}))
