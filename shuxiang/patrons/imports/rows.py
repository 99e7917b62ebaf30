"""A row of a reader list into facts. Pure: what the library keeps, and nothing else (decision 0005)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from shuxiang.common.codes import clean_scan
from shuxiang.common.schoolyear import parse_class_label
from shuxiang.imports.shapes import SourceRow

OPEN, BLOCKED, LOST, LEFT = "open", "blocked", "lost", "left"

_STATUS = (
    (LOST, r"丢|遗失|挂失|lost"),
    (LEFT, r"注销|註銷|退|毕业|畢業|离校|離校|转出|停办|closed|left"),
    (BLOCKED, r"暂停|暫停|停借|停用|冻结|凍結|禁|挂起|黑名单|suspend|block|stop"),
)
_CATEGORIES = (
    ("teacher", r"教师|教師|老师|老師|teacher"),
    ("pupil", r"学生|學生|小学生|中学生|pupil|student"),
    ("staff", r"职工|職工|教工|员工|工友|后勤|行政|领导|校长|主任|staff"),
    ("group", r"教研组|学科组|备课组|group"),
)
_IDENTITY = re.compile(r"\d{17}[\dXx]")
_NOT_A_CLASS = re.compile(r"教师|老师|教工|职工|行政|后勤|领导|校长|组$|室$|处$|科$|部$")


@dataclass(frozen=True, slots=True)
class ReaderFacts:
    """What a row says of a reader. `kind` is pupil, teacher, staff or group; `label` the class of a pupil, or ''."""

    card: str
    name: str
    kind: str = "pupil"
    label: str = ""
    grade: int | None = None
    status: str = OPEN
    status_text: str = ""
    quota: int | None = None
    number: int | None = None  # inside the class
    problem: str = ""  # code of a refusal
    unit: str = ""
    school_year: str = ""


def facts_of_row(row: SourceRow, primary_years: int = 6) -> ReaderFacts:
    """Read a row; `problem` says what is missing."""
    card, name = clean_scan(row.get("card")), row.get("name").strip()
    unit = row.get("unit").strip()
    label = _label(row, unit, primary_years)
    kind = _kind(row.get("category"), unit, label)
    status_text = row.get("status").strip()
    number = row.get("student_no").strip()
    return ReaderFacts(
        card=card,
        name=name,
        kind=kind,
        label=label if kind == "pupil" else "",
        grade=_grade(row.get("grade"), primary_years),
        status=_first(_STATUS, status_text) or OPEN,
        status_text=status_text,
        quota=_number(row.get("quota")),
        number=int(number) if number.isdecimal() and int(number) < 1000 else None,
        problem=_problem(card, name),
        unit=unit,
        school_year=row.get("school_year").strip(),
    )


def _problem(card: str, name: str) -> str:
    if not card:
        return "card_missing"
    if len(card) > 40 or len(name) > 60:
        return "card_or_name_too_long"
    if _IDENTITY.fullmatch(card):
        return "card_is_identity"
    return "" if name else "name_missing"


def _label(row: SourceRow, unit: str, primary_years: int) -> str:
    """The class: its own column, or grade and class apart (六年级 + 2班)."""
    if not unit or _NOT_A_CLASS.search(unit):
        return ""
    parsed = parse_class_label(unit, primary_years)
    grade = row.get("grade").strip()
    if grade and (parsed is None or (parsed.grade is None and parsed.number)):
        joined = (
            f"{grade.removesuffix('级').removesuffix('年')}年级{unit}"
            if not grade.endswith("年级")
            else grade + unit
        )
        again = parse_class_label(joined, primary_years)
        if again is not None and again.grade is not None:
            return joined
    return unit if parsed is not None else ""


def _grade(text: str, primary_years: int) -> int | None:
    plain = unicodedata.normalize("NFKC", text).strip()
    if plain.isdecimal() and 1 <= int(plain) <= 12:
        return int(plain)
    parsed = parse_class_label(plain, primary_years) if plain else None
    return parsed.grade if parsed else None


def _kind(category: str, unit: str, label: str) -> str:
    said = _first(_CATEGORIES, category.lower()) or _first(_CATEGORIES, unit.lower())
    if said:
        return said
    if label:
        return "pupil"
    return "staff" if unit and _NOT_A_CLASS.search(unit) else "pupil"


def _first(table: tuple[tuple[str, str], ...], text: str) -> str:
    return (
        next((code for code, pattern in table if re.search(pattern, text, re.IGNORECASE)), "") if text else ""
    )


def _number(text: str) -> int | None:
    match = re.fullmatch(r"(\d{1,3})(?:\.0+)?\s*[册本]?", unicodedata.normalize("NFKC", text).strip())
    return int(match.group(1)) if match else None
