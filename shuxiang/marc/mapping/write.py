"""Write columns into a record, and make records out of columns alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields as columns_of
from datetime import date

from shuxiang.marc.mapping import write_cnmarc, write_marc21
from shuxiang.marc.mapping.edit import insert, without
from shuxiang.marc.mapping.holdings import is_local_holding, write_holding
from shuxiang.marc.mapping.project import project
from shuxiang.marc.mapping.projection import LocalHolding, Projection
from shuxiang.marc.types import MarcRecord, Profile

# Columns read from others when they have no field of their own are written last.
_LATE = ("title_pinyin", "authors")
_COLUMNS = sorted((column.name for column in columns_of(Projection)), key=lambda name: _LATE.count(name))


def apply_projection(record: MarcRecord, profile: Profile, changed: Projection) -> MarcRecord:
    """The record with those columns that differ from its own written into their fields.

    Every field that no changed column lives in stays the very same object, in its place. What a profile cannot say
    is lost: MARC 21 has one audience code, and authors cannot be emptied while a statement of responsibility names
    them.
    """
    for _ in range(2):
        # Columns can touch each other (a new statement of responsibility names other authors); the second look
        # settles that.
        current = project(record, profile)
        if current == changed:
            break
        for name in _COLUMNS:
            if getattr(current, name) != getattr(changed, name):
                record = _write(record, profile, name, changed)
    return record


def _write(record: MarcRecord, profile: Profile, name: str, changed: Projection) -> MarcRecord:
    if name == "holdings":
        return with_local_holdings(record, profile, changed.holdings)
    if profile == "cnmarc":
        return write_cnmarc.write(record, name, changed)
    return write_marc21.write(record, name, changed)


def build_record(
    projection: Projection, profile: Profile, *, agency: str = "", entered_on: date | None = None
) -> MarcRecord:
    """A record made of the columns alone, with leader and fixed data (100 $a, 008).

    `entered_on` is the date of cataloguing they carry; `agency` fills 801 or 040, which is left out without one.
    """
    if profile == "cnmarc":
        bare, source = (
            write_cnmarc.skeleton(projection, entered_on),
            write_cnmarc.source_field(agency, entered_on),
        )
    else:
        bare, source = write_marc21.skeleton(projection, entered_on), write_marc21.source_field(agency)
    record = apply_projection(bare, profile, projection)
    return insert(record, [source]) if agency else record


def with_local_holdings(record: MarcRecord, profile: Profile, holdings: Sequence[LocalHolding]) -> MarcRecord:
    """The record with every local holding replaced by these, written as 905, or 852 in MARC 21."""
    bare = without(record, lambda item: is_local_holding(item, profile))
    return insert(bare, [write_holding(holding, profile) for holding in holdings])
