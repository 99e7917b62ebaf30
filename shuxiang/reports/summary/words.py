"""How an official paper writes numbers, periods and comparisons."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shuxiang.reports.blocks import Inline, Num, Paragraph, Runs
from shuxiang.reports.facts import Fact, FactBook


@dataclass(frozen=True)
class PeriodWords:
    """A period in words: in a title, as "this one" and as "the one before"."""

    title: str
    this: str
    before: str


def period_words(code: str, starts_on: date, ends_on: date) -> PeriodWords:
    """2026-spring → 2025—2026学年第二学期, 本学期, 上学期."""
    year = int(code[:4])
    if code.endswith("-autumn"):
        return PeriodWords(f"{year}—{year + 1}学年第一学期", "本学期", "上学期")
    if code.endswith("-spring"):
        return PeriodWords(f"{year - 1}—{year}学年第二学期", "本学期", "上学期")
    if re.fullmatch(r"\d{4}-\d{4}", code):
        return PeriodWords(f"{year}—{year + 1}学年", "本学年", "上学年")
    if re.fullmatch(r"\d{4}", code):
        return PeriodWords(f"{year}年度", "本年度", "上年度")
    if re.fullmatch(r"\d{4}-\d\d", code):
        return PeriodWords(f"{year}年{starts_on.month}月", "本月", "上月")
    return PeriodWords(f"{long_day(starts_on)}至{long_day(ends_on)}", "本期", "上期")


def period_name(code: str) -> str:
    """2026-spring → 2026年春季学期, 2026-03 → 2026年3月, as a list of sources writes it."""
    year, _sign, rest = code.partition("-")
    if rest in ("spring", "autumn"):
        return f"{year}年{'春' if rest == 'spring' else '秋'}季学期"
    if re.fullmatch(r"\d{4}-\d{4}", code):
        return f"{year}—{rest}学年"
    if re.fullmatch(r"\d{4}(-\d\d)?", code):
        return f"{year}年{int(rest)}月" if rest else f"{year}年"
    return "至".join(long_day(date.fromisoformat(day)) for day in code.split(".."))


def words_of(book: FactBook) -> PeriodWords:
    return period_words(book.period, book.starts_on, book.ends_on)


def long_day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def month_name(key: str) -> str:
    """2026-03 → 3月."""
    return f"{int(key[-2:])}月"


def grouped(number: Decimal | None, decimals: int = 0) -> str:
    return "—" if number is None else f"{number:,.{decimals}f}"


def kind_of_books(label: str) -> str:
    """自然科学 → 自然科学类; 综合性图书 stays."""
    return label if label.endswith("图书") else f"{label}类"


def num(fact: Fact) -> Num:
    """A figure's value as printed."""
    return Num(grouped(fact.rounded, fact.decimals), fact)


def top(fact: Fact) -> Num:
    """A quotient's upper side, as a count."""
    return Num(grouped(fact.numerator), fact)


def bare(fact: Fact) -> Num:
    """A value without needless zeros: 25, 40, 100, 95.7."""
    value = fact.rounded
    return Num("—" if value is None else f"{value.normalize():,f}", fact)


def as_written(fact: Fact, number: Decimal) -> Num:
    """A number derived from a fact, printed as precisely as the fact itself."""
    return Num(grouped(number, fact.decimals), fact)


def is_positive(fact: Fact | None) -> bool:
    return fact is not None and fact.number is not None and fact.number > 0


def p(*runs: Inline | Runs) -> Paragraph:
    """A paragraph of runs and groups of runs."""
    return Paragraph(flat(*runs))


def flat(*runs: Inline | Runs) -> Runs:
    found: list[Inline] = []
    for run in runs:
        found.extend(run if isinstance(run, tuple) else (run,))
    return tuple(found)


def joined(items: list[Runs], mark: str = "、") -> Runs:
    """A、B、C."""
    found: list[Inline] = []
    for n, item in enumerate(items):
        found.extend((mark, *item) if n else item)
    return tuple(found)


def compared(book: FactBook, code: str) -> Runs:
    """，比上学期（6.77册）增加2.50册 — nothing without a value before: no comparison is better than one with nothing.

    A period that still runs is set beside the whole one before it, not measured against it.
    """
    words, now, before = words_of(book), book.get(code), book.get(code, previous=True)
    if now.rounded is None or before.rounded is None or before.rounded == 0:
        return ()
    if book.is_running:
        return (f"（{words.before}全期", num(before), f"{before.unit}）")
    change = now.rounded - before.rounded
    if change == 0:
        return (f"，与{words.before}持平",)
    unit = "个百分点" if now.unit == "%" else now.unit
    verb = "增加" if change > 0 else "减少"
    if now.unit == "%":
        verb = "提高" if change > 0 else "下降"
    return (
        f"，比{words.before}（",
        num(before),
        f"{before.unit}）{verb}",
        as_written(now, abs(change)),
        unit,
    )
