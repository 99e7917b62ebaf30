"""The desk as its script meets it: pieces instead of pages, cookies, what leaks and what does not."""

import re
from datetime import timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from shuxiang.accounts import shipped
from shuxiang.accounts.models import Role
from shuxiang.accounts.services import create_account, grant
from shuxiang.audit.operations import begin
from shuxiang.circulation.models import Loan
from shuxiang.circulation.tests.desk import BY, ISBN, START, Desk, add_book, open_desk, set_limit
from shuxiang.desk import sitting
from shuxiang.libraries.services import find_or_open
from shuxiang.patrons.services import add_patron

pytestmark = pytest.mark.django_db
SCRIPT = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def school() -> Desk:
    shipped.install(Role)
    return open_desk()


def at_desk(school: Desk, name: str = "li", role: str = "librarian") -> Client:
    account = create_account(username=name, display_name="馆员", by=BY, at=START)
    grant(account=account, role=role, library=school.library, from_on=START.date(), by=BY, at=START)
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    client.get("/desk/")
    return client


def scan(client: Client, code: str, **fields: str) -> str:
    answer = client.post("/desk/scan", {"scan": code, "operation": str(uuid4()), **fields}, **SCRIPT)  # type: ignore[arg-type]
    assert answer.status_code == 200
    return answer.content.decode()


def code_of(school: Desk, index: int = 0) -> str:
    return str(school.items[index].identifiers.get().value)


def test_an_act_is_one_request_that_leaves_the_session_alone(school: Desk) -> None:
    client = at_desk(school)
    before = dict(client.session.items())
    assert "林知夏" in scan(client, "0001")
    answer = scan(client, code_of(school))
    assert 'id="toasts"' in answer
    assert 'id="loans"' in answer
    assert "<html" not in answer
    assert dict(client.session.items()) == before
    assert Loan.objects.get().patron == school.pupil


def test_an_act_asks_the_database_little_beside_what_lending_asks(
    school: Desk, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = at_desk(school)
    scan(client, "0001")
    with django_assert_max_num_queries(32):
        scan(client, code_of(school))
    assert Loan.objects.get().in_at is None
    client.post("/desk/finish", {"pending": ""}, **SCRIPT)  # type: ignore[arg-type]
    with django_assert_max_num_queries(22):
        scan(client, code_of(school))
    assert Loan.objects.get().in_at is not None


def test_the_cookie_holds_no_name_and_belongs_to_one_account(school: Desk) -> None:
    client = at_desk(school)
    scan(client, "0001")
    scan(client, code_of(school))
    kept = client.cookies[sitting.COOKIE]
    assert kept["httponly"]
    assert kept["path"] == "/desk/"
    assert len(kept.value) < 600
    other = at_desk(school, "wang", "pupil_librarian")
    other.cookies[sitting.COOKIE] = kept.value
    assert "林知夏" not in re.sub(
        r'(?s)<ul class="lines plain log".*?</ul>', "", other.get("/desk/").content.decode()
    )
    forged = at_desk(school, "zhao")
    forged.cookies[sitting.COOKIE] = kept.value[:-2] + "xx"
    assert 'id="reader-name"' not in forged.get("/desk/").content.decode()


def test_the_desk_of_yesterday_is_empty(school: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    client = at_desk(school)
    scan(client, "0001")
    tomorrow = timezone.now() + timedelta(days=1)
    monkeypatch.setattr("shuxiang.common.clock.now", lambda: tomorrow)
    page = client.get("/desk/").content.decode()
    assert 'id="reader-name"' not in page
    assert "接着给" not in page


def test_who_the_page_shows_is_who_it_lends_to(school: Desk) -> None:
    client = at_desk(school)
    scan(client, "0001")
    scan(client, code_of(school), patron=str(school.other.pk))
    assert Loan.objects.get().patron == school.other


def test_a_question_is_answered_only_by_who_may(school: Desk) -> None:
    set_limit(school, 0)
    client = at_desk(school, "xiao", "pupil_librarian")
    scan(client, "0001")
    scan(client, code_of(school), confirm="loan_limit_reached")
    assert Loan.objects.count() == 0
    librarian = at_desk(school)
    scan(librarian, "0001")
    scan(librarian, code_of(school), confirm="loan_limit_reached")
    assert Loan.objects.count() == 1


def test_a_helper_undoes_own_acts_and_a_librarian_any_of_today(school: Desk) -> None:
    librarian, helper = at_desk(school), at_desk(school, "xiao", "pupil_librarian")
    scan(librarian, "0001")
    scan(librarian, code_of(school))
    loan = Loan.objects.get()
    undo = {"act": str(loan.out_operation_id), "operation": str(uuid4())}
    assert helper.post("/desk/undo", undo, **SCRIPT).status_code == 404  # type: ignore[arg-type]
    assert librarian.post("/desk/undo", undo, **SCRIPT).status_code == 200  # type: ignore[arg-type]
    loan.refresh_from_db()
    assert loan.outcome == "cancelled"


def test_an_act_of_another_day_or_library_is_not_undone_at_the_desk(school: Desk) -> None:
    loan = school.lend()  # weeks ago
    client = at_desk(school)
    for act in (str(loan.out_operation_id), str(uuid4())):
        assert client.post("/desk/undo", {"act": act}, **SCRIPT).status_code == 404  # type: ignore[arg-type]
    assert Loan.objects.get().in_at is None


def test_the_same_operation_sent_again_says_the_same(school: Desk) -> None:
    client = at_desk(school)
    scan(client, "0001")
    operation = str(uuid4())
    first, again = (scan(client, code_of(school), operation=operation) for _ in range(2))
    for answer in (first, again):
        assert "已借《西游记》给林知夏" in answer
    assert Loan.objects.count() == 1


def test_an_unknown_code_and_strange_fields_are_answered_in_words(school: Desk) -> None:
    client = at_desk(school)
    for fields in (
        {"patron": "x"},
        {"operation": "x"},
        {"choices": "r1:99999 t1:5 l3:9"},
        {"confirm": "a b"},
    ):
        assert "没有找到" in scan(client, "99999999", **fields)
    assert "没有" in scan(client, "1", choices="t1:99999")
    scan(client, "x" * 5000)
    scan(client, "\x00'\"<b>")


def test_a_pile_is_kept_and_adds_up_on_every_page(school: Desk) -> None:
    school.lend()
    client = at_desk(school)
    for code in (code_of(school), "99999999", "0001"):
        client.post("/desk/returns/scan", {"scan": code, "operation": str(uuid4())}, **SCRIPT)  # type: ignore[arg-type]
    page = client.get("/desk/returns/").content.decode()
    assert "扫了 3 次" in page
    ended = client.post("/desk/returns/end", {}, **SCRIPT)  # type: ignore[arg-type]
    assert 'data-go="/desk/returns/"' in ended.content.decode()
    page = client.get("/desk/returns/").content.decode()
    assert "扫了 3 次" in page
    assert "下一堆" in page


NUMBERS = ("²", "①", "9" * 19, "9" * 25, "9" * 5000, "9223372036854775808", "-1", "١")


@pytest.mark.parametrize("number", NUMBERS)
def test_no_number_of_a_reader_breaks_the_desk(school: Desk, number: str) -> None:
    client = at_desk(school)
    for address in ("/desk/scan", "/desk/returns/scan", "/desk/finish", "/desk/undo"):
        fields = {"patron": number, "scan": "99999999", "choices": f"r1:{number}"}
        assert client.post(address, fields, **SCRIPT).status_code == 200  # type: ignore[arg-type]
    for address in ("readers/{}/choose", "titles/{}/lend", "loans/{}/return", "loans/{}/renew"):
        found = client.post(f"/desk/{address.format(number)}", {}, **SCRIPT)  # type: ignore[arg-type]
        assert found.status_code == 404


def test_an_id_that_stood_for_another_act_stops_no_act(school: Desk) -> None:
    other, elsewhere = school.lend(school.items[1]), str(uuid4())
    begin("circulation.check_out", by=BY, at=START, library_code="b", operation_id=UUID(elsewhere))
    used = str(other.out_operation_id)
    client = at_desk(school)
    scan(client, "0002", operation=used)
    for place, operation in ((0, used), (2, elsewhere)):
        assert "已借" in scan(client, code_of(school, place), operation=operation)
    first, third = Loan.objects.get(item=school.items[0]), Loan.objects.get(item=school.items[2])
    renewed = client.post(f"/desk/loans/{first.pk}/renew", {"operation": used}, **SCRIPT)  # type: ignore[arg-type]
    assert renewed.status_code == 200
    undone = client.post("/desk/undo", {"act": str(third.out_operation_id), "operation": used}, **SCRIPT)  # type: ignore[arg-type]
    assert undone.status_code == 200
    assert client.post(f"/desk/loans/{other.pk}/return", {"operation": used}, **SCRIPT).status_code == 200  # type: ignore[arg-type]
    fields = {"scan": code_of(school), "operation": elsewhere}
    assert client.post("/desk/returns/scan", fields, **SCRIPT).status_code == 200  # type: ignore[arg-type]
    first.refresh_from_db()
    act = {"act": str(first.in_operation_id), "operation": elsewhere}
    assert client.post("/desk/returns/undo", act, **SCRIPT).status_code == 200  # type: ignore[arg-type]
    assert sorted(Loan.objects.filter(in_at=None).values_list("pk", flat=True)) == [first.pk]


def test_a_helper_of_one_class_undoes_an_own_act_on_another_class(school: Desk) -> None:
    loan = school.lend()
    account = create_account(username="xiao", display_name="小", by=BY, at=START)
    nobody = find_or_open(library=school.library, label="五（2）班", school_year="2026-2027", by=BY, at=START)
    grant(
        account=account,
        role="pupil_librarian",
        library=school.library,
        school_class=nobody,
        from_on=START.date(),
        by=BY,
        at=START,
    )
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    scan(client, code_of(school))
    loan.refresh_from_db()
    undo = {"act": str(loan.in_operation_id), "operation": str(uuid4())}
    assert client.post("/desk/undo", undo, **SCRIPT).status_code == 200  # type: ignore[arg-type]
    client.post("/desk/returns/scan", {"scan": code_of(school)}, **SCRIPT)  # type: ignore[arg-type]
    loan.refresh_from_db()
    undo = {"act": str(loan.in_operation_id), "operation": str(uuid4())}
    assert client.post("/desk/returns/undo", undo, **SCRIPT).status_code == 200  # type: ignore[arg-type]
    loan.refresh_from_db()
    assert loan.in_at is None


def test_a_title_chosen_with_nobody_there_is_shown_at_the_desk(school: Desk) -> None:
    client, record = at_desk(school), school.item.holding.record
    asked = scan(client, "西游")
    assert f"t1:{record.pk}" in asked
    shown = scan(client, "1", choices=f"t1:{record.pk}")
    assert "data-go" not in shown
    for answer in (shown, client.get("/desk/").content.decode()):
        assert f'href="/desk/find/records/{record.pk}' in answer
        assert "在架 3 册" in answer
    assert client.post(f"/desk/titles/{record.pk}/lend", {}).status_code == 302


def test_scans_that_were_dropped_stay_listed_until_the_reader_leaves(school: Desk) -> None:
    set_limit(school, 0)
    others = [add_book(school.library, title, copies=1)[0] for title in ("昆虫记", "童年")]
    codes = [str(item.identifiers.get().value) for item in others]
    client = at_desk(school)
    scan(client, "0001")
    scan(client, codes[0])
    assert "没有借出：《昆虫记》" in scan(client, codes[1])
    last = scan(client, f"{code_of(school)}")
    assert "2 册没有借出：《昆虫记》、《童年》" in last
    lent = scan(client, code_of(school), confirm="loan_limit_reached")
    assert "2 册没有借出" in lent
    assert "2 册没有借出" in client.get("/desk/").content.decode()
    done = scan(client, codes[0], confirm="loan_limit_reached")
    assert "1 册没有借出：《童年》" in done
    assert "没有借出" not in client.post("/desk/finish", {"pending": ""}, **SCRIPT).content.decode()  # type: ignore[arg-type]
    assert "没有借出" not in scan(client, "0002")


def test_a_book_whose_reader_nobody_named_is_not_forgotten(school: Desk) -> None:
    school.lend()
    school.lend(school.items[1], patron=school.other)
    client = at_desk(school)
    assert "谁借的" in scan(client, ISBN)
    assert "1 册没有收下：《西游记》" in scan(client, "99999999")
    assert Loan.objects.filter(in_at=None).count() == 2


def pile_scan(client: Client, code: str) -> str:
    fields = {"scan": code, "operation": str(uuid4())}
    return client.post("/desk/returns/scan", fields, **SCRIPT).content.decode()  # type: ignore[arg-type]


def rows_of(page: str) -> list[str]:
    pile = re.search(r'(?s)id="pile-lines".*?</ul>', page)
    return re.findall(r"(?s)<li.*?</li>", pile.group()) if pile else []


def test_every_scan_of_a_pile_has_its_row_and_counts(school: Desk) -> None:
    school.lend()
    client = at_desk(school)
    for code in (code_of(school), ISBN, ISBN, "0001", "99999999"):
        answer = pile_scan(client, code)
        assert 'data-prepend="pile-lines"' in answer
    assert "扫了 5 次" in answer
    page = client.get("/desk/returns/").content.decode()
    assert "扫了 5 次" in page
    assert len(rows_of(page)) == 5
    assert "没有借出的 <b>2</b>" in page


def test_a_readers_card_in_a_pile_is_called_so(school: Desk) -> None:
    client = at_desk(school)
    for answer in (pile_scan(client, "0001"), client.get("/desk/returns/").content.decode()):
        assert "读者证" in answer
        assert "不是本馆的书" not in answer
        assert "没有找到" not in answer


def test_a_question_of_a_pile_counts_until_it_is_answered_and_once_then(school: Desk) -> None:
    school.lend()
    school.lend(school.items[1], patron=school.other)
    client = at_desk(school)
    asked = pile_scan(client, ISBN)
    assert "扫了 1 次" in asked
    choice = re.search(r'name="choices" value="([^"]*)"', asked)
    assert choice
    pile_scan(client, "99999999")
    assert "扫了 2 次" in client.get("/desk/returns/").content.decode()
    pile_scan(client, ISBN)
    answered = client.post("/desk/returns/scan", {"scan": "1", "choices": choice.group(1)}, **SCRIPT)  # type: ignore[arg-type]
    assert "扫了 3 次" in answered.content.decode()
    assert "扫了 3 次" in client.get("/desk/returns/").content.decode()


def test_the_rows_of_a_pile_keep_their_order_when_one_is_undone(school: Desk) -> None:
    loans = [school.lend(item) for item in school.items[:2]]
    client = at_desk(school)
    for code in (code_of(school, 0), "88888888", code_of(school, 1), ISBN, "99999999"):
        pile_scan(client, code)
    before = [
        re.search(r"<b>(.*?)</b>", row) for row in rows_of(client.get("/desk/returns/").content.decode())
    ]
    loans[1].refresh_from_db()
    client.post("/desk/returns/undo", {"act": str(loans[1].in_operation_id)}, **SCRIPT)  # type: ignore[arg-type]
    after = [
        re.search(r"<b>(.*?)</b>", row) for row in rows_of(client.get("/desk/returns/").content.decode())
    ]
    words = [[found.group(1) for found in rows if found] for rows in (before, after)]
    assert words[0] == words[1]
    assert words[0][0] == "99999999"
    assert words[0][3] == "88888888"


def test_a_clock_that_went_back_is_named_in_local_words(
    school: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = at_desk(school)
    scan(client, "0001")
    scan(client, code_of(school))
    lent = timezone.now()
    monkeypatch.setattr("shuxiang.common.clock.now", lambda: lent - timedelta(hours=2))
    said = pile_scan(client, code_of(school))
    local = timezone.localtime(lent, ZoneInfo("Asia/Shanghai")).strftime("%H:%M")
    assert f"{local}）" in said
    assert "+00:00" not in said
    assert "没有找到" not in said
    assert "时钟" in said
    assert "没有归还：《西游记》" in said


def test_readers_of_several_classes_stand_with_their_class_in_a_long_list(school: Desk) -> None:
    client = at_desk(school)
    five = find_or_open(library=school.library, label="五（2）班", school_year="2026-2027", by=BY, at=START)
    for n in range(14):
        add_patron(
            library=school.library,
            name=f"韦{'一二三四五六七八九十百千万亿'[n]}",
            category=school.pupil.category,
            card_number=f"1{n:03}",
            on=START.date(),
            by=BY,
            at=START,
            school_class=school.pupil.memberships.get().school_class if n % 2 else five,
        )
    assert '<ul class="choices">' in scan(client, "韦")
    assert '<ul class="choices' in scan(client, "五2")
