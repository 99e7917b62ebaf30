"""Write columns into a record."""

from __future__ import annotations

from collections.abc import Sequence

from shuxiang.marc.mapping.projection import LocalHolding, Projection
from shuxiang.marc.types import MarcRecord, Profile


def apply_projection(record: MarcRecord, profile: Profile, changed: Projection) -> MarcRecord:
    """The record with those columns that differ from its own written into their fields; all others untouched."""
    raise NotImplementedError


def build_record(projection: Projection, profile: Profile, *, agency: str = "") -> MarcRecord:
    """A record made of the columns alone; `agency` fills 801 or 040, which is left out without one."""
    raise NotImplementedError


def with_local_holdings(record: MarcRecord, profile: Profile, holdings: Sequence[LocalHolding]) -> MarcRecord:
    """The record with its local holdings (905, or 852 in MARC 21) replaced by these."""
    raise NotImplementedError
