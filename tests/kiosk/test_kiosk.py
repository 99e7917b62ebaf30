"""At the self-service machine: who one is, borrowing and giving back, and nothing of it afterwards."""

import io
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from PIL import Image

from shuxiang.accounts.services import create_account, grant, revoke_kiosk
from shuxiang.audit import reconcile
from shuxiang.audit.models import Operation
from shuxiang.circulation.models import Loan
from shuxiang.circulation.tests.desk import BY, ISBN, START, set_limit
from shuxiang.common import clock
from shuxiang.kiosk.words import WHY
from shuxiang.patrons.services import block, report_card_lost, set_code
from tests.kiosk.conftest import RIGHT, Machine

Travel = Callable[[float], None]


@pytest.fixture
def travel(monkeypatch: pytest.MonkeyPatch) -> Travel:
    """Seconds go by."""
    gone = [0.0]
    now: Callable[[], datetime] = clock.now
    monkeypatch.setattr(clock, "now", lambda: now() + timedelta(seconds=gone[0]))

    def go(seconds: float) -> None:
        gone[0] += seconds

    return go


def codes(machine: Machine) -> tuple[str, ...]:
    said = machine.context["said"]
    return () if said is None else tuple(said.codes)


# the machine


def test_a_browser_without_a_key_is_asked_for_a_code_and_shown_nothing(machine: Machine) -> None:
    stranger = Client()
    for path in ("", "left"):
        assert stranger.get(f"/kiosk/{path}").headers["Location"] == "/kiosk/register"
    for path in ("scan", "classes", "class", "reader", "pictures", "renew", "photo", "stay", "pinyin"):
        answer = stranger.post(f"/kiosk/{path}", {"scan": machine.code()})
        assert answer.headers["Location"] == "/kiosk/register"
    wrong = stranger.post("/kiosk/register", {"code": "ABCDE-ABCDE-ABCDE-ABCDE"})
    assert wrong.status_code == 422
    assert "没有用" in wrong.content.decode() or "打不开" in wrong.content.decode()


def test_who_registers_a_machine_is_signed_out_of_it(machine: Machine) -> None:
    account = create_account(username="li", display_name="李老师", by=BY, at=START)
    grant(account=account, role="owner", library=machine.desk.library, from_on=START.date(), by=BY, at=START)
    machine.client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    machine.register()
    assert machine.client.get("/desk/").status_code == 302


def test_a_machine_out_of_use_stops_at_once(machine: Machine) -> None:
    machine.sign_in()
    revoke_kiosk(kiosk=machine.kiosk, by=BY, at=clock.now())
    assert machine.client.get("/kiosk/").headers["Location"] == "/kiosk/register"


def test_nothing_is_kept_by_the_browser(machine: Machine) -> None:
    machine.sign_in()
    answer = machine.client.get("/kiosk/")
    assert "no-store" in answer.headers["Cache-Control"]
    kept = machine.client.cookies
    assert all(kept[name]["httponly"] and kept[name]["path"] == "/kiosk/" for name in ("kiosk", "kiosk_key"))
    assert machine.desk.pupil.name not in kept["kiosk"].value


# card, borrowing, giving back


def test_a_card_and_a_book_are_a_loan(machine: Machine) -> None:
    assert machine.desk.pupil.name in machine.sign_in()
    page = machine.scan(machine.code())
    assert "西游记" in page
    loan = Loan.objects.get()
    assert (loan.patron, loan.in_at) == (machine.desk.pupil, None)
    assert Operation.objects.get(action="circulation.check_out").door == "kiosk"
    assert reconcile.run("a").differences == ()


def test_ones_own_book_comes_back(machine: Machine) -> None:
    loan = machine.desk.lend(at=clock.now() - timedelta(days=2))
    machine.sign_in()
    machine.scan(machine.code())
    loan.refresh_from_db()
    assert loan.outcome == "returned"
    assert machine.context["loans"] == []


def test_a_book_alone_is_always_taken_back_and_nobody_is_named(machine: Machine) -> None:
    loan = machine.desk.lend(at=clock.now() - timedelta(days=60))
    page = machine.scan(machine.code())
    loan.refresh_from_db()
    assert loan.outcome == "returned"
    assert machine.desk.pupil.name not in page
    assert "晚" not in page
    assert machine.context["step"] == "start"


def test_a_book_that_nobody_has_is_not_said_to_be_given_back(machine: Machine) -> None:
    page = machine.scan(machine.code())
    assert codes(machine) == ("was_not_lent",)
    assert 'class="act done"' not in page
    assert "请先刷借书证" in page


def test_a_late_book_is_told_to_who_brings_it_and_kindly(machine: Machine) -> None:
    machine.desk.lend(at=clock.now() - timedelta(days=20))
    machine.sign_in()
    page = machine.scan(machine.code())
    assert codes(machine) == ("returned_late",)
    assert 'class="act done"' in page


def test_what_a_librarian_could_confirm_is_refused_here(machine: Machine) -> None:
    set_limit(machine.desk, 1)
    machine.desk.lend(machine.desk.items[1], at=clock.now() - timedelta(days=1))
    machine.sign_in()
    machine.post("scan", scan=machine.code(), confirm="loan_limit_reached", operation=str(uuid4()))
    assert codes(machine) == ("loan_limit_reached",)
    assert Loan.objects.filter(in_at=None).count() == 1


def test_somebody_elses_book_is_neither_lent_nor_is_anybody_named_but_it_can_be_given_back(
    machine: Machine,
) -> None:
    loan = machine.desk.lend(patron=machine.desk.other, at=clock.now() - timedelta(days=1))
    machine.sign_in()
    page = machine.scan(machine.code())
    assert codes(machine) == ("lent_to_other",)
    assert machine.desk.other.name not in page
    machine.scan(machine.context["said"].code, alone="1")
    loan.refresh_from_db()
    assert loan.outcome == "returned"
    assert machine.context["step"] == "me"


def test_an_isbn_that_several_have_is_not_guessed(machine: Machine) -> None:
    machine.desk.lend(machine.desk.items[0], at=clock.now() - timedelta(days=1))
    machine.desk.lend(machine.desk.items[1], machine.desk.other, at=clock.now() - timedelta(days=1))
    page = machine.scan(ISBN)
    assert Loan.objects.filter(in_at=None).count() == 2
    assert machine.desk.pupil.name not in page
    machine.sign_in()
    machine.scan(ISBN)
    assert [loan.patron for loan in Loan.objects.filter(in_at=None)] == [machine.desk.other]


def test_names_typed_here_find_nobody(machine: Machine) -> None:
    for typed in (machine.desk.pupil.name, "林", "三（1）班", "lzx", "西游记"):
        page = machine.scan(typed)
        assert machine.desk.pupil.name not in page.replace(typed, "")
        assert machine.context["step"] == "start"
        assert machine.context["said"].kind == "refuse"


def test_the_next_card_begins_a_new_turn(machine: Machine) -> None:
    machine.sign_in()
    page = machine.scan(str(machine.desk.other.cards.get().number))
    assert machine.desk.other.name in page
    assert machine.desk.pupil.name not in page
    machine.scan(machine.code())
    assert Loan.objects.get().patron == machine.desk.other


def test_a_lost_card_opens_nothing(machine: Machine) -> None:
    report_card_lost(card=machine.desk.pupil.cards.get(), by=BY, at=clock.now())
    machine.sign_in()
    assert (machine.context["step"], codes(machine)) == ("start", ("card_lost",))


def test_a_book_sent_twice_is_lent_once(machine: Machine) -> None:
    machine.sign_in()
    operation = str(uuid4())
    for _time in range(2):
        machine.scan(machine.code(), operation=operation)
        assert machine.context["said"].kind == "done"
    assert Loan.objects.filter(in_at=None).count() == 1


def test_a_scanner_that_fires_twice_does_not_lend_and_take_back(machine: Machine) -> None:
    machine.sign_in()
    machine.scan(machine.code())
    machine.scan(machine.code())
    assert Loan.objects.filter(in_at=None).count() == 1


def test_keeping_it_longer_and_why_not(machine: Machine) -> None:
    loan = machine.desk.lend(at=clock.now() - timedelta(days=5))
    machine.sign_in()
    machine.post("renew", loan=loan.pk, operation=str(uuid4()))
    assert machine.context["said"].kind == "done"
    machine.post("renew", loan=loan.pk, operation=str(uuid4()))
    assert "renewals_used_up" in codes(machine)
    loan.refresh_from_db()
    assert loan.renewals == 1


def test_nobody_keeps_somebody_elses_book_longer(machine: Machine) -> None:
    loan = machine.desk.lend(patron=machine.desk.other, at=clock.now() - timedelta(days=5))
    machine.sign_in()
    assert machine.client.post("/kiosk/renew", {"loan": loan.pk}).status_code == 404
    machine.post("left")
    machine.post("renew", loan=loan.pk)
    loan.refresh_from_db()
    assert loan.renewals == 0


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"may_lend": False}, "kiosk_lends_nothing"),
        ({"may_return": False}, "kiosk_takes_nothing"),
    ],
)
def test_a_machine_does_only_what_it_may(machine: Machine, values: dict[str, bool], code: str) -> None:
    machine.set(shows_pinyin=False, **values)
    if "may_return" in values:
        machine.desk.lend(at=clock.now() - timedelta(days=1))
    machine.sign_in()
    machine.scan(machine.code())
    assert codes(machine) == (code,)
    assert Operation.objects.filter(door="kiosk", action__startswith="circulation.").count() == 0


def test_a_blocked_reader_is_sent_to_the_teacher_without_the_reason(machine: Machine) -> None:
    block(patron=machine.desk.pupil, reason="欠赔书款", by=BY, at=clock.now())
    machine.sign_in()
    page = machine.scan(machine.code())
    assert codes(machine) == ("reader_blocked",)
    assert "欠赔" not in page


def test_every_sentence_is_there_in_chinese(machine: Machine) -> None:
    del machine
    from django.utils import translation  # noqa: PLC0415

    with translation.override("zh-hans"):
        assert [code for code, words in WHY.items() if not re.search("[\u4e00-\u9fff]", str(words))] == []


# class, name, pictures


def press(machine: Machine, pictures: tuple[int, ...]) -> str:
    """One post a picture, as without scripts."""
    page = ""
    for picture in pictures:
        so_far = machine.context.get("so_far", "")
        page = machine.post("pictures", picture=picture, so_far=so_far)
    return page


def to_pad(machine: Machine) -> None:
    machine.post("classes")
    machine.post("class", **{"class": machine.class_key})
    machine.post("reader", reader=machine.desk.pupil.pk)


def test_class_name_and_four_pictures_sign_in(with_code: Machine) -> None:
    to_pad(with_code)
    assert with_code.context["step"] == "pad"
    page = press(with_code, RIGHT)
    assert with_code.context["step"] == "me"
    assert with_code.desk.pupil.name in page


def test_four_at_once_as_the_script_sends_them(with_code: Machine) -> None:
    to_pad(with_code)
    with_code.post("pictures", so_far=",".join(map(str, RIGHT)))
    assert with_code.context["step"] == "me"


def test_wrong_pictures_lead_back_to_the_first_and_after_five_one_waits(with_code: Machine) -> None:
    to_pad(with_code)
    for _time in range(5):
        with_code.post("pictures", so_far="1,1,1,2")
        assert (with_code.context["step"], codes(with_code)) == ("pad", ("pictures_wrong",))
        assert with_code.context["so_far"] == ""
    with_code.post("pictures", so_far=",".join(map(str, RIGHT)))
    assert codes(with_code) == ("pictures_wait",)


def test_who_has_no_pictures_is_told_where_to_get_them(machine: Machine) -> None:
    to_pad(machine)
    assert (machine.context["step"], codes(machine)) == ("wall", ("pictures_none",))


def test_the_wall_shows_one_class_and_only_its_children_can_be_chosen(with_code: Machine) -> None:
    with_code.post("classes")
    page = with_code.post("class", **{"class": with_code.class_key})
    assert with_code.desk.teacher.name not in page
    for reader in (with_code.desk.teacher.pk, 0, 10**8):
        assert with_code.client.post("/kiosk/reader", {"reader": reader}).status_code == 404
    assert with_code.client.post("/kiosk/class", {"class": 10**8}).status_code == 404


def test_a_name_alone_is_nobody_signed_in(with_code: Machine) -> None:
    to_pad(with_code)
    with_code.scan(with_code.code())
    assert not Loan.objects.exists()
    assert with_code.context["step"] == "start"


def test_pictures_without_a_name_do_nothing(with_code: Machine) -> None:
    with_code.post("pictures", so_far=",".join(map(str, RIGHT)))
    assert with_code.context["step"] == "start"


def test_where_cards_are_wanted_there_is_no_wall(with_code: Machine) -> None:
    with_code.set(by_class=False)
    for path in ("classes", "class", "reader", "pictures"):
        assert with_code.client.post(f"/kiosk/{path}").status_code == 404
    assert "/kiosk/classes" not in with_code.see()


def test_junk_for_pictures_is_no_error(with_code: Machine) -> None:
    to_pad(with_code)
    for junk in ("x,y,z,ä", "99,0,-1,1000000000000", "٣,٣,٣,٣", "," * 500):
        with_code.post("pictures", so_far=junk)
        assert with_code.context["step"] == "pad"


# nothing of the last child


def test_the_end_button_forgets_everything(machine: Machine) -> None:
    machine.sign_in()
    machine.scan(machine.code())
    page = machine.post("left")
    assert machine.desk.pupil.name not in page
    assert "西游记" not in page
    assert "kiosk" not in {name for name, kept in machine.client.cookies.items() if kept.value}
    machine.scan(machine.code(1))
    assert Loan.objects.filter(in_at=None).count() == 1


def test_after_n_seconds_the_server_forgets_by_itself(machine: Machine, travel: Travel) -> None:
    machine.set(reset_seconds=20, shows_pinyin=False)
    machine.sign_in()
    travel(19)
    assert machine.desk.pupil.name in machine.see()
    travel(26)
    assert machine.desk.pupil.name not in machine.see()
    machine.scan(machine.code())
    assert not Loan.objects.exists()


def test_a_touch_prolongs_and_a_touch_too_late_brings_nobody_back(machine: Machine, travel: Travel) -> None:
    machine.set(reset_seconds=20, shows_pinyin=False)
    machine.sign_in()
    for _time in range(3):
        travel(15)
        assert machine.client.post("/kiosk/stay").status_code == 204
    travel(15)
    assert machine.desk.pupil.name in machine.see()
    touch = machine.client.cookies["kiosk_touch"].value
    machine.post("left")
    machine.client.cookies["kiosk_touch"] = touch
    machine.client.post("/kiosk/stay")
    assert machine.desk.pupil.name not in machine.see()


def test_a_turn_of_another_machine_is_worth_nothing(machine: Machine) -> None:
    machine.sign_in()
    kept = machine.client.cookies["kiosk"].value
    other = Machine(machine.desk, machine.kiosk)
    other.kiosk = type(machine.kiosk).objects.create(
        library=machine.desk.library, name="里间", created_at=clock.now()
    )
    other.register()
    other.client.cookies["kiosk"] = kept
    assert machine.desk.pupil.name not in other.see()


def test_without_scripts_the_page_leaves_by_itself(machine: Machine) -> None:
    assert "http-equiv" not in machine.see()
    assert 'http-equiv="refresh" content="30;url=/kiosk/left"' in machine.sign_in()
    assert machine.desk.pupil.name not in machine.client.get("/kiosk/left", follow=True).content.decode()


# pinyin, languages, photographs


def test_pinyin_stands_above_the_characters_and_can_be_switched_off(machine: Machine) -> None:
    machine.set(shows_pinyin=True)
    page = machine.sign_in()
    assert '<ruby>林<rt aria-hidden="true">lín</rt></ruby>' in page
    machine.scan(machine.code())
    machine.post("left")
    page = machine.scan(machine.code())
    assert '<ruby>还<rt aria-hidden="true">huán</rt></ruby>' in page
    assert "<rt" not in machine.post("pinyin", pinyin="off")
    assert "<rt" in machine.post("left")
    assert "<rt" not in machine.client.get("/kiosk/", headers={"accept-language": "en"}).content.decode()


def test_titles_are_not_taken_for_markup(machine: Machine) -> None:
    record = machine.desk.items[0].holding.record
    type(record).objects.filter(pk=record.pk).update(title="<b>还书&amp;</b>")
    machine.set(shows_pinyin=True)
    machine.sign_in()
    page = machine.scan(machine.code())
    assert "<b>还" not in page
    assert "&lt;b&gt;" in page


def test_a_photograph_without_a_code_says_what_to_do(machine: Machine) -> None:
    written = io.BytesIO()
    Image.new("L", (400, 300), 200).save(written, "JPEG")
    written.seek(0)
    written.name = "photo.jpg"
    machine.sign_in()
    machine.post("photo", photo=written)
    assert machine.context["said"].kind == "refuse"
    machine.post("photo")
    assert machine.context["step"] == "me"


def test_a_photograph_of_a_label_lends(machine: Machine) -> None:
    import zxingcpp  # noqa: PLC0415

    image = zxingcpp.create_barcode(machine.code(), zxingcpp.BarcodeFormat.Code128).to_image(scale=4)
    drawn = memoryview(image)  # type: ignore[arg-type]
    height, width = drawn.shape or (0, 0)
    paper = Image.new("L", (width + 200, height + 200), 255)
    paper.paste(Image.frombytes("L", (width, height), drawn.tobytes()), (100, 100))
    written = io.BytesIO()
    paper.save(written, "PNG")
    written.seek(0)
    written.name = "photo.png"
    machine.sign_in()
    machine.post("photo", photo=written, operation=str(uuid4()))
    assert Loan.objects.get().patron == machine.desk.pupil


def test_a_name_without_a_code_for_the_child_of_another_class(with_code: Machine) -> None:
    set_code(patron=with_code.desk.teacher, pictures=RIGHT, by=BY, at=START)
    with_code.post("classes")
    with_code.post("class", **{"class": with_code.class_key})
    assert with_code.client.post("/kiosk/reader", {"reader": with_code.desk.teacher.pk}).status_code == 404
