"""Publications on paper: real titles first, then others put together from the words of real ones by Zipf's law."""

import csv
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import accumulate, chain
from pathlib import Path

from pypinyin.phrases_dict import phrases_dict

from shuxiang.catalogue.clc import parse_clc
from shuxiang.catalogue.rules import prepared
from shuxiang.catalogue.services.saving import LIMITS
from shuxiang.catalogue.values import RecordValues
from shuxiang.common.isbn import isbn10_to_13
from shuxiang.demo.books import REFERENCE, titles
from shuxiang.demo.people import FAMILY, GIVEN_FIRST, GIVEN_SECOND

HEADINGS = {
    "ISBN": "isbn", "书名": "title", "题名": "title", "作者": "authors", "著者": "authors", "出版社": "publisher",
    "出版日期": "published", "页数": "extent", "定价": "price_text", "主题": "subjects", "分类号": "clc",
}  # fmt: skip
FIELDS = frozenset(HEADINGS.values())
# A, B of the pattern are words; the more often a pattern stands here, the more often it is used.
PATTERNS = (
    "{a}{b}", "{a}{b}", "{a}与{b}", "{a}的{b}", "{a}的{b}", "{a}：{b}", "{a}{b}{c}", "{a}中的{b}", "{a}{b}指南",
    "图说{a}{b}", "{a}{b}故事", "我爱{a}{b}", "{a}和{b}的{c}", "走进{a}{b}", "{a}{b}大全", "{a}（{b}）", "少年{a}{b}",
    "{a}{b}入门",
)  # fmt: skip
ROLES = ("著", "著", "著", "主编", "编著", "编", "文", "著 ; {}绘", "著 ; {}译")
# CNMARC 100/17: young children … adults, unknown
AUDIENCES = ("b", "c", "c", "d", "d", "d", "e", "m", "m", "")
ZIPF, AUTHORS = 0.85, 40_000
_PART = re.compile(r"[\u4e00-\u9fff]{2,6}")
_YEARS = range(1985, 2026)


@dataclass(frozen=True)
class Words:
    """What titles are made of; the first words are used most."""

    words: Sequence[str]
    weights: Sequence[float]  # cumulative
    publishers: Sequence[str]
    classes: Sequence[str]  # CLC numbers as often as real books have them
    subjects: Sequence[str]

    def some(self, rng: random.Random, count: int) -> list[str]:
        return rng.choices(self.words, cum_weights=self.weights, k=count)


@cache
def real_titles(path: Path | None) -> tuple[RecordValues, ...]:
    """Those of the program and, before them, those of a table with headings (CSV, UTF-8); one a title and ISBN."""
    found = chain(_read(path) if path else (), titles())
    unique = {(one.title, one.isbn): one for one in found if one.title}
    return tuple(prepared(one, LIMITS) for one in unique.values())


def _read(path: Path) -> Iterator[RecordValues]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            named = {HEADINGS.get(str(head), str(head)): text or "" for head, text in row.items()}
            values = RecordValues(**{name: text for name, text in named.items() if name in FIELDS})  # type: ignore[arg-type]
            yield replace(values, is_reference=values.clc.startswith(REFERENCE))


@cache
def words() -> Words:
    """The words of the real titles and subjects by how often they stand there, then those of the pinyin library."""
    real = real_titles(None)
    counted = Counter(part for one in real for part in _PART.findall(one.subjects))
    counted.update(
        part for one in real for part in re.split("[的与和之]", one.title) if _PART.fullmatch(part)
    )
    first = [word for word, _count in sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))]
    more = sorted(word for word in phrases_dict if _PART.fullmatch(word) and word not in counted)
    random.Random(0).shuffle(more)  # noqa: S311  the dictionary's order says nothing of use
    every = first + more
    return Words(
        words=every,
        weights=list(accumulate(1 / (rank + 3) ** ZIPF for rank in range(len(every)))),
        publishers=[one.publisher for one in real if one.publisher],
        classes=[parse_clc(one.clc).number for one in real if one.clc_main],
        subjects=[one.subjects for one in real if one.subjects],
    )


@cache
def _authors() -> tuple[str, ...]:
    """Invented names; who stands at the front wrote most."""
    rng = random.Random(1)  # noqa: S311
    return tuple(
        rng.choice(FAMILY)
        + rng.choice(GIVEN_FIRST)
        + (rng.choice(GIVEN_SECOND) if rng.random() < 0.7 else "")
        for _number in range(AUTHORS)
    )


@dataclass(frozen=True, slots=True)
class Facts:
    """What the stock needs to know of a title before its record is written."""

    clc: str  # the number that the shelf goes by, blank where there is none
    price_fen: int | None
    is_reference: bool
    year: int
    audience: str


def facts_of(values: RecordValues) -> Facts:
    clc = parse_clc(values.clc).number if values.clc_main else ""
    return Facts(clc, values.price_fen, values.is_reference, values.pub_year or 0, values.audience)


def drawn_facts(rng: random.Random, count: int) -> list[Facts]:
    """Titles that are made up: some have no class, some no price."""
    classes = rng.choices(words().classes, k=count)
    prices = rng.choices(range(800, 9800, 10), k=count)
    years, audiences = rng.choices(_YEARS, k=count), rng.choices(AUDIENCES, k=count)
    found = []
    for number, (clc, price) in enumerate(zip(classes, prices, strict=True)):
        is_reference = clc.startswith(REFERENCE)
        known = None if number % 41 == 40 else price
        clc = "" if number % 37 == 36 else clc
        found.append(Facts(clc, known, is_reference, years[number], audiences[number]))
    return found


def drawn(rng: random.Random, number: int, facts: Facts) -> RecordValues:
    """A publication that does not exist; `number` makes its ISBN."""
    lexicon = words()
    first, second, third = lexicon.some(rng, 3)
    author, other = (_authors()[int(AUTHORS * rng.random() ** 3)] for _ in range(2))
    price = "" if facts.price_fen is None else f"CNY{facts.price_fen / 100:.2f}"
    isbn = isbn10_to_13(f"79{number:07d}0")  # a block of publisher's numbers that is hardly given yet
    title = rng.choice(PATTERNS).format(a=first, b=second, c=third)
    return RecordValues(
        title=title,
        authors=author + rng.choice(ROLES).format(other),
        publisher=rng.choice(lexicon.publishers),
        published=str(facts.year),
        pub_year=facts.year,
        extent=f"{rng.randrange(32, 640)}页",
        isbn=isbn,
        isbn13=isbn,
        price_text=price,
        price_fen=facts.price_fen,
        clc=facts.clc,
        clc_main=facts.clc[:1],
        subjects=rng.choice(lexicon.subjects),
        audience=facts.audience,
        language="chi",
        is_reference=facts.is_reference,
        is_picture_book="绘" in title,
        is_pinyin_annotated=rng.random() < 0.05,
    )
