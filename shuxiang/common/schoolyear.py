"""The school year as a clock: years, terms, periods, and the labels of classes."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from shuxiang.common.numerals import read_number, to_chinese

# Default terms until a school sets its own: autumn 1 September to 31 January, spring 1 February to 31 August.
AUTUMN_STARTS = (9, 1)
SPRING_STARTS = (2, 1)
_YEARS = range(1900, 2200)
_DAY = timedelta(days=1)


class BadPeriod(ValueError):
    """A period nobody can read; `text` is what was written."""

    def __init__(self, text: str) -> None:
        super().__init__(f"not a period: {text}")
        self.text = text


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of days, both ends included; `code` reads back as the same period."""

    code: str
    starts_on: date
    ends_on: date

    def __contains__(self, on: date) -> bool:
        return self.starts_on <= on <= self.ends_on


def _calendar_year(year: int) -> Period:
    return Period(f"{year}", date(year, 1, 1), date(year, 12, 31))


def _school_year(year: int) -> Period:
    return Period(f"{year}-{year + 1}", date(year, *AUTUMN_STARTS), date(year + 1, *AUTUMN_STARTS) - _DAY)


def _autumn(year: int) -> Period:
    return Period(f"{year}-autumn", date(year, *AUTUMN_STARTS), date(year + 1, *SPRING_STARTS) - _DAY)


def _spring(year: int) -> Period:
    return Period(f"{year}-spring", date(year, *SPRING_STARTS), date(year, *AUTUMN_STARTS) - _DAY)


def _month(year: int, month: int) -> Period:
    following = date(year + month // 12, month % 12 + 1, 1)
    return Period(f"{year}-{month:02d}", date(year, month, 1), following - _DAY)


def _days(starts_on: date, ends_on: date) -> Period:
    return Period(f"{starts_on.isoformat()}..{ends_on.isoformat()}", starts_on, ends_on)


_YEARLY: dict[str, Callable[[int], Period]] = {"": _calendar_year, "autumn": _autumn, "spring": _spring}


def school_year_of(on: date) -> str:
    """The school year of a day, such as 2026-2027: it turns on 1 September."""
    year = on.year if (on.month, on.day) >= AUTUMN_STARTS else on.year - 1
    return f"{year}-{year + 1}"


def term_of(on: date) -> Period:
    """The default term in which a day falls."""
    if (on.month, on.day) >= AUTUMN_STARTS:
        return _autumn(on.year)
    return _spring(on.year) if (on.month, on.day) >= SPRING_STARTS else _autumn(on.year - 1)


def parse_period(text: str) -> Period:
    """Read 2026, 2026-2027, 2026-autumn, 2026-spring, 2026-10, 2026-10-01..2026-10-31; else BadPeriod."""
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    first, dots, last = plain.partition("..")
    try:
        if dots:
            starts_on, ends_on = _day(first), _day(last)
            if ends_on < starts_on:
                raise BadPeriod(text)
            return _days(starts_on, ends_on)
        match = re.fullmatch(r"([0-9]{4})(?:-(autumn|spring|[0-9]{4}|[0-9]{2}))?", plain)
        if match is None or int(match.group(1)) not in _YEARS:
            raise BadPeriod(text)
        year, part = int(match.group(1)), match.group(2) or ""
        if part in _YEARLY:
            return _YEARLY[part](year)
        if len(part) == 2:
            return _month(year, int(part))
        if int(part) == year + 1:
            return _school_year(year)
    except BadPeriod:
        raise
    except ValueError as error:
        raise BadPeriod(text) from error
    raise BadPeriod(text)


def _day(text: str) -> date:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text.strip()):
        raise ValueError(text)
    day = date.fromisoformat(text.strip())
    if day.year not in _YEARS:
        raise ValueError(text)
    return day


def previous(period: Period) -> Period:
    """The period of the same kind just before: term, month or year, else as many days."""
    year = period.starts_on.year
    if period in (_autumn(year), _spring(year)):
        return term_of(period.starts_on - _DAY)
    for build in (_calendar_year, _school_year):
        if period == build(year):
            return build(year - 1)
    before = period.starts_on - _DAY
    if period == _month(year, period.starts_on.month):
        return _month(before.year, before.month)
    return _days(before - (period.ends_on - period.starts_on), before)


@dataclass(frozen=True, slots=True)
class ClassLabel:
    """A class as a school writes it.

    `grade` counts school years from 1 to 12, or None when the label does not say (276班). `pattern` is the
    label with the grade taken out: {grade} a Chinese numeral, {digit} an Arabic one, {junior} and {senior}
    the year within the stage.
    `number` is what tells parallel classes apart (乙, 2), `entry_year` the year in labels such as 2016级3班.
    """

    grade: int | None
    pattern: str
    number: str = ""
    entry_year: int | None = None


_CN = "一二三四五六七八九十"
_NUMBER = rf"[甲乙丙丁戊己庚辛壬癸A-Za-z]|\d{{1,2}}|[{_CN}]{{1,3}}"
_OPEN, _CLOSE = r"[(（\[【〔]", r"[)）\]】〕]"
_SEPARATED = rf"(?:{_OPEN}\s*(?P<n1>{_NUMBER})\s*{_CLOSE}|[.·\-—]?\s*(?P<n2>{_NUMBER}))"
_GRADED = re.compile(
    rf"(?:小学|小)?(?P<stage>初中?|高中?)?(?P<grade>十[一二]|[{_CN}]|1[0-2]|[1-9])"
    rf"(?:(?P<year>年级?)?\s*{_SEPARATED}?\s*班?|年级)"
)
_ENTRY = re.compile(rf"(?:小学|初中?|高中?)?(?P<entry>(?:19|20)\d\d)[级届]\s*(?:{_SEPARATED}\s*班?)?")
_SERIAL = re.compile(rf"(?P<n1>\d{{1,4}}|[{_CN}]{{1,3}})(?P<n2>)\s*班")
# 276 is the 276th class of a school: two numerals of one kind without a sign between them are one number.
_ONE_NUMBER = re.compile(rf"(?:\d{{2,}}|十[{_CN}])\s*班?")
_STAFF = ("教师", "老师", "教工", "职工", "领导", "行政", "后勤", "退休", "馆员", "办公室")


def _number_of(match: re.Match[str]) -> str:
    sign = match.group("n1") or match.group("n2") or ""
    value = read_number(sign)
    return sign.upper() if value is None else str(value)


def _same_width(label: str) -> str:
    """Each sign in its plain form, one for one, so that places in the result are places in the label."""
    plain = (unicodedata.normalize("NFKC", sign) for sign in label)
    return "".join(new if len(new) == 1 else old for old, new in zip(label, plain, strict=True))


def _graded(label: str, match: re.Match[str], primary_years: int) -> ClassLabel | None:
    written, stage, number = match.group("grade"), match.group("stage") or "", _number_of(match)
    in_stage = read_number(written) or 0
    if not (match.group("year") or stage or number or label.endswith("年级")):
        return None
    if stage:
        grade, kind = (in_stage + primary_years, "junior") if stage[0] == "初" else (in_stage + 9, "senior")
        kind = f"{kind}_digit" if written.isdecimal() else kind
    else:
        grade, kind = in_stage, "digit" if written.isdecimal() else "grade"
    # 初四 exists only where primary school has five years; elsewhere it names no grade rather than 高一.
    if grade > (9 if stage.startswith("初") else 12):
        return None
    at, end = match.span("grade")
    return ClassLabel(grade, f"{label[:at]}{{{kind}}}{label[end:]}", number)


def parse_class_label(text: str, primary_years: int = 6) -> ClassLabel | None:
    """Read 六乙, 六（2）班, 三年级, 初二3班, 276班, 2016级3班 …; None for what is no class (教师, 数学组).

    `primary_years` is 6, or 5 where primary school has five years (初一 is then the sixth).
    """
    label = text.strip()
    plain = _same_width(label)
    if not label or any(word in label for word in _STAFF):
        return None
    entry = _ENTRY.fullmatch(plain)
    if entry:
        return ClassLabel(None, label, _number_of(entry), int(entry.group("entry")))
    graded = None if _ONE_NUMBER.fullmatch(plain) else _GRADED.fullmatch(plain)
    found = _graded(label, graded, primary_years) if graded else None
    if found:
        return found
    serial = _SERIAL.fullmatch(plain)
    if serial:
        return ClassLabel(None, label, _number_of(serial))
    return ClassLabel(None, label) if label.endswith(("班", "级")) else None


def render_label(pattern: str, grade: int, primary_years: int = 6) -> str:
    """The label of a class when it is in `grade`; in another stage it takes that stage's name."""
    if "{junior" in pattern or "{senior" in pattern:
        pattern = _in_stage_of(pattern, grade, primary_years)
    values = {
        "{grade}": to_chinese(grade),
        "{digit}": str(grade),
        "{junior}": to_chinese(max(grade - primary_years, 0)),
        "{senior}": to_chinese(max(grade - 9, 0)),
        "{junior_digit}": str(grade - primary_years),
        "{senior_digit}": str(grade - 9),
    }
    for token, value in values.items():
        pattern = pattern.replace(token, value)
    return pattern


def _in_stage_of(pattern: str, grade: int, primary_years: int) -> str:
    if grade > 9:
        return pattern.replace("初", "高").replace("{junior", "{senior")
    if grade > primary_years:
        return pattern.replace("高", "初").replace("{senior", "{junior")
    bare = re.sub(r"[初高]中?(?=\{)", "小", pattern)
    return re.sub(
        r"\{(?:junior|senior)(_digit)?\}", lambda found: "{digit}" if found.group(1) else "{grade}", bare
    )
