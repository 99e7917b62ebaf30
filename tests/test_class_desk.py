"""The class desk as a door: who is picked, what is counted, what is remembered, and what a request costs."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
import zxingcpp
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from shuxiang.accounts import shipped
from shuxiang.accounts.models import Role
from shuxiang.accounts.services import create_account, grant
from shuxiang.circulation.models import Loan, Renewal
from shuxiang.circulation.services import Wanted, recall
from shuxiang.circulation.tests.desk import BY, ISBN, START, card_of, set_limit
from shuxiang.common import barcodes, clock
from shuxiang.libraries.services import find_or_open
from tests.class_of_forty import Forty, add, barcode_of, class_of_forty, give_turn, reader_of

SignIn = Callable[..., Client]


@pytest.fixture
def forty(db: None) -> Forty:
    shipped.install(Role)
    return class_of_forty(out=6, late=2)


@pytest.fixture
def sign_in(forty: Forty) -> SignIn:
    def make(role: str = "librarian", of_class: object = None) -> Client:
        account = create_account(username=role.replace("_", "-"), display_name="馆员", by=BY, at=START)
        grant(
            account=account,
            role=role,
            library=forty.library,
            school_class=of_class,  # type: ignore[arg-type]
            from_on=START.date(),
            by=BY,
            at=START,
        )
        client = Client()
        client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return make


class Wall:
    """One client at the class's desk; every act answers with the page."""

    def __init__(self, client: Client, forty: Forty) -> None:
        self.client, self.forty = client, forty

    def address(self, name: str = "class_desk", *more: int) -> str:
        return reverse(f"desk:{name}", args=[self.forty.school_class.pk, *more])

    def page(self) -> str:
        return self.client.get(self.address()).content.decode()

    def scan(self, code: str, **more: str) -> str:
        return self.post("class_scan", scan=code, **more)

    def post(self, name: str, *parts: int, **fields: str) -> str:
        response = self.client.post(self.address(name, *parts), fields, follow=True)
        assert response.status_code == 200
        return response.content.decode()

    def pieces(self, name: str, **fields: str) -> HttpResponse:
        return self.client.post(self.address(name), fields, headers={"HX-Request": "true"})  # type: ignore[return-value]

    def sums(self) -> str:
        """借出 1 还回 0 …"""
        told = self.page().split('id="sums">')[1].split("</p>")[0]
        return " ".join(
            told.replace("<span>", "").replace("</span>", " ").replace("<b>", "").replace("</b>", "").split()
        )


def test_the_class_whose_turn_it_is_is_offered_first(forty: Forty, sign_in: SignIn) -> None:
    page = sign_in().get(reverse("desk:classes")).content.decode()
    assert "给三（1）班借书" in page
    assert "给三（2）班借书" not in page
    assert reverse("desk:class_desk", args=[forty.other_class.pk]) in page


def test_a_helper_of_one_class_is_taken_there_and_nowhere_else(forty: Forty, sign_in: SignIn) -> None:
    client = sign_in("pupil_librarian", forty.school_class)
    assert client.get(reverse("desk:classes")).headers["Location"] == Wall(client, forty).address()
    assert client.get(reverse("desk:class_desk", args=[forty.other_class.pk])).status_code == 404
    guest = add(forty.library, "外班生", 1, forty.other_class)
    assert "这位读者不是你们班的" in Wall(client, forty).scan(card_of(guest).number)
    assert Wall(client, forty).client.post(
        Wall(client, forty).address("class_pick"), {"reader": guest.pk}
    ).status_code == 404  # fmt: skip


def test_pick_scan_scan_next(forty: Forty, sign_in: SignIn) -> None:
    wall = Wall(sign_in(), forty)
    assert "正在给 <b>7 号丁若兰</b> 借书" in wall.scan("7")
    page = wall.scan(forty.code(0))
    assert "7 号丁若兰　已借《成语接龙》" in page
    wall.scan("ayne")
    assert "阿依努尔·买买提　已借" in wall.scan(forty.code(1))
    assert wall.sums() == "借出 2 还回 0 没办成 0"
    assert [reader_of(loan).name for loan in Loan.objects.order_by("-pk")[:2]] == [
        "阿依努尔·买买提",
        "丁若兰",
    ]


def test_who_gives_back_a_book_is_served_next(forty: Forty, sign_in: SignIn) -> None:
    loan = Loan.objects.filter(in_at=None).latest("pk")
    wall = Wall(sign_in(), forty)
    wall.scan("1")
    page = wall.scan(barcode_of(loan))
    assert f"{reader_of(loan).name}　已还" in page
    assert f"{reader_of(loan).name}</b> 借书" in page
    wall.scan(forty.code(0))
    assert Loan.objects.filter(patron=loan.patron, in_at=None).count() == 1
    assert wall.sums() == "借出 1 还回 1 没办成 0"


def test_the_counts_add_up_to_what_the_books_say(forty: Forty, sign_in: SignIn) -> None:
    before = Loan.objects.count()
    wall = Wall(sign_in(), forty)
    wall.scan("1")
    for at in range(2):
        wall.scan(forty.code(at))
    asked = wall.scan(forty.code(2))  # a third volume, of two
    assert "仍要借给1 号安可心吗" in asked
    wall.scan("", confirm="1")
    wall.scan(forty.code(3))
    wall.post("class_drop")
    wall.scan("no such thing")
    wall.scan(forty.code(0))
    first = Loan.objects.filter(patron=forty.readers[0], in_at=None).first()
    assert first is not None
    wall.post("class_renew", first.pk)
    guest = add(forty.library, "外班生", 1, forty.other_class)
    assert "三（2）班 外班生　是别班的" in wall.scan(card_of(guest).number)
    wall.scan(forty.code(4))
    end = wall.client.get(wall.address("class_end")).content.decode()
    assert "40 人中已办 1 人：借出 4 册，还回 1 册" in end
    assert "另有外班读者 1 人。" in end
    assert "共办理 8 次 = 借出 4 + 还回 1 + 续借 0 + 没办成 3。" in end  # renewed the same day gains nothing
    assert "借出的书中有 1 册不在时段。" in end
    assert Loan.objects.count() - before == 4
    assert wall.client.post(wall.address("class_end")).headers["Location"] == reverse("desk:classes")
    assert wall.sums() == "借出 0 还回 0 没办成 0"


def test_an_older_loan_is_renewed_from_the_wall(forty: Forty, sign_in: SignIn) -> None:
    loan = Loan.objects.filter(in_at=None).latest("pk")
    wall = Wall(sign_in(), forty)
    page = wall.post("class_renew", loan.pk)
    assert "续借" in page
    assert wall.sums() == "借出 0 还回 0 续借 1 没办成 0"
    assert Loan.objects.get(pk=loan.pk).renewals == 1


def test_what_was_called_in_is_said_on_the_wall_and_beside_the_volume(forty: Forty, sign_in: SignIn) -> None:
    loan = Loan.objects.filter(in_at=None).latest("pk")
    wall = Wall(sign_in(), forty)
    assert "已催还" not in wall.page()
    due = clock.local_date(clock.now()) + timedelta(days=1)
    recall(
        library=forty.library,
        wanted=Wanted("loan", due, loan=loan),
        reason="期末收书",
        at=clock.now(),
        by=BY,
    )
    assert "已催还 1 册" in wall.page()
    assert '<span class="tag">已催还</span>' in wall.post("class_pick", reader=str(reader_of(loan).pk))
    page = wall.post("class_renew", loan.pk)
    assert "这一册已催还" in page
    assert "到流通台刷证" in page  # the way that is left
    assert not Renewal.objects.exists()
    assert "已催还 1 册" in wall.client.get(wall.address("class_end")).content.decode()


def test_out_of_its_turn_a_class_is_warned_and_counted_and_lent_to(forty: Forty, sign_in: SignIn) -> None:
    forty.school_class = forty.other_class
    reader = add(forty.library, "迟到生", 3, forty.other_class)
    wall = Wall(sign_in(), forty)
    assert "按轮流表，现在没轮到三（2）班。" in wall.page()
    wall.scan("3")
    wall.scan(forty.code(0))
    assert wall.sums() == "借出 1 还回 0 没办成 0 不在时段 1"
    assert Loan.objects.get(patron=reader).outcome == ""


def test_in_a_shared_hour_nobody_is_out_of_turn(forty: Forty, sign_in: SignIn) -> None:
    give_turn(forty.library, forty.other_class)
    forty.school_class = forty.other_class
    assert "没轮到" not in Wall(sign_in(), forty).page()


def test_the_last_act_is_undone_and_no_longer_counted(forty: Forty, sign_in: SignIn) -> None:
    wall = Wall(sign_in(), forty)
    wall.scan("1")
    wall.scan(forty.code(0))
    assert "已撤销：《成语接龙》" in wall.post("class_undo")
    assert wall.sums() == "借出 0 还回 0 没办成 0"
    assert Loan.objects.latest("pk").outcome == "cancelled"
    wall.post("class_undo")  # nothing is left to undo
    assert Loan.objects.filter(outcome="cancelled").count() == 1


def test_the_last_act_stays_undoable_until_the_next_one(forty: Forty, sign_in: SignIn) -> None:
    wall = Wall(sign_in(), forty)
    wall.scan("1")
    wall.scan(forty.code(0))
    picked = wall.scan("2")
    assert "刚才：1 号安可心　已借《成语接龙》" in picked
    assert 'data-key="ctrl+z"' in picked
    assert "撤销上一件" in wall.scan("no such thing")
    assert "已撤销：《成语接龙》" in wall.post("class_undo")
    assert "正在给 <b>2 号白景行</b> 借书" in wall.page()
    assert 'data-key="ctrl+z"' not in wall.page()


def test_a_renewal_is_undone_and_not_the_loan_before_it(forty: Forty, sign_in: SignIn) -> None:
    loan = Loan.objects.filter(in_at=None).latest("pk")
    wall = Wall(sign_in(), forty)
    wall.scan("1")
    wall.scan(forty.code(0))
    wall.post("class_renew", loan.pk)
    wall.post("class_undo")
    assert wall.sums() == "借出 1 还回 0 没办成 0"
    renewed = Loan.objects.get(pk=loan.pk)
    assert (renewed.renewals, renewed.due_on) == (0, loan.due_on)


def test_an_old_page_with_another_book_is_another_act(forty: Forty, sign_in: SignIn) -> None:
    wall = Wall(sign_in(), forty)
    operation = str(uuid4())
    wall.scan("1")
    wall.scan(forty.code(0), operation=operation)
    assert "已借《小布头奇遇记》" in wall.scan(forty.code(10), operation=operation)
    assert Loan.objects.filter(patron=forty.readers[0], in_at=None).count() == 2
    assert wall.sums() == "借出 2 还回 0 没办成 0"
    older = Loan.objects.filter(in_at=None).exclude(patron=forty.readers[0])
    wall.post("class_renew", older.latest("pk").pk, operation=operation)
    wall.post("class_return", older.latest("pk").pk, operation=operation)
    assert wall.sums() == "借出 2 还回 1 续借 1 没办成 0"


def test_a_helper_undoes_what_was_taken_in_from_another_class(forty: Forty, sign_in: SignIn) -> None:
    guest = add(forty.library, "外班生", 1, forty.other_class)
    forty.desk.lend(forty.items[0], patron=guest)
    wall = Wall(sign_in("pupil_librarian", forty.school_class), forty)
    assert "外班生" not in wall.scan(forty.code(0))
    assert not Loan.objects.filter(patron=guest, in_at=None).exists()
    assert "已撤销" in wall.post("class_undo")
    assert Loan.objects.filter(patron=guest, in_at=None).exists()
    assert wall.sums() == "借出 0 还回 0 没办成 0"


@pytest.mark.parametrize("number", ["9" * 25, "9" * 5000])
def test_a_number_beyond_all_numbers_is_not_found(number: str, forty: Forty, sign_in: SignIn) -> None:
    client = sign_in()
    path = Wall(client, forty).address()
    assert client.get(f"/desk/class/{number}/").status_code == 404
    for act in ("return", "renew"):
        assert client.post(f"{path}loans/{number}/{act}").status_code == 404
    assert client.post(f"{path}scan", {"scan": number, "operation": number}).status_code == 302
    assert client.post(f"{path}scan", {"scan": "²"}).status_code == 302


def test_a_post_sent_twice_is_done_and_counted_once(forty: Forty, sign_in: SignIn) -> None:
    wall = Wall(sign_in(), forty)
    wall.scan("1")
    operation = str(uuid4())
    for _ in range(2):
        wall.scan(forty.code(0), operation=operation)
    assert wall.sums() == "借出 1 还回 0 没办成 0"
    assert Loan.objects.filter(patron=forty.readers[0]).count() == 1


def test_a_pupil_librarian_hears_the_question_and_cannot_answer_it(forty: Forty, sign_in: SignIn) -> None:
    set_limit(forty.desk, 0)
    wall = Wall(sign_in("pupil_librarian", forty.school_class), forty)
    wall.scan("1")
    assert "请馆员老师来定" in wall.scan(forty.code(0))
    wall.scan("", confirm="1")
    assert not Loan.objects.filter(patron=forty.readers[0]).exists()


def test_an_isbn_that_two_have_is_asked_about_and_pointed_at(forty: Forty, sign_in: SignIn) -> None:
    for at in (0, 1):
        forty.desk.lend(forty.desk.items[at], patron=forty.readers[at])
    wall = Wall(sign_in(), forty)
    assert "是白景行的" in wall.scan(ISBN)
    loan = Loan.objects.get(patron=forty.readers[1])
    assert "2 号白景行　已还" in wall.post("class_return", loan.pk)
    assert wall.sums() == "借出 0 还回 1 没办成 0"


def test_two_names_that_begin_alike_are_offered(forty: Forty, sign_in: SignIn) -> None:
    twin = add(forty.library, "安可馨", 41, forty.school_class)
    wall = Wall(sign_in(), forty)
    assert "41 号安可馨" in wall.scan("akx")
    assert "正在给 <b>41 号安可馨</b>" in wall.post("class_pick", reader=str(twin.pk))


def test_the_wall_is_kept_over_an_interruption_and_is_nobody_elses(forty: Forty, sign_in: SignIn) -> None:
    wall = Wall(sign_in(), forty)
    wall.scan("1")
    wall.scan(forty.code(0))
    assert "1 号安可心　已借" in wall.page()
    other = Wall(sign_in("lending"), forty)
    other.client.cookies["class-desk"] = wall.client.cookies["class-desk"].value
    assert other.sums() == "借出 0 还回 0 没办成 0"
    wall.client.cookies["class-desk"] = "forged"
    assert wall.sums() == "借出 0 还回 0 没办成 0"


def test_a_long_hour_stays_within_a_cookie(forty: Forty, sign_in: SignIn) -> None:
    wall = Wall(sign_in(), forty)
    for at in range(40):
        wall.scan(str(at + 1))
        wall.scan(forty.code(at))
    assert wall.sums() == "借出 38 还回 0 没办成 2"  # two had something overdue
    assert len(wall.client.cookies["class-desk"].OutputString()) < 4000


def test_a_wall_costs_a_handful_of_queries_however_large_the_class(forty: Forty, sign_in: SignIn) -> None:
    wall = Wall(sign_in(), forty)
    wall.page()

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            wall.page()
        return len(asked)

    forty_tiles = queries()
    for number in range(41, 61):
        add(forty.library, f"插班生{number}", number, forty.school_class)
    assert queries() == forty_tiles <= 30


def test_with_scripts_an_act_answers_with_its_pieces_only(forty: Forty, sign_in: SignIn) -> None:
    wall = Wall(sign_in(), forty)
    wall.pieces("class_scan", scan="1")
    answer = wall.pieces("class_scan", scan=forty.code(0)).content.decode()
    assert answer.count("<li id=") == 1
    assert f'id="p{forty.readers[0].pk}"' in answer
    for piece in ("said", "served", "sums", "scan-label"):
        assert f'id="{piece}"' in answer
    assert len(answer.encode()) < 8000
    guest = add(forty.library, "外班生", 1, forty.other_class)
    assert 'id="wall"' in wall.pieces("class_scan", scan=card_of(guest).number).content.decode()


@pytest.mark.parametrize("value", ["", "x", "9" * 30, "0"])
def test_a_reader_that_is_none_is_not_found(value: str, forty: Forty, sign_in: SignIn) -> None:
    wall = Wall(sign_in(), forty)
    assert wall.client.post(wall.address("class_pick"), {"reader": value}).status_code == 404


def test_an_empty_class_says_what_would_be_here(forty: Forty, sign_in: SignIn) -> None:
    forty.school_class = forty.other_class
    assert "这个班还没有学生。" in Wall(sign_in(), forty).page()


# photographs


def picture(*codes: str) -> bytes:
    """A PNG with Code 128 labels one above the other."""
    paper = Image.new("L", (900, 60 + 240 * len(codes)), 255)
    for at, text in enumerate(codes):
        drawn = memoryview(zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.Code128).to_image(scale=3))  # type: ignore[arg-type]
        height, width = drawn.shape or (0, 0)
        paper.paste(Image.frombytes("L", (width, height), drawn.tobytes()), (40, 40 + 240 * at))
    written = BytesIO()
    paper.save(written, "PNG")
    return written.getvalue()


def send(client: Client, data: bytes, *, plain: bool = False, **fields: object) -> HttpResponse:
    headers = {} if plain else {"Accept": "application/json"}
    upload = SimpleUploadedFile("photo.jpg", data, content_type="image/jpeg")
    return client.post(reverse("desk:photo"), {"photo": upload, **fields}, headers=headers)  # type: ignore[return-value]


def test_a_photograph_says_its_code_to_the_page(forty: Forty, sign_in: SignIn) -> None:
    told = send(sign_in(), picture(forty.code(0))).json()  # type: ignore[attr-defined]
    assert told == {"codes": [{"code": forty.code(0), "words": "成语接龙"}], "sentence": ""}


def test_without_scripts_each_code_has_its_button(forty: Forty, sign_in: SignIn) -> None:
    client = sign_in()
    codes = [forty.code(0), forty.code(1)]
    page = send(client, picture(*codes), plain=True, **{"class": forty.school_class.pk}).content.decode()
    assert all(f'name="scan" value="{code}"' in page for code in codes)
    assert page.count(reverse("desk:class_scan", args=[forty.school_class.pk])) == 2
    assert page.count("办理这一册") == 2
    assert (
        reverse("desk:scan") in send(client, picture(codes[0]), plain=True, **{"class": "x"}).content.decode()
    )


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "没有收到照片"),
        (b"no picture", "不是能识别的照片"),
        (bytes(16 * 1024 * 1024 + 1), "照片文件太大"),
        (picture(), "没有找到条码"),
    ],
)
def test_a_bad_photograph_is_answered_with_what_to_do(
    data: bytes, sentence: str, forty: Forty, sign_in: SignIn
) -> None:
    client = sign_in()
    assert sentence in send(client, data).json()["sentence"]  # type: ignore[attr-defined]
    assert sentence in send(client, data, plain=True).content.decode()


def test_while_another_photograph_is_read_one_is_asked_to_try_again(
    forty: Forty, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(barcodes, "WAIT", 0.01)
    client = sign_in()
    with barcodes._ONE_AT_A_TIME:
        for plain in (False, True):
            answer = send(client, picture(forty.code(0)), plain=plain)
            assert answer.status_code == 503
            told = answer.content.decode() if plain else answer.json()["sentence"]  # type: ignore[attr-defined]
            assert "请再试一次" in told


def test_a_class_that_left_school_is_called_as_in_its_last_year(sign_in: SignIn, forty: Forty) -> None:
    gone = find_or_open(library=forty.library, label="六（1）班", school_year="2019-2020", by=BY, at=START)
    client = sign_in()
    for name in ("class_desk", "class_end"):
        page = client.get(reverse(f"desk:{name}", args=[gone.pk])).content.decode()
        assert "<h1>六（1）班</h1>" in page
