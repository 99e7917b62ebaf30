"""Books out as a table, in columns that import reads back equal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from pathlib import Path

from shuxiang.common.money import format_yuan, parse_price
from shuxiang.holdings.models import Holding, Item, PropertyLine
from shuxiang.imports.writing import write_table
from shuxiang.libraries.models import Library

_GONE = ("withdrawn", "void", "draft")
_CHUNK = 500
_RECORD = {
    "ISBN": "isbn",
    "ISSN": "issn",
    "副书名": "subtitle",
    "并列题名": "parallel_title",
    "卷册": "volume_mark",
    "作者": "authors",
    "出版社": "publisher",
    "出版地": "place",
    "出版日期": "published",
    "版次": "edition",
    "页数": "extent",
    "开本": "size",
    "丛书": "series",
    "主题": "subjects",
    "内容简介": "summary",
    "语种": "language",
    "适用对象": "audience",
}
_FLAGS = {"注音": "is_pinyin_annotated", "绘本": "is_picture_book", "工具书": "is_reference"}
_KINDS = {"serial": "期刊", "audiovisual": "音像", "electronic": "电子", "other": "其他"}
_SOURCES = {
    "opening": "期初",
    "purchase": "购入",
    "gift": "捐赠",
    "transfer": "调拨",
    "exchange": "交换",
    "own": "自编",
    "compensation": "赔偿",
}
COLUMNS = (
    "书名",
    *_RECORD,
    *_FLAGS,
    "文献类型",
    "分类号",
    "索书号",
    "册数",
    "价格",
    "实洋",
    "条码号",
    "登录号",
    "馆藏地点",
    "来源",
    "备注",
)


def export_books(library: Library, path: Path, at: datetime) -> int:
    """Write what the library holds: a row a title, or several where copies differ in price, place or source."""
    del at
    return write_table(path, COLUMNS, _rows(library), "书籍")


def holdings_of(library: Library) -> Iterator[list[Holding]]:
    """Holdings of records that are alive, with record and items on the books, some hundred at a time."""
    last = 0
    while True:
        rows = Holding.objects.filter(library=library, record__deleted_at=None, pk__gt=last).order_by("pk")
        chunk = list(rows.select_related("record", "library")[:_CHUNK])
        if not chunk:
            return
        last = chunk[-1].pk
        yield chunk


def lines_of(chunk: Iterable[Holding]) -> dict[int, list[PropertyLine]]:
    """Volumes on the books by holding, in the order in which they were written down."""
    found: dict[int, list[PropertyLine]] = {}
    rows = PropertyLine.objects.filter(item__holding__in=chunk).exclude(item__account__in=_GONE)
    rows = rows.select_related("item__home", "batch").prefetch_related("item__identifiers").order_by("pk")
    for line in rows:
        found.setdefault(line.item.holding_id, []).append(line)
    return found


def barcode_of(item: Item) -> str:
    return next((code.value for code in item.identifiers.all() if code.to_at is None), "")


def accession_of(line: PropertyLine) -> str:
    """The number by which import knows the volume again: the one it came with, else the one it was given here."""
    return line.legacy_number or (f"{line.series}{line.number}" if line.number is not None else "")


def cells_of(holding: Holding, group: list[PropertyLine]) -> dict[str, str]:
    """The row that stands for these volumes, by column title."""
    return _record_cells(holding) | _volume_cells(holding, group)


def _rows(library: Library) -> Iterator[tuple[str, ...]]:
    for chunk in holdings_of(library):
        lines = lines_of(chunk)
        for holding in chunk:
            shared = _record_cells(holding)
            mine = lines.get(holding.pk, [])
            groups = [list(group) for _key, group in groupby(sorted(mine, key=_alike), key=_alike)]
            for group in sorted(groups, key=lambda group: group[0].pk) or [[]]:
                cells = shared | _volume_cells(holding, group)
                yield tuple(cells.get(column, "") for column in COLUMNS)


def _record_cells(holding: Holding) -> dict[str, str]:
    record = holding.record
    cells = {column: str(getattr(record, name) or "") for column, name in _RECORD.items()}
    cells |= {column: "是" if getattr(record, name) else "否" for column, name in _FLAGS.items()}
    return cells | {
        "书名": record.title if record.is_complete else "",
        "文献类型": _KINDS.get(record.kind, ""),
        "分类号": holding.clc or record.clc,
        "索书号": holding.call_number,
        "备注": holding.note,
    }


def _volume_cells(holding: Holding, group: list[PropertyLine]) -> dict[str, str]:
    record = holding.record
    first = group[0] if group else None
    price = _price_text(group) if first else record.price_text
    paid = first.paid_price_fen if first else None
    barcodes = [barcode_of(line.item) for line in group]
    return {
        "册数": str(len(group)),
        "价格": price,
        "实洋": "" if paid is None else format_yuan(paid),
        "条码号": "；".join(code for code in barcodes if code),
        "登录号": "；".join(number for line in group if (number := accession_of(line))),
        "馆藏地点": _place(first),
        "来源": _SOURCES.get(first.batch.source, "") if first else "",
    }


def _place(line: PropertyLine | None) -> str:
    """Named by its code where that is the name; the library's default place by nothing at all."""
    if line is None or line.item.home.code == "main":
        return ""
    return line.item.home.name


def _is_set(line: PropertyLine) -> bool:
    price = parse_price(line.price_text)
    return price.unit_fen is None and bool(price.set_fen and price.volumes)


def _alike(line: PropertyLine) -> tuple[object, ...]:
    """Volumes that one row can stand for."""
    price = -2 if _is_set(line) else -1 if line.list_price_fen is None else line.list_price_fen
    return (
        line.item.home.name,
        line.price_text,
        price,
        -1 if line.paid_price_fen is None else line.paid_price_fen,
        line.batch.source,
        not any(code.to_at is None for code in line.item.identifiers.all()),
    )


def _price_text(group: list[PropertyLine]) -> str:
    """The price as it was given where it says just that, else in yuan."""
    line = group[0]
    price = parse_price(line.price_text)
    if price.unit_fen == line.list_price_fen and (price.unit_fen is not None or not price.set_fen):
        return line.price_text
    if _is_set(line) and price.volumes and len(group) % price.volumes == 0:
        return line.price_text
    return "" if line.list_price_fen is None else format_yuan(line.list_price_fen)
