"""Volumes that are here already, known again by the accession number that our own export wrote for them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

from django.db.models import Q

from shuxiang.catalogue.services import RecordValues, prepare
from shuxiang.common.text import title_key
from shuxiang.holdings.imports.exporting import COLUMNS, accession_of, cells_of
from shuxiang.holdings.models import ItemAccount, PropertyLine
from shuxiang.holdings.reading.columns import facts_of_row
from shuxiang.holdings.reading.facts import BookFacts, unique
from shuxiang.imports.shapes import Context, SourceRow

_CHUNK = 400
_GIVEN = re.compile(r"([A-Z]+)([1-9]\d{0,8})")


def _with_number(own: Q, numbers: Sequence[Any]) -> Q:
    return own & Q(number__in=numbers)


def is_ours(row: SourceRow) -> bool:
    """Whether the columns are those that our own export writes."""
    return bool(row.titles) and set(row.titles.values()) <= set(COLUMNS)


def numbers_of(facts: BookFacts) -> list[str]:
    return unique(volume.legacy_number for volume in facts.volumes)


class KnownVolumes:
    """Lines of the register by accession number; those of the run itself are no earlier volumes."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._lines: dict[str, dict[int, PropertyLine]] = defaultdict(dict)

    def forget(self) -> None:
        self._lines.clear()

    def learn(self, numbers: Iterable[str], records: Iterable[int], unmatched: Iterable[str]) -> None:
        """Read the lines with these numbers; a number from before us only on these records or if in `unmatched`."""
        self.forget()
        wanted = unique(numbers)
        if not wanted:
            return
        given: dict[str, list[int]] = defaultdict(list)
        for number in wanted:
            if match := _GIVEN.fullmatch(number):
                given[match.group(1)].append(int(match.group(2)))
        for series, some in given.items():
            own = Q(legacy_number="", series=series)
            self._read(some, partial(_with_number, own))
        taken = set(wanted)
        self._read(sorted(set(records)), lambda part: Q(item__holding__record__in=part), taken)
        self._read(unique(unmatched), lambda part: Q(legacy_number__in=part))

    def _read(
        self, keys: Sequence[Any], where: Callable[[Sequence[Any]], Q], only: set[str] | None = None
    ) -> None:
        rows = PropertyLine.objects.filter(library=self._context.library).exclude(
            item__account=ItemAccount.VOID
        )
        if self._context.run_id:
            rows = rows.exclude(batch__run_id=self._context.run_id)
        rows = rows.select_related("item__holding__record", "item__home", "batch").order_by("pk")
        for start in range(0, len(keys), _CHUNK):
            condition = where(keys[start : start + _CHUNK])
            for line in rows.filter(condition).prefetch_related("item__identifiers"):
                number = accession_of(line)
                if only is None or number in only:
                    self._lines[number][line.pk] = line

    def lines(self, record_id: int, numbers: Iterable[str]) -> list[PropertyLine]:
        """The volumes of a record with one of these numbers."""
        found = [line for number in numbers for line in self._lines.get(number, {}).values()]
        return sorted(
            (one for one in found if one.item.holding.record_id == record_id), key=lambda one: one.pk
        )

    def record_of(self, numbers: Sequence[str], values: RecordValues) -> int | None:
        """The one record on which all these numbers are, if the row can be about it: same ISBN, title, or none at all."""
        found = [
            line.item.holding.record for number in numbers for line in self._lines.get(number, {}).values()
        ]
        if not found or len({record.pk for record in found}) > 1:
            return None
        if any(not self._lines.get(number) for number in numbers):
            return None
        record = found[0]
        same_isbn = values.isbn and values.isbn == record.isbn
        same_title = title_key(values.title) == title_key(record.title)
        nameless = not values.is_complete and not record.is_complete
        return record.pk if same_isbn or same_title or nameless else None


def drop_known(facts: BookFacts, lines: Sequence[PropertyLine]) -> int:
    """Take the volumes of these lines out of the facts; returns how many. One number may be on several volumes."""
    numbers = {accession_of(line) for line in lines}
    before = len(facts.volumes)
    rest = [volume for volume in facts.volumes if volume.legacy_number not in numbers]
    further = max(0, len(lines) - (before - len(rest)))
    unnumbered = [volume for volume in rest if not volume.legacy_number]
    gone = {id(volume) for volume in unnumbered[:further]}
    facts.volumes = [volume for volume in rest if id(volume) not in gone]
    return before - len(facts.volumes)


def values_as_exported(row: SourceRow, lines: Sequence[PropertyLine]) -> RecordValues:
    """What the row would say of these volumes if it were exported now."""
    cells = cells_of(lines[0].item.holding, list(lines))
    same = SourceRow(
        row.number, row.sheet, {field: cells.get(title, "") for field, title in row.titles.items()}
    )
    facts = facts_of_row(same)
    return prepare(RecordValues(**facts.columns, warnings=tuple(facts.warnings)))  # type: ignore[arg-type]
