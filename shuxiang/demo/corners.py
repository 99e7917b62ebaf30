"""What stands in the classes of the demonstration: a box on a delivery round, two corners with loans, books that drift."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from shuxiang.circulation.models import Loan
from shuxiang.circulation.services import check_out
from shuxiang.circulation.services.in_room import count_use
from shuxiang.common.clock import local_date
from shuxiang.corners.services import boxes, drifting, own, places, rounds
from shuxiang.demo.books import instant
from shuxiang.demo.school import School
from shuxiang.holdings.models import Item, ItemAccount
from shuxiang.libraries import selectors as libraries
from shuxiang.libraries.models import SchoolClass
from shuxiang.patrons import selectors as patrons
from shuxiang.patrons.services import add_class_as_patron, add_patron, default_categories

BOX, GROUP_BOX, CORNER = 42, 8, 30  # volumes
BEFORE = timedelta(days=20)  # the books went to the classes so long ago
OWN = (("夏洛的网", "怀特"), ("昆虫记", "法布尔"), ("三毛流浪记", "张乐平"))
ADRIFT = (
    ("窗边的小豆豆", "黑柳彻子", "读完会想去上巴学园。", 3),
    ("草房子", "曹文轩", "六年级毕业前一定要读。", 2),
    ("小王子", "圣埃克苏佩里", "每个年龄读都不一样。", 1),
)
COMMENTS = ("我最喜欢小林校长，他一直听我说话。", "我哭了两次。", "插图也好看。")


def fill_corners(school: School, at: datetime) -> None:
    """Deterministic: volumes that were never lent, the first pupils of the classes."""
    day = local_date(at) - BEFORE
    classes = libraries.classes_on(school.library, local_date(at))
    volumes = _never_lent(school)
    _deliver(school, classes[2], volumes, day)
    for school_class in classes[:2]:
        _furnish(school, school_class, volumes, day)
    _set_adrift(school, classes, day)
    for item in (next(volumes) for _ in range(5)):
        count_use(library=school.library, item=item, at=at, by=school.by)


def _never_lent(school: School) -> Iterator[Item]:
    """Labelled volumes on the shelf to which nothing has happened since they were entered, one a title."""
    rows = Item.objects.filter(
        library=school.library, account=ItemAccount.SHELF, loans=None, current=None, copy_number=1,
        identifiers__isnull=False, holding__record__is_reference=False,
    )  # fmt: skip
    return iter(list(rows.order_by("-pk").select_related("holding__record").distinct()[:300]))


def _take(volumes: Iterator[Item], count: int) -> list[Item]:
    return [next(volumes) for _ in range(count)]


def _deliver(school: School, school_class: SchoolClass, volumes: Iterator[Item], day: date) -> None:
    """One round with two stops: a box for a class, a few volumes for the teachers of Chinese."""
    kinds, moment, by = default_categories(school.library), instant(day), school.by
    as_reader = add_class_as_patron(
        school_class=school_class, category=kinds["class"], card_number="BJ001", on=day, by=by, at=moment
    )
    group = add_patron(
        library=school.library,
        name="语文教研组",
        category=kinds["group"],
        card_number="JY001",
        on=day,
        by=by,
        at=moment,
    )
    tour = rounds.plan_round(library=school.library, name="送书上门", on=day, by=by, at=moment)
    for reader, count in ((as_reader, BOX), (group, GROUP_BOX)):
        box = rounds.add_stop(tour, reader, by=by, at=moment)
        boxes.put_in(box, _take(volumes, count))
        boxes.issue(box, by=by, at=moment)
        rounds.tick(box, is_delivered=True, is_collected=False)


def _furnish(school: School, school_class: SchoolClass, volumes: Iterator[Item], day: date) -> None:
    """A corner with thirty volumes, four of them with pupils, and three books of the pupils' own."""
    by, moment = school.by, instant(day)
    place = places.open_corner(library=school.library, school_class=school_class, by=by, at=moment)
    items = _take(volumes, CORNER)
    codes = [str(code) for item in items for code in item.identifiers.values_list("value", flat=True)]
    move = places.foresee_fill(place, codes, by=by, at=moment)
    places.carry_out(move, by=by, at=moment)
    pupils = patrons.readers_of(school_class, day)
    for later, (item, pupil) in enumerate(zip(items, pupils[:4], strict=False), 12):
        check_out(
            library=school.library, patron=pupil, item=item, at=instant(day + timedelta(days=later)), by=by,
            kind=Loan.Kind.CORNER,
        )  # fmt: skip
    books = [
        own.receive(place, owner=pupil, title=title, author=author, on=day, by=by, at=moment)
        for pupil, (title, author) in zip(pupils[4:], OWN, strict=False)
    ]
    if books:
        own.lend_own(
            books[0], pupils[0], on=day + timedelta(days=3), by=by, at=instant(day + timedelta(days=3))
        )


def _set_adrift(school: School, classes: list[SchoolClass], day: date) -> None:
    """Three books, each further on its way than the next."""
    by, label = school.by, libraries.label_of(classes[0], day)
    for (title, author, words, hands), said in zip(ADRIFT, COMMENTS, strict=True):
        book = drifting.release(
            library=school.library, title=title, author=author, words=words, giver="图书馆", class_label=label,
            on=day, by=by, at=instant(day),
        )  # fmt: skip
        for n, school_class in enumerate(classes[:hands], 1):
            on = day + timedelta(days=4 * n)
            pupil = patrons.readers_of(school_class, on)[n]
            drifting.hop(book, on=on, patron=pupil, by=by, at=instant(on))
        drifting.comment(
            book, said, class_label=label, is_shown=hands > 1, by=by, at=instant(day + 2 * BEFORE / 5)
        )
