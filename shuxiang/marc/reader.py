"""Read MARC from anything."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from shuxiang.marc.types import BadRecord, Profile, RawRecord


def read_marc(
    source: BinaryIO | bytes, *, encoding: str | None = None, profile: Profile | None = None
) -> Iterator[RawRecord | BadRecord]:
    """Every record of an ISO 2709, MARCXML or text file, gzipped or not, one at a time."""
    raise NotImplementedError
