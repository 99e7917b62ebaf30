"""The catalogue card (著录卡): a record described with the punctuation of GB/T 3792—2021. Pure functions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from shuxiang.catalogue.citation import Cited
from shuxiang.common.text import people_of, subjects_of

Heading = Literal["main", "title", "author", "subject", "class"]
HEADINGS: tuple[Heading, ...] = ("main", "title", "author", "subject", "class")
DASH = ". — "  # between two areas of one paragraph
_ROUND = "①②③④⑤⑥⑦⑧⑨"
_FIRST_EDITIONS = {"第1版", "第一版", "1版", "一版", "初版", "1"}


class Described(Cited, Protocol):
    """What a card reads of a record beyond what a citation does."""

    @property
    def parallel_title(self) -> str: ...
    @property
    def extent(self) -> str: ...
    @property
    def size(self) -> str: ...
    @property
    def series(self) -> str: ...
    @property
    def isbn(self) -> str: ...
    @property
    def issn(self) -> str: ...
    @property
    def price_text(self) -> str: ...
    @property
    def price_fen(self) -> int | None: ...
    @property
    def clc(self) -> str: ...
    @property
    def subjects(self) -> str: ...
    @property
    def summary(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Card:
    """What stands on a card below the call number: the heading ('' on a main card), then paragraphs from areas 1 to 4 on."""

    heading: str
    paragraphs: tuple[str, ...]
    tracing: str  # 排检项, the last line


def card(record: Described, heading: Heading = "main", *, clc: str = "") -> Card:
    """The card of a record under a heading; areas of which nothing is known are left out with their signs.

    `clc` is the class number under which the library keeps it, where that is another than the record's.
    """
    paragraphs = [
        _joined(DASH, _title(record), _edition(record.edition), _imprint(record)),
        _joined(DASH, _physical(record), f"({record.series.strip()})" if record.series.strip() else ""),
        record.summary.strip().replace("\n", " "),
        _number(record),
    ]
    found = tuple(_ended(paragraph) for paragraph in paragraphs if paragraph)
    return Card(_heading(record, heading, clc or record.clc), found, _tracing(record, clc or record.clc))


def _title(record: Described) -> str:
    """Area 1: 正题名. 分卷 = 并列题名 : 其他题名信息 / 第一责任说明 ; 其他责任说明."""
    text = _joined(". ", record.title.strip(), record.volume_mark.strip())
    text = _joined(" = ", text, record.parallel_title.strip())
    text = _joined(" : ", text, record.subtitle.strip())
    makers = (part.strip() for part in record.authors.replace("；", ";").split(";"))
    return _joined(" / ", text, " ; ".join(part for part in makers if part))


def _edition(edition: str) -> str:
    """Area 2; a first edition is not named."""
    text = edition.strip()
    return "" if text.replace(" ", "") in _FIRST_EDITIONS else text


def _imprint(record: Described) -> str:
    """Area 4: 出版地 : 出版者, 出版年."""
    year = record.published.strip() or (str(record.pub_year) if record.pub_year else "")
    place = _joined(" : ", record.place.strip(), record.publisher.strip())
    return _joined(", ", place, year)


def _physical(record: Described) -> str:
    """Area 5: 页数 ; 尺寸."""
    return _joined(" ; ", record.extent.strip(), record.size.strip())


def _number(record: Described) -> str:
    """Area 8: ISBN : 获得方式."""
    number = f"ISBN {record.isbn.strip()}" if record.isbn.strip() else ""
    if not number and record.issn.strip():
        number = f"ISSN {record.issn.strip()}"
    price = record.price_text.strip()
    if not price and record.price_fen is not None:
        price = f"CNY{record.price_fen // 100}.{record.price_fen % 100:02d}"
    return _joined(" : ", number, price)


def _heading(record: Described, heading: Heading, clc: str) -> str:
    found = {
        "main": [],
        "title": [record.title.strip()],
        "author": people_of(record.authors),
        "subject": subjects_of(record.subjects),
        "class": [clc],
    }[heading]
    return found[0] if found else ""


def _tracing(record: Described, clc: str) -> str:
    """排检项: Ⅰ.题名 Ⅱ.责任者 Ⅲ.主题 Ⅳ.分类号, each numbered when there are several."""
    groups = (
        [record.title.strip()], people_of(record.authors), subjects_of(record.subjects), [clc] if clc else []
    )  # fmt: skip
    marks = ("Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ")
    return " ".join(f"{mark}.{_numbered(group)}" for mark, group in zip(marks, groups, strict=True) if group)


def _numbered(names: Sequence[str]) -> str:
    return "".join(f"{sign}{name}" for sign, name in zip(_ROUND, names, strict=False))


def _joined(sign: str, *parts: str) -> str:
    return sign.join(part for part in parts if part)


def _ended(paragraph: str) -> str:
    """With the full stop at its end, once."""
    return paragraph if paragraph[-1] in ".。！？!?" else f"{paragraph}."
