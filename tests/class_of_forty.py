"""A class of forty at a school with books, for the tests of the class desk: long names, something overdue, a turn now."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.utils import timezone

from shuxiang.circulation.models import Loan
from shuxiang.circulation.services import check_out
from shuxiang.circulation.tests.desk import BY, START, Desk, add_book, open_desk
from shuxiang.common.clock import local_date
from shuxiang.holdings.models import Item
from shuxiang.libraries.models import Library, SchoolClass
from shuxiang.libraries.services import add_room, find_or_open, set_slot
from shuxiang.patrons.models import ClassMembership, Patron
from shuxiang.patrons.services import add_patron, default_categories

# invented
NAMES = [
    "安可心", "白景行", "蔡雨桐", "陈思源", "程一鸣", "邓子墨", "丁若兰", "董浩然",
    "范书瑶", "冯嘉树", "高语晨", "阿不都热合曼·买合木提江", "郭子涵", "韩冬青", "何星野", "胡悦然",
    "黄石安", "姜小禾", "蒋立夏", "阿依努尔·买买提", "李沐阳", "梁秋实", "刘亦舟", "卢青山",
    "罗晚晴", "马成林", "孟春和", "欧阳若水", "潘小满", "彭天佑", "钱多加", "秦望舒",
    "沈知白", "宋晓棠", "苏牧云", "唐一苇", "汪清越", "吴桐", "许南星", "张立言",
]  # fmt: skip
TITLES = [
    "成语接龙",
    "小布头奇遇记",
    "没头脑和不高兴",
    "草房子",
    "我们仨的植物园",
    "中国古代神话故事精选少年版上",
    "宝葫芦的秘密",
    "昆虫记",
]


def barcode_of(loan: Loan) -> str:
    assert loan.item is not None
    return str(loan.item.identifiers.get().value)


def reader_of(loan: Loan) -> Patron:
    assert loan.patron is not None
    return loan.patron


@dataclass
class Forty:
    """The class with its readers in the order of their numbers, and volumes with barcodes that nobody has out."""

    desk: Desk
    library: Library
    school_class: SchoolClass
    other_class: SchoolClass
    readers: list[Patron]
    items: list[Item]

    def code(self, index: int) -> str:
        return str(self.items[index].identifiers.get().value)


def class_of_forty(*, size: int = 40, out: int = 0, late: int = 0) -> Forty:
    """三（1）班, whose turn it is all day; every second pupil from the last has a volume until `out` are, `late` overdue."""
    desk = open_desk()
    library = desk.library
    ClassMembership.objects.all().delete()
    school_class, other = (
        find_or_open(library=library, label=label, school_year="2026-2027", by=BY, at=START)
        for label in ("三（1）班", "三（2）班")
    )
    names = [
        NAMES[at % len(NAMES)] if at < len(NAMES) else f"{NAMES[at % len(NAMES)][:2]}乐" for at in range(size)
    ]
    readers = [add(library, name, at, school_class) for at, name in enumerate(names, 1)]
    items = [item for title in TITLES for item in add_book(library, title, copies=size // 4)]
    now = timezone.now()
    for at in range(out):
        when = now - timedelta(days=40 if at < late else 3)
        check_out(library=library, patron=readers[-1 - at * 2], item=items.pop(), at=when, by=BY)
    give_turn(library, school_class)
    return Forty(desk, library, school_class, other, readers, items)


def add(library: Library, name: str, number: int, school_class: SchoolClass) -> Patron:
    return add_patron(
        library=library,
        name=name,
        category=default_categories(library)["pupil"],
        card_number=f"C{school_class.pk}-{number}",
        on=START.date(),
        by=BY,
        at=START,
        school_class=school_class,
        class_number=number,
    )


def give_turn(library: Library, school_class: SchoolClass, today: date | None = None) -> None:
    """The reading room is this class's on today's weekday."""
    room = add_room(library=library, code=f"r{school_class.pk}", name="阅览室", by=BY, at=START)
    set_slot(
        library=library,
        room=room,
        weekday=(today or local_date(datetime.now(UTC))).isoweekday(),
        starts=time(0, 0),
        ends=time(23, 59),
        valid_from=START.date(),
        school_class=school_class,
        by=BY,
        at=START,
    )
