"""流通与服务: how much was lent, to whom, when, and what."""

from decimal import Decimal

from shuxiang.reports.blocks import Block, Chart, Heading, Num, Runs, Series, Table
from shuxiang.reports.facts import Fact, FactBook
from shuxiang.reports.summary.words import (
    compared,
    flat,
    grouped,
    is_positive,
    joined,
    month_name,
    num,
    p,
    top,
    words_of,
)

PER_PUPIL = "circulation.loans_per_pupil"


def section(book: FactBook) -> list[Block]:
    blocks: list[Block] = [Heading(1, "流通与服务")]
    if not is_positive(book.get("circulation.loans")):
        return [*blocks, p(f"{words_of(book).this}没有借阅记录。")]
    blocks += [Heading(2, "借阅总量"), p(_pupils(book), _teachers(book)), p(_reach(book), _rates(book))]
    if classes(book):
        blocks += [Heading(2, "各班借阅"), p(_class_words(book)), _class_table(book), _class_chart(book)]
    return [
        *blocks,
        Heading(2, "各月借阅"), p(_month_words(book)), _month_table(book),
        Heading(2, "借阅内容"), p(_subject_words(book)),
    ]  # fmt: skip


def classes(book: FactBook) -> list[Fact]:
    """Loans per pupil of every class that has pupils, the most first."""
    found = [fact for fact in book.parts(PER_PUPIL, "class") if fact.number is not None]
    return sorted(found, key=lambda fact: fact.number or Decimal(0), reverse=True)


def has_previous(book: FactBook) -> bool:
    return is_positive(book.get("circulation.loans", previous=True))


def _pupils(book: FactBook) -> Runs:
    words, per_head = words_of(book), book.get(PER_PUPIL)
    if per_head.number is None:
        return (f"{words.this}共借出图书", num(book.get("circulation.loans")), "册次。")
    return flat(
        f"{words.this}全校", num(book.get("libraries.pupils")), "名学生借阅图书",
        num(book.get("circulation.loans_pupils")), "册，生均借阅", num(per_head), "册", compared(book, PER_PUPIL), "。",
    )  # fmt: skip


def _teachers(book: FactBook) -> Runs:
    per_head = book.get("circulation.loans_per_teacher")
    if not is_positive(per_head):
        return ()
    return flat(
        num(book.get("patrons.teachers")), "位教师借阅图书", num(book.get("circulation.loans_teachers")),
        "册，人均", num(per_head), "册", compared(book, "circulation.loans_per_teacher"), "。",
    )  # fmt: skip


def _reach(book: FactBook) -> Runs:
    took_part, week = book.get("circulation.participation"), book.get("circulation.participation_week")
    if not is_positive(took_part):
        return ()
    runs = flat("借过书的学生有", top(took_part), "人，占学生总数的", num(took_part), "%")
    runs = flat(runs, compared(book, "circulation.participation"))
    if is_positive(week):
        runs = flat(runs, "；平均每个教学周有", num(week), "%的学生借书")
    return flat(runs, "。")


def _rates(book: FactBook) -> Runs:
    rate, used = book.get("circulation.rate"), book.get("circulation.rate_volumes")
    if not is_positive(rate):
        return ()
    return flat(
        "图书流通率（外借册次÷藏书册数）为", num(rate), "%", compared(book, "circulation.rate"),
        "；藏书利用率（借出过的图书÷藏书册数）为", num(used), "%。",
    )  # fmt: skip


def _class_words(book: FactBook) -> Runs:
    found = classes(book)
    first, last = found[0], found[-1]
    runs = flat("各班借阅情况见表2和图1。")
    if len(found) > 1 and first.rounded != last.rounded:
        best = flat("生均借阅最多的是", first.label, "，为", num(first), "册；最少的是", last.label)
        runs = flat(runs, best, "，为", num(last), "册。")
    mean = book.get(PER_PUPIL).number or Decimal(0)
    above = [fact for fact in found if (fact.number or 0) >= mean]
    reached: list[Runs] = [(fact.label,) for fact in above]
    if 0 < len(above) < len(found):
        runs = flat(runs, joined(reached), "达到或超过全校生均", num(book.get(PER_PUPIL)), "册的水平。")
    return runs


def _class_table(book: FactBook) -> Table:
    shares = {fact.key: fact for fact in book.parts("circulation.participation", "class")}
    before = {fact.key: fact for fact in book.parts(PER_PUPIL, "class", previous=True)}
    with_before = has_previous(book)

    def row(label: str, per_head: Fact, share: Fact | None, last: Fact | None) -> tuple[Runs, ...]:
        cells: tuple[Runs, ...] = (
            (label,),
            (Num(grouped(per_head.denominator), per_head),),
            (top(per_head),),
            (num(per_head),),
            (num(share),) if share and share.number is not None else ("—",),
        )
        return (*cells, (num(last),) if last and is_positive(last) else ("—",)) if with_before else cells

    rows = tuple(
        row(fact.label, fact, shares.get(fact.key), before.get(fact.key))
        for fact in book.parts(PER_PUPIL, "class")
        if fact.number is not None
    )
    whole, took_part = book.get(PER_PUPIL), book.get("circulation.participation")
    head = ("班级", "学生数", "借阅册数", "生均册数", "借书学生（%）")
    return Table(
        caption="表2　各班学生借阅情况",
        head=(*head, f"{words_of(book).before}生均") if with_before else head,
        rows=rows,
        total=row("合计", whole, took_part, book.get(PER_PUPIL, previous=True)),
        widths_mm=(32, 22, 24, 24, 28, 26) if with_before else (38, 28, 30, 30, 30),
    )


def _class_chart(book: FactBook) -> Chart:
    found = [fact for fact in book.parts(PER_PUPIL, "class") if fact.number is not None]
    words = words_of(book)
    series = [Series(words.this, tuple(fact.rounded for fact in found))]
    if has_previous(book):
        before = {fact.key: fact.rounded for fact in book.parts(PER_PUPIL, "class", previous=True)}
        series.append(Series(words.before, tuple(before.get(fact.key) for fact in found)))
    labels = tuple(fact.label for fact in found)
    return Chart("图1　各班学生生均借阅册数（册）", labels, tuple(series), decimals=2)


def _months(book: FactBook) -> list[Fact]:
    return book.parts("circulation.loans", "month")


def _month_words(book: FactBook) -> Runs:
    months = _months(book)
    lent = [fact for fact in months if is_positive(fact)]
    among = "" if len(lent) == len(months) else "有借阅的月份中"
    most = max(lent, key=lambda fact: fact.number or Decimal(0))
    least = min(lent, key=lambda fact: fact.number or Decimal(0))
    runs = flat("师生每月借阅册数见表3。", month_name(most.key), "借阅最多，为", num(most), "册")
    if least != most:
        runs = flat(runs, f"；{among}", month_name(least.key), "最少，为", num(least), "册")
    return flat(runs, "。")


def _month_table(book: FactBook) -> Table:
    months, whole = _months(book), book.get("circulation.loans")
    width = 128 // (len(months) + 1)
    cells: tuple[Runs, ...] = (("册数",), *((num(fact),) for fact in months), (num(whole),))
    return Table(
        caption="表3　各月借阅册数",
        head=("月份", *(month_name(fact.key) for fact in months), "合计"),
        rows=(cells,),
        widths_mm=(28, *[width] * (len(months) + 1)),
    )


def _subject_words(book: FactBook) -> Runs:
    found = [fact for fact in book.parts("circulation.loans", "clc") if fact.key != "-"]
    best = sorted(found, key=lambda fact: fact.number or Decimal(0), reverse=True)[:3]
    if not best:
        return ("借出的图书尚未分类。",)
    named: list[Runs] = [
        (f"{fact.label.partition(' ')[2] or fact.label}类（", num(fact), "册）") for fact in best
    ]
    ending = "，居前三位。" if len(best) > 1 else "。"
    return flat("按《中国图书馆分类法》统计，借阅较多的是", joined(named, "，"), ending)


def lagging(book: FactBook) -> list[Fact]:
    """Classes below four fifths of the school's mean, the lowest first."""
    mean = book.get(PER_PUPIL).number or Decimal(0)
    return [fact for fact in reversed(classes(book)) if (fact.number or Decimal(0)) < mean * Decimal("0.8")]
