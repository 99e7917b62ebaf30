import pytest

from shuxiang.circulation.tests.desk import BY, START, Desk, add_book, open_desk
from shuxiang.corners.services import places
from shuxiang.corners.tests.school import Corners
from shuxiang.holdings.models import Item
from shuxiang.libraries.models import SchoolClass
from shuxiang.libraries.services import find_or_open
from shuxiang.patrons.models import ClassMembership
from shuxiang.patrons.services import add_class_as_patron, add_patron, default_categories


@pytest.fixture
def desk(db: None) -> Desk:
    return open_desk()


@pytest.fixture
def school(desk: Desk) -> Corners:
    """Two classes that borrow as such, each with a corner; a subject group; ten volumes of ten titles."""
    library, kinds = desk.library, default_categories(desk.library)
    third = SchoolClass.objects.get(library=library)
    fourth = find_or_open(library=library, label="四（2）班", school_year="2026-2027", by=BY, at=START)
    on = START.date()
    classes = [
        add_class_as_patron(
            school_class=one, category=kinds["class"], card_number=f"C{one.pk}", on=on, by=BY, at=START
        )
        for one in (third, fourth)
    ]
    group = add_patron(
        library=library, name="语文组", category=kinds["group"], card_number="G1", on=on, by=BY, at=START
    )
    for number, pupil in enumerate((desk.pupil, desk.other), 1):
        ClassMembership.objects.filter(patron=pupil).update(number=number)
    volumes: list[Item] = []
    for title in (
        "城南旧事",
        "草房子",
        "稻草人",
        "小桔灯",
        "边城",
        "呼兰河传",
        "朝花夕拾",
        "骆驼祥子",
        "繁星",
        "寄小读者",
    ):
        volumes += add_book(library, title, copies=1)
    corners = [
        places.open_corner(library=library, school_class=one, by=BY, at=START) for one in (third, fourth)
    ]
    return Corners(desk, classes[0], classes[1], group, corners[0], corners[1], volumes)
