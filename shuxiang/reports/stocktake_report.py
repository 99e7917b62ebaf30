"""The report on a stocktake (清点报告) for the school's leaders: every number is counted from its frozen lines.

A statutory paper has one language, so its words stand here in Simplified Chinese.
"""

from collections.abc import Iterator
from datetime import date

from shuxiang.catalogue import clc
from shuxiang.common.clock import local_date
from shuxiang.reports import docx
from shuxiang.reports.blocks import Block, Heading, Paper, Paragraph, Runs, Table
from shuxiang.stocktaking import selectors
from shuxiang.stocktaking.models import Stocktake
from shuxiang.stocktaking.rules import AWAY, LOST, MISPLACED, MISSING, OUT, PRESENT
from shuxiang.ui.numbers import grouped

LISTED = 200  # missing volumes named in the paper; the page lists all
_HEAP_NAMES = {
    PRESENT: "在架相符",
    LOST: "在架，帐上已丢失",
    OUT: "在架，帐上不在架",
    MISSING: "没有找到",
    MISPLACED: "错架或不属本馆",
    AWAY: "不在架，帐上有去处",
}
_PARTED = ("应清点（册）", "找到（册）", "帐上有去处（册）", "没有找到（册）", "没有找到（元）")


def paper(stocktake: Stocktake) -> Paper:
    """The report of a closed stocktake."""
    return Paper((stocktake.library.name, f"{stocktake.name}清点报告"), tuple(_blocks(stocktake)))


def word_file(stocktake: Stocktake) -> bytes:
    """The report as a Word file."""
    mark = docx.mark_of(stocktake.library.code, "stocktake", str(stocktake.number))
    return docx.write(paper(stocktake), mark=mark, is_final=True)


def _blocks(stocktake: Stocktake) -> Iterator[Block]:
    heaps = selectors.heaps_of(stocktake)
    expected = stocktake.totals.get("expected", 0)
    closed_on = local_date(stocktake.closed_at or stocktake.opened_at)
    yield Heading(1, "一、清点范围与结果")
    yield _paragraph(
        f"{_days(local_date(stocktake.opened_at), closed_on)}，对{_range(stocktake)}进行了清点。"
        f"应清点 {grouped(expected)} 册，其中与帐相符 {_volumes(heaps[PRESENT])}，"
        f"帐上已丢失而找到 {_volumes(heaps[LOST])}，帐上不在架而在架 {_volumes(heaps[OUT])}，"
        f"没有找到 {_volumes(heaps[MISSING])}。"
    )
    yield _heaps_table(heaps)
    yield Heading(1, "二、按类统计")
    yield _parted_table("各类清点情况", "类别", stocktake, "clc_main")
    yield Heading(1, "三、按位置统计")
    yield _parted_table("各位置清点情况", "位置", stocktake, "place")
    yield Heading(1, "四、与上次清点比较")
    yield from _compared(stocktake)
    yield Heading(1, "五、没有找到的图书")
    yield from _missing(stocktake)
    yield Heading(1, "六、处理情况")
    yield from _settled(stocktake, heaps)


def _paragraph(text: str) -> Paragraph:
    return Paragraph((text,))


def _days(first: date, last: date) -> str:
    begun = f"{first.year}年{first.month}月{first.day}日"
    return begun if first == last else f"{begun}至{last.year}年{last.month}月{last.day}日"


def _range(stocktake: Stocktake) -> str:
    parts = ["、".join(place.location.name for place in stocktake.places.select_related("location"))]
    parts.append(f"{stocktake.classes} 类" if stocktake.classes else "")
    if stocktake.from_call_number or stocktake.to_call_number:
        parts.append(f"索书号 {stocktake.from_call_number or '…'} 至 {stocktake.to_call_number or '…'}")
    return "，".join(part for part in parts if part) or "全馆藏书"


def _volumes(heap: selectors.Heap) -> str:
    return f"{grouped(heap.volumes)} 册"


def _yuan(fen: int) -> str:
    return grouped(fen / 100, 2)


def _heaps_table(heaps: dict[str, selectors.Heap]) -> Table:
    rows = tuple(
        _cells(
            _HEAP_NAMES[heap.code],
            grouped(heap.titles),
            grouped(heap.volumes),
            _yuan(heap.fen),
            grouped(heap.unknown),
        )
        for heap in heaps.values()
    )
    total = _cells(
        "合计",
        "—",
        grouped(sum(heap.volumes for heap in heaps.values())),
        _yuan(sum(heap.fen for heap in heaps.values())),
        grouped(sum(heap.unknown for heap in heaps.values())),
    )
    head = ("结果", "种数", "册数", "定价合计（元）", "价格不明（册）")
    return Table("清点结果", head, rows, total, (52, 24, 24, 36, 24))


def _cells(*texts: str) -> tuple[Runs, ...]:
    return tuple((text,) for text in texts)


def _parted_table(caption: str, first: str, stocktake: Stocktake, column: str) -> Table:
    parts = selectors.parted_by(stocktake, column)
    named = [(_label(part.key, column), part) for part in parts]
    rows = tuple(
        _cells(
            label,
            grouped(part.expected),
            grouped(part.there),
            grouped(part.away),
            grouped(part.missing),
            _yuan(part.missing_fen),
        )
        for label, part in named
    )
    total = _cells(
        "合计",
        grouped(sum(part.expected for part in parts)),
        grouped(sum(part.there for part in parts)),
        grouped(sum(part.away for part in parts)),
        grouped(sum(part.missing for part in parts)),
        _yuan(sum(part.missing_fen for part in parts)),
    )
    return Table(caption, (first, *_PARTED), rows, total, (40, 24, 24, 24, 24, 26))


def _label(key: str, column: str) -> str:
    if column != "clc_main":
        return key or "未注明"
    names = {each.letter: each.short_name for each in clc.MAIN_CLASSES}
    return f"{key} {names.get(key, '')}".strip() or "未分类"


def _compared(stocktake: Stocktake) -> Iterator[Block]:
    earlier = selectors.previous_of(stocktake).first()
    if earlier is None:
        yield _paragraph("这是第一次清点，没有可比较的清点。")
        return
    found = selectors.compare(stocktake, earlier)
    yield _paragraph(
        f"与“{earlier.name}”相比：再次没有找到 {grouped(found.missing_again.count())} 册，新出现没有找到 "
        f"{grouped(found.newly_missing.count())} 册，上次没有找到、这次找到 {grouped(found.found_again.count())} 册；"
        f"上次未列入清点范围的 {grouped(found.only_here)} 册。"
    )


def _missing(stocktake: Stocktake) -> Iterator[Block]:
    lines = selectors.lines_of(stocktake, MISSING)
    count = lines.count()
    if not count:
        yield _paragraph("没有。")
        return
    rows = tuple(
        _cells(
            line.title,
            line.call_number or "—",
            line.code or line.number or "—",
            line.place,
            "—" if line.price_fen is None else _yuan(line.price_fen),
        )
        for line in lines[:LISTED]
    )
    head = ("题名", "索书号", "条码", "位置", "定价（元）")
    yield Table(f"没有找到的图书（{grouped(count)} 册）", head, rows, (), (62, 30, 28, 26, 20), words=4)
    if count > LISTED:
        yield _paragraph(f"以上列出前 {LISTED} 册，其余 {grouped(count - LISTED)} 册见系统“没有找到”一页。")


def _settled(stocktake: Stocktake, heaps: dict[str, selectors.Heap]) -> Iterator[Block]:
    parts = [
        f"{_HEAP_NAMES[heap]} {_volumes(heaps[heap])}，已处理 {grouped(heaps[heap].settled)} 册"
        for heap in (LOST, OUT, MISSING, MISPLACED)
        if heaps[heap].volumes
    ]
    yield _paragraph(("；".join(parts) + "。") if parts else "没有需要处理的图书。")
