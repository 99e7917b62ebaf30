"""Who made a publication, read from its statement of responsibility, and the publication as one cites it. Pure functions."""

import re
from dataclasses import dataclass
from typing import Protocol

from shuxiang.common.numerals import read_number

MOST_NAMED = 3  # GB/T 7714—2015, 8.1.2: of more than three the first three, then 等
_CJK = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_PARTS = re.compile(r"\s*[;；]\s*")
_BETWEEN_NAMES = re.compile(r"\s*[,，、]\s*")
_NATION = re.compile(r"^(?:[(（\[〔【][^)）\]〕】]{1,6}[)）\]〕】]\s*)+(?=\S)")
_BEHIND = re.compile(r"\s*[(（][^)）]*[)）]\s*$")  # 勃朗特(Emily Brontë)
_SPELLED = re.compile(r"(?<=[\u3400-\u9fff)）])\s+[A-Za-z'\s]+$")  # 刘小沙 liu xiao sha
_REST = re.compile(r"\s*[\[(（〔]?等[\])）〕]?\s*$")
_DONE = (
    "主编|编著|编写|编绘|编译|编选|编文|编剧|编撰|编纂|编次|编辑|选编|改编|汇编|摘编|缩编|缩写|改写|译注|译写|翻译|主译|绘画|绘图|插图|插画|配图|著绘|绘著"
    "|撰文|撰稿|撰|原著|原创|创作|著|着|文字|执笔|校注|评注|注释|注解|注音|校点|点校|校订|校阅|参订|增订|修订|评点|点评|讲述|口述|整理|审定|设计|摄影"
    "|文/图|[编译绘注校评辑选述]"
)
_ROLES = tuple(
    re.compile(rf"[\[(（〔]?(?P<role>{before}(?:{_DONE}){{1,2}})[\])）〕]?$")
    for before in ("(?:合|总|副|执行)", "")
)
# one sign that may as well end a name: a role only where others are named beside it
_SHORT_ROLE = re.compile(r"[\[(（〔]?(?P<role>[文图画作曲])[\])）〕]?$")
_FIRST_EDITION = re.compile(r"^第?\s*(?:1|一)\s*版")
_EDITION = re.compile(r"^第?\s*(?P<number>[\d一二三四五六七八九十]{1,3})\s*版(?P<more>.*)$")
_TYPES = {"book": "M", "serial": "J", "electronic": "EB", "audiovisual": "Z", "other": "Z"}


class Cited(Protocol):
    """What a citation reads of a record."""

    @property
    def kind(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def subtitle(self) -> str: ...
    @property
    def volume_mark(self) -> str: ...
    @property
    def authors(self) -> str: ...
    @property
    def edition(self) -> str: ...
    @property
    def place(self) -> str: ...
    @property
    def publisher(self) -> str: ...
    @property
    def published(self) -> str: ...
    @property
    def pub_year(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Makers:
    """People or bodies who did one thing: (罗曼·罗兰, 著). `role` is '' when unknown; `and_others` for 等."""

    names: tuple[str, ...]
    role: str
    and_others: bool = False

    @property
    def translated(self) -> bool:
        return "译" in self.role


def makers(statement: str) -> tuple[Makers, ...]:
    """A statement of responsibility taken apart: names without country, dynasty, spelling and role."""
    parts = [part for part in _PARTS.split(statement.strip()) if part]
    read = (_makers(part, several=len(parts) > 1) for part in parts)
    return tuple(group for group in read if group.names)


def _makers(part: str, *, several: bool) -> Makers:
    rest, role = _without_role(part, several=several)
    shorter = _REST.sub("", rest)
    names = (_name(name) for name in _BETWEEN_NAMES.split(shorter))
    return Makers(tuple(name for name in names if name), role, and_others=shorter != rest)


def _without_role(part: str, *, several: bool) -> tuple[str, str]:
    part = _SPELLED.sub("", part)
    for pattern in (*_ROLES, _SHORT_ROLE) if several else _ROLES:
        found = pattern.search(part)
        rest = part[: found.start()].rstrip() if found else ""
        bare = _NATION.sub("", rest)
        # 张文, not a 张 who wrote; 百合编著, not a 百 who helped; what stands in brackets is no name
        if found is None or (found[0] == found["role"] and len(bare) < 2):
            continue
        role = "著" if found["role"] == "着" else found["role"]
        is_name = role == "原著" and len(bare) == 2 and not several  # 陈登原著: his name is 陈登原
        return (rest + "原", "著") if is_name else (rest, role)
    return part, ""


def _name(text: str) -> str:
    return _SPELLED.sub("", _BEHIND.sub("", _NATION.sub("", text.strip()))).strip()


def gb7714(record: Cited) -> str:
    """The record as GB/T 7714—2015 writes it, numbered style: 王晓. 书名: 副题[M]. 2版. 北京: 出版社, 2010."""
    chinese = bool(_CJK.search(record.title))
    first, others = _first_and_others(makers(record.authors))
    name = ": ".join(filter(None, (record.title, record.subtitle, record.volume_mark)))
    sentences = [
        _listed(first, chinese) if first else "",
        f"{name}[{_TYPES.get(record.kind, 'Z')}]",
        *(f"{_listed(group, chinese)}, {group.role}" for group in others),
        _edition(record.edition),
        _imprint(record, chinese),
    ]
    return ". ".join(sentence for sentence in sentences if sentence) + "."


def _first_and_others(groups: tuple[Makers, ...]) -> tuple[Makers | None, list[Makers]]:
    """The first group is responsible; behind the title stand the translators, or whoever else has the text in hand."""
    first = next((group for group in groups if not group.translated), groups[0] if groups else None)
    others = [group for group in groups if group is not first and re.search("[译编写校注]", group.role)]
    return first, others[:2]


def _listed(group: Makers, chinese: bool) -> str:
    several = group.and_others or len(group.names) > MOST_NAMED
    more = ("等" if chinese else "et al") if several else ""
    return ", ".join(filter(None, (*group.names[:MOST_NAMED], more)))


def _edition(text: str) -> str:
    """第2版 is 2版; a first edition is not named."""
    text = text.strip()
    if _FIRST_EDITION.match(text):
        return ""
    found = _EDITION.match(text)
    return f"{read_number(found['number'])}版{found['more']}" if found else text


def _imprint(record: Cited, chinese: bool) -> str:
    """北京: 中华书局, 2000; what is not known is said in brackets, except of a serial that names neither."""
    unknown = ("出版地不详", "出版者不详", "出版年不详") if chinese else ("S.l.", "s.n.", "n.d.")
    year = str(record.pub_year) if record.pub_year else record.published
    place, publisher, year = (
        given.strip() or f"[{missing}]"
        for given, missing in zip((record.place, record.publisher, year), unknown, strict=True)
    )
    return f"{place}: {publisher}, {year}"


def in_a_sentence(record: Cited) -> str:
    """As a pupil writes it under a reading note: 罗曼·罗兰著：《名人传》，商务印书馆，2012年。"""
    year = str(record.pub_year) if record.pub_year else record.published
    if not _CJK.search(record.title):
        name = ": ".join(filter(None, (record.title, record.subtitle)))
        return ". ".join(
            filter(None, (record.authors, name, ", ".join(filter(None, (record.publisher, year)))))
        )
    name = "".join((record.title, f"——{record.subtitle}" if record.subtitle else ""))
    name = f"《{name}》{record.volume_mark}"
    named = "；".join(_said(group) for group in makers(record.authors))
    year = f"{year}年" if record.pub_year else year
    return "，".join(filter(None, (f"{named}：{name}" if named else name, record.publisher, year))) + "。"


def _said(group: Makers) -> str:
    return "，".join(group.names) + ("等" if group.and_others else "") + group.role
