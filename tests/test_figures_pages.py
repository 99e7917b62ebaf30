"""Pages of figures and the term summary: what they say, to whom, and what they keep back."""

import io
import re
from datetime import UTC, date, datetime
from html import unescape
from urllib.parse import quote, unquote

import docx as word
import pytest
from django.test import Client

from shuxiang.accounts import shipped
from shuxiang.accounts.models import Role
from shuxiang.accounts.services import create_account, grant
from shuxiang.circulation.models import Loan
from shuxiang.circulation.tests.desk import BY, START, Desk, open_desk
from shuxiang.figures.registry import all_figures
from shuxiang.libraries.models import SchoolClass
from shuxiang.libraries.services import count_enrolment, find_or_open
from shuxiang.patrons.selectors import category
from shuxiang.patrons.services import add_patron

PERIOD = "2026-autumn"
PERSONAL = "circulation.loans"
OF_CLASSES = "circulation.loans_pupils"


@pytest.fixture
def desk(db: None) -> Desk:
    """三（1） with two pupils and one loan, 四（1） with one pupil and one loan, a teacher with one."""
    shipped.install(Role)
    made = open_desk()
    other_class = find_or_open(
        library=made.library, label="四（1）班", school_year="2026-2027", by=BY, at=START
    )
    count_enrolment(library=made.library, count=1, on=START.date(), school_class=other_class, by=BY, at=START)
    pupil = category(made.library, "pupil")
    assert pupil is not None
    fourth = add_patron(
        library=made.library, name="陆青禾", category=pupil, card_number="0009", on=START.date(), by=BY, at=START,
        school_class=other_class,
    )  # fmt: skip
    at = datetime(2026, 10, 12, 4, tzinfo=UTC)
    for item, patron in zip(made.items, (made.pupil, fourth, made.teacher), strict=True):
        made.lend(item, patron, at=at)
    return made


def sign_in(desk: Desk, role: str, only: SchoolClass | None = None) -> Client:
    account = create_account(username=role.replace("_", "-"), display_name=role, by=BY, at=START)
    grant(
        account=account, role=role, library=desk.library, school_class=only, from_on=date(2026, 1, 1), by=BY, at=START
    )  # fmt: skip
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def read(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, (url, response.status_code)
    return response.content.decode()


def figure(client: Client, code: str, **query: str) -> str:
    asked = "&".join(f"{key}={quote(value)}" for key, value in ({"period": PERIOD} | query).items())
    return read(client, f"/desk/figures/{code}/?{asked}")


def test_the_dashboard_opens_with_what_the_numbers_mean(desk: Desk) -> None:
    page = read(sign_in(desk, "librarian"), f"/desk/figures/?period={PERIOD}")
    assert "平均每个学生借了 0.67 册" in page
    assert "还有 1 个学生一本也没借。" in page
    assert f"/desk/figures/circulation.never_borrowed/?period={PERIOD}" in page
    assert "三（1）班" in page


def test_every_figure_stands_in_one_table_with_its_definition(desk: Desk) -> None:
    client = sign_in(desk, "librarian")
    assert f'href="/desk/figures/all/?period={PERIOD}"' in read(client, f"/desk/figures/?period={PERIOD}")
    page = read(client, f"/desk/figures/all/?period={PERIOD}")
    assert all(f"/desk/figures/{each.code}/?period={PERIOD}" in page for each in all_figures())
    assert page.count("<tr>") == len(all_figures()) + 1
    assert "<table" not in read(client, "/desk/figures/all/?period=2010-spring")


def target(client: Client, written: str, code: str = "circulation.loans_per_pupil") -> str:
    response = client.post(f"/desk/figures/{code}/target", {"period": PERIOD, "target": written}, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def test_a_target_stands_beside_its_figure_in_the_sentence_and_in_the_chart(desk: Desk) -> None:
    client = sign_in(desk, "librarian")
    assert 'value="2.00"' in target(client, "２")
    page = read(client, f"/desk/figures/?period={PERIOD}")
    assert "离 2 册的目标还差 1.33 册。" in page
    assert "目标 2，差 1.33" in page
    assert page.count('class="aim"') >= 1
    target(client, "0.5")
    page = read(client, f"/desk/figures/?period={PERIOD}")
    assert "过了 0.5 册的目标。" in page
    assert "目标 0.5，达到" in page
    target(client, "")
    assert "目标" not in re.sub(r"<nav.*?</nav>", "", read(client, f"/desk/figures/?period={PERIOD}"))


def test_a_target_that_is_no_number_is_refused_in_words_and_the_old_one_stays(desk: Desk) -> None:
    client = sign_in(desk, "librarian")
    target(client, "2")
    page = target(client, "九册")
    assert "“九册”不是数字" in page
    assert 'value="2.00"' in page


def test_a_target_of_few_is_missed_from_above(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    client = sign_in(desk, "librarian")
    monkeypatch.setattr("shuxiang.desk.views.periods.today", lambda: date(2027, 1, 15))
    monkeypatch.setattr("shuxiang.desk.views.figures.today", lambda: date(2027, 1, 15))
    target(client, "1", "circulation.overdue")
    assert "目标 1，多 2" in read(client, f"/desk/figures/?period={PERIOD}")
    target(client, "3", "circulation.overdue")
    assert "目标 3，达到" in read(client, f"/desk/figures/?period={PERIOD}")


@pytest.mark.parametrize("role", ["head", "inspector"])
def test_who_may_not_write_reports_sees_no_field_for_a_target(desk: Desk, role: str) -> None:
    assert 'name="target"' not in figure(sign_in(desk, role), "circulation.loans_per_pupil")


def test_a_running_term_is_compared_with_the_same_point_of_the_last(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "shuxiang.desk.views.periods.clock.now", lambda: datetime(2026, 10, 15, 4, tzinfo=UTC)
    )
    page = read(sign_in(desk, "librarian"), f"/desk/figures/?period={PERIOD}")
    assert "上学期同期" in page
    later = read(sign_in(desk, "owner"), "/desk/figures/?period=2026-spring")
    assert "同期" not in later


def test_today_says_how_the_term_goes_and_whom_to_call_in(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sign_in(desk, "librarian")
    monkeypatch.setattr("shuxiang.desk.views.home.clock.local_date", lambda _at: date(2026, 11, 30))
    page = read(client, "/desk/home/")
    assert "平均每个学生借了 0.67 册" in page
    third = desk.pupil.memberships.get().school_class
    assert re.search(rf'href="(/desk/figures/circulation.overdue/\?[^"]*class%3A{third.pk})">三（1）班', page)
    rows = read(client, unquote(f"/desk/figures/circulation.overdue/?period={PERIOD}&part=class:{third.pk}"))
    assert "林知夏" in rows and "陆青禾" not in rows


@pytest.mark.parametrize("role", ["pupil_librarian", "class_teacher"])
def test_today_keeps_the_school_to_itself_from_who_has_one_class(desk: Desk, role: str) -> None:
    page = read(sign_in(desk, role, desk.pupil.memberships.get().school_class), "/desk/home/")
    assert "要催还的" not in page and "平均每个学生" not in page


def test_today_counts_the_whole_school_for_nobody_who_has_one_class_and_lends_nothing(desk: Desk) -> None:
    page = read(sign_in(desk, "class_teacher", desk.pupil.memberships.get().school_class), "/desk/home/")
    assert "逾期未还" not in page
    whole = read(sign_in(desk, "librarian"), "/desk/home/")
    assert "逾期未还" in whole and "看全部数字</a>" in whole


def test_a_period_without_data_says_so(desk: Desk) -> None:
    page = read(sign_in(desk, "librarian"), "/desk/figures/?period=2020-spring")
    assert "这一期还没有任何记录。" in page


@pytest.mark.parametrize("period", ["1900", "1900-spring", "1900-1901", "1900-01", "2199", "2199-2200"])
def test_the_borders_of_the_calendar_have_pages(desk: Desk, period: str) -> None:
    client = sign_in(desk, "librarian")
    for page in ("", "circulation.loans_per_pupil/"):
        assert client.get(f"/desk/figures/{page}?period={period}").status_code == 200
    assert client.get(f"/desk/reports/term-summary/?period={period}").status_code == 200


@pytest.mark.parametrize("url", [
    "/desk/figures/?period=soon",
    f"/desk/figures/circulation.happiness/?period={PERIOD}",
    f"/desk/figures/{PERSONAL}/?period={PERIOD}&part=month:1999-01",
    f"/desk/figures/{PERSONAL}/?period={PERIOD}&part=class:x'--",
    f"/desk/figures/{PERSONAL}/?period={PERIOD}&page=99",
])  # fmt: skip
def test_what_does_not_exist_is_not_found(desk: Desk, url: str) -> None:
    assert sign_in(desk, "librarian").get(url).status_code == 404


def test_a_figure_gives_its_definition_its_quotient_its_parts_and_its_rows(desk: Desk) -> None:
    page = figure(sign_in(desk, "librarian"), "circulation.loans_per_pupil")
    assert "学生外借册次 ÷ 在校学生数。" in page
    assert "2 ÷ 3" in page
    assert "part=class%3A" in page
    assert page.count("西游记") == 2 and "林知夏" in page


def test_only_a_quotient_has_a_column_of_both_sides(desk: Desk) -> None:
    client = sign_in(desk, "librarian")
    assert "分子 ÷ 分母" in read(client, f"/desk/figures/circulation.loans_per_pupil/?period={PERIOD}")
    page = read(client, f"/desk/figures/circulation.loans/?period={PERIOD}")
    assert "分子 ÷ 分母" not in page and "代码 <span" in page


def test_a_part_narrows_the_rows_to_it(desk: Desk) -> None:
    own = desk.pupil.memberships.get().school_class
    page = figure(sign_in(desk, "librarian"), "circulation.loans_pupils", part=f"class:{own.pk}")
    assert "林知夏" in page and "陆青禾" not in page


def test_every_figure_has_a_page(desk: Desk) -> None:
    client = sign_in(desk, "librarian")
    page = read(client, f"/desk/figures/all/?period={PERIOD}")
    codes = set(re.findall(r'href="/desk/figures/([a-z_]+\.[a-z_.]+)/', page))
    assert codes == {each.code for each in all_figures()}
    for code in codes:
        figure(client, code)


@pytest.mark.parametrize("role", ["inspector", "head"])
def test_names_are_hidden_from_who_may_not_see_readers(desk: Desk, role: str) -> None:
    client = sign_in(desk, role)
    for code in (PERSONAL, "circulation.never_borrowed", "patrons.card_rate", "circulation.participation"):
        page = figure(client, code)
        assert "林知夏" not in page and "周予安" not in page
        assert "姓名只给有权查看读者的人看。" in page


def test_a_class_teacher_sees_the_rows_of_the_own_class_only(desk: Desk) -> None:
    own = desk.pupil.memberships.get().school_class
    client = sign_in(desk, "class_teacher", own)
    page = figure(client, OF_CLASSES)
    assert "林知夏" in page and "陆青禾" not in page and "沈书意" not in page
    other = SchoolClass.objects.exclude(pk=own.pk).get()
    assert "陆青禾" not in figure(client, OF_CLASSES, **{"class": str(other.pk)})
    assert "平均每个学生借了 0.50 册" in read(client, f"/desk/figures/?period={PERIOD}")


def test_a_number_of_the_whole_school_is_not_for_a_class_teacher(desk: Desk) -> None:
    own = desk.pupil.memberships.get().school_class
    client = sign_in(desk, "class_teacher", own)
    for code in ("circulation.loans", "circulation.loans_per_teacher", "holdings.volumes"):
        assert client.get(f"/desk/figures/{code}/?period={PERIOD}").status_code == 403
    assert client.get(f"/desk/figures/circulation.overdue/?period={PERIOD}").status_code == 200


def test_every_link_of_a_class_teachers_figures_opens(desk: Desk) -> None:
    client = sign_in(desk, "class_teacher", desk.pupil.memberships.get().school_class)
    page = read(client, f"/desk/figures/?period={PERIOD}")
    links = {unescape(link) for link in re.findall(r'href="(/desk/figures/[^"]+)"', page)}
    assert any("part=clc" in link for link in links) and any("by=month" in link for link in links)
    assert {link: client.get(link).status_code for link in links} == dict.fromkeys(links, 200)


def test_a_class_teacher_sees_charts_and_figures_of_the_own_class_only(desk: Desk) -> None:
    own = desk.pupil.memberships.get().school_class
    client = sign_in(desk, "class_teacher", own)
    page, table = (read(client, f"/desk/figures/{each}?period={PERIOD}") for each in ("", "all/"))
    heading = re.search(r"<h1>(.*?)</h1>", page)
    assert heading is not None and "三（1）班" in heading[1]
    assert "四（1）班" not in page + table
    codes = set(re.findall(r'href="/desk/figures/([a-z_]+\.[a-z_.]+)/', table))
    assert codes == {each.code for each in all_figures() if "class" in each.parts}
    assert "10 月 1" in page and "10 月 3" not in page, "the months of the class, not of the school"


def test_a_zero_of_the_term_before_is_written_as_zero(desk: Desk) -> None:
    page = read(sign_in(desk, "librarian"), f"/desk/figures/all/?period={PERIOD}")
    row = next(each for each in page.split("<tr>") if "circulation.overdue/" in each and "wide-only" in each)
    assert re.findall(r'<td class="num">(.*?)</td>', row)[1] == "0"


def test_the_chooser_goes_back_to_the_first_loan_that_was_imported(desk: Desk) -> None:
    Loan.objects.filter(patron=desk.pupil).update(out_at=datetime(2017, 3, 6, 4, tzinfo=UTC))
    page = read(sign_in(desk, "librarian"), f"/desk/figures/?period={PERIOD}")
    terms = re.findall(r'<option value="(\d{4}-(?:spring|autumn))"', page)
    assert terms[-1] == "2017-spring" and len(set(terms)) == len(terms)


def test_pages_speak_three_languages(desk: Desk) -> None:
    client = sign_in(desk, "librarian")
    words = {"zh-hans": "口径", "zh-hant": "口徑", "en": "Definition"}
    for language, word_there in words.items():
        client.cookies["django_language"] = language
        assert word_there in read(client, f"/desk/figures/all/?period={PERIOD}")


def test_the_summary_shows_linked_numbers_and_fields_for_who_may_write(desk: Desk) -> None:
    page = read(sign_in(desk, "librarian"), f"/desk/reports/term-summary/?period={PERIOD}")
    assert f'<a href="/desk/figures/circulation.loans_per_pupil/?period={PERIOD}">0.67</a>' in page
    assert page.count("<textarea") == 7
    assert "<textarea" not in read(sign_in(desk, "inspector"), f"/desk/reports/term-summary/?period={PERIOD}")


def test_what_is_written_on_the_page_stands_in_the_word_file(desk: Desk) -> None:
    client = sign_in(desk, "librarian")
    sent = {"period": PERIOD, "key": "activities", "text": "四月举办读书节。"}
    answer = client.post("/desk/reports/term-summary/part", sent, follow=True)
    assert "文字已保存。" in answer.content.decode()
    content = client.get(f"/desk/reports/term-summary/file?period={PERIOD}").content
    body = word.Document(io.BytesIO(content)).element.body
    assert "四月举办读书节。" in "".join(body.itertext())


def test_the_word_file_is_named_after_the_school_and_the_term(desk: Desk) -> None:
    answer = sign_in(desk, "librarian").get(f"/desk/reports/term-summary/file?period={PERIOD}")
    name = answer.headers["Content-Disposition"].partition("filename*=utf-8''")[2]
    assert unquote(name) == f"{desk.library.name}2026年秋季学期工作总结.docx"


def test_a_part_that_does_not_exist_is_said_and_nothing_is_kept(desk: Desk) -> None:
    client = sign_in(desk, "librarian")
    sent = {"period": PERIOD, "key": "poems", "text": "春眠不觉晓"}
    answer = client.post("/desk/reports/term-summary/part", sent, follow=True).content.decode()
    assert "没有“poems”这一部分" in answer and "春眠不觉晓" not in answer


def test_only_who_may_sign_signs_and_not_while_the_term_runs(desk: Desk) -> None:
    librarian, head = sign_in(desk, "librarian"), sign_in(desk, "head")
    assert librarian.post("/desk/reports/term-summary/sign", {"period": "2026-08"}).status_code == 403
    running = head.post("/desk/reports/term-summary/sign", {"period": "2999-autumn"}, follow=True)
    assert running.status_code == 404 or "才结束" in running.content.decode()
    signed = head.post("/desk/reports/term-summary/sign", {"period": "2026-08"}, follow=True).content.decode()
    assert "head 于" in signed and "签发。" in signed
