"""Titles by what fingers type: another reading of a character, letters and characters mixed. Checked title by title."""

from dataclasses import replace

from django.db import connection

from shuxiang.common import pinyin
from shuxiang.common.typed import begins_as, other_readings, spelled
from shuxiang.holdings.searching import Marks, Scope, Sql, in_bytes, marks_of, starts_with

FEW = 60  # titles looked at for one spelling


def by_other_readings(scope: Scope, letters: str) -> Marks:
    """Titles that begin with the letters if characters of several readings are read otherwise: zhongqing → 重庆."""
    marks: Marks = {}
    for way in other_readings(letters):
        condition = starts_with("r.title_pinyin", way)
        marks |= _checked(scope, condition, f"{in_bytes('r.title_pinyin')}, r.id", letters, FEW)
    return marks


def by_mixture(scope: Scope, typed: str) -> Marks:
    """Titles that begin with characters and letters mixed: 西you, xi游记, 西yj."""
    marks: Marks = {}
    for whole, first in spelled(typed, pinyin.by_characters(typed)):
        if whole:
            order = f"{in_bytes('r.title_pinyin')}, r.id"
            marks |= _checked(scope, starts_with("r.title_pinyin", whole), order, typed, FEW * 5)
        order = f"{in_bytes('r.title_initials')}, r.id"
        marks |= _checked(scope, starts_with("r.title_initials", first), order, typed, FEW * 5)
    return marks


def _checked(scope: Scope, condition: Sql, order: str, typed: str, few: int) -> Marks:
    statement, params = replace(scope, limit=min(few, scope.limit)).records(
        condition, (order, []), ", r.title_key"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        rows = cursor.fetchall()
    return marks_of([(key, mark) for key, mark, title in rows if begins_as(title, typed)])
