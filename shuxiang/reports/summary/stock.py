"""藏书建设与业务工作: what came, what went, and the five divisions against the standard."""

from dataclasses import dataclass
from decimal import Decimal

from shuxiang.reports.blocks import Block, Heading, Human, Num, Paragraph, Runs, Table
from shuxiang.reports.facts import Fact, FactBook
from shuxiang.reports.summary.words import (
    compared,
    flat,
    grouped,
    is_positive,
    joined,
    kind_of_books,
    num,
    p,
    top,
    words_of,
)


@dataclass(frozen=True)
class Division:
    """One of the five divisions against its share; `standard` is None where none is set."""

    fact: Fact
    standard: Decimal | None
    is_reached: bool

    @property
    def short(self) -> Decimal:
        """Percentage points below the standard."""
        return max(Decimal(0), (self.standard or Decimal(0)) - (self.fact.rounded or Decimal(0)))


def divisions(book: FactBook) -> list[Division]:
    """Within the standard's tolerance a share counts as reached."""
    found = []
    for fact in book.parts("holdings.divisions", "division"):
        standard = book.shares.get(fact.key)
        reached = standard is None or (fact.rounded or Decimal(0)) >= standard - book.tolerance
        found.append(Division(fact, standard, reached))
    return found


def section(book: FactBook) -> list[Block]:
    blocks: list[Block] = [Heading(1, "藏书建设与业务工作"), p(_additions(book), _withdrawals(book))]
    if is_positive(book.get("holdings.divisions")):
        blocks += [p(_division_words(book)), _division_table(book), *_tolerance_note(book)]
    prompt = "请写采购、分类编目、排架、报刊征订与装订、图书修补与剔旧等业务工作。"
    return [*blocks, Human("technical", "业务工作", prompt)]


def _additions(book: FactBook) -> Runs:
    words, added = words_of(book), book.get("holdings.additions")
    if not is_positive(added):
        return (f"{words.this}没有新增图书。",)
    runs: Runs = (f"{words.this}新增图书", num(added), "册")
    if is_positive(book.get("holdings.additions_value")):
        runs = flat(runs, "，价值", num(book.get("holdings.additions_value")), "元")
    if is_positive(book.get("holdings.additions_per_pupil")):
        runs = flat(runs, "，生均新增", num(book.get("holdings.additions_per_pupil")), "册")
    return flat(runs, compared(book, "holdings.additions"), "。")


def _withdrawals(book: FactBook) -> Runs:
    gone = book.get("holdings.withdrawals")
    return ("注销图书", num(gone), "册，已从总括登记中减除。") if is_positive(gone) else ()


def _division_words(book: FactBook) -> Runs:
    found = divisions(book)
    below = [d for d in found if not d.is_reached]
    opening = flat(
        "按五大部类统计，已分类的图书占", num(book.get("holdings.divisions")), "%。各部类比例见表1"
    )
    if not book.shares:
        return flat(opening, "。")
    if not below:
        if not any(d.short for d in found):
            return flat(opening, f"，均达到{book.standard}的藏书比例。")
        return flat(opening, f"，与{book.standard}的藏书比例相差均不超过{_points(book)}个百分点。")
    named: list[Runs] = [
        (f"{kind_of_books(d.fact.label)}占", num(d.fact), f"%（标准{d.standard}%）") for d in below
    ]
    return flat(opening, "，其中", joined(named), "，低于标准比例。")


def _division_table(book: FactBook) -> Table:
    total = book.get("holdings.divisions")
    rows: tuple[tuple[Runs, ...], ...] = tuple(
        (
            (d.fact.label,),
            (top(d.fact),),
            (num(d.fact),),
            ("—" if d.standard is None else f"{d.standard}",),
            (_result(d),),
        )
        for d in divisions(book)
    )
    rest = _unclassified(total)
    if rest:
        rows = (*rows, (("未分类",), (rest,), ("—",), ("—",), ("—",)))
    share = "100.00" if total.numerator else "—"
    return Table(
        caption="表1　五大部类藏书比例",
        head=("部类", "册数", "占比（%）", "标准（%）", "结果"),
        rows=rows,
        total=(
            ("合计",),
            (Num(grouped(total.denominator), total),),
            (share,),
            ("100" if book.shares else "—",),
            ("",),
        ),
        widths_mm=(60, 24, 26, 26, 20),
    )


def _result(division: Division) -> str:
    """达到; 容差内 where only the standard's tolerance saves it; 偏低."""
    if division.standard is None:
        return "—"
    if not division.short:
        return "达到"
    return "容差内" if division.is_reached else "偏低"


def _unclassified(total: Fact) -> Num | None:
    """Volumes on the books without a class, so that the table adds up to the stock."""
    rest = (total.denominator or Decimal(0)) - (total.numerator or Decimal(0))
    return Num(grouped(rest), total) if rest > 0 else None


def _tolerance_note(book: FactBook) -> list[Paragraph]:
    """Under the table: what its shares are of, and how far below the standard is still let pass."""
    words = "注：占比按已分类的图书计算。"
    if any(_result(d) == "容差内" for d in divisions(book)):
        words += f"“容差内”指低于标准比例，但相差不超过{_points(book)}个百分点。"
    return [p(words)]


def _points(book: FactBook) -> str:
    """The standard's tolerance, in percentage points."""
    return f"{book.tolerance.normalize():f}"
