"""A book of facts made by hand: the school of a published summary (346 pupils, 3,208 loans; 18 teachers, 136)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from shuxiang.figures.registry import Value
from shuxiang.reports.facts import Fact, FactBook

NOW, BEFORE = "2026-spring", "2025-autumn"
# code → title, unit, decimals
FIGURES = {
    "libraries.classes": ("班级数", "个", 0),
    "libraries.pupils": ("在校学生数", "人", 0),
    "libraries.opening_hours": ("每周开放时间", "小时", 1),
    "patrons.teachers": ("教师数", "人", 0),
    "patrons.card_rate": ("借书证发证率", "%", 1),
    "holdings.titles": ("藏书种数", "种", 0),
    "holdings.volumes": ("藏书册数", "册", 0),
    "holdings.value": ("藏书总价值", "元", 2),
    "holdings.unknown_prices": ("价格不详的册数", "册", 0),
    "holdings.volumes_per_pupil": ("生均藏书", "册", 2),
    "holdings.gap": ("应补册数", "册", 0),
    "holdings.divisions": ("已分类图书比例", "%", 2),
    "holdings.additions": ("新增册数", "册", 0),
    "holdings.additions_value": ("新增图书价值", "元", 2),
    "holdings.additions_per_pupil": ("生均新增册数", "册", 2),
    "holdings.withdrawals": ("注销册数", "册", 0),
    "circulation.loans": ("借阅册次", "册", 0),
    "circulation.loans_pupils": ("学生借阅册数", "册", 0),
    "circulation.loans_teachers": ("教师借阅册数", "册", 0),
    "circulation.loans_per_pupil": ("生均借阅册数", "册", 2),
    "circulation.loans_per_teacher": ("教师人均借阅册数", "册", 2),
    "circulation.participation": ("借过书的学生", "%", 1),
    "circulation.participation_week": ("每周借书的学生", "%", 1),
    "circulation.rate": ("流通率", "%", 1),
    "circulation.rate_volumes": ("藏书利用率", "%", 1),
    "circulation.never_borrowed": ("没有借书的学生", "人", 0),
    "circulation.overdue": ("逾期未还", "册", 0),
    "standard.volumes_per_pupil": ("生均藏书标准", "册", 0),
    "standard.opening_hours_week": ("每周开放时间标准", "小时", 0),
}
# class → pupils, loans, borrowers, loans the term before
CLASSES = {
    "一（1）班": (37, 241, 33, 148), "一（2）班": (36, 219, 28, 151), "二（1）班": (39, 352, 39, 262),
    "二（2）班": (38, 298, 37, 247), "三（1）班": (40, 486, 40, 308), "四（1）班": (41, 452, 40, 322),
    "五（1）班": (38, 437, 38, 301), "五（2）班": (37, 391, 37, 288), "六（1）班": (40, 332, 39, 317),
}  # fmt: skip
MONTHS = {
    "2026-02": 148,
    "2026-03": 718,
    "2026-04": 762,
    "2026-05": 796,
    "2026-06": 772,
    "2026-07": 148,
    "2026-08": 0,
}
CLC = {"I 文学": 1604, "K 历史、地理": 320, "N 自然科学总论": 411, "Q 生物科学": 215, "G 文化、教育": 794}
DIVISIONS = {
    "马列主义、毛泽东思想、邓小平理论": 212, "哲学、宗教": 418, "社会科学": 10964, "自然科学": 3706, "综合性图书": 712,
}  # fmt: skip


def fact(code: str, value: Value, period: str = NOW, **part: str) -> Fact:
    title, unit, decimals = FIGURES[code]
    return Fact(
        code,
        period,
        title,
        unit,
        f"{title}的口径。",
        decimals,
        value.number,
        value.numerator,
        value.denominator,
        **part,
    )


def count(code: str, number: int | str, period: str = NOW) -> Fact:
    return fact(code, Value(Decimal(number)), period)


def quotient(code: str, top: int, bottom: int, factor: int = 1, period: str = NOW) -> Fact:
    return fact(code, Value.quotient(top, bottom, factor), period)


def facts() -> list[Fact]:
    per_pupil = "circulation.loans_per_pupil"
    found = [
        count("libraries.classes", 9), count("libraries.pupils", 346), count("libraries.opening_hours", "32.5"),
        count("patrons.teachers", 18), quotient("patrons.card_rate", 346, 346, 100),
        count("holdings.titles", 5210), count("holdings.volumes", 16012), count("holdings.value", "318220.50"),
        count("holdings.unknown_prices", 96), quotient("holdings.volumes_per_pupil", 16012, 346),
        count("holdings.gap", 0), quotient("holdings.divisions", 16012, 16012, 100),
        count("holdings.additions", 402), count("holdings.additions_value", "9120.00"),
        quotient("holdings.additions_per_pupil", 402, 346), count("holdings.withdrawals", 35),
        count("circulation.loans", 3344), count("circulation.loans_pupils", 3208),
        count("circulation.loans_teachers", 136), quotient(per_pupil, 3208, 346),
        quotient("circulation.loans_per_teacher", 136, 18), quotient("circulation.participation", 331, 346, 100),
        quotient("circulation.participation_week", 152, 346, 100), quotient("circulation.rate", 3344, 16012, 100),
        quotient("circulation.rate_volumes", 2410, 16012, 100), count("circulation.never_borrowed", 15),
        count("circulation.overdue", 23),
        count("circulation.loans", 2469, BEFORE), quotient(per_pupil, 2344, 346, period=BEFORE),
        quotient("circulation.loans_per_teacher", 125, 18, period=BEFORE),
        quotient("circulation.participation", 316, 346, 100, period=BEFORE),
        quotient("circulation.rate", 2469, 15645, 100, period=BEFORE), count("holdings.additions", 0, BEFORE),
        count("standard.volumes_per_pupil", 25), count("standard.opening_hours_week", 40),
    ]  # fmt: skip
    for key, (label, (pupils, loans, borrowers, before)) in enumerate(CLASSES.items(), 1):
        part = {"by": "class", "key": str(key), "label": label}
        found.append(fact(per_pupil, Value.quotient(loans, pupils), **part))
        found.append(fact(per_pupil, Value.quotient(before, pupils), BEFORE, **part))
        found.append(fact("circulation.participation", Value.quotient(borrowers, pupils, 100), **part))
        never = Value.count(pupils - borrowers)
        found.append(fact("circulation.never_borrowed", never, **part))
    found += [
        fact("circulation.loans", Value.count(n), by="month", key=key, label=key) for key, n in MONTHS.items()
    ]
    found += [
        fact("circulation.loans", Value.count(n), by="clc", key=name[0], label=name)
        for name, n in CLC.items()
    ]
    for number, (name, n) in enumerate(DIVISIONS.items(), 1):
        part = {"by": "division", "key": str(number), "label": name}
        found.append(fact("holdings.divisions", Value.quotient(n, 16012, 100), **part))
    return found


def book(**changes: object) -> FactBook:
    """The finished spring term of the school, written on its last day."""
    made = FactBook(
        library="柳溪镇中心小学",
        kind="primary",
        period=NOW,
        previous=BEFORE,
        starts_on=date(2026, 2, 1),
        ends_on=date(2026, 8, 31),
        last_day=date(2026, 8, 31),
        written_on=date(2026, 7, 10),
        standard="国家标准（2018）小学",
        shares={n: Decimal(s) for n, s in {"1": "1.5", "2": "1.5", "3": "64", "4": "28", "5": "5"}.items()},
        tolerance=Decimal(2),
        facts=tuple(facts()),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def with_fact(made: FactBook, *changed: Fact) -> FactBook:
    """The book with some facts put in the place of those they replace."""
    gone = {(each.code, each.period, each.by, each.key) for each in changed}
    kept = [each for each in made.facts if (each.code, each.period, each.by, each.key) not in gone]
    return replace(made, facts=(*kept, *changed))
