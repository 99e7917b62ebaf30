"""A class of forty through the class desk: each gives a book back and borrows one, with every page the desk gives.

The floor is the same number of posts that do nothing: a scan of nothing, answered with the same pieces of the page.
"""

from django.test import Client

from shuxiang.accounts.services import create_account, grant
from shuxiang.circulation.selectors import loans_of
from shuxiang.circulation.services import check_out
from shuxiang.cli import pagefiles
from shuxiang.common import clock
from shuxiang.holdings.models import Item
from shuxiang.libraries.models import Library
from shuxiang.libraries.services import find_or_open
from shuxiang.patrons.models import Patron
from shuxiang.patrons.services import add_patron, default_categories
from tools.bench.ground import BY
from tools.bench.lines import Line, Spent, paired, timed

SIZE, ROUNDS = 40, 3
BACKEND = "django.contrib.auth.backends.ModelBackend"


def serve(library: Library, items: list[Item]) -> list[Line]:
    """Machine time of the whole class, in seconds of computing; below four is what is promised. Needs 80 volumes."""
    at = clock.now()
    year = clock.local_date(at).year - (clock.local_date(at).month < 8)  # a school year begins in August
    school_class = find_or_open(
        library=library, label="六（9）班", school_year=f"{year}-{year + 1}", by=BY, at=at
    )
    readers = [_reader(library, number, school_class) for number in range(1, SIZE + 1)]
    account = create_account(username="bench-class", display_name="bench", by=BY, at=at)
    grant(account=account, role="librarian", library=library, from_on=clock.local_date(at), by=BY, at=at)
    pagefiles.gather()
    client = Client(headers={"HX-Request": "true"}, SERVER_NAME="127.0.0.1")
    client.force_login(account, backend=BACKEND)
    where = f"/desk/class/{school_class.pk}/scan"
    client.get(f"/desk/class/{school_class.pk}/")
    for reader, item in zip(readers, items[:SIZE], strict=True):
        check_out(library=library, patron=reader, item=item, at=clock.now(), by=BY)
    codes = [str(item.identifiers.get().value) for item in items[: 2 * SIZE]]
    old, new = codes[:SIZE], codes[SIZE:]
    ours: list[Spent] = []
    floor: list[Spent] = []
    for _number in range(ROUNDS):
        ours.append(timed(lambda old=old, new=new: _class(client, where, old, new)))  # type: ignore[misc]
        floor.append(timed(lambda: _nothing(client, where)))
        old, new = new, old
    _all_done(readers)
    return [paired("desk.class_of_40.cpu", "s CPU", [one.cpu for one in ours], [one.cpu for one in floor])]


def _reader(library: Library, number: int, school_class: object) -> Patron:
    return add_patron(
        library=library,
        name=f"学生{number}",
        category=default_categories(library)["pupil"],
        card_number=f"BENCH{number:03}",
        on=clock.local_date(clock.now()),
        by=BY,
        at=clock.now(),
        school_class=school_class,  # type: ignore[arg-type]
        class_number=number,
    )


def _class(client: Client, where: str, old: list[str], new: list[str]) -> None:
    """Number, old book, new book: three scans a child. Raises RuntimeError for anything but an answer."""
    for number, (back, out) in enumerate(zip(old, new, strict=True), 1):
        for code in (str(number), back, out):
            if client.post(where, {"scan": code}).status_code != 200:
                raise RuntimeError(f"no answer to {code}")


def _nothing(client: Client, where: str) -> None:
    for _scan in range(3 * SIZE):
        client.post(where, {"scan": ""})


def _all_done(readers: list[Patron]) -> None:
    """Raises RuntimeError unless each child has one book: otherwise something else was measured."""
    counts = {len(loans_of(reader)) for reader in readers}
    if counts != {1}:
        raise RuntimeError(f"the class has {sorted(counts)} books each")
