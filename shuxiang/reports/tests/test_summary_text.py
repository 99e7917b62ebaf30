"""What the summary says: sentences follow the figures."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from shuxiang.figures.registry import Value
from shuxiang.reports.blocks import Block, Chart, Heading, Human, Num, Paper, Table, numbers, plain, sources
from shuxiang.reports.facts import FactBook, from_json, to_json
from shuxiang.reports.summary.words import period_name, period_words
from shuxiang.reports.term_summary import compose
from shuxiang.reports.tests.books import BEFORE, book, count, fact, quotient, with_fact


def text(paper: Paper) -> str:
    """All words of a paper, tables and suggestions too."""
    return "\n".join(_words(block) for block in paper.blocks)


def _words(block: Block) -> str:
    if isinstance(block, Human):
        return block.text or "\n".join(paragraph.text for paragraph in block.proposal)
    if isinstance(block, Table):
        rows = "\n".join(" ".join(plain(cell) for cell in row) for row in (*block.rows, block.total))
        return f"{block.caption}\n{' '.join(block.head)}\n{rows}"
    return getattr(block, "text", "")


def said(made: FactBook) -> str:
    return text(compose(made))


def test_the_published_numbers_of_a_school_are_printed() -> None:
    words = said(book())
    assert "本学期全校346名学生借阅图书3,208册，生均借阅9.27册" in words
    assert "18位教师借阅图书136册，人均7.56册" in words


def test_the_sections_are_those_of_real_summaries_in_their_order() -> None:
    headings = [block.text for block in compose(book()).blocks if isinstance(block, Heading)]
    assert headings == [
        "一、基本情况", "二、藏书建设与业务工作", "三、流通与服务", "（一）借阅总量", "（二）各班借阅", "（三）各月借阅",
        "（四）借阅内容", "四、读书活动", "五、队伍建设", "六、存在的问题", "七、今后打算",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        (quotient("circulation.loans_per_pupil", 2344, 346, period=BEFORE), "比上学期（6.77册）增加2.50册"),
        (quotient("circulation.loans_per_pupil", 4000, 346, period=BEFORE), "比上学期（11.56册）减少2.29册"),
        (quotient("circulation.loans_per_pupil", 3208, 346, period=BEFORE), "生均借阅9.27册，与上学期持平。"),
        (quotient("circulation.participation", 338, 346, 100, period=BEFORE), "比上学期（97.7%）下降2.0个百分点"),
        (count("holdings.gap", 0), "达到国家标准（2018）小学生均25册的要求。"),
        (count("holdings.gap", 338), "低于国家标准（2018）小学生均25册的要求，尚缺338册。"),
        (count("libraries.opening_hours", "40"), "图书馆每周开放40小时，达到每周不少于40小时的要求。"),
        (count("libraries.opening_hours", "32.5"), "距每周不少于40小时的要求还差7.5小时。"),
        (count("holdings.additions", 0), "本学期没有新增图书。"),
        (count("holdings.unknown_prices", 0), "总价值318,220.50元。"),
        (count("circulation.loans", 0), "本学期没有借阅记录。"),
        (count("holdings.volumes", 0), "图书馆尚无登记入帐的藏书。"),
        (count("circulation.overdue", 23), "本学期末仍有23册图书到期未还。"),
    ],
)  # fmt: skip
def test_a_sentence_says_what_its_figure_says(changed: object, sentence: str) -> None:
    assert sentence in said(with_fact(book(), changed))  # type: ignore[arg-type]


def test_without_a_term_before_nothing_is_compared() -> None:
    before = [each for each in book().facts if each.period == BEFORE]
    empty = [replace(each, number=Decimal(0), numerator=None, denominator=None) for each in before]
    paper = compose(with_fact(book(), *empty))
    assert "上学期" not in text(paper)
    chart = next(block for block in paper.blocks if isinstance(block, Chart))
    assert [series.name for series in chart.series] == ["本学期"]


def test_a_library_without_standard_is_held_against_nothing() -> None:
    facts = tuple(each for each in book().facts if not each.code.startswith("standard."))
    words = said(replace(book(), facts=facts, standard="", shares={}))
    assert "标准比例" not in words
    assert "生均藏书46.28册。" in words
    assert "图书馆每周开放32.5小时。" in words


def test_hours_that_nobody_wrote_down_are_not_spoken_of() -> None:
    assert "每周开放" not in said(with_fact(book(), fact("libraries.opening_hours", Value(None))))


def test_a_running_term_says_up_to_which_day_it_counts() -> None:
    words = said(replace(book(), last_day=date(2026, 5, 20)))
    assert "截至2026年5月20日，学生借阅图书3,208册" in words
    assert "目前仍有23册图书到期未还" in words
    assert "生均借阅9.27册（上学期全期6.77册）。" in words
    assert "比上学期" not in words


def test_problems_are_proposed_from_the_data_and_plans_answer_them() -> None:
    parts = {block.key: block for block in compose(book()).blocks if isinstance(block, Human)}
    problems = [paragraph.text for paragraph in parts["problems"].proposal]
    assert problems[0] == (
        "1．班级之间借阅不平衡。一（2）班（6.08册）、一（1）班（6.51册）的生均借阅明显低于全校生均9.27册的水平。"
    )
    assert problems[1] == "2．还有15名学生本学期没有借过书，其中一（2）班8名、一（1）班4名、二（2）班1名。"
    assert len(parts["plans"].proposal) == 4
    assert [key for key, part in parts.items() if not part.proposal] == [
        "guidance", "conditions", "technical", "activities", "team",
    ]  # fmt: skip


def test_without_problems_in_the_data_nothing_is_proposed() -> None:
    made = with_fact(
        book(),
        count("circulation.never_borrowed", 0),
        count("circulation.overdue", 0),
        count("libraries.opening_hours", 40),
        *(replace(each, number=Decimal(9)) for each in book().parts("circulation.loans_per_pupil", "class")),
    )
    parts = {
        block.key: block for block in compose(replace(made, shares={})).blocks if isinstance(block, Human)
    }
    assert (parts["problems"].proposal, parts["plans"].proposal) == ((), ())


def test_every_number_of_the_text_has_a_source_with_a_page_of_rows() -> None:
    paper = compose(book())
    found = {each.source: each for each in sources(paper)}
    assert all(number.fact.source in found for number in numbers(paper))
    assert found["circulation.loans_per_pupil|2026-spring|"].path == (
        "/desk/figures/circulation.loans_per_pupil/?period=2026-spring"
    )
    assert found["circulation.loans|2026-spring|month"].path.endswith("?period=2026-spring&by=month")


def test_no_digit_of_the_text_stands_outside_a_linked_number() -> None:
    """Except in names: of classes, the standard, its shares, tables, days, and the numbers of the points."""
    allowed = (
        "（1）班",
        "（2）班",
        "（2018）",
        "表1",
        "表2",
        "表3",
        "图1",
        "2026年",
        "标准28%",
        "相差不超过2个百分点",
        *(f"{n}．" for n in range(1, 9)),
    )
    loose = []
    for block in compose(book()).blocks:
        runs = getattr(block, "runs", ())
        if isinstance(block, Human):
            runs = tuple(run for paragraph in block.proposal for run in paragraph.runs)
        for run in runs:
            rest = "" if isinstance(run, Num) else run
            for word in allowed:
                rest = rest.replace(word, "")
            rest = rest.replace("月", "") if rest in {"5月", "2月"} else rest
            loose += [rest] if any(sign.isdigit() for sign in rest) and rest not in {"5", "2"} else []
    assert loose == []


def test_months_without_loans_are_not_passed_over_in_silence() -> None:
    assert "；有借阅的月份中2月最少，为148册。" in said(book())
    lent = [each for each in book().parts("circulation.loans", "month") if each.number]
    kept = tuple(each for each in book().facts if each.by != "month")
    assert "有借阅的月份中" not in said(replace(book(), facts=(*kept, *lent)))


def divisions_table(made: FactBook) -> dict[str, list[str]]:
    tables = [block for block in compose(made).blocks if isinstance(block, Table)]
    found = next(each for each in tables if each.caption.startswith("表1"))
    return {plain(row[0]): [plain(cell) for cell in row[1:]] for row in (*found.rows, found.total)}


def test_the_table_of_divisions_adds_up_to_the_stock() -> None:
    made = with_fact(book(), quotient("holdings.divisions", 16012, 16512, 100))
    rows = divisions_table(made)
    assert rows["未分类"][0] == "500"
    assert rows["合计"][0] == "16,512"
    assert "未分类" not in divisions_table(book())


def test_a_share_that_only_the_tolerance_saves_is_not_said_to_reach_the_standard() -> None:
    part = {"by": "division", "key": "1", "label": "马列主义、毛泽东思想、邓小平理论"}
    made = with_fact(book(), fact("holdings.divisions", Value.quotient(17, 10000, 100), **part))
    assert divisions_table(made)["马列主义、毛泽东思想、邓小平理论"] == ["17", "0.17", "1.5", "容差内"]
    assert "“容差内”指低于标准比例，但相差不超过2个百分点。" in said(made)
    assert "符合" not in said(made)


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("2026-spring", "2026年春季学期"), ("2026-autumn", "2026年秋季学期"), ("2026-2027", "2026—2027学年"),
        ("2026", "2026年"), ("2026-03", "2026年3月"), ("2026-10-01..2026-10-07", "2026年10月1日至2026年10月7日"),
    ],
)  # fmt: skip
def test_the_list_of_sources_calls_periods_by_name(code: str, name: str) -> None:
    assert period_name(code) == name


def test_a_book_of_facts_survives_the_way_through_json() -> None:
    assert from_json(to_json(book())) == book()


@pytest.mark.parametrize(
    ("code", "first", "last", "title", "this", "before"),
    [
        ("2026-autumn", date(2026, 9, 1), date(2027, 1, 31), "2026—2027学年第一学期", "本学期", "上学期"),
        ("2026-spring", date(2026, 2, 1), date(2026, 8, 31), "2025—2026学年第二学期", "本学期", "上学期"),
        ("2026-2027", date(2026, 9, 1), date(2027, 8, 31), "2026—2027学年", "本学年", "上学年"),
        ("2026", date(2026, 1, 1), date(2026, 12, 31), "2026年度", "本年度", "上年度"),
        ("2026-10", date(2026, 10, 1), date(2026, 10, 31), "2026年10月", "本月", "上月"),
        ("2026-10-01..2026-10-07", date(2026, 10, 1), date(2026, 10, 7), "2026年10月1日至2026年10月7日", "本期", "上期"),
    ],
)  # fmt: skip
def test_periods_in_the_words_of_schools(
    code: str, first: date, last: date, *, title: str, this: str, before: str
) -> None:
    words = period_words(code, first, last)
    assert (words.title, words.this, words.before) == (title, this, before)
